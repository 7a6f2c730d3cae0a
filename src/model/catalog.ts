/**
 * The catalog: the resources of one service instance at one moment, as the sources (artifacts folder, management API,
 * OpenAPI, …) deliver them and the plan compiler reads them. Property names follow the management API.
 */

import type { OperationContract, SchemaDocument } from "./contract.ts";

/** Where a resource was written, for diagnostics. */
export interface ResourceOrigin {
  file: string;
  /**
   * 1-based position of a property (`["properties", "path"]`) or, without one found, of the file's beginning; with the
   * file's name where the property is written in another one than `file` (an environment's overrides).
   */
  locate?(path: readonly (string | number)[]): { line: number; column: number; file?: string };
}

interface Resource {
  /** Resource name: the last segment of its ARM id, the folder name in an artifacts folder. */
  id: string;
  origin: ResourceOrigin;
  /** Id of the workspace it belongs to; absent for a resource of the service itself. */
  workspace?: string;
}

/** A policy document or fragment as written (rawxml). */
export interface PolicyText {
  file: string;
  text: string;
}

export interface NamedValueResource extends Resource {
  displayName: string;
  secret: boolean;
  /** Absent for a secret kept elsewhere. A secret's value never enters a plan. */
  value?: string;
  /** `env:NAME`, `file:/path` or a Key Vault identifier. */
  secretIdentifier?: string;
  tags: readonly string[];
}

export interface FragmentResource extends Resource {
  description?: string;
  policy: PolicyText;
}

export interface PoolMember {
  id: string;
  weight: number;
  priority: number;
}

export interface CircuitBreakerRule {
  name: string;
  count?: number;
  percentage?: number;
  /** Milliseconds. */
  intervalMs: number;
  statusCodeRanges: readonly { min: number; max: number }[];
  errorReasons: readonly string[];
  tripDurationMs: number;
  acceptRetryAfter: boolean;
}

export interface BackendResource extends Resource {
  title?: string;
  type: "Single" | "Pool";
  /** Absolute URL; absent for a pool. */
  url?: string;
  protocol: "http" | "soap";
  pool: readonly PoolMember[];
  circuitBreaker: readonly CircuitBreakerRule[];
  /** Text values may hold `{{named-value}}` references. */
  credentials?: {
    header: Readonly<Record<string, readonly string[]>>;
    query: Readonly<Record<string, readonly string[]>>;
    authorization?: { scheme: string; parameter: string };
    certificateIds: readonly string[];
    /** Certificates by thumbprint, upper-case hex. */
    thumbprints?: readonly string[];
    /** Token of the gateway's identity for a resource; `clientId` where it is one of several. */
    managedIdentity?: { resource: string; clientId?: string };
  };
  tls: { validateCertificateChain: boolean; validateCertificateName: boolean };
  proxy?: { url: string; username?: string; password?: string };
}

export interface ResponseRepresentation {
  contentType: string;
  /** Example texts, in order; made from the schema where no example is given. */
  samples: readonly string[];
}

export interface OperationResource extends Resource {
  displayName: string;
  /** Upper case. */
  method: string;
  /** Begins with `/`; `{name}` parameters, `/*` or `{*name}` wildcards; may end in `?q={q}`. */
  urlTemplate: string;
  description?: string;
  /** Query parameters declared outside the template. */
  queryParameters: readonly string[];
  responses: readonly { status: number; representations: readonly ResponseRepresentation[] }[];
  /** What messages can be validated against; absent where nothing describes them. */
  contract?: OperationContract;
  policy?: PolicyText;
}

/** A schema resource, of the service (2.6 `globalSchema`) or of one API (`apiSchema`). */
export interface SchemaResource extends Resource {
  document: SchemaDocument;
}

export interface ApiResource extends Resource {
  /** `id` is the base id; revisions share it. */
  revision: string;
  isCurrent: boolean;
  displayName: string;
  description?: string;
  /** No leading or trailing slash; empty for the root. */
  path: string;
  protocols: readonly ("http" | "https" | "ws" | "wss")[];
  serviceUrl?: string;
  subscriptionRequired: boolean;
  subscriptionKeyParameterNames: { header: string; query: string };
  type: "http" | "soap" | "websocket" | "graphql" | "odata" | "grpc" | "mcp" | "a2a";
  /** Empty: the original (unversioned) one. */
  apiVersion: string;
  versionSetId?: string;
  operations: readonly OperationResource[];
  /**
   * Schemas of the specification by the text of references to them (`#/components/schemas/order`). A function, as most
   * APIs validate nothing and never need the collection.
   */
  definitions?(): Readonly<Record<string, unknown>>;
  schemas?: readonly SchemaResource[];
  policy?: PolicyText;
}

export interface VersionSetResource extends Resource {
  displayName: string;
  versioningScheme: "Segment" | "Query" | "Header";
  versionQueryName?: string;
  versionHeaderName?: string;
}

export interface ProductResource extends Resource {
  displayName: string;
  description?: string;
  subscriptionRequired: boolean;
  approvalRequired: boolean;
  subscriptionsLimit: number | null;
  state: "notPublished" | "published";
  /** Ids of APIs and groups. */
  apis: readonly string[];
  groups: readonly string[];
  policy?: PolicyText;
}

export interface SubscriptionResource extends Resource {
  displayName: string;
  scope: { kind: "product" | "api"; id: string } | { kind: "all-apis" } | { kind: "service" };
  ownerId?: string;
  state: "suspended" | "active" | "expired" | "submitted" | "rejected" | "cancelled";
  primaryKey?: string;
  secondaryKey?: string;
  allowTracing: boolean;
  createdDate?: string;
  startDate?: string;
  endDate?: string;
}

export interface UserResource extends Resource {
  email: string;
  firstName: string;
  lastName: string;
  note?: string;
  state: "active" | "blocked" | "pending" | "deleted";
  registrationDate?: string;
  groups: readonly string[];
  identities: readonly { id: string; provider: string }[];
}

export interface GroupResource extends Resource {
  displayName: string;
}

export interface CertificateResource extends Resource {
  /** PEM certificate and, where the gateway has to present it, private key (kept out of plans). */
  certificate: string;
  key?: string;
  thumbprint: string;
  /**
   * Certificates of clients are checked with it: `Root` is trusted, `CertificateAuthority` stands between clients and a
   * root (service certificates of the management API).
   */
  storeName?: "Root" | "CertificateAuthority";
}

/** How a connection gets its access tokens. Secret texts may be `{{named-value}}`, `env:NAME` or `file:/path`. */
export type ConnectionGrant =
  | { kind: "token"; accessToken: string; claims: Readonly<Record<string, unknown>> }
  | (OAuthClient & { kind: "client-credentials" })
  | (OAuthClient & { kind: "refresh-token"; refreshToken: string });

/** An OAuth 2.0 client at its token endpoint. */
export interface OAuthClient {
  tokenUrl: string;
  clientId: string;
  clientSecret?: string;
  scope?: string;
  /** Whether credentials go in the form or in an Authorization header. */
  authentication: "Body" | "Basic";
  /** More of the form, such as `audience`. */
  parameters: Readonly<Record<string, string>>;
}

/** A connection of a credential provider (`authorization` of the management API). */
export interface ConnectionResource extends Resource {
  grant: ConnectionGrant;
  access: readonly { tenantId: string; objectId: string; appIds: readonly string[] }[];
}

/** A credential provider (`authorizationProvider`). */
export interface CredentialProviderResource extends Resource {
  displayName: string;
  connections: readonly ConnectionResource[];
}

export interface WorkspaceResource extends Resource {
  displayName: string;
  policy?: PolicyText;
}

export interface Catalog {
  /** Service name, shown as `context.Deployment.ServiceName`. */
  name: string;
  policy?: PolicyText;
  apis: readonly ApiResource[];
  versionSets: readonly VersionSetResource[];
  products: readonly ProductResource[];
  subscriptions: readonly SubscriptionResource[];
  users: readonly UserResource[];
  groups: readonly GroupResource[];
  backends: readonly BackendResource[];
  namedValues: readonly NamedValueResource[];
  fragments: readonly FragmentResource[];
  certificates: readonly CertificateResource[];
  credentialProviders?: readonly CredentialProviderResource[];
  /** Schemas that policies may name from any API. */
  schemas?: readonly SchemaResource[];
  loggers?: readonly LoggerResource[];
  workspaces: readonly WorkspaceResource[];
}

/** Where a logger's events go; texts may hold `{{named-value}}` references. */
export type LoggerTarget =
  | { kind: "event-hub"; name?: string; connectionString: string }
  /** By a token of the gateway's identity; `clientId` where it is one of several. */
  | { kind: "event-hub-identity"; name: string; endpoint: string; clientId?: string }
  | { kind: "file"; path: string }
  | { kind: "http"; url: string; authorization?: string }
  /** Policies cannot write to it, for this reason. */
  | { kind: "none"; reason: string };

export interface LoggerResource extends Resource {
  target: LoggerTarget;
}

/** A catalog with nothing in it, to build on. */
export function emptyCatalog(name = "gatehouse"): Catalog {
  return {
    name,
    apis: [],
    versionSets: [],
    products: [],
    subscriptions: [],
    users: [],
    groups: [],
    backends: [],
    namedValues: [],
    fragments: [],
    certificates: [],
    workspaces: [],
  };
}
