import type {
  ConnectionGrant,
  ConnectionResource,
  CredentialProviderResource,
  OAuthClient,
} from "../../../model/catalog.ts";
import { readUrl } from "../absolute-url.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { displayNameOf, readInfo } from "../info.ts";
import type { Properties } from "../properties.ts";
import { childrenOf, type ResourceFolder } from "../tree.ts";

const PROVIDER = ["displayName", "identityProvider", "oauth2", "provisioningState"];
const CONNECTION = ["authorizationType", "oauth2grantType", "parameters", "status", "error", "provisioningState"];
/** What the parameters of a provider's grant and of a connection may say here; a connection's win. */
const PARAMETERS = [
  "accessToken",
  "claims",
  "refreshToken",
  "clientId",
  "clientSecret",
  "clientAuthenticationMethod",
  "tokenUrl",
  "refreshUrl",
  "authorizationUrl",
  "loginUri",
  "tenantId",
  "scopes",
  "resource",
  "resourceUri",
  "audience",
];

/**
 * `authorizationProviders/{p}/` with `authorizations/{a}/` and their `accessPolicies/{x}/` (management API reference,
 * 2.25), in the style of the other folders; the original tools know no credential providers. Consent at an account's
 * owner happens elsewhere: its result stands here as `refreshToken` or `accessToken`.
 */
export function readCredentialProvider(
  folder: ResourceFolder,
  context: ReadContext,
): Draft<CredentialProviderResource> | undefined {
  const info = readInfo(folder, PROVIDER, context);
  const connections = childrenOf(folder, "connection").flatMap(
    (child) => readConnection(child, info?.properties, context) ?? [],
  );
  if (!info) {
    // Without a file of its own it is its connections.
    const [first] = connections;
    if (!first) return undefined;
    const resource = { id: folder.name, origin: first.resource.origin, displayName: folder.name };
    return { properties: first.properties, resource: { ...resource, connections: sound(connections) } };
  }
  const { properties, identity } = info;
  const displayName = displayNameOf(properties, folder.name);
  return { properties, resource: { ...identity, displayName, connections: sound(connections) } };
}

function sound(drafts: readonly Draft<ConnectionResource>[]): ConnectionResource[] {
  return drafts.flatMap(({ properties, resource }) => (properties.broken ? [] : [resource]));
}

function readConnection(
  folder: ResourceFolder,
  provider: Properties | undefined,
  context: ReadContext,
): Draft<ConnectionResource> | undefined {
  const info = readInfo(folder, CONNECTION, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  properties.choice("authorizationType", ["OAuth2"]);
  const grant = readGrant(properties, provider);
  const access = childrenOf(folder, "connection-access").flatMap((child) => readAccess(child, context) ?? []);
  return grant && { properties, resource: { ...identity, grant, access } };
}

function readGrant(connection: Properties, provider: Properties | undefined): ConnectionGrant | undefined {
  const type = connection.choice("oauth2grantType", ["ClientCredentials", "AuthorizationCode"]) ?? "ClientCredentials";
  const own = connection.object("parameters");
  own?.expect(PARAMETERS);
  if (own?.has("accessToken")) {
    const accessToken = own.requiredText("accessToken");
    const claims = own.object("claims");
    if (accessToken === undefined) return undefined;
    return {
      kind: "token",
      accessToken,
      claims: Object.fromEntries((claims?.names() ?? []).map((name) => [name, claims?.raw(name)])),
    };
  }
  const grants = provider?.object("oauth2")?.object("grantTypes");
  const shared = grants?.object(type === "ClientCredentials" ? "clientCredentials" : "authorizationCode");
  shared?.expect(PARAMETERS);
  const client = readClient(
    connection,
    [own, shared].filter((one) => one !== undefined),
    type,
  );
  if (!client) return undefined;
  if (type === "ClientCredentials") return { kind: "client-credentials", ...client };
  const refreshToken = own?.text("refreshToken", { min: 1 });
  if (refreshToken !== undefined) return { kind: "refresh-token", ...client, refreshToken };
  const message = "nobody has consented to this connection here, so it has no token";
  connection.warning(undefined, "no-consent", message, 'give "refreshToken" or "accessToken" in "parameters"');
  return undefined;
}

/** @param layers where parameters may stand, the one that wins first. */
function readClient(connection: Properties, layers: readonly Properties[], type: string): OAuthClient | undefined {
  const layer = (name: string) => layers.find((one) => one.has(name));
  const text = (name: string) => layer(name)?.text(name, { min: 1 });
  const url = (name: string) => {
    const where = layer(name);
    return where && readUrl(where, name, ["https", "http"]);
  };
  const tokenUrl =
    (type === "AuthorizationCode" ? url("refreshUrl") : undefined) ?? url("tokenUrl") ?? entraUrl(url, text);
  const clientId = text("clientId");
  if (tokenUrl === undefined || clientId === undefined) {
    if (!connection.broken) {
      const lacking = tokenUrl === undefined ? "tokenUrl" : "clientId";
      connection.error(
        undefined,
        "missing-property",
        `"${lacking}" is required in "parameters" or in the provider's grant type`,
      );
    }
    return undefined;
  }
  const resource = text("resource") ?? text("resourceUri");
  const entra = layer("tokenUrl") === undefined && layer("refreshUrl") === undefined;
  const authentication = layer("clientAuthenticationMethod")?.choice("clientAuthenticationMethod", ["Body", "Basic"]);
  const scope = text("scopes") ?? (entra && resource !== undefined ? `${resource}/.default` : undefined);
  return {
    tokenUrl,
    clientId,
    authentication: authentication ?? "Body",
    parameters: defined({ audience: text("audience"), resource: entra ? undefined : resource }) as Record<
      string,
      string
    >,
    ...defined({ clientSecret: text("clientSecret"), scope }),
  };
}

/** Providers of Microsoft Entra ID name a tenant instead of an address. */
function entraUrl(
  url: (name: string) => string | undefined,
  text: (name: string) => string | undefined,
): string | undefined {
  const tenant = text("tenantId");
  if (tenant === undefined) return undefined;
  const login = (url("loginUri") ?? "https://login.microsoftonline.com").replace(/\/+$/, "");
  return `${login}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
}

function readAccess(folder: ResourceFolder, context: ReadContext): ConnectionResource["access"][number] | undefined {
  const info = readInfo(folder, ["tenantId", "objectId", "appIds"], context);
  if (!info) return undefined;
  const tenantId = info.properties.requiredText("tenantId");
  const objectId = info.properties.requiredText("objectId");
  if (tenantId === undefined || objectId === undefined) return undefined;
  return { tenantId, objectId, appIds: info.properties.texts("appIds") ?? [] };
}
