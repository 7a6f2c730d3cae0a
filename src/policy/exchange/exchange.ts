import type { Contract } from "./contract.ts";
import type { LastError, Section } from "./errors.ts";
import type { ClientConnection, Message, RequestMessage } from "./message.ts";
import { ResponseMessage } from "./message.ts";
import type { OutgoingRequest, Services } from "./services.ts";
import type { UrlParts } from "./url.ts";

/** `context.Api`. */
export interface ApiInfo {
  id: string;
  name: string;
  path: string;
  revision: string;
  version: string;
  isCurrentRevision: boolean;
  serviceUrl: UrlParts | undefined;
  protocols: readonly string[];
  subscriptionKeyParameterNames: { header: string; query: string };
  /** `context.Workspace`, for an API inside one. */
  workspace?: { id: string; name: string } | undefined;
}

/** One parameter of an operation's URL template or declared query. */
export interface OperationInfo {
  id: string;
  name: string;
  method: string;
  urlTemplate: string;
  /** Names of query parameters that the template declares (`?q={q}`). */
  templateQuery: readonly string[];
}

export interface GroupInfo {
  id: string;
  name: string;
}

/** `context.Product`. */
export interface ProductInfo {
  id: string;
  name: string;
  state: "NotPublished" | "Published";
  approvalRequired: boolean;
  subscriptionRequired: boolean;
  subscriptionsLimit: number | null;
  groups: readonly GroupInfo[];
  apis: readonly { id: string; name: string; path: string }[];
}

/** `context.User`. */
export interface UserInfo {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  note: string;
  registrationDate: string;
  groups: readonly GroupInfo[];
  identities: readonly { id: string; provider: string }[];
}

/** `context.Subscription`. The key is the one the caller presented; the gateway holds only hashes of the others. */
export interface SubscriptionInfo {
  id: string;
  name: string;
  createdDate: string;
  startDate: string | null;
  endDate: string | null;
  user: UserInfo | null;
}

/** One operation's mock material: a response by status and media type, sample already made at plan time. */
export interface MockResponse {
  status: number;
  representations: readonly { contentType: string; samples: readonly string[] }[];
}

/** The backend that `forward-request` will call. */
export type BackendTarget = { kind: "url"; base: UrlParts } | { kind: "entity"; id: string } | { kind: "none" };

/** An entry of the request trace: what a `trace` policy or `context.Trace` said, or what a policy did. */
export interface TraceEntry {
  source: string;
  severity: "verbose" | "information" | "error";
  message: string;
  metadata?: Readonly<Record<string, string>>;
}

/** Where a step comes from, as a tracer notes it. */
export interface TracedPlace {
  policy: string;
  scope: string;
  /** `file:line:column`. */
  at: string;
}

/** Watches the steps of one exchange; there is none on requests that nobody traces. */
export interface Tracer {
  /** A step begins. @returns what to call when it has ended, with its error if it failed. */
  enter(x: Exchange, place: TracedPlace): (error?: unknown) => void;
}

/** Timings and facts that the access record reports and only the steps know. */
export interface ExchangeFacts {
  backendId?: string;
  backendTarget?: string;
  attempts: number;
  /** Milliseconds spent waiting for backends (until headers). */
  backendMs: number;
  cache?: "hit" | "miss" | "stored" | "none";
  user?: string;
  /** Tokens that a language model took and gave. */
  tokens?: { prompt: number; completion: number };
}

/**
 * One request and its answer on their way through the policies. Holds everything that steps and expressions may see;
 * knows no socket. Fields that most requests never need are made on first use.
 */
export class Exchange {
  readonly services: Services;
  /** UUID, also sent as `x-request-id` when the client sent none. */
  readonly id: string;
  /** Epoch milliseconds at which the request was received. */
  readonly startedAt: number;
  readonly client: ClientConnection;
  /** Method and URL as received. */
  readonly originalMethod: string;
  readonly originalUrl: UrlParts;
  request: RequestMessage;
  /** Null while there is none. */
  response: ResponseMessage | null = null;
  lastError: LastError | null = null;

  api: ApiInfo | null = null;
  operation: OperationInfo | null = null;
  product: ProductInfo | null = null;
  subscription: SubscriptionInfo | null = null;
  user: UserInfo | null = null;
  /** The subscription key the caller presented. Never logged. */
  subscriptionKey: string | null = null;
  /** Template parameters of the matched operation, percent-decoded. */
  matchedParameters: Readonly<Record<string, string>> = EMPTY;
  mocks: readonly MockResponse[] = [];
  /** What messages of the operation can be validated against, where its policies validate. */
  contract: Contract | undefined;

  section: Section = "inbound";
  backend: BackendTarget = { kind: "none" };
  /** HTTP proxy for backend calls, set by the `proxy` policy. */
  proxy: OutgoingRequest["proxy"];
  /** Client certificate for the backend, set by `authentication-certificate`. */
  backendCertificate: { cert: string; key: string } | undefined;
  /** Variables that hold tokens: traces do not show them. */
  secretVariables: Set<string> | undefined;
  /** True once `return-response` or `mock-response` has ended the pipeline. */
  ended = false;
  /** True when the response came from a response cache: inbound stops, and outbound goes on behind the policy that stores. */
  fromCache = false;
  /** Names of the policies that store in the cache that a lookup asked. */
  storePolicies: readonly string[] = CACHE_STORE;
  tracing = false;
  /** Set on exchanges that are traced step by step. */
  tracer: Tracer | undefined;
  readonly facts: ExchangeFacts = { attempts: 0, backendMs: 0 };
  /** Aborted when the client goes away; made by the listener on first use. */
  readonly #aborts: { readonly signal: AbortSignal | undefined } | undefined;

  /** Set by `wait` while its children run. */
  branchSignal: AbortSignal | undefined;

  #variables: Map<string, unknown> | undefined;
  #trace: TraceEntry[] | undefined;
  #state: Map<unknown, unknown> | undefined;
  #afterBackend: (() => void | Promise<void>)[] | undefined;
  #beforeSend: ((response: ResponseMessage) => void)[] | undefined;
  #afterOutbound: (() => void | Promise<void>)[] | undefined;
  #afterSend: ((bytesIn: number, bytesOut: number) => void)[] | undefined;

  constructor(init: {
    services: Services;
    id: string;
    startedAt: number;
    client: ClientConnection;
    originalUrl: UrlParts;
    request: RequestMessage;
    aborts?: { readonly signal: AbortSignal | undefined };
  }) {
    this.services = init.services;
    this.id = init.id;
    this.startedAt = init.startedAt;
    this.client = init.client;
    this.originalMethod = init.request.method;
    this.originalUrl = init.originalUrl;
    this.request = init.request;
    this.#aborts = init.aborts;
  }

  /** Aborted when the client goes away, or when the `wait` around the current steps has its answer. */
  get signal(): AbortSignal | undefined {
    return this.branchSignal ?? this.#aborts?.signal;
  }

  /** `context.Variables`: boxed expression values by name (names are case-sensitive, unconfirmed). */
  get variables(): Map<string, unknown> {
    return (this.#variables ??= new Map());
  }

  /** The message that editing policies work on in the current section (policy reference section 5). */
  get message(): Message {
    return this.section === "inbound" || this.section === "backend" ? this.request : this.ensureResponse();
  }

  /** The response, an empty `200 OK` being made where there is none yet. */
  ensureResponse(): ResponseMessage {
    return (this.response ??= new ResponseMessage(200));
  }

  /** Ends the pipeline with this response: no later step or section runs. */
  end(response: ResponseMessage): void {
    if (this.response && this.response !== response) this.response.body.discard();
    this.response = response;
    this.ended = true;
  }

  /** A policy's own state for this exchange, made on first use (`key`: the policy's module-level symbol or object). */
  state<T>(key: unknown, make: () => T): T {
    this.#state ??= new Map();
    let value = this.#state.get(key) as T | undefined;
    if (value === undefined) this.#state.set(key, (value = make()));
    return value;
  }

  /** State that {@link state} made, if any. */
  peekState<T>(key: unknown): T | undefined {
    return this.#state?.get(key) as T | undefined;
  }

  /**
   * Runs when the backend section has brought a response, before outbound: to know it, or to watch its body. Not after
   * an answer from a cache, a `return-response` or an error.
   */
  afterBackend(action: () => void | Promise<void>): void {
    (this.#afterBackend ??= []).push(action);
  }

  /** Runs when the final response is about to be sent, error responses included: for headers promised from inbound. */
  beforeSend(edit: (response: ResponseMessage) => void): void {
    (this.#beforeSend ??= []).push(edit);
  }

  /** Runs at the end of outbound (or of on-error, or after `return-response`), before the response is sent: postponed counting. */
  afterOutbound(action: () => void | Promise<void>): void {
    (this.#afterOutbound ??= []).push(action);
  }

  /** Runs when the response has been sent in full (or broke off), with the bytes of both bodies. */
  afterSend(action: (bytesIn: number, bytesOut: number) => void): void {
    (this.#afterSend ??= []).push(action);
  }

  /** Adds an entry to the request trace; nothing happens when tracing is off. */
  trace(entry: TraceEntry): void {
    if (this.tracing) (this.#trace ??= []).push(entry);
  }

  get traceEntries(): readonly TraceEntry[] {
    return this.#trace ?? [];
  }

  /** For the engine: takes what waits for the backend's response. */
  takeAfterBackend(): (() => void | Promise<void>)[] | undefined {
    const actions = this.#afterBackend;
    this.#afterBackend = undefined;
    return actions;
  }

  /** For the engine: takes the postponed work. */
  takeAfterOutbound(): (() => void | Promise<void>)[] | undefined {
    const actions = this.#afterOutbound;
    this.#afterOutbound = undefined;
    return actions;
  }

  applyBeforeSend(response: ResponseMessage): void {
    const edits = this.#beforeSend;
    if (edits) for (const edit of edits) edit(response);
  }

  runAfterSend(bytesIn: number, bytesOut: number): void {
    const actions = this.#afterSend;
    if (actions) for (const action of actions) action(bytesIn, bytesOut);
  }
}

const CACHE_STORE: readonly string[] = ["cache-store"];
const EMPTY: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>);
