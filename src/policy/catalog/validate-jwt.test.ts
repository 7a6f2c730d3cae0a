import { createPrivateKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { PolicyError } from "../exchange/errors.ts";
import { HeaderList } from "../exchange/headers.ts";
import { Jwt } from "../expression/context/jwt.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { loadXml } from "../testing/load-policy.ts";
import { compileXml } from "../testing/run-policy.ts";
import {
  ecKey,
  encryptToken,
  MapOpenIdKeys,
  rsaKey,
  signToken,
  type TestKey,
  testCertificate,
  unsignedToken,
} from "../testing/tokens.ts";

const NOW = Date.UTC(2026, 0, 5, 9, 0, 0);
const SECOND = NOW / 1000;
const SECRET = Buffer.from("0123456789abcdef0123456789abcdef");
const CLAIMS = { iss: "https://issuer.test/", aud: "api", sub: "ann", exp: SECOND + 60 };
const METADATA = "https://issuer.test/.well-known/openid-configuration";
const OPENID = `<openid-config url="${METADATA}" />`;
const SECRET_KEY = `<issuer-signing-keys><key>${SECRET.toString("base64")}</key></issuer-signing-keys>`;

let rsa: TestKey;
let otherRsa: TestKey;
let ec: TestKey;

beforeAll(() => {
  rsa = rsaKey();
  otherRsa = rsaKey();
  ec = ecKey();
});

function setup(children: string, attributes = 'header-name="Authorization"') {
  const services = testServices();
  services.clock.time = NOW;
  const openIdKeys = new MapOpenIdKeys();
  services.openIdKeys = openIdKeys;
  const run = loadXml(`<validate-jwt ${attributes}>${children}</validate-jwt>`);
  const publish = (keys: Record<string, unknown>[], issuer: string | undefined = CLAIMS.iss, url = METADATA) =>
    openIdKeys.configurations.set(url, { issuer, keys });
  const exchange = (headers: Record<string, string>, url?: string) =>
    testExchange({ services, headers, ...(url ? { url } : {}) });
  const request = async (headers: Record<string, string>, url?: string, variables: Record<string, unknown> = {}) => {
    const x = exchange(headers, url);
    for (const [name, value] of Object.entries(variables)) x.variables.set(name, value);
    await run(x);
    return x;
  };
  const bearer = (token: string, variables?: Record<string, unknown>) =>
    request({ authorization: `Bearer ${token}` }, undefined, variables);
  /** The reason code of the refusal, or "accepted". */
  const outcome = (token: string) =>
    bearer(token).then(
      () => "accepted",
      (error: PolicyError) => error.reason,
    );
  return { services, openIdKeys, publish, run, exchange, request, bearer, outcome };
}

const hs256 = (claims: unknown = CLAIMS, header: Record<string, unknown> = {}) =>
  signToken(claims, SECRET, { alg: "HS256", ...header });

describe("where the token is", () => {
  it.each([
    ['header-name="Authorization"', (t: string) => ({ headers: { Authorization: `Bearer ${t}` } })],
    ['header-name="Authorization"', (t: string) => ({ headers: { Authorization: `Custom  ${t}` } })],
    ['header-name="authorization"', (t: string) => ({ headers: { Authorization: t } })],
    [
      'header-name="Authorization" require-scheme="bearer"',
      (t: string) => ({ headers: { Authorization: `BEARER ${t}` } }),
    ],
    ['header-name="X-Token"', (t: string) => ({ headers: { "x-token": t } })],
    ['header-name="X-Token" require-scheme="Bearer"', (t: string) => ({ headers: { "x-token": t } })],
    ['query-parameter-name="t"', (t: string) => ({ headers: {}, url: `http://gateway.test/orders/1?a=b&t=${t}` })],
  ])("%s", async (attributes, place) => {
    const { request } = setup(SECRET_KEY, attributes);
    const { headers, url } = place(await hs256()) as { headers: Record<string, string>; url?: string };
    await expect(request(headers, url)).resolves.toBeDefined();
  });

  it("token-value is evaluated", async () => {
    const { request } = setup(SECRET_KEY, `token-value='@((string)context.Variables["t"])'`);
    await expect(request({}, undefined, { t: await hs256() })).resolves.toBeDefined();
    await expect(request({}, undefined, { t: "" })).rejects.toMatchObject({ reason: "TokenNotPresent" });
  });

  it.each([
    ['header-name="Authorization"', {}],
    ['header-name="Authorization"', { authorization: "" }],
    ['header-name="Authorization"', { authorization: "Bearer " }],
    ['header-name="X-Token"', { authorization: "Bearer x" }],
    ['query-parameter-name="t"', {}],
    ['header-name="Authorization" require-scheme="Bearer"', { authorization: "Basic dTpw" }],
    ['header-name="Authorization" require-scheme="Bearer"', { authorization: "x.y.z" }],
  ])("%s finds none in %j", async (attributes, headers) => {
    const { request } = setup(SECRET_KEY, attributes);
    await expect(request(headers as Record<string, string>)).rejects.toMatchObject({
      name: "PolicyError",
      reason: "TokenNotPresent",
      status: 401,
      message: "JWT not present.",
      publicMessage: undefined,
    });
  });

  it("takes no second Authorization header", async () => {
    const { run, exchange } = setup(SECRET_KEY);
    const x = exchange({});
    x.request.headers = new HeaderList(["Authorization", `Bearer ${await hs256()}`, "Authorization", "Bearer other"]);
    await expect((async () => run(x))()).rejects.toMatchObject({ status: 401 });
  });
});

describe("what becomes of the request", () => {
  it("stores the token, and names the user for the record", async () => {
    const { bearer } = setup(SECRET_KEY, 'header-name="Authorization" output-token-variable-name="jwt"');
    const x = await bearer(
      await hs256({ ...CLAIMS, jti: "1", roles: ["a", "b"], n: 5, on: true, o: { p: 1 }, none: null }),
    );
    const jwt = x.variables.get("jwt") as Jwt;
    expect(jwt).toBeInstanceOf(Jwt);
    expect(jwt).toMatchObject({
      algorithm: "HS256",
      type: "JWT",
      id: "1",
      issuer: "https://issuer.test/",
      subject: "ann",
      audiences: ["api"],
      expirationTime: NOW + 60_000,
      notBefore: null,
    });
    expect(Object.fromEntries(jwt.claims)).toEqual({
      iss: ["https://issuer.test/"],
      aud: ["api"],
      sub: ["ann"],
      exp: [`${SECOND + 60}`],
      jti: ["1"],
      roles: ["a", "b"],
      n: ["5"],
      on: ["true"],
      o: ['{"p":1}'],
    });
    expect(x.facts.user).toBe("ann");
  });

  it("refuses with the status and message that it was told", async () => {
    const { request } = setup(
      SECRET_KEY,
      `header-name="Authorization" output-token-variable-name="jwt"
       failed-validation-httpcode='@((int)context.Variables["s"])'
       failed-validation-error-message='@((string)context.Variables["m"])'`,
    );
    await expect(request({}, undefined, { s: 403, m: "No entry" })).rejects.toMatchObject({
      reason: "TokenNotPresent",
      status: 403,
      message: "JWT not present.",
      publicMessage: "No entry",
    });
  });
});

describe("signatures", () => {
  it.each(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])("with %s", async (alg) => {
    const { outcome, publish } = setup(OPENID);
    publish([{ ...rsa.jwk, kid: "k1" }]);
    const token = await signToken(CLAIMS, rsa, { alg, kid: "k1" });
    expect(await outcome(token)).toBe("accepted");
    const forged = await signToken(CLAIMS, otherRsa, { alg, kid: "k1" });
    expect(await outcome(forged)).toBe("TokenSignatureInvalid");
    expect(await outcome(tamper(token))).toBe("TokenSignatureInvalid");
  });

  it.each([
    ["ES256", "P-256"],
    ["ES384", "P-384"],
    ["ES512", "P-521"],
  ])("with %s", async (alg, curve) => {
    const key = ecKey(curve);
    const { outcome, publish } = setup(OPENID);
    publish([{ ...key.jwk, kid: "k1" }]);
    expect(await outcome(await signToken(CLAIMS, key, { alg, kid: "k1" }))).toBe("accepted");
    expect(await outcome(await signToken(CLAIMS, ecKey(curve), { alg, kid: "k1" }))).toBe("TokenSignatureInvalid");
  });

  it.each(["HS256", "HS384", "HS512"])("with %s", async (alg) => {
    const { outcome } = setup(SECRET_KEY);
    expect(await outcome(await signToken(CLAIMS, SECRET, { alg }))).toBe("accepted");
    const wrong = await signToken(CLAIMS, Buffer.from("x".repeat(64)), { alg });
    expect(await outcome(wrong)).toBe("TokenSignatureInvalid");
  });

  it("never takes a public key for an HMAC secret", async () => {
    const { outcome, publish } = setup(OPENID);
    publish([{ ...rsa.jwk, kid: "k1" }]);
    for (const format of ["pem", "der"] as const) {
      const secret = Buffer.from(rsa.publicKey.export({ format: format as "pem", type: "spki" }));
      const token = await signToken(CLAIMS, secret, { alg: "HS256", kid: "k1" });
      expect(await outcome(token)).toBe("TokenSignatureInvalid");
      expect(await outcome(await signToken(CLAIMS, secret, { alg: "HS256" }))).toBe("TokenSignatureKeyNotFound");
    }
  });

  it("trusts no symmetric key that is published", async () => {
    const { outcome, publish } = setup(OPENID);
    publish([{ kty: "oct", k: SECRET.toString("base64url"), kid: "k1" }]);
    expect(await outcome(await hs256(CLAIMS, { kid: "k1" }))).toBe("TokenSignatureKeyNotFound");
  });

  it("keeps to what a published key is for", async () => {
    const { outcome, publish } = setup(OPENID);
    const token = await signToken(CLAIMS, rsa, { alg: "RS256", kid: "k1" });
    for (const limits of [{ alg: "RS512" }, { use: "enc" }, { key_ops: ["encrypt"] }]) {
      publish([{ ...rsa.jwk, kid: "k1", ...limits }]);
      expect(await outcome(token)).not.toBe("accepted");
    }
    publish([{ ...rsa.jwk, kid: "k1", alg: "RS256", use: "sig", key_ops: ["verify"] }]);
    expect(await outcome(token)).toBe("accepted");
  });

  it.each([
    "x",
    "a.b",
    "a.b.c",
    "...",
    "a.b.c.d.e",
    `${btoa('{"alg":"HS256"}')}.e30.AA`,
    `${Buffer.from("[]").toString("base64url")}.e30.`,
    `${Buffer.from('{"typ":"JWT"}').toString("base64url")}.e30.`,
    "a".repeat(70_000),
  ])("refuses what is no token (%#)", async (token) => {
    const { outcome } = setup(SECRET_KEY);
    expect(await outcome(token)).toMatch(/^(JwtInvalid|TokenSignatureInvalid)$/);
  });

  it("refuses a signed token whose content is no object", async () => {
    const { outcome } = setup(SECRET_KEY);
    for (const claims of [[], 5, null, "text"]) expect(await outcome(await hs256(claims))).toBe("JwtInvalid");
  });

  it("refuses extensions it does not know", async () => {
    const { outcome } = setup(SECRET_KEY);
    const [, payload] = (await hs256()).split(".");
    const header = Buffer.from('{"alg":"HS256","crit":["x"],"x":1}').toString("base64url");
    expect(await outcome(`${header}.${payload}.AA`)).toBe("TokenSignatureInvalid");
  });
});

describe("which key", () => {
  const named = (...keys: [string, TestKey][]) => keys.map(([kid, key]) => ({ ...key.jwk, kid }));

  it("uses the key that the token names, and no other", async () => {
    const { outcome, publish } = setup(OPENID);
    publish(named(["a", rsa], ["b", otherRsa]));
    expect(await outcome(await signToken(CLAIMS, otherRsa, { alg: "RS256", kid: "b" }))).toBe("accepted");
    expect(await outcome(await signToken(CLAIMS, otherRsa, { alg: "RS256", kid: "a" }))).toBe("TokenSignatureInvalid");
  });

  it("tries each key for a token that names none", async () => {
    const { outcome, publish } = setup(OPENID);
    publish(named(["e", ec], ["a", rsa], ["b", otherRsa]));
    expect(await outcome(await signToken(CLAIMS, otherRsa, { alg: "RS256" }))).toBe("accepted");
    expect(await outcome(await signToken(CLAIMS, ec, { alg: "ES256" }))).toBe("accepted");
  });

  it("tries each key where no key has the name, and says that there was none", async () => {
    const { outcome, publish } = setup(OPENID);
    publish(named(["a", rsa]));
    expect(await outcome(await signToken(CLAIMS, rsa, { alg: "RS256", kid: "other" }))).toBe("accepted");
    expect(await outcome(await signToken(CLAIMS, otherRsa, { alg: "RS256", kid: "other" }))).toBe(
      "TokenSignatureKeyNotFound",
    );
  });

  it("says so when there is no key at all", async () => {
    expect(await setup("").outcome(await hs256())).toBe("TokenSignatureKeyNotFound");
    // A placeholder that nobody filled in is no key.
    const { outcome } = setup("<issuer-signing-keys><key>{signing-key}</key></issuer-signing-keys>");
    expect(await outcome(await signToken(CLAIMS, Buffer.from("{signing-key}"), { alg: "HS256" }))).toBe(
      "TokenSignatureKeyNotFound",
    );
  });

  it("asks for new metadata when the token names a key that is not known", async () => {
    const { outcome, publish, openIdKeys } = setup(OPENID);
    publish(named(["a", rsa]));
    openIdKeys.refreshed.set(METADATA, { issuer: CLAIMS.iss, keys: named(["a", rsa], ["b", otherRsa]) });
    expect(await outcome(await signToken(CLAIMS, rsa, { alg: "RS256", kid: "a" }))).toBe("accepted");
    expect(openIdKeys.asked.some(({ unknownKid }) => unknownKid)).toBe(false);
    expect(await outcome(await signToken(CLAIMS, otherRsa, { alg: "RS256", kid: "b" }))).toBe("accepted");
    expect(openIdKeys.asked.filter(({ unknownKid }) => unknownKid)).toHaveLength(1);
  });

  it("collects the keys of several metadata documents and of the policy itself", async () => {
    const second = "https://second.test/openid";
    const { outcome, publish } = setup(`${OPENID}<openid-config url="${second}" />${SECRET_KEY}`);
    publish(named(["a", rsa]));
    publish(named(["b", otherRsa]), "https://second.test/", second);
    expect(await outcome(await signToken(CLAIMS, rsa, { alg: "RS256", kid: "a" }))).toBe("accepted");
    const other = { ...CLAIMS, iss: "https://second.test/" };
    expect(await outcome(await signToken(other, otherRsa, { alg: "RS256", kid: "b" }))).toBe("accepted");
    expect(await outcome(await hs256())).toBe("accepted");
  });

  it("goes on with what it has when one metadata document cannot be had", async () => {
    for (const later of [false, true]) {
      const { outcome, publish, openIdKeys } = setup(`<openid-config url="https://away.test/" />${OPENID}`);
      openIdKeys.later = later;
      publish(named(["a", rsa]));
      expect(await outcome(await signToken(CLAIMS, rsa, { alg: "RS256", kid: "a" }))).toBe("accepted");
    }
    const { outcome } = setup(OPENID);
    expect(await outcome(await signToken(CLAIMS, rsa, { alg: "RS256", kid: "a" }))).toBe("TokenSignatureKeyNotFound");
  });

  it("evaluates the metadata address", async () => {
    const { publish, bearer } = setup(`<openid-config url='@((string)context.Variables["u"])' />`);
    publish(named(["a", rsa]), CLAIMS.iss, "https://a.test/");
    publish(named(["a", otherRsa]), CLAIMS.iss, "https://b.test/");
    const token = await signToken(CLAIMS, rsa, { alg: "RS256", kid: "a" });
    await bearer(token, { u: "https://a.test/" });
    await expect(bearer(token, { u: "https://b.test/" })).rejects.toMatchObject({ reason: "TokenSignatureInvalid" });
    await bearer(token, { u: "https://a.test/" });
  });

  it("takes RSA keys as modulus and exponent", async () => {
    const { n, e } = rsa.jwk as { n: string; e: string };
    const padded = `${n.replaceAll("-", "+").replaceAll("_", "/")}==`;
    for (const modulus of [n, padded]) {
      const { outcome } = setup(`<issuer-signing-keys><key id="k" n="${modulus}" e="${e}" /></issuer-signing-keys>`);
      expect(await outcome(await signToken(CLAIMS, rsa, { alg: "RS256", kid: "k" }))).toBe("accepted");
      expect(await outcome(await signToken(CLAIMS, otherRsa, { alg: "RS256" }))).toBe("TokenSignatureInvalid");
    }
  });

  it("takes the keys of certificates, called by id or thumbprint", async () => {
    const { cert, key } = await testCertificate();
    const { outcome, services } = setup(
      '<issuer-signing-keys><key certificate-id="signer" id="k" /><key certificate-id="gone" /></issuer-signing-keys>',
    );
    services.certificate = (id) => (id === "signer" ? { cert, key: undefined } : undefined);
    const signer: TestKey = { ...rsa, privateKey: createPrivateKey(key) };
    const thumbprint = new X509Certificate(cert).fingerprint.replaceAll(":", "");
    for (const header of [{ kid: "k" }, { kid: thumbprint }, {}]) {
      expect(await outcome(await signToken(CLAIMS, signer, { alg: "RS256", ...header }))).toBe("accepted");
    }
    expect(await outcome(await signToken(CLAIMS, rsa, { alg: "RS256", kid: "k" }))).toBe("TokenSignatureInvalid");
  });

  it("takes the older forms", async () => {
    const { cert, key } = await testCertificate();
    const der = new X509Certificate(cert).raw.toString("base64");
    const older = setup(
      `<issuer-signing-tokens><token id="c">${der}</token><token>${SECRET.toString("base64")}</token></issuer-signing-tokens>`,
    );
    const signer: TestKey = { ...rsa, privateKey: createPrivateKey(key) };
    expect(await older.outcome(await signToken(CLAIMS, signer, { alg: "RS256", kid: "c" }))).toBe("accepted");
    expect(await older.outcome(await hs256())).toBe("accepted");
    const zumo = setup("<issuer-signing-keys><zumo-master-key>master</zumo-master-key></issuer-signing-keys>");
    const zumoKey = new Uint8Array(await crypto.subtle.digest("SHA-256", Buffer.from("masterJWTSig")));
    expect(await zumo.outcome(await signToken(CLAIMS, zumoKey, { alg: "HS256" }))).toBe("accepted");
  });
});

describe("unsigned tokens", () => {
  it("are refused", async () => {
    const { outcome, publish } = setup(`${OPENID}${SECRET_KEY}`);
    publish([rsa.jwk]);
    expect(await outcome(unsignedToken(CLAIMS))).toBe("TokenSignatureInvalid");
    const [header, payload] = unsignedToken(CLAIMS).split(".");
    expect(await outcome(`${header}.${payload}.AAAA`)).toBe("JwtInvalid");
    for (const alg of ["None", "NONE", "nOnE", ""]) {
      const forged = Buffer.from(JSON.stringify({ alg })).toString("base64url");
      expect(await outcome(`${forged}.${payload}.`)).not.toBe("accepted");
    }
  });

  it("are accepted when signatures are not required, and checked otherwise", async () => {
    const { outcome } = setup(
      "<audiences><audience>api</audience></audiences>",
      'header-name="Authorization" require-signed-tokens="false"',
    );
    expect(await outcome(unsignedToken(CLAIMS))).toBe("accepted");
    expect(await outcome(unsignedToken({ ...CLAIMS, aud: "other" }))).toBe("TokenAudienceNotAllowed");
    expect(await outcome(unsignedToken({ ...CLAIMS, exp: SECOND - 1 }))).toBe("TokenExpired");
    // A signature that is there must be good all the same.
    expect(await outcome(await hs256())).toBe("TokenSignatureKeyNotFound");
  });

  it("are refused by a request that requires signatures, also when another did not", async () => {
    const { bearer } = setup(
      "",
      `header-name="Authorization" require-signed-tokens='@((bool)context.Variables["signed"])'`,
    );
    const token = unsignedToken(CLAIMS);
    await bearer(token, { signed: false });
    await expect(bearer(token, { signed: true })).rejects.toMatchObject({ reason: "TokenSignatureInvalid" });
  });
});

describe("encrypted tokens", () => {
  const KEY = Buffer.from("fedcba9876543210fedcba9876543210");
  const DECRYPTION = `<decryption-keys><key>${Buffer.from("x".repeat(32)).toString("base64")}</key><key>${KEY.toString("base64")}</key></decryption-keys>`;

  it("are decrypted with the key that can, and their signature is checked", async () => {
    const { outcome } = setup(SECRET_KEY + DECRYPTION);
    for (const alg of ["dir", "A256KW"]) {
      const header = { alg, enc: "A128CBC-HS256" };
      expect(await outcome(await encryptToken(await hs256(), KEY, header))).toBe("accepted");
      const forged = await signToken(CLAIMS, Buffer.from("y".repeat(32)), { alg: "HS256" });
      expect(await outcome(await encryptToken(forged, KEY, header))).toBe("TokenSignatureInvalid");
    }
    const other = await encryptToken(await hs256(), Buffer.from("z".repeat(32)), { alg: "dir", enc: "A128CBC-HS256" });
    expect(await outcome(other)).toBe("JwtInvalid");
    expect(await setup(SECRET_KEY).outcome(other)).toBe("JwtInvalid");
  });

  it("are decrypted with a certificate's private key", async () => {
    const { cert, key } = await testCertificate();
    const { outcome, services } = setup(`${SECRET_KEY}<decryption-keys><key certificate-id="c" /></decryption-keys>`);
    services.certificate = () => ({ cert, key });
    const token = await encryptToken(await hs256(), new X509Certificate(cert).publicKey, {
      alg: "RSA-OAEP",
      enc: "A256GCM",
    });
    expect(await outcome(token)).toBe("accepted");
  });

  it("without a signature inside are accepted only where none is required", async () => {
    const content = JSON.stringify(CLAIMS);
    const token = await encryptToken(content, KEY, { alg: "dir", enc: "A128CBC-HS256" });
    expect(await setup(DECRYPTION).outcome(token)).toBe("TokenSignatureInvalid");
    const lax = setup(DECRYPTION, 'header-name="Authorization" require-signed-tokens="false"');
    expect(await lax.outcome(token)).toBe("accepted");
  });
});

describe("times", () => {
  const attributes = (more: string) => `header-name="Authorization" ${more}`;

  it("an expiration time is required unless the policy says otherwise", async () => {
    const { exp: _, ...claims } = CLAIMS;
    expect(await setup(SECRET_KEY).outcome(await hs256(claims))).toBe("JwtInvalid");
    const lax = setup(SECRET_KEY, attributes('require-expiration-time="false"'));
    expect(await lax.outcome(await hs256(claims))).toBe("accepted");
    expect(await lax.outcome(await hs256({ ...claims, exp: SECOND - 1 }))).toBe("TokenExpired");
    for (const exp of ["2099-01-01", "9999999999", true]) {
      expect(await lax.outcome(await hs256({ ...claims, exp }))).toBe("JwtInvalid");
    }
  });

  it.each([
    [0, SECOND, "TokenExpired"],
    [0, SECOND + 1, "accepted"],
    [30, SECOND - 30, "TokenExpired"],
    [30, SECOND - 29, "accepted"],
  ])("with a clock skew of %d s and exp %d: %s", async (skew, exp, expected) => {
    const { outcome } = setup(SECRET_KEY, attributes(`clock-skew="${skew}"`));
    expect(await outcome(await hs256({ ...CLAIMS, exp }))).toBe(expected);
  });

  it.each([
    [0, SECOND, "accepted"],
    [0, SECOND + 1, "JwtInvalid"],
    [30, SECOND + 30, "accepted"],
    [30, SECOND + 31, "JwtInvalid"],
    [0, "soon", "JwtInvalid"],
  ])("with a clock skew of %d s and nbf %s: %s", async (skew, nbf, expected) => {
    const { outcome } = setup(SECRET_KEY, attributes(`clock-skew="${skew}"`));
    expect(await outcome(await hs256({ ...CLAIMS, nbf }))).toBe(expected);
  });
});

describe("audiences and issuers", () => {
  it.each([
    ["api", "accepted"],
    [["x", "api"], "accepted"],
    ["second", "accepted"],
    ["API", "TokenAudienceNotAllowed"],
    [["x"], "TokenAudienceNotAllowed"],
    [[], "TokenAudienceNotAllowed"],
    [undefined, "TokenAudienceNotAllowed"],
  ])("aud %j: %s", async (aud, expected) => {
    const { outcome } = setup(
      `${SECRET_KEY}<audiences><audience>api</audience><audience> second </audience></audiences>`,
    );
    expect(await outcome(await hs256({ ...CLAIMS, aud }))).toBe(expected);
  });

  it("any audience and issuer where none are listed", async () => {
    const { outcome } = setup(SECRET_KEY);
    expect(await outcome(await hs256({ ...CLAIMS, aud: "anything", iss: undefined }))).toBe("accepted");
  });

  it("those listed and those of the metadata", async () => {
    const { outcome, publish } = setup(
      `${OPENID}${SECRET_KEY}<issuers><issuer>https://listed.test/</issuer></issuers>`,
    );
    publish([]);
    expect(await outcome(await hs256())).toBe("accepted");
    expect(await outcome(await hs256({ ...CLAIMS, iss: "https://listed.test/" }))).toBe("accepted");
    expect(await outcome(await hs256({ ...CLAIMS, iss: "https://listed.test" }))).toBe("TokenIssuerNotAllowed");
    expect(await outcome(await hs256({ ...CLAIMS, iss: undefined }))).toBe("TokenIssuerNotAllowed");
  });

  it("the metadata's issuer alone", async () => {
    const { outcome, publish } = setup(`${OPENID}${SECRET_KEY}`);
    publish([], "https://issuer.test/");
    expect(await outcome(await hs256({ ...CLAIMS, iss: "https://evil.test/" }))).toBe("TokenIssuerNotAllowed");
  });

  it("a multi-tenant issuer for the token's own tenant", async () => {
    const tenant = "11111111-2222-3333-4444-555555555555";
    const { outcome, publish } = setup(`${OPENID}${SECRET_KEY}`);
    publish([], "https://sts.test/{tenantid}/");
    const at = (iss: string, tid: string) => hs256({ ...CLAIMS, iss, tid }).then(outcome);
    expect(await at(`https://sts.test/${tenant}/`, tenant)).toBe("accepted");
    expect(await at(`https://sts.test/${tenant}/`, tenant.replace("1", "2"))).toBe("TokenIssuerNotAllowed");
    expect(await at("https://sts.test/evil/", "evil")).toBe("TokenIssuerNotAllowed");
    expect(await at("https://sts.test/{tenantid}/", "{tenantid}")).toBe("TokenIssuerNotAllowed");
  });

  it("evaluated", async () => {
    const { bearer } = setup(
      `${SECRET_KEY}<audiences><audience>@((string)context.Variables["a"])</audience></audiences>
       <issuers><issuer>@((string)context.Variables["i"])</issuer></issuers>`,
    );
    const token = await hs256();
    await bearer(token, { a: "api", i: CLAIMS.iss });
    await expect(bearer(token, { a: "x", i: CLAIMS.iss })).rejects.toMatchObject({ reason: "TokenAudienceNotAllowed" });
    await expect(bearer(token, { a: "api", i: "x" })).rejects.toMatchObject({ reason: "TokenIssuerNotAllowed" });
  });
});

describe("required claims", () => {
  const required = (...claims: string[]) => `${SECRET_KEY}<required-claims>${claims.join("")}</required-claims>`;
  const claim = (attributes: string, ...values: string[]) =>
    `<claim ${attributes}>${values.map((value) => `<value>${value}</value>`).join("")}</claim>`;

  it("must all be there", async () => {
    const { bearer } = setup(
      required(claim('name="a"'), claim('name="b"', "1"), claim('name="sub"'), claim('name="c"')),
    );
    await expect(bearer(await hs256({ ...CLAIMS, c: null }))).rejects.toMatchObject({
      reason: "TokenClaimNotFound",
      message: "JWT token is missing the following claims: a, b, c. Access denied.",
    });
    await bearer(await hs256({ ...CLAIMS, a: "", b: "1", c: 0 }));
  });

  it.each([
    ['name="r"', ["a"], "a", true],
    ['name="r"', ["a"], ["b", "a"], true],
    ['name="r"', ["a", "b"], ["b", "c", "a"], true],
    ['name="r"', ["a", "b"], ["a"], false],
    ['name="r" match="all"', ["a", "b"], ["a"], false],
    ['name="r" match="any"', ["a", "b"], ["b"], true],
    ['name="r" match="any"', ["a", "b"], ["c"], false],
    ['name="r"', ["a"], "A", false],
    ['name="r"', ["a"], "a b", false],
    ['name="r" separator=" "', ["a", "b"], "b a", true],
    ['name="r" separator=" " match="any"', ["a"], "x a", true],
    ['name="r" separator=" "', ["c"], "b a", false],
    ['name="r" separator=","', ["a"], ["x,a", "b"], true],
    ['name="r"', ["5"], 5, true],
    ['name="r"', ["true"], true, true],
  ])("%s with %j in the policy and %j in the token: %s", async (attributes, values, value, allowed) => {
    const { bearer } = setup(required(claim(attributes, ...values)));
    const token = await hs256({ ...CLAIMS, r: value });
    if (allowed) await bearer(token);
    else {
      await expect(bearer(token)).rejects.toMatchObject({
        reason: "TokenClaimValueNotAllowed",
        message: `Claim r value of ${String(value)} is not allowed. Access denied.`,
      });
    }
  });
});

describe("verifying once", () => {
  it("waits for nothing when the token has been seen, and still looks at everything that may change", async () => {
    const { run, exchange, services, publish } = setup(
      `${OPENID}<audiences><audience>@((string)context.Variables["a"])</audience></audiences>`,
    );
    publish([{ ...rsa.jwk, kid: "k" }]);
    const token = await signToken(CLAIMS, rsa, { alg: "RS256", kid: "k" });
    const again = (audience = "api") => {
      const x = exchange({ authorization: `Bearer ${token}` });
      x.variables.set("a", audience);
      return run(x);
    };
    expect(again()).toBeInstanceOf(Promise);
    await again();
    expect(again()).toBeUndefined();
    expect(() => again("other")).toThrow("audience");
    services.clock.time += 60_000;
    expect(() => again()).toThrow("expired");
  });

  it("forgets all when the keys change, and only then", async () => {
    const { bearer, outcome, publish, run, exchange } = setup(OPENID);
    publish([{ ...rsa.jwk, kid: "k" }]);
    const token = await signToken(CLAIMS, rsa, { alg: "RS256", kid: "k" });
    await bearer(token);
    publish([{ ...otherRsa.jwk, kid: "k" }]);
    expect(await outcome(token)).toBe("TokenSignatureInvalid");
    publish([{ ...rsa.jwk, kid: "k" }]);
    await bearer(token);
    expect(run(exchange({ authorization: `Bearer ${token}` }))).toBeUndefined();
    publish([{ ...rsa.jwk, kid: "k" }], "https://new.test/");
    expect(await outcome(token)).toBe("TokenIssuerNotAllowed");
  });

  it("forgets all when a key of the policy changes", async () => {
    const { bearer } = setup(`<issuer-signing-keys><key>@((string)context.Variables["k"])</key></issuer-signing-keys>`);
    const token = await hs256();
    await bearer(token, { k: SECRET.toString("base64") });
    const other = { k: Buffer.from("x".repeat(32)).toString("base64") };
    await expect(bearer(token, other)).rejects.toMatchObject({ reason: "TokenSignatureInvalid" });
    await bearer(token, { k: SECRET.toString("base64") });
  });

  it("does not confuse tokens that differ in their signature only", async () => {
    const { bearer, outcome } = setup(SECRET_KEY);
    const token = await hs256();
    await bearer(token);
    expect(await outcome(`${token.slice(0, token.lastIndexOf("."))}.${"A".repeat(43)}`)).toBe("TokenSignatureInvalid");
  });

  it("does not remember refused tokens as good", async () => {
    const { outcome } = setup(SECRET_KEY);
    const forged = await signToken(CLAIMS, Buffer.from("x".repeat(32)), { alg: "HS256" });
    for (let i = 0; i < 3; i++) expect(await outcome(forged)).toBe("TokenSignatureInvalid");
  });

  it("shares the work between requests that come together", async () => {
    const { bearer } = setup(SECRET_KEY);
    const token = await hs256();
    await expect(Promise.all([bearer(token), bearer(token), bearer(token)])).resolves.toHaveLength(3);
  });

  it("works when metadata comes later", async () => {
    const { bearer, publish, openIdKeys } = setup(OPENID);
    openIdKeys.later = true;
    publish([{ ...rsa.jwk, kid: "k" }]);
    const token = await signToken(CLAIMS, rsa, { alg: "RS256", kid: "k" });
    await bearer(token);
    await bearer(token);
    await expect(bearer(tamper(token))).rejects.toMatchObject({ reason: "TokenSignatureInvalid", status: 401 });
  });
});

describe("writing it", () => {
  const around = (content: string, attributes = 'header-name="A"') =>
    `<validate-jwt ${attributes}>${content}</validate-jwt>`;
  it.each([
    [around("", ""), "exactly one of"],
    [around("", 'header-name="A" query-parameter-name="t"'), "exactly one of"],
    [around("<openid-config />"), '"url"'],
    [around("<issuer-signing-keys><key /></issuer-signing-keys>"), "needs either text"],
    [around('<issuer-signing-keys><key certificate-id="c">eA==</key></issuer-signing-keys>'), "needs either text"],
    [around('<issuer-signing-keys><key n="x" /></issuer-signing-keys>'), '"n" and "e"'],
    [around("<decryption-keys />"), "needs an element <key>"],
    [around("<required-claims><claim /></required-claims>"), '"name"'],
    [around('<required-claims><claim name="a" match="some" /></required-claims>'), '"all", "any"'],
    [around("<issuers><issuer>a</issuer></issuers><audiences><audience>a</audience></audiences>"), "must stand before"],
    [around("", 'header-name="A" output-token-variable-name=""'), "a name"],
    [around("", 'header-name="A" clock-skew="-1"'), "0 or more"],
  ])("%s is refused", (xml, message) => {
    expect(compileXml(xml).diagnostics.map((d) => d.message)).toContainEqual(expect.stringContaining(message));
  });
});

/** The token with another claim and the old signature. */
function tamper(token: string): string {
  const [header, , signature] = token.split(".");
  const payload = Buffer.from(JSON.stringify({ ...CLAIMS, sub: "eve" })).toString("base64url");
  return `${header}.${payload}.${signature}`;
}
