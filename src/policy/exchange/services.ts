import type { Body } from "./body.ts";
import type { ClientCertificates, CredentialConnections, IdentityTokens } from "./identity.ts";
import type { Loggers } from "./loggers.ts";
import type { ResponseMessage } from "./message.ts";
import type { Metrics } from "./metrics.ts";
import type { UrlParts } from "./url.ts";

/** Time, as steps see it. Tests replace it by one that they move by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may be fractional. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when that is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** TLS towards a backend. */
export interface BackendTls {
  validateChain: boolean;
  validateName: boolean;
  /** PEM or PFX client certificate to present. */
  clientCertificate?: { cert: string; key: string } | undefined;
  /** Extra trusted CA certificates, PEM. */
  ca?: readonly string[] | undefined;
}

/** One call to a backend or another service. */
export interface OutgoingRequest {
  url: UrlParts;
  method: string;
  /**
   * Flat list; hop-by-hop fields already removed; the client adds Content-Length / Transfer-Encoding from the body, and
   * Host from the URL where the list has none.
   */
  headers: string[];
  body: Body;
  /** Milliseconds until response headers must have arrived. */
  timeoutMs: number;
  /** Milliseconds to wait for `100 Continue` before sending the body; undefined: do not ask for it. */
  continueTimeoutMs?: number | undefined;
  /** HTTP version towards the backend. */
  httpVersion: "1" | "2or1" | "2";
  followRedirects: boolean;
  tls?: BackendTls | undefined;
  /** HTTP proxy to go through. */
  proxy?: { url: UrlParts; username?: string; password?: string } | undefined;
  signal: AbortSignal | undefined;
  /** Filled by the client: address and port that answered. */
  target?: string;
}

/** Sends requests. Resolves when response headers are there, the body still streaming. @throws {BackendError} */
export interface HttpClient {
  send(request: OutgoingRequest): Promise<ResponseMessage>;
}

/** State of a counter after (or without) counting. */
export interface WindowState {
  /** False: the limit was already reached, nothing was counted. */
  allowed: boolean;
  /** Units counted in the current window, after this call. */
  count: number;
  /** Milliseconds until enough of the window has passed for one more unit; 0 when allowed. */
  retryAfterMs: number;
}

/**
 * Counters of rate limits and quotas. The in-memory store answers at once; a shared one (Redis) by promise.
 * Keys are the caller's, already prefixed by kind.
 */
export interface CounterStore {
  /**
   * Exact sliding window: allowed while fewer than `limit` units were counted in the last `periodMs`; counts `cost`
   * units when allowed. `cost` 0 only asks.
   */
  slide(key: string, limit: number, periodMs: number, cost: number): WindowState | Promise<WindowState>;
  /** Counts `cost` units into the sliding window without asking. */
  slideAdd(key: string, periodMs: number, cost: number): void | Promise<void>;
  /**
   * Fixed window that began at `windowStart` (epoch ms) and lasts `periodMs` (0: for ever). Reads the total and adds
   * `cost` (0 only reads). @returns the total after adding.
   */
  fixed(key: string, windowStart: number, periodMs: number, cost: number): number | Promise<number>;
}

/** The value cache (`cache-*-value`) and the response cache. Values are any boxed expression value or cached response. */
export interface CacheStore {
  /** Undefined: not there (or expired). */
  get(key: string): unknown | Promise<unknown>;
  set(key: string, value: unknown, ttlMs: number): void | Promise<void>;
  delete(key: string): void | Promise<void>;
}

/** Keys that verify tokens, found by OpenID metadata; downloads are cached and limited (policy reference 7.4). */
export interface OpenIdKeys {
  /**
   * Issuer and JSON Web Keys of a metadata document URL. `unknownKid` asks for a refresh, which is granted at most once per 5 minutes.
   * @throws when nothing was ever downloaded and it fails now.
   */
  get(metadataUrl: string, unknownKid?: boolean): OpenIdConfiguration | Promise<OpenIdConfiguration>;
}

export interface OpenIdConfiguration {
  issuer: string | undefined;
  /** Raw JWKs. Identity (`===`) changes whenever the set changes. */
  keys: readonly Record<string, unknown>[];
}

/** One backend or pool of the plan at run time: picks a target, and learns from outcomes (circuit breaker). */
export interface BackendChoice {
  /** Id of the backend entity chosen (the member's, for a pool). */
  id: string;
  base: UrlParts;
  tls: BackendTls | undefined;
  proxy: OutgoingRequest["proxy"];
  /** Adds the backend's credentials (headers, query, authorization) to the outgoing request. */
  authorize(request: OutgoingRequest): void | Promise<void>;
  /** Tells the breaker how it went: a status, or why there was none. `retryAfterMs` as the backend asked. */
  report(outcome: { status: number; retryAfterMs?: number | undefined } | { reason: string }): void;
}

/** Backends by id. @throws {PolicyError} 503 when the circuit is open everywhere, 500 for an unknown id. */
export interface Backends {
  choose(id: string): BackendChoice;
  /** Base URL for `context.Request.Url` before anything is chosen; undefined for pools and unknown ids. */
  base(id: string): UrlParts | undefined;
  type(id: string): "Single" | "Pool" | undefined;
}

/** What the gateway offers to every step. One object per loaded plan; holds no state of a single request. */
export interface Services {
  clock: Clock;
  http: HttpClient;
  backends: Backends;
  counters: CounterStore;
  /** Built-in cache. */
  cache: CacheStore;
  /** External (Redis-compatible) cache, where one is configured. */
  externalCache: CacheStore | undefined;
  openIdKeys: OpenIdKeys;
  /** Where policies leave measurements. */
  metrics: Metrics;
  loggers: Loggers;
  /** Base address of Microsoft Entra ID (another one in sovereign clouds), without a slash at its end. */
  entraAuthority: string;
  /** Base address of the Dapr sidecar. */
  daprAddress: string;
  identityTokens: IdentityTokens;
  credentialConnections: CredentialConnections;
  clientCertificates: ClientCertificates;
  /** Requests now inside a `limit-concurrency` key. */
  concurrency: Map<string, number>;
  /** Random number in [0, 1). */
  random(): number;
  /** Value of a secret named value; throws when this gateway was not given it. */
  secret(name: string): string;
  /** Certificate resource by id or thumbprint. */
  certificate(idOrThumbprint: string): { cert: string; key: string | undefined } | undefined;
  /** Ids of the certificate resources, for expressions that go through `context.Deployment.Certificates`. */
  certificateIds?(): readonly string[];
  /** Limits on what one request may use. */
  limits: { bodyBytes: number };
  deployment: DeploymentInfo;
}

/** What `context.Deployment` shows. */
export interface DeploymentInfo {
  region: string;
  serviceId: string;
  serviceName: string;
  gatewayId: string;
  instanceId: string;
  managed: boolean;
}
