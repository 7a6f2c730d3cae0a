import { describe, expect, it } from "vitest";
import { identityFromEnvironment, parseIdentitySettings } from "./identity-settings.ts";

const PRINCIPAL = { AZURE_TENANT_ID: "t", AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: "s" };
const WORKLOAD = { AZURE_TENANT_ID: "t", AZURE_CLIENT_ID: "c", AZURE_FEDERATED_TOKEN_FILE: "/f" };
const APP_SERVICE = { IDENTITY_ENDPOINT: "http://127.0.0.1:41", IDENTITY_HEADER: "h" };
const ENDPOINT = { GATEHOUSE_TOKEN_ENDPOINT: "https://idp.test/token", GATEHOUSE_TOKEN_CLIENT_ID: "id" };

const principal = { source: "service-principal", tenantId: "t", clientId: "c", clientSecret: "s" };
const workload = { source: "workload", tenantId: "t", clientId: "c", tokenFile: "/f" };
const appService = { source: "app-service", endpoint: "http://127.0.0.1:41", header: "h" };
const endpoint = { source: "token-endpoint", url: "https://idp.test/token", clientId: "id" };

describe("the environment", () => {
  it.each<[Record<string, string>, unknown]>([
    [PRINCIPAL, principal],
    [
      { ...PRINCIPAL, AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us" },
      { ...principal, authority: "https://login.microsoftonline.us" },
    ],
    [WORKLOAD, workload],
    [APP_SERVICE, appService],
    [ENDPOINT, endpoint],
    [
      { ...ENDPOINT, GATEHOUSE_TOKEN_CLIENT_SECRET: " s " },
      { ...endpoint, clientSecret: "s" },
    ],
    [{ ...APP_SERVICE, ...WORKLOAD, ...PRINCIPAL, ...ENDPOINT }, endpoint],
    [{ ...APP_SERVICE, ...WORKLOAD, ...PRINCIPAL }, principal],
    [{ ...APP_SERVICE, ...PRINCIPAL, GATEHOUSE_IDENTITY: "app-service" }, appService],
    [{ ...APP_SERVICE, GATEHOUSE_IDENTITY: "imds" }, { source: "imds" }],
    [
      { GATEHOUSE_IDENTITY: "imds", AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:1/" },
      { source: "imds", endpoint: "http://127.0.0.1:1/metadata/identity/oauth2/token" },
    ],
  ])("%j", (env, expected) => {
    expect(identityFromEnvironment(env)).toEqual({ default: expected });
  });

  it.each<Record<string, string>>([
    {},
    { AZURE_CLIENT_ID: "c", AZURE_TENANT_ID: "t" },
    { IDENTITY_ENDPOINT: "http://127.0.0.1", IDENTITY_HEADER: " " },
    { ...PRINCIPAL, GATEHOUSE_IDENTITY: "none" },
  ])("%j has no identity", (env) => {
    expect(identityFromEnvironment(env)).toEqual({});
  });

  it("says what is wrong, and shows no secret", () => {
    expect(() => identityFromEnvironment({ GATEHOUSE_IDENTITY: "magic" })).toThrow(
      'GATEHOUSE_IDENTITY is "magic"; it can be imds, app-service, service-principal, workload, token-endpoint, none',
    );
    const lacking = { GATEHOUSE_IDENTITY: "service-principal", AZURE_CLIENT_SECRET: "top" };
    expect(() => identityFromEnvironment(lacking)).toThrow(
      'the identity "service-principal" needs the environment variables AZURE_TENANT_ID, AZURE_CLIENT_ID',
    );
  });
});

describe("a file", () => {
  const parse = (value: unknown) => parseIdentitySettings(JSON.stringify(value));

  it("may name several identities, and where their secrets are", () => {
    process.env.GATEHOUSE_TEST_SECRET = "from the environment";
    const parameters = { audience: "{resource}" };
    expect(
      parse({
        default: { ...principal, clientSecret: "env:GATEHOUSE_TEST_SECRET" },
        clients: { a: { ...endpoint, parameters }, "*": { source: "imds" } },
      }),
    ).toEqual({
      default: { ...principal, clientSecret: "from the environment" },
      clients: { a: { ...endpoint, parameters }, "*": { source: "imds" } },
    });
    delete process.env.GATEHOUSE_TEST_SECRET;
    expect(parse({})).toEqual({ clients: {} });
  });

  it.each<[unknown, string]>([
    [[], "it must be an object"],
    [{ identity: {} }, 'it has "identity"; it can have "default" and "clients"'],
    [{ default: {} }, '"default" needs a "source": imds, app-service, service-principal, workload, token-endpoint'],
    [{ default: { source: "none" } }, '"default" needs a "source"'],
    [{ default: { source: "imds", clientId: "c" } }, '"default" has "clientId"; "imds" takes endpoint'],
    [{ clients: { a: { source: "token-endpoint" } } }, '"clients"."a" needs "url"'],
    [{ default: { ...principal, clientSecret: 5 } }, '"default"."clientSecret" must be a text'],
    [
      { default: { ...principal, clientSecret: "env:NOT_SET_ANYWHERE" } },
      "the environment variable NOT_SET_ANYWHERE is not set",
    ],
    [{ default: { ...principal, clientSecret: "file:/not/there" } }, "/not/there cannot be read (ENOENT)"],
    [{ default: { ...principal, parameters: {} } }, 'only "token-endpoint" takes them'],
    [{ default: { ...endpoint, parameters: { a: 1 } } }, '"default"."parameters"."a" must be a text'],
  ])("%j", (value, message) => {
    expect(() => parse(value)).toThrow(message);
  });

  it("must be JSON", () => {
    expect(() => parseIdentitySettings("{")).toThrow("it is not JSON");
  });
});
