import { beforeAll, describe, expect, it } from "vitest";
import { type ConnectionAccess, type Credential, TokenUnavailableError } from "../exchange/identity.ts";
import { Authorization } from "../expression/context/credentials.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";
import { MapOpenIdKeys, rsaKey, signToken, type TestKey, unsignedToken } from "../testing/tokens.ts";

const NOW = Date.UTC(2026, 0, 5, 9, 0, 0);
const TENANT = "11111111-2222-3333-4444-555555555555";
const ENTRA = "https://login.microsoftonline.com";
const CLAIMS = {
  iss: `https://sts.windows.net/${TENANT}/`,
  aud: "https://azure-api.net/authorization-manager",
  tid: TENANT,
  oid: "me",
  appid: "app",
  exp: NOW / 1000 + 60,
};

let key: TestKey;

beforeAll(() => {
  key = rsaKey();
});

function setup(
  credential: () => Credential | Promise<Credential> = () => ({ accessToken: "secret", claims: {} }),
  access: ConnectionAccess[] = [],
) {
  const services = testServices();
  services.clock.time = NOW;
  const openIdKeys = new MapOpenIdKeys();
  services.openIdKeys = openIdKeys;
  openIdKeys.configurations.set(`${ENTRA}/${TENANT}/.well-known/openid-configuration`, {
    issuer: CLAIMS.iss,
    keys: [{ ...key.jwk, kid: "k1" }],
  });
  services.credentialConnections = {
    find: (provider, connection) =>
      provider === "github" && connection === "main" ? { access, credential } : undefined,
  };
  const x = testExchange({ services });
  const run = (attributes = "", ids = 'provider-id="github" authorization-id="main"') =>
    runXml(`<get-authorization-context ${ids} context-variable-name="auth" ${attributes} />`, x);
  return { services, openIdKeys, x, run };
}

describe("the variable", () => {
  it("holds the token and its claims", async () => {
    const claims = { scope: "repo", expires_in: 3600, rate: 1.5, on: true, none: null, list: [1, { a: "b" }] };
    const { x, run } = setup(() => ({ accessToken: "secret", claims }));
    await run();
    expect(x.variables.get("auth")).toBeInstanceOf(Authorization);
    const read = (name: string, expression: string) => `<set-variable name="${name}" value='@(${expression})' />`;
    const auth = `((Authorization)context.Variables["auth"])`;
    await runXml(
      read("token", `${auth}.AccessToken`) +
        read("scope", `(string)${auth}.Claims["scope"]`) +
        read("seconds", `(long)${auth}.Claims["expires_in"] + 1`) +
        read("rate", `(double)${auth}.Claims["rate"]`) +
        read("on", `(bool)${auth}.Claims["on"]`) +
        read("b", `(string)((JArray)${auth}.Claims["list"])[1]["a"]`) +
        read("count", `${auth}.Claims.Count`),
      x,
    );
    const values = ["token", "scope", "seconds", "on", "b", "count"].map((name) => x.variables.get(name));
    expect(values).toEqual(["secret", "repo", 3601n, true, "b", 6]);
  });

  it("is filled later where the token has to be fetched", async () => {
    const { x, run } = setup(async () => ({ accessToken: "later", claims: {} }));
    await run('identity-type="managed" identity="ignored"');
    expect((x.variables.get("auth") as Authorization).accessToken).toBe("later");
  });

  it("and everything else may be computed", async () => {
    const { x } = setup();
    const computed = `provider-id='@("git" + "hub")' authorization-id='@("ma" + "in")' context-variable-name='@("v" + 1)'`;
    await runXml(`<get-authorization-context ${computed} ignore-error='@(1 == 2)' />`, x);
    expect([...x.variables.keys()]).toEqual(["v1"]);
  });
});

describe("a connection that gives no token", () => {
  const away = () => {
    throw new TokenUnavailableError("The token endpoint answered 400.");
  };
  const later = () => Promise.reject(new TokenUnavailableError("The token endpoint answered 400."));

  it.each([
    ["unknown", setup, 'provider-id="github" authorization-id="other"', 'There is no connection "other"'],
    ["unknown provider", setup, 'provider-id="x" authorization-id="main"', 'provider "x"'],
    ["failing", () => setup(away), undefined, "answered 400"],
    ["failing later", () => setup(later), undefined, "answered 400"],
  ] as const)("(%s) fails the request, or leaves null", async (_what, make, ids, message) => {
    await expect(make().run("", ids)).rejects.toMatchObject({
      name: "PolicyError",
      status: 500,
      message: expect.stringContaining(message),
      publicMessage: "Internal server error",
    });
    const { x, run } = make();
    await run('ignore-error="true"', ids);
    expect(x.variables.get("auth")).toBeNull();
  });
});

describe("an identity of its own", () => {
  const access = [{ tenantId: TENANT.toUpperCase(), objectId: "ME", appIds: [] as string[] }];
  const attempt = async (claims: object, allowed: ConnectionAccess[] = access, header = {}, by = key) => {
    const made = setup(undefined, allowed);
    const token = await signToken({ ...CLAIMS, ...claims }, by, { alg: "RS256", kid: "k1", ...header });
    const result = await made.run(`identity-type="jwt" identity="Bearer ${token}"`).then(
      () => "accepted",
      (error: { cause: { reason: string } }) => error.cause.reason,
    );
    return { ...made, result };
  };

  it("may use the connection where an access policy says so", async () => {
    expect((await attempt({})).result).toBe("accepted");
    expect((await attempt({}, [{ ...access[0], appIds: ["other", "APP"] } as ConnectionAccess])).result).toBe(
      "accepted",
    );
    expect((await attempt({ azp: "v2" }, [{ ...access[0], appIds: ["v2"] } as ConnectionAccess])).result).toBe(
      "accepted",
    );
  });

  it.each([
    ["another object", { oid: "you" }, access, "TokenClaimValueNotAllowed"],
    ["no object", { oid: undefined }, access, "TokenClaimValueNotAllowed"],
    ["another application", {}, [{ tenantId: TENANT, objectId: "me", appIds: ["x"] }], "TokenClaimValueNotAllowed"],
    ["no access policy at all", {}, [], "TokenClaimValueNotAllowed"],
    ["another audience", { aud: "api://me" }, access, "TokenAudienceNotAllowed"],
    ["another issuer", { iss: "https://evil.test/" }, access, "TokenIssuerNotAllowed"],
    ["an end in the past", { exp: NOW / 1000 - 1 }, access, "TokenExpired"],
    ["no end", { exp: undefined }, access, "JwtInvalid"],
  ])("with %s is refused", async (_what, claims, allowed, reason) => {
    const { result, x } = await attempt(claims, allowed);
    expect(result).toBe(reason);
    expect(x.variables.has("auth")).toBe(false);
    // It is no caller of this API.
    expect(x.facts.user).toBeUndefined();
  });

  it("that somebody else signed, or nobody, is refused", async () => {
    expect((await attempt({}, access, {}, rsaKey())).result).toBe("TokenSignatureInvalid");
    const { run } = setup(undefined, access);
    const unsigned = run(`identity-type="jwt" identity="${unsignedToken(CLAIMS)}"`);
    await expect(unsigned).rejects.toMatchObject({ status: 500, cause: { reason: "TokenSignatureInvalid" } });
    await expect(run('identity-type="jwt" identity="x"')).rejects.toMatchObject({ cause: { reason: "JwtInvalid" } });
  });

  it("of a tenant that nobody let in leads to no call", async () => {
    const { result, openIdKeys } = await attempt({ tid: "99999999-2222-3333-4444-555555555555" });
    expect(result).toBe("TokenClaimValueNotAllowed");
    expect(openIdKeys.asked).toEqual([]);
  });

  it("that is refused may be ignored, and gives nothing", async () => {
    const { x, run } = setup(undefined, access);
    await run('identity-type="jwt" identity="x" ignore-error="true"');
    expect(x.variables.get("auth")).toBeNull();
  });
});

it.each([
  ["<get-authorization-context />", ["provider-id", "authorization-id", "context-variable-name"]],
  [
    '<get-authorization-context provider-id="a" authorization-id="b" context-variable-name="c" identity-type="jwt" />',
    ['needs the attribute "identity"'],
  ],
  [
    '<get-authorization-context provider-id="a" authorization-id="b" context-variable-name="c" identity-type="other" />',
    ['allowed: "managed", "jwt"'],
  ],
])("%s", (xml, messages) => {
  expect(compileXml(xml).diagnostics.map((d) => d.message)).toEqual(
    messages.map((text) => expect.stringContaining(text)),
  );
});
