import type { OperationContract, SchemaDocument } from "../model/contract.ts";
import type { PlanPolicyDocument, PlanTemplate } from "../policy/compiler/element.ts";
import type { ApiInfo, MockResponse, OperationInfo, ProductInfo, UserInfo } from "../policy/exchange/exchange.ts";
import type { UrlParts } from "../policy/exchange/url.ts";

/** SHA-256 of a part's canonical JSON, hex. */
export type Hash = string;

/**
 * The compiled, self-contained, immutable description of what a gateway does. A tree of parts, each named by its
 * hash, with `<base />` as a reference: a change to the global policy is one changed part. The plan's name is the
 * hash of its root, which names everything else.
 */
export interface Plan {
  /** Hash of the root. */
  name: Hash;
  root: PlanRoot;
  parts: Readonly<Record<Hash, PlanPart>>;
}

export type PlanPart =
  | ApiPart
  | ProductPart
  | BackendPart
  | CredentialProviderPart
  | LoggerPart
  | PolicyPart
  | SubscriptionsPart
  | MocksPart
  | ContractPart
  | SchemaPart;

export interface PlanRoot {
  format: "gatehouse-plan/1";
  service: string;
  /** Policy documents of the global scope and of workspaces. */
  policy: Hash | null;
  workspaces: readonly { id: string; name: string; policy: Hash | null }[];
  apis: readonly Hash[];
  products: readonly Hash[];
  backends: readonly Hash[];
  credentialProviders?: readonly Hash[];
  /** Those that policies write to. */
  loggers?: readonly Hash[];
  subscriptions: readonly Hash[];
  /** Names of the secrets that a gateway needs to run this plan. */
  secrets: readonly string[];
  certificates: readonly PlanCertificate[];
}

export interface PlanCertificate {
  id: string;
  thumbprint: string;
  /** PEM; the certificates that vouch for it follow. */
  certificate: string;
  hasKey: boolean;
  /** Certificates of clients are checked with it: as one to trust, or as one in between. */
  storeName?: "Root" | "CertificateAuthority";
}

/** One API revision. Routes are its path, version and operations. */
export interface ApiPart {
  kind: "api";
  info: ApiInfo;
  isCurrent: boolean;
  /** How a request names the version; null for an API without version set. */
  version: { scheme: "Segment" | "Query" | "Header"; name: string; value: string } | null;
  subscriptionRequired: boolean;
  type: string;
  policy: Hash | null;
  /** Workspace id, whose policy stands between product and global. */
  workspace: string | null;
  operations: readonly PlanOperation[];
  /** Schemas that its effective policies validate with, by the keys of `Contract.schemas`; absent without any. */
  schemas?: Readonly<Record<string, Hash>>;
  /** `file` the API was described in. */
  origin: string;
}

export interface PlanOperation {
  info: OperationInfo;
  policy: Hash | null;
  /** Present when the API's effective policies may mock. */
  mocks: Hash | null;
  /** Present when the API's effective policies validate messages. */
  contract?: Hash;
}

/** What an operation promises, as far as its effective policies validate it; null where nothing describes it. */
export interface ContractPart {
  kind: "contract";
  contract: OperationContract | null;
}

export interface SchemaPart {
  kind: "schema";
  document: SchemaDocument;
}

export interface MocksPart {
  kind: "mocks";
  responses: readonly MockResponse[];
}

export interface ProductPart {
  kind: "product";
  info: ProductInfo;
  /** Ids of its APIs. */
  apis: readonly string[];
  policy: Hash | null;
}

export interface PolicyPart extends PlanPolicyDocument {
  kind: "policy";
}

/** A value that may hold secrets: literal or template. */
export type PlanText = string | PlanTemplate;

export interface BackendPart {
  kind: "backend";
  id: string;
  type: "Single" | "Pool";
  url: UrlParts | null;
  members: readonly { id: string; weight: number; priority: number }[];
  breaker: PlanBreaker | null;
  headers: readonly [name: string, value: PlanText][];
  query: readonly [name: string, value: PlanText][];
  authorization: { scheme: string; parameter: PlanText } | null;
  /** Ids or thumbprints. */
  certificates: readonly string[];
  /** Token of the gateway's identity to send. */
  identity?: { resource: PlanText; clientId: PlanText | null };
  tls: { validateChain: boolean; validateName: boolean };
  proxy: { url: UrlParts; username?: PlanText; password?: PlanText } | null;
}

export interface PlanBreaker {
  count: number | null;
  percentage: number | null;
  intervalMs: number;
  statusCodeRanges: readonly { min: number; max: number }[];
  errorReasons: readonly string[];
  tripDurationMs: number;
  acceptRetryAfter: boolean;
}

/** A credential provider with its connections. */
export interface CredentialProviderPart {
  kind: "credential-provider";
  id: string;
  connections: readonly PlanConnection[];
}

export interface PlanConnection {
  id: string;
  grant:
    | { kind: "token"; accessToken: PlanText; claims: Readonly<Record<string, unknown>> }
    | (PlanOAuthClient & { kind: "client-credentials" })
    | (PlanOAuthClient & { kind: "refresh-token"; refreshToken: PlanText });
  access: readonly { tenantId: string; objectId: string; appIds: readonly string[] }[];
}

/** What `log-to-eventhub` writes to. */
export interface LoggerPart {
  kind: "logger";
  id: string;
  target:
    | { kind: "event-hub"; name: PlanText | null; connectionString: PlanText }
    | { kind: "event-hub-identity"; name: PlanText; endpoint: PlanText; clientId: PlanText | null }
    | { kind: "file"; path: string }
    | { kind: "http"; url: PlanText; authorization: PlanText | null };
}

export interface PlanOAuthClient {
  tokenUrl: PlanText;
  clientId: PlanText;
  clientSecret: PlanText | null;
  scope: PlanText | null;
  authentication: "Body" | "Basic";
  parameters: readonly (readonly [name: string, value: PlanText])[];
}

/** A slice of the subscriptions; only active ones, keys as SHA-256 hex. */
export interface SubscriptionsPart {
  kind: "subscriptions";
  subscriptions: readonly PlanSubscription[];
}

export interface PlanSubscription {
  id: string;
  name: string;
  keys: readonly Hash[];
  scope: { kind: "product" | "api"; id: string } | { kind: "all-apis" } | { kind: "service" };
  createdDate: string;
  startDate: string | null;
  endDate: string | null;
  allowTracing: boolean;
  user: UserInfo | null;
}
