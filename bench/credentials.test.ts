import { createPublicKey } from "node:crypto";
import { importSPKI, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { AUDIENCE, makeCredentials } from "./credentials.ts";

const credentials = makeCredentials();
const check = async (token: string) =>
  jwtVerify(token, await importSPKI(credentials.signingKey.pem, "RS256"), {
    audience: AUDIENCE,
    algorithms: ["RS256"],
  });

test("every good token is one of its own and holds against the key", async () => {
  const subjects = await Promise.all(credentials.tokens.map(async (token) => (await check(token)).payload.sub));
  expect(new Set(subjects).size).toBe(credentials.tokens.length);
});

test("the bad tokens are bad in the way they say", async () => {
  const code = async (what: string) =>
    check(credentials.badTokens.get(what) ?? "").then(
      () => "accepted",
      (error: { code: string; claim?: string }) => error.claim ?? error.code,
    );
  expect(await code("another's signature")).toBe("ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
  expect(await code("no signature (alg none)")).toBe("ERR_JOSE_ALG_NOT_ALLOWED");
  expect(await code("past its time")).toBe("exp");
  expect(await code("another audience")).toBe("aud");
  // Only its role is wrong.
  expect(await code("another role")).toBe("accepted");
});

test("modulus and exponent are those of the PEM", () => {
  const { n, e, pem } = credentials.signingKey;
  expect(createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" }).export({ type: "spki", format: "pem" })).toBe(
    pem,
  );
});

test("no two callers share a key", () => {
  expect(new Set(credentials.keys.values()).size).toBe(credentials.keys.size);
});
