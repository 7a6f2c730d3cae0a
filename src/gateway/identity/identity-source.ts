import { readFileSync } from "node:fs";
import { TokenUnavailableError } from "../../policy/exchange/identity.ts";
import type { EndpointRequest } from "./token-endpoint.ts";

/** Where tokens of one identity come from. */
export type IdentitySource =
  | ManagedIdentity
  | AppServiceIdentity
  | ServicePrincipal
  | WorkloadIdentity
  | ConfiguredEndpoint;

/** The managed identity endpoint of an Azure machine (IMDS). */
export interface ManagedIdentity {
  source: "imds";
  endpoint?: string;
}

/** The managed identity endpoint of App Service, Functions and Container Apps. */
export interface AppServiceIdentity {
  source: "app-service";
  endpoint: string;
  header: string;
}

/** An application of Microsoft Entra ID with its secret (OAuth 2.0 client credentials). */
export interface ServicePrincipal {
  source: "service-principal";
  tenantId: string;
  clientId: string;
  clientSecret: string;
  authority?: string;
}

/** An application that trusts the tokens of a Kubernetes service account. */
export interface WorkloadIdentity {
  source: "workload";
  tenantId: string;
  clientId: string;
  /** File with the service account's token; read each time, as it changes. */
  tokenFile: string;
  authority?: string;
}

/** Any OAuth 2.0 token endpoint (client credentials). */
export interface ConfiguredEndpoint {
  source: "token-endpoint";
  url: string;
  clientId?: string;
  clientSecret?: string;
  /** More of the form; `{resource}` and `{client-id}` stand for what the policy says. Default: `{ "resource": "{resource}" }`. */
  parameters?: Readonly<Record<string, string>>;
}

const IMDS = "http://169.254.169.254/metadata/identity/oauth2/token";

/** The form in which managed identity endpoints are asked; token services of policies are asked in the same one (unconfirmed). */
export function managedIdentityRequest(endpoint: string, resource: string, clientId?: string): EndpointRequest {
  return {
    url: withQuery(endpoint, { "api-version": "2018-02-01", resource, client_id: clientId }),
    headers: ["Metadata", "true"],
  };
}

/**
 * What to ask for a token.
 * @param clientId the identity that the policy names, if it does.
 * @param entra base address of Microsoft Entra ID, where the source says no other.
 * @throws {TokenUnavailableError} where the source cannot act for that identity.
 */
export function identityRequest(
  source: IdentitySource,
  resource: string,
  clientId: string | undefined,
  entra: string,
): EndpointRequest {
  switch (source.source) {
    case "imds":
      return managedIdentityRequest(source.endpoint ?? IMDS, resource, clientId);
    case "app-service":
      return {
        url: withQuery(source.endpoint, { "api-version": "2019-08-01", resource, client_id: clientId }),
        headers: ["X-IDENTITY-HEADER", source.header],
      };
    case "service-principal":
      return entraRequest(source, resource, entra, { client_secret: source.clientSecret });
    case "workload":
      return entraRequest(source, resource, entra, {
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: serviceAccountToken(source.tokenFile),
      });
    case "token-endpoint":
      return configuredRequest(source, resource, clientId);
  }
}

/** Can the source act for whatever identity a policy names? Others act for their own only. */
export function servesAnyClient(source: IdentitySource): boolean {
  return source.source !== "service-principal" && source.source !== "workload";
}

function entraRequest(
  { tenantId, clientId, authority }: ServicePrincipal | WorkloadIdentity,
  resource: string,
  entra: string,
  proof: Readonly<Record<string, string>>,
): EndpointRequest {
  const base = (authority ?? entra).replace(/\/+$/, "");
  return {
    url: `${base}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
    // The resource as it is: one that ends in a slash keeps it, as the token's audience will be that very text.
    form: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      scope: `${resource}/.default`,
      ...proof,
    }),
  };
}

function configuredRequest(
  source: ConfiguredEndpoint,
  resource: string,
  clientId: string | undefined,
): EndpointRequest {
  const { parameters = { resource: "{resource}" } } = source;
  const fill = (text: string) =>
    text.replace(/\{(resource|client-id)\}/g, (_, name) => (name === "resource" ? resource : (clientId ?? "")));
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (source.clientId !== undefined) form.set("client_id", source.clientId);
  if (source.clientSecret !== undefined) form.set("client_secret", source.clientSecret);
  for (const [name, value] of Object.entries(parameters)) form.set(name, fill(value));
  return { url: source.url, form };
}

function serviceAccountToken(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new TokenUnavailableError("The file with the service account's token cannot be read.", error);
  }
}

function withQuery(address: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const url = URL.parse(address);
  if (!url) throw new TokenUnavailableError("The address of the managed identity endpoint is not a URL.");
  for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value);
  return url.href;
}
