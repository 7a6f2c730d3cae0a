import { describe, expect, it } from "vitest";
import type { ConnectionResource } from "../../../model/catalog.ts";
import { readTestFiles, type TestFiles } from "../testing.ts";

const PROVIDER = "authorizationProviders/github/authorizationProviderInformation.json";
const CONNECTION = "authorizationProviders/github/authorizations/main/authorizationInformation.json";

function read(connection: object, provider?: object, more: TestFiles = {}) {
  const files = {
    ...(provider ? { [PROVIDER]: { properties: { displayName: "GitHub", ...provider } } } : {}),
    [CONNECTION]: { properties: connection },
    ...more,
  };
  const { catalog, findings } = readTestFiles(files);
  const [found] = catalog.credentialProviders ?? [];
  return { provider: found, connection: found?.connections[0] as ConnectionResource, findings };
}

const grants = (type: string, parameters: object) => ({
  identityProvider: "oauth2",
  oauth2: { grantTypes: { [type]: parameters } },
});

describe("a connection", () => {
  it("by client credentials takes the provider's address and its own secret", () => {
    const { provider, connection, findings } = read(
      {
        authorizationType: "OAuth2",
        oauth2grantType: "ClientCredentials",
        parameters: { clientId: "id", clientSecret: "{{secret}}", scopes: "own" },
      },
      grants("clientCredentials", { tokenUrl: "https://idp.test/token", scopes: "shared", audience: "api" }),
    );
    expect(findings).toEqual([]);
    expect(provider).toMatchObject({ id: "github", displayName: "GitHub" });
    expect(connection).toMatchObject({ id: "main", access: [] });
    expect(connection.grant).toEqual({
      kind: "client-credentials",
      tokenUrl: "https://idp.test/token",
      clientId: "id",
      clientSecret: "{{secret}}",
      scope: "own",
      authentication: "Body",
      parameters: { audience: "api" },
    });
  });

  it("by somebody's consent has a refresh token", () => {
    const { connection, findings } = read(
      { oauth2grantType: "AuthorizationCode", parameters: { refreshToken: "r" } },
      grants("authorizationCode", {
        clientId: "id",
        clientSecret: "s",
        tokenUrl: "https://idp.test/token",
        refreshUrl: "https://idp.test/refresh",
        clientAuthenticationMethod: "basic",
        resource: "https://r.test",
      }),
    );
    expect(findings).toEqual([]);
    expect(connection.grant).toEqual({
      kind: "refresh-token",
      tokenUrl: "https://idp.test/refresh",
      clientId: "id",
      clientSecret: "s",
      refreshToken: "r",
      authentication: "Basic",
      parameters: { resource: "https://r.test" },
    });
  });

  it("may hold the token itself, and needs no provider's file", () => {
    const { provider, connection, findings } = read({
      parameters: { accessToken: "env:TOKEN", claims: { scope: "repo" } },
    });
    expect(findings).toEqual([]);
    expect(provider).toMatchObject({ id: "github", displayName: "github" });
    expect(connection.grant).toEqual({ kind: "token", accessToken: "env:TOKEN", claims: { scope: "repo" } });
  });

  it("of Entra names a tenant", () => {
    const parameters = { tenantId: "t", clientId: "id", clientSecret: "s", resourceUri: "https://graph.test" };
    const { connection } = read(
      { parameters: {} },
      { identityProvider: "aad", oauth2: { grantTypes: { clientCredentials: parameters } } },
    );
    expect(connection.grant).toMatchObject({
      tokenUrl: "https://login.microsoftonline.com/t/oauth2/v2.0/token",
      scope: "https://graph.test/.default",
      parameters: {},
    });
    const elsewhere = read({ parameters: { ...parameters, loginUri: "https://login.microsoftonline.us/" } });
    expect(elsewhere.connection.grant).toMatchObject({
      tokenUrl: "https://login.microsoftonline.us/t/oauth2/v2.0/token",
    });
  });

  it("says who may use it by a token of their own", () => {
    const policy = (name: string) =>
      `authorizationProviders/github/authorizations/main/accessPolicies/${name}/authorizationAccessPolicyInformation.json`;
    const { connection, findings } = read({ parameters: { accessToken: "t" } }, undefined, {
      [policy("a")]: { properties: { tenantId: "t", objectId: "o" } },
      [policy("b")]: { properties: { tenantId: "t", objectId: "p", appIds: ["x"] } },
      [policy("c")]: { properties: { tenantId: "t" } },
    });
    expect(connection.access).toEqual([
      { tenantId: "t", objectId: "o", appIds: [] },
      { tenantId: "t", objectId: "p", appIds: ["x"] },
    ]);
    expect(findings).toEqual([`${policy("c")}:2:3 error "objectId" is required`]);
  });
});

describe("what is wrong", () => {
  it.each<[object, object | undefined, string]>([
    [{}, undefined, `${CONNECTION}:2:3 error "tokenUrl" is required in "parameters" or in the provider's grant type`],
    [
      { parameters: { tokenUrl: "https://idp.test" } },
      undefined,
      `${CONNECTION}:2:3 error "clientId" is required in "parameters" or in the provider's grant type`,
    ],
    [
      { parameters: { tokenUrl: "ftp://idp.test", clientId: "c" } },
      undefined,
      `${CONNECTION}:4:7 error "tokenUrl" must be an absolute URL that begins with https://, http://`,
    ],
    [
      { oauth2grantType: "Password" },
      undefined,
      `${CONNECTION}:3:5 error "oauth2grantType" may not be "Password"; allowed are ClientCredentials, AuthorizationCode`,
    ],
    [
      { oauth2grantType: "AuthorizationCode", parameters: {} },
      grants("authorizationCode", { clientId: "c", tokenUrl: "https://idp.test" }),
      `${CONNECTION}:2:3 warning nobody has consented to this connection here, so it has no token (give "refreshToken" or "accessToken" in "parameters")`,
    ],
  ])("%j", (connection, provider, finding) => {
    const { provider: found, findings } = read(connection, provider);
    expect(findings.slice(0, 1)).toEqual([finding]);
    expect(found?.connections ?? []).toEqual([]);
  });

  it("names that look mistyped are reported", () => {
    const { findings } = read({ parameters: { accessTokn: "t", tokenUrl: "https://idp.test", clientId: "c" } });
    expect(findings).toEqual([
      `${CONNECTION}:4:7 warning the property "accessTokn" is not known (did you mean "accessToken"?)`,
    ]);
  });

  it("an empty folder is no provider", () => {
    expect(readTestFiles({ "policy.xml": "<policies />" }).catalog.credentialProviders).toEqual([]);
  });
});
