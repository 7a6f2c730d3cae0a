import { createPrivateKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { PolicyError } from "../exchange/errors.ts";
import { Jwt } from "../expression/context/jwt.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { loadXml } from "../testing/load-policy.ts";
import { compileXml } from "../testing/run-policy.ts";
import {
  encryptToken,
  MapOpenIdKeys,
  rsaKey,
  signToken,
  type TestKey,
  testCertificate,
  unsignedToken,
} from "../testing/tokens.ts";

const TENANT = "11111111-2222-3333-4444-555555555555";
const OTHER = "99999999-2222-3333-4444-555555555555";
const CLIENT = "aaaaaaaa-0000-0000-0000-000000000001";
const NOW = Date.UTC(2026, 0, 5, 9, 0, 0);
const ENTRA = "https://login.microsoftonline.com";
const V1 = { iss: `https://sts.windows.net/${TENANT}/`, tid: TENANT, ver: "1.0", appid: CLIENT };
const V2 = { iss: `${ENTRA}/${TENANT}/v2.0`, tid: TENANT, ver: "2.0", azp: CLIENT };
const CLIENTS = `<client-application-ids><application-id>${CLIENT}</application-id></client-application-ids>`;

let key: TestKey;
let foreign: TestKey;

beforeAll(() => {
  key = rsaKey();
  foreign = rsaKey();
});

/** Entra as it publishes: a tenant's issuers, and patterns where the tenant is whichever the token says. */
function entra(openIdKeys: MapOpenIdKeys, base: string, tenant: string, issuer = tenant): void {
  const keys = [{ ...key.jwk, kid: "k1", use: "sig" }];
  const set = (path: string, iss: string) =>
    openIdKeys.configurations.set(`${base}/${tenant}${path}`, { issuer: iss, keys });
  set("/.well-known/openid-configuration", `https://sts.windows.net/${issuer}/`);
  set("/v2.0/.well-known/openid-configuration", `${base}/${issuer}/v2.0`);
}

function setup(children = "", attributes = `tenant-id="${TENANT}"`) {
  const services = testServices();
  services.clock.time = NOW;
  const openIdKeys = new MapOpenIdKeys();
  services.openIdKeys = openIdKeys;
  entra(openIdKeys, ENTRA, TENANT);
  const run = loadXml(`<validate-azure-ad-token ${attributes}>${children}</validate-azure-ad-token>`);
  const exchange = (headers: Record<string, string>, url?: string) =>
    testExchange({ services, headers, ...(url ? { url } : {}) });
  const request = async (token: string, headers: Record<string, string> = {}) => {
    const x = exchange({ authorization: `Bearer ${token}`, ...headers });
    await run(x);
    return x;
  };
  /** The reason code of the refusal, or "accepted". */
  const outcome = (token: string, headers?: Record<string, string>) =>
    request(token, headers).then(
      () => "accepted",
      (error: PolicyError) => error.reason,
    );
  return { services, openIdKeys, run, exchange, request, outcome };
}

const sign = (claims: object, by: TestKey = key, header: Record<string, unknown> = {}) =>
  signToken({ exp: NOW / 1000 + 60, ...claims }, by, { alg: "RS256", kid: "k1", ...header });

describe("a token", () => {
  it.each([
    ["the first version", V1],
    ["the second version", V2],
  ])("of %s passes and is kept", async (_version, claims) => {
    const { request } = setup(CLIENTS, `tenant-id="${TENANT}" output-token-variable-name="jwt"`);
    const x = await request(await sign({ ...claims, sub: "ann" }));
    expect((x.variables.get("jwt") as Jwt).subject).toBe("ann");
    expect(x.variables.get("jwt")).toBeInstanceOf(Jwt);
  });

  it.each([
    ["another tenant's issuer", { ...V2, iss: `${ENTRA}/${OTHER}/v2.0` }, "TokenIssuerNotAllowed"],
    ["no issuer", { ...V2, iss: undefined }, "TokenIssuerNotAllowed"],
    ["an end in the past", { ...V2, exp: NOW / 1000 }, "TokenExpired"],
    ["no end", { ...V2, exp: undefined }, "JwtInvalid"],
    ["a beginning in the future", { ...V2, nbf: NOW / 1000 + 1 }, "JwtInvalid"],
  ])("with %s is refused", async (_what, claims, reason) => {
    expect(await setup().outcome(await sign(claims))).toBe(reason);
  });

  it("that somebody else signed, or nobody, is refused", async () => {
    const { outcome } = setup();
    expect(await outcome(await sign(V2, foreign))).toBe("TokenSignatureInvalid");
    expect(await outcome(await sign(V2, foreign, { kid: "k2" }))).toBe("TokenSignatureKeyNotFound");
    expect(await outcome(unsignedToken({ ...V2, exp: NOW / 1000 + 60 }))).toBe("TokenSignatureInvalid");
    expect(await outcome("x")).toBe("JwtInvalid");
  });

  it("is refused where the tenant's metadata cannot be had, or names no issuer", async () => {
    const { openIdKeys, outcome } = setup();
    openIdKeys.configurations.clear();
    expect(await outcome(await sign(V2))).toBe("TokenSignatureKeyNotFound");
    const keys = [{ ...key.jwk, kid: "k1" }];
    openIdKeys.configurations.set(`${ENTRA}/${TENANT}/.well-known/openid-configuration`, { issuer: undefined, keys });
    expect(await outcome(await sign(V2))).toBe("TokenIssuerNotAllowed");
  });

  it("may be encrypted for a certificate", async () => {
    const certificate = await testCertificate();
    const { services, outcome } = setup('<decryption-keys><key certificate-id="c" /></decryption-keys>');
    const inner = await sign(V2);
    const token = await encryptToken(inner, new X509Certificate(certificate.cert).publicKey, {
      alg: "RSA-OAEP",
      enc: "A256GCM",
    });
    expect(await outcome(token)).toBe("JwtInvalid");
    services.certificate = (id) => (id === "c" ? certificate : undefined);
    expect(createPrivateKey(certificate.key).asymmetricKeyType).toBe("rsa");
    expect(await outcome(token)).toBe("accepted");
  });
});

describe("where the token is", () => {
  it.each([
    ["", (t: string) => ({ headers: { Authorization: `Bearer ${t}` } })],
    ['header-name="X-Token"', (t: string) => ({ headers: { "x-token": t } })],
    ['query-parameter-name="t"', (t: string) => ({ headers: {}, url: `http://gateway.test/orders/1?t=${t}` })],
    [`token-value='@(context.Request.Headers.GetValueOrDefault("x"))'`, (t: string) => ({ headers: { x: t } })],
  ])("%s", async (attributes, place) => {
    const { run, exchange } = setup(CLIENTS, `tenant-id="${TENANT}" ${attributes}`);
    const { headers, url } = place(await sign(V2)) as { headers: Record<string, string>; url?: string };
    const x = exchange(headers, url);
    await run(x);
    const none = async () => run(exchange({}));
    await expect(none()).rejects.toMatchObject({ reason: "TokenNotPresent", status: 401, message: "JWT not present." });
  });

  it("has no scheme before it in a header of its own", async () => {
    const { run, exchange } = setup("", `tenant-id="${TENANT}" header-name="X-Token"`);
    const token = await sign(V2);
    const sent = async () => run(exchange({ "x-token": `Bearer ${token}` }));
    await expect(sent()).rejects.toMatchObject({ reason: "JwtInvalid" });
  });
});

describe("applications and audiences", () => {
  it.each([
    ["appid of a first version", { ...V1, appid: "other", azp: CLIENT }, "TokenClaimValueNotAllowed"],
    ["azp of a second version", { ...V2, azp: "other", appid: CLIENT }, "TokenClaimValueNotAllowed"],
    ["neither", { ...V2, azp: undefined }, "TokenClaimNotFound"],
    ["other letters of the same id", { ...V2, azp: CLIENT.toUpperCase() }, "accepted"],
    ["no version, appid", { ...V1, ver: undefined }, "accepted"],
    ["no version, azp", { ...V2, ver: undefined }, "accepted"],
  ])("the client by %s", async (_what, claims, expected) => {
    expect(await setup(CLIENTS).outcome(await sign(claims))).toBe(expected);
  });

  const BACKEND = "<backend-application-ids><application-id>b1</application-id></backend-application-ids>";
  const AUDIENCES = `<audiences><audience>a1</audience><audience>@("a" + 2)</audience></audiences>`;

  it.each([
    ["", "anything", "accepted"],
    [AUDIENCES, "a2", "accepted"],
    [AUDIENCES, ["x", "a1"], "accepted"],
    [AUDIENCES, "A1", "TokenAudienceNotAllowed"],
    [AUDIENCES, undefined, "TokenAudienceNotAllowed"],
    [BACKEND, "b1", "accepted"],
    [BACKEND, "api://b1", "accepted"],
    [BACKEND, "a1", "TokenAudienceNotAllowed"],
    [AUDIENCES + BACKEND, "a1", "accepted"],
    [AUDIENCES + BACKEND, "api://b1", "accepted"],
    [AUDIENCES + BACKEND, "c1", "TokenAudienceNotAllowed"],
  ])("%s with %j", async (children, aud, expected) => {
    expect(await setup(children).outcome(await sign({ ...V2, aud }))).toBe(expected);
  });

  it("further claims", async () => {
    const claims = '<required-claims><claim name="roles" match="any"><value>a</value></claim></required-claims>';
    const { outcome } = setup(claims + CLIENTS);
    expect(await outcome(await sign({ ...V2, roles: ["b", "a"] }))).toBe("accepted");
    expect(await outcome(await sign({ ...V2, roles: ["b"] }))).toBe("TokenClaimValueNotAllowed");
    expect(await outcome(await sign(V2))).toBe("TokenClaimNotFound");
  });
});

describe("the tenant", () => {
  const asked = ({ openIdKeys }: { openIdKeys: MapOpenIdKeys }) => [...new Set(openIdKeys.asked.map(({ url }) => url))];

  it.each([
    ['tenant-id="contoso.onmicrosoft.com"', `${ENTRA}/contoso.onmicrosoft.com`],
    [`tenant-id="${ENTRA}/${TENANT}/"`, `${ENTRA}/${TENANT}`],
    [`tenant-id="https://login.microsoftonline.us/${TENANT}/v2.0"`, `https://login.microsoftonline.us/${TENANT}`],
    [
      `tenant-id="${TENANT}" authentication-endpoint="https://login.partner.microsoftonline.cn/"`,
      `https://login.partner.microsoftonline.cn/${TENANT}`,
    ],
    [`tenant-id='@("${TENANT}")'`, `${ENTRA}/${TENANT}`],
  ])("%s", async (attributes, base) => {
    const made = setup("", attributes);
    made.openIdKeys.configurations.clear();
    await made.outcome(await sign(V2));
    expect(asked(made)).toEqual([
      `${base}/.well-known/openid-configuration`,
      `${base}/v2.0/.well-known/openid-configuration`,
    ]);
  });

  it("is looked for where the gateway says that Entra is", async () => {
    const made = setup("", `tenant-id="http://entra.test:8080/${TENANT}"`);
    made.services.entraAuthority = "http://entra.test:8080";
    entra(made.openIdKeys, "http://entra.test:8080", TENANT);
    expect(await made.outcome(await sign({ ...V2, iss: `http://entra.test:8080/${TENANT}/v2.0` }))).toBe("accepted");
  });

  it.each([
    "https://evil.test/11111111",
    "https://login.microsoftonline.com.evil.test/t",
    "../other",
    "a/b",
    "a?b",
    "",
  ])("%j leads nowhere", async (tenant) => {
    const made = setup("", `tenant-id='@(context.Request.Headers.GetValueOrDefault("x-tenant", ""))'`);
    expect(await made.outcome(await sign(V2), { "x-tenant": tenant })).toBe("TokenSignatureKeyNotFound");
    expect(asked(made)).toEqual([""]);
  });

  it("may be any: the issuer must then be the one of the token's tenant", async () => {
    const { openIdKeys, outcome } = setup("", 'tenant-id="organizations"');
    entra(openIdKeys, ENTRA, "organizations", "{tenantid}");
    expect(await outcome(await sign(V2))).toBe("accepted");
    expect(await outcome(await sign(V1))).toBe("accepted");
    expect(await outcome(await sign({ ...V2, tid: OTHER }))).toBe("TokenIssuerNotAllowed");
    expect(await outcome(await sign({ ...V2, tid: undefined }))).toBe("TokenIssuerNotAllowed");
  });
});

describe("what the caller learns", () => {
  it("is what is wrong with the token", async () => {
    const { request } = setup();
    await expect(request(await sign({ ...V2, exp: 1 }))).rejects.toMatchObject({
      status: 401,
      message: "Invalid JWT token. Token is expired.",
      publicMessage: undefined,
    });
    await expect(request(await sign(V2, foreign))).rejects.toMatchObject({
      message: "Invalid JWT token. The token's signature is not valid.",
    });
  });

  it("is what the author says instead", async () => {
    const attributes = 'failed-validation-httpcode="403" failed-validation-error-message="No entry"';
    const { request } = setup("", `tenant-id="${TENANT}" ${attributes}`);
    await expect(request(await sign({ ...V2, exp: 1 }))).rejects.toMatchObject({
      status: 403,
      publicMessage: "No entry",
    });
  });
});

describe("the document", () => {
  const problems = (xml: string) =>
    compileXml(xml).diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`);

  it.each([
    [
      "<validate-azure-ad-token />",
      '1:10 <validate-azure-ad-token> needs the attribute "tenant-id": Id, domain or address of the tenant; organizations, common and consumers stand for many.',
    ],
    [
      '<validate-azure-ad-token tenant-id="t" header-name="a" token-value="b" />',
      '1:10 <validate-azure-ad-token> takes at most one of the attributes "header-name", "query-parameter-name", "token-value"',
    ],
    [
      '<validate-azure-ad-token tenant-id="t"><client-application-ids /></validate-azure-ad-token>',
      "1:49 <client-application-ids> needs an element <application-id>",
    ],
    [
      '<validate-azure-ad-token tenant-id="t"><client-application-ids><application-id>@("a")</application-id></client-application-ids></validate-azure-ad-token>',
      "1:89 the text of <application-id> does not allow a policy expression",
    ],
    [
      '<validate-azure-ad-token tenant-id="t"><decryption-keys><key /></decryption-keys></validate-azure-ad-token>',
      '1:66 <key> needs the attribute "certificate-id": Id of an uploaded certificate.',
    ],
    [
      `<validate-azure-ad-token tenant-id="t" output-token-variable-name='@("a")' />`,
      '1:77 attribute "output-token-variable-name" of <validate-azure-ad-token> does not allow a policy expression',
    ],
  ])("%s", (xml, problem) => {
    expect(problems(xml)).toEqual([problem]);
  });

  it("takes its children in any order", () => {
    const children = `<required-claims><claim name="a" /></required-claims>${CLIENTS}<audiences><audience>a</audience></audiences>`;
    expect(problems(`<validate-azure-ad-token tenant-id="t">${children}</validate-azure-ad-token>`)).toEqual([]);
  });
});
