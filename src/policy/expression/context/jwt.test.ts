import { describe, expect, it } from "vitest";
import { Jwt } from "./jwt.ts";

const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const token = (header: unknown, payload: unknown) => `${part(header)}.${part(payload)}.c2lnbmF0dXJl`;

describe("Jwt.parse", () => {
  it("reads header and payload, whatever the signature", () => {
    const jwt = Jwt.parse(
      token(
        { alg: "RS256", typ: "JWT" },
        {
          iss: "i",
          sub: "s",
          aud: ["a", "b"],
          jti: "1",
          exp: 1.5,
          nbf: 2,
          iat: 3,
          ü: "é",
          n: -7.25,
          b: false,
          o: { x: [1] },
          l: [1, "2", null],
          z: null,
          e: [],
        },
      ),
    );
    expect(jwt).toMatchObject({
      algorithm: "RS256",
      type: "JWT",
      id: "1",
      issuer: "i",
      subject: "s",
      audiences: ["a", "b"],
      expirationTime: 1500,
      notBefore: 2000,
      issuedAt: 3000,
    });
    const claims = Object.fromEntries(jwt?.claims ?? []);
    expect(claims).toMatchObject({
      ü: ["é"],
      n: ["-7.25"],
      b: ["false"],
      o: ['{"x":[1]}'],
      l: ["1", "2"],
      exp: ["1.5"],
    });
    expect(Object.keys(claims)).not.toContain("z");
    expect(Object.keys(claims)).not.toContain("e");
  });

  it.each(["Bearer ", "bearer  ", "  BEARER "])("leaves %j out", (prefix) => {
    expect(Jwt.parse(prefix + token({}, { sub: "s" }))?.subject).toBe("s");
  });

  it("gives null for what is absent or of another type", () => {
    expect(Jwt.parse(token({ alg: 5 }, { iss: 1, exp: "soon", nbf: null }))).toMatchObject({
      algorithm: null,
      type: null,
      id: null,
      issuer: null,
      subject: null,
      audiences: [],
      expirationTime: null,
      notBefore: null,
      issuedAt: null,
    });
  });

  it("counts no brackets inside strings as nesting", () => {
    const payload = { sub: '["{'.repeat(200), a: Array.from({ length: 200 }, () => [{}]) };
    expect(Jwt.parse(token({}, payload))?.subject).toBe(payload.sub);
  });

  it("keeps names that mean something to JavaScript", () => {
    const jwt = Jwt.parse(token("{}", '{"__proto__":"a","constructor":"b"}'));
    expect([...(jwt?.claims ?? [])]).toEqual([
      ["__proto__", ["a"]],
      ["constructor", ["b"]],
    ]);
  });

  it.each([
    "",
    "Bearer",
    "a.b",
    `${part({})}.${part({})}`,
    `${part({})}.${part({})}.a.b`,
    `${part({})}.${part([])}.a`,
    `${part("x")}.${part({})}.a`,
    `${part({})}=.${part({})}.a`,
    `Basic ${part({})}.${part({})}.a`,
    `${part({})}.${"A".repeat(70_000)}.a`,
    `${part({})}.${part(`{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`)}.a`,
  ])("gives null for other text (%#)", (text) => {
    expect(Jwt.parse(text)).toBeNull();
  });
});
