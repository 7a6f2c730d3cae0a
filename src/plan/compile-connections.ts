import type {
  Catalog,
  ConnectionGrant,
  ConnectionResource,
  CredentialProviderResource,
  OAuthClient,
} from "../model/catalog.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { NamedValue } from "../policy/compiler/named-values.ts";
import { compileText } from "./compile-text.ts";
import type { CredentialProviderPart, PlanConnection, PlanText } from "./plan.ts";

/** Properties of a grant that may not stand in a plan. */
type SecretProperty = "accessToken" | "clientSecret" | "refreshToken";

/** Compiles a credential provider with its connections; secrets written in the catalog become references. */
export function compileCredentialProvider(
  provider: CredentialProviderResource,
  namedValues: ReadonlyMap<string, NamedValue>,
  diagnostics: Diagnostic[],
): CredentialProviderPart {
  return {
    kind: "credential-provider",
    id: provider.id,
    connections: provider.connections.map((connection) => {
      const what = `the parameters of connection "${provider.id}/${connection.id}"`;
      const place = { origin: connection.origin, path: ["properties", "parameters"], what };
      const text = (value: string) => compileText(value, place, namedValues, diagnostics);
      const secret = (property: SecretProperty, value: string): PlanText =>
        isReference(value) ? text(value) : { template: [{ secret: connectionSecret(provider, connection, property) }] };
      return { id: connection.id, grant: compileGrant(connection.grant, text, secret), access: connection.access };
    }),
  };
}

function compileGrant(
  grant: ConnectionGrant,
  text: (value: string) => PlanText,
  secret: (property: SecretProperty, value: string) => PlanText,
): PlanConnection["grant"] {
  if (grant.kind === "token") {
    return { kind: "token", accessToken: secret("accessToken", grant.accessToken), claims: grant.claims };
  }
  const client = {
    tokenUrl: text(grant.tokenUrl),
    clientId: text(grant.clientId),
    clientSecret: grant.clientSecret === undefined ? null : secret("clientSecret", grant.clientSecret),
    scope: grant.scope === undefined ? null : text(grant.scope),
    authentication: grant.authentication,
    parameters: Object.entries(grant.parameters).map(([name, value]): [string, PlanText] => [name, text(value)]),
  };
  return grant.kind === "client-credentials"
    ? { kind: grant.kind, ...client }
    : { kind: grant.kind, ...client, refreshToken: secret("refreshToken", grant.refreshToken) };
}

/**
 * Secrets that stand in the catalog's connections, by the names that plans call them. Values may be `env:NAME` or
 * `file:/path`.
 */
export function connectionSecrets(catalog: Catalog): { name: string; value: string; file: string }[] {
  return (catalog.credentialProviders ?? []).flatMap((provider) =>
    provider.connections.flatMap((connection) =>
      secretsOf(connection.grant)
        .filter(([, value]) => !isReference(value))
        .map(([property, value]) => ({
          name: connectionSecret(provider, connection, property),
          value,
          file: connection.origin.file,
        })),
    ),
  );
}

function secretsOf(grant: ConnectionGrant): [SecretProperty, string][] {
  if (grant.kind === "token") return [["accessToken", grant.accessToken]];
  const { clientSecret }: OAuthClient = grant;
  return [
    ...(clientSecret === undefined ? [] : ([["clientSecret", clientSecret]] as [SecretProperty, string][])),
    ...(grant.kind === "refresh-token" ? ([["refreshToken", grant.refreshToken]] as [SecretProperty, string][]) : []),
  ];
}

/** Names of named values hold neither colons nor slashes, so these cannot be taken for them. */
function connectionSecret(
  provider: CredentialProviderResource,
  connection: ConnectionResource,
  property: SecretProperty,
): string {
  return `connection:${provider.id}/${connection.id}/${property}`;
}

/** The value refers to named values, which say themselves what is secret. */
function isReference(value: string): boolean {
  return /\{\{[A-Za-z0-9\-._]{1,256}\}\}/.test(value);
}
