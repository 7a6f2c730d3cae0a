import { describe, expect, it } from "vitest";
import { type Catalog, type ConnectionGrant, emptyCatalog } from "../model/catalog.ts";
import { formatDiagnostic } from "../model/diagnostic.ts";
import { compilePlan } from "../plan/compile.ts";
import type { BackendPart, CredentialProviderPart } from "../plan/plan.ts";
import { serializePlan } from "../plan/plan-builder.ts";
import { materialOf } from "./material.ts";

const origin = { file: "f.json" };
const CLIENT = {
  tokenUrl: "https://idp.test/{{path}}",
  clientId: "{{id}}",
  authentication: "Body" as const,
  parameters: { audience: "{{id}}" },
};
const NAMED = [
  { id: "path", origin, displayName: "path", secret: false, value: "token", tags: [] },
  { id: "id", origin, displayName: "id", secret: true, value: "named-secret", tags: [] },
];

function catalog(grant: ConnectionGrant, more: Partial<Catalog> = {}): Catalog {
  const connections = [{ id: "main", origin, grant, access: [] }];
  return {
    ...emptyCatalog(),
    namedValues: NAMED,
    credentialProviders: [{ id: "github", origin, displayName: "GitHub", connections }],
    ...more,
  };
}

function compiled(of: Catalog) {
  const { plan, diagnostics } = compilePlan(of);
  const part = plan?.parts[plan.root.credentialProviders?.[0] ?? ""] as CredentialProviderPart | undefined;
  return { plan, part, findings: diagnostics.map(formatDiagnostic) };
}

describe("a connection in a plan", () => {
  it("holds no secret; the gateway's material does", () => {
    const grant: ConnectionGrant = {
      kind: "refresh-token",
      ...CLIENT,
      clientSecret: "top",
      refreshToken: "env:GATEHOUSE_TEST_REFRESH",
    };
    process.env.GATEHOUSE_TEST_REFRESH = "secret-refresh";
    const of = catalog(grant);
    const { plan, part, findings } = compiled(of);
    const { secrets, missing } = materialOf(of);
    delete process.env.GATEHOUSE_TEST_REFRESH;
    expect(findings).toEqual([]);
    expect(part?.connections[0]?.grant).toEqual({
      kind: "refresh-token",
      tokenUrl: "https://idp.test/token",
      clientId: { template: [{ secret: "id" }] },
      clientSecret: { template: [{ secret: "connection:github/main/clientSecret" }] },
      refreshToken: { template: [{ secret: "connection:github/main/refreshToken" }] },
      scope: null,
      authentication: "Body",
      parameters: [["audience", { template: [{ secret: "id" }] }]],
    });
    const text = plan ? serializePlan(plan) : "";
    for (const value of ["top", "named-secret", "secret-refresh"]) expect(text).not.toContain(`"${value}"`);
    expect(plan?.root.secrets).toEqual([
      "connection:github/main/clientSecret",
      "connection:github/main/refreshToken",
      "id",
    ]);
    expect(missing).toEqual([]);
    expect([...secrets]).toEqual([
      ["id", "named-secret"],
      ["connection:github/main/clientSecret", "top"],
      ["connection:github/main/refreshToken", "secret-refresh"],
    ]);
  });

  it("may have its secret from a named value", () => {
    const { plan, part } = compiled(catalog({ kind: "token", accessToken: "x{{id}}", claims: {} }));
    expect(part?.connections[0]?.grant).toMatchObject({ accessToken: { template: ["x", { secret: "id" }] } });
    expect(plan?.root.secrets).toEqual(["id"]);
  });

  it("says what it lacks", () => {
    const grant: ConnectionGrant = { kind: "token", accessToken: "{{missing}}", claims: {} };
    expect(compiled(catalog(grant)).findings).toEqual([
      'f.json:1:1 error the parameters of connection "github/main" refer to the named value "missing", which does not exist',
    ]);
    const absent = materialOf(catalog({ kind: "token", accessToken: "env:NOT_SET_ANYWHERE", claims: {} })).missing;
    expect(absent).toEqual([
      'secret "connection:github/main/accessToken" (f.json): the environment variable NOT_SET_ANYWHERE is not set',
    ]);
  });
});

describe("what policies and backends name", () => {
  const policy = (inbound: string) => ({
    policy: {
      file: "p.xml",
      text: `<policies><inbound>${inbound}</inbound><backend /><outbound /><on-error /></policies>`,
    },
  });
  const grant: ConnectionGrant = { kind: "token", accessToken: "t", claims: {} };
  const context = (provider: string, connection: string) =>
    policy(
      `<get-authorization-context provider-id="${provider}" authorization-id='${connection}' context-variable-name="v" />`,
    );

  it.each([
    [context("GITHUB", "Main"), []],
    [context("github", "@(context.RequestId.ToString())"), []],
    [
      context("github", "other"),
      [
        'p.xml:1:20 warning there is no connection "other" of a credential provider "github": requests fail here (add authorizationProviders/github/authorizations/other/authorizationInformation.json)',
      ],
    ],
    [
      policy(
        '<validate-client-certificate><identities><identity issuer-certificate-id="ca" /></identities></validate-client-certificate>',
      ),
      ['p.xml:1:61 error <identity> names the certificate "ca", which does not exist'],
    ],
  ])("%j", (more, findings) => {
    expect(compiled(catalog(grant, more)).findings).toEqual(findings);
  });

  const THUMBPRINT = "B468E99250618C2EA5343E84F1DEA16E622EAF74";
  const backend = {
    id: "b",
    origin,
    type: "Single" as const,
    url: "https://b.test",
    protocol: "http" as const,
    pool: [],
    circuitBreaker: [],
    credentials: {
      header: {},
      query: {},
      certificateIds: ["c"],
      thumbprints: [THUMBPRINT],
      managedIdentity: { resource: "https://{{path}}.test", clientId: "{{id}}" },
    },
    tls: { validateCertificateChain: true, validateCertificateName: true },
  };

  it("certificates by thumbprint, and tokens of the gateway's identity", () => {
    const certificates = [{ id: "c", origin, certificate: "PEM", thumbprint: THUMBPRINT, storeName: "Root" as const }];
    const { plan } = compiled(catalog(grant, { backends: [backend], certificates }));
    expect(plan?.parts[plan.root.backends[0] ?? ""] as BackendPart).toMatchObject({
      certificates: ["c", THUMBPRINT],
      identity: { resource: "https://token.test", clientId: { template: [{ secret: "id" }] } },
    });
    expect(plan?.root.certificates).toMatchObject([{ id: "c", storeName: "Root", hasKey: false }]);
    expect(compiled(catalog(grant, { backends: [backend] })).findings).toEqual([
      `f.json:1:1 error backend "b" presents the certificate with the thumbprint ${THUMBPRINT}, which does not exist`,
    ]);
  });
});
