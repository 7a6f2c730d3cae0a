import type { AccessRecord } from "../model/access-record.ts";
import { CROSS_DOMAIN_PATH } from "../policy/catalog/cross-domain.ts";
import type { PlanElement } from "../policy/compiler/element.ts";
import type { LoadedStep } from "../policy/compiler/pipeline.ts";
import { runSteps } from "../policy/compiler/pipeline.ts";
import { PolicyError, type Section } from "../policy/exchange/errors.ts";
import { Exchange, type SubscriptionInfo } from "../policy/exchange/exchange.ts";
import { RequestMessage, type ResponseMessage } from "../policy/exchange/message.ts";
import type { Services } from "../policy/exchange/services.ts";
import type { UrlParts } from "../policy/exchange/url.ts";
import { accessRecord } from "./access-record.ts";
import { describeFailure, errorResponse } from "./default-response.ts";
import type { Handled, IncomingRequest, RequestHandler, Sent, Tunnel } from "./handler.ts";
import type { LoadedApi, LoadedOperation, LoadedPlan, Pipeline } from "./loaded-plan.ts";
import { answerPreflight, preflightPolicies, promiseCorsFields } from "./preflight.ts";
import { prepareRequestHeaders } from "./request-headers.ts";
import { requestIdOf, traceparentOf } from "./request-id.ts";
import { RequestTrace, type RequestTraceReport } from "./request-trace.ts";
import { normalizePath } from "./routing/normalize-path.ts";
import { type Admission, admit } from "./subscription-key.ts";

export interface EngineOptions {
  services: Services;
  /** Name of this gateway in records. */
  gateway: string;
  /** Receives one record per request, when it has been answered. */
  record?: ((record: AccessRecord) => void) | undefined;
  /** Receives failures of the software itself (not of requests). */
  unexpected?: ((error: unknown, requestId: string) => void) | undefined;
  /** Traces requests step by step; without it nobody does. */
  tracing?: TracingOptions | undefined;
  /** Refuse requests over a scheme that the API does not list. Off where a listener has no TLS at all. */
  enforceProtocols: boolean;
}

/** Which requests are traced, and what becomes of the traces. */
export interface TracingOptions {
  /**
   * Undefined: not this one. `requested`: somebody asked for it, so that `context.Tracing` is true, `trace` policies
   * count, and the answer names the trace in `Apim-Trace-Id`.
   */
  traces(request: IncomingRequest): { showCredentials: boolean; requested: boolean } | undefined;
  /** Receives each trace when its request has been answered. */
  done(report: RequestTraceReport): void;
}

/** What routing found for a request. */
interface Routed {
  api: LoadedApi | undefined;
  operation: LoadedOperation | undefined;
  rest: string;
  parameters: Readonly<Record<string, string>>;
  miss: "path" | "version" | "operation" | "protocol" | undefined;
}

/** Runs a plan's pipelines on exchanges. One engine per loaded plan; a new plan gets a new engine. */
export class Engine implements RequestHandler {
  readonly plan: LoadedPlan;
  readonly #options: EngineOptions;

  constructor(plan: LoadedPlan, options: EngineOptions) {
    this.plan = plan;
    this.#options = options;
  }

  async handle(request: IncomingRequest): Promise<Handled> {
    const path = normalizePath(request.path);
    if (path === undefined)
      return refused(errorResponse(400, "The request path holds a character that is not allowed."));
    const routed = this.#route(request, path);
    const cors = isPreflight(request, routed) && preflightPolicies(this.plan, routed.api, routed.rest, request);
    const x = this.#exchange(request, path, routed);
    let pipeline = this.plan.pipeline(routed.api ?? null, routed.operation ?? null, routed.api?.openProduct);
    let admitted = false;
    try {
      if (cors) {
        x.end(answerPreflight(cors, x));
        return this.#handled(x, routed);
      }
      if (routed.miss === "path" && path === CROSS_DOMAIN_PATH) {
        await this.#section(
          x,
          "inbound",
          pipeline.inbound.filter(({ element }) => element.name === "cross-domain"),
        );
        if (x.ended) return this.#handled(x, routed);
      }
      if (routed.miss) throw missing(routed.miss);
      if (routed.api) {
        const admission = admit(this.plan, routed.api, request.headers, request.query, x.originalUrl);
        apply(admission, x);
        if (admission.product !== routed.api.openProduct) {
          pipeline = this.plan.pipeline(routed.api, routed.operation ?? null, admission.product);
        }
      }
      admitted = true;
      await this.#run(x, pipeline);
    } catch (error) {
      if (!admitted) promiseCorsFields(pipeline.inbound, x);
      await this.#fail(error, x, pipeline);
    }
    return this.#handled(x, routed);
  }

  /** WebSocket handshake: inbound runs; what it leaves as the backend is where the listener tunnels to. */
  async handshake(request: IncomingRequest): Promise<Tunnel | Handled> {
    const path = normalizePath(request.path);
    if (path === undefined)
      return refused(errorResponse(400, "The request path holds a character that is not allowed."));
    const routed = this.#route({ ...request, signal: undefined, method: "GET" }, path);
    const x = this.#exchange(request, path, routed);
    let pipeline = this.plan.pipeline(routed.api ?? null, routed.operation ?? null, routed.api?.openProduct);
    try {
      if (routed.api?.part.type !== "websocket") throw missing("path");
      const admission = admit(this.plan, routed.api, request.headers, request.query, x.originalUrl);
      apply(admission, x);
      pipeline = this.plan.pipeline(routed.api, routed.operation ?? null, admission.product);
      const waiting = this.#section(x, "inbound", pipeline.inbound);
      if (waiting) await waiting;
      if (x.proxy && !x.ended) throw tunnelThroughProxy();
    } catch (error) {
      await this.#fail(error, x, pipeline);
      return this.#handled(x, routed);
    }
    if (x.ended) return this.#handled(x, routed);
    return {
      target: x.request.url,
      headers: x.request.headers.raw,
      tls: x.backendCertificate && {
        validateChain: true,
        validateName: true,
        clientCertificate: x.backendCertificate,
      },
      finished: (sent) => this.#finished(x, routed, sent),
    };
  }

  #route(request: IncomingRequest, path: string): Routed {
    const found = this.plan.apis.match(path, request.query, request.headers);
    if (typeof found === "string") {
      return { api: undefined, operation: undefined, rest: path, parameters: NONE, miss: found };
    }
    const { api, rest } = found;
    if (
      this.#options.enforceProtocols &&
      !api.part.info.protocols.some((protocol) => fitsScheme(protocol, request.scheme))
    ) {
      return { api, operation: undefined, rest, parameters: NONE, miss: "protocol" };
    }
    if (api.part.type === "websocket") {
      return { api, operation: api.all[0], rest, parameters: NONE, miss: undefined };
    }
    const match = api.operations.match(request.method, rest, request.query);
    if (!match) return { api, operation: undefined, rest, parameters: NONE, miss: "operation" };
    return { api, operation: match.operation, rest, parameters: match.parameters, miss: undefined };
  }

  #exchange(request: IncomingRequest, path: string, routed: Routed): Exchange {
    const { services } = this.#options;
    const { api, operation } = routed;
    const own: UrlParts = {
      scheme: request.scheme,
      host: request.host,
      port: request.port,
      path,
      query: request.query,
    };
    const id = requestIdOf(request.headers);
    const x = new Exchange({
      services,
      id,
      startedAt: services.clock.now(),
      client: request.client,
      originalUrl: own,
      request: new RequestMessage({
        method: request.method,
        base: api?.part.info.serviceUrl ?? { ...own, path: "", query: "" },
        path: routed.rest,
        query: request.query,
        headers: prepareRequestHeaders(request, id, traceparentOf(request.headers)),
        body: request.body,
      }),
      aborts: request,
    });
    this.#trace(request, x);
    if (api) {
      x.api = api.part.info;
      const serviceUrl = api.part.info.serviceUrl;
      if (serviceUrl) x.backend = { kind: "url", base: serviceUrl };
    }
    if (operation) {
      x.operation = operation.plan.info;
      x.mocks = operation.mocks;
      x.contract = operation.contract;
      x.matchedParameters = routed.parameters;
    }
    return x;
  }

  #trace(request: IncomingRequest, x: Exchange): void {
    const wanted = this.#options.tracing?.traces(request);
    if (!wanted) return;
    x.tracer = new RequestTrace(wanted.showCredentials);
    if (!wanted.requested) return;
    x.tracing = true;
    x.beforeSend((response) => response.headers.set("Apim-Trace-Id", x.id));
  }

  /** inbound, backend, outbound; stays synchronous where the steps do. */
  async #run(x: Exchange, pipeline: Pipeline): Promise<void> {
    for (const section of NORMAL_SECTIONS) {
      // A response from the cache takes the backend's place.
      if (section === "backend" && x.fromCache) continue;
      if (section === "outbound") x.ensureResponse();
      const steps =
        section === "outbound" && x.fromCache ? behindStore(pipeline.outbound, x.storePolicies) : pipeline[section];
      const waiting = this.#section(x, section, steps);
      if (waiting) await waiting;
      if (x.ended) break;
      const watching = section === "backend" && x.response ? x.takeAfterBackend() : undefined;
      if (watching) for (const action of watching) await action();
    }
    await postponed(x);
  }

  #section(x: Exchange, section: Section, steps: readonly LoadedStep[]): void | Promise<void> {
    x.section = section;
    if (steps.length > 0) return runSteps(steps, x);
  }

  /** Default response, LastError, then on-error; an error in on-error is a plain 500 (unconfirmed). */
  async #fail(error: unknown, x: Exchange, pipeline: Pipeline): Promise<void> {
    const failure = describeFailure(error, x);
    this.#report(failure.unexpected, x);
    x.response?.body.discard();
    x.response = failure.response;
    x.lastError = failure.lastError;
    x.ended = false;
    try {
      await this.#section(x, "on-error", pipeline["on-error"]);
      await postponed(x);
    } catch (second) {
      const again = describeFailure(second, x);
      this.#report(again.unexpected, x);
      x.lastError = again.lastError;
      x.response = errorResponse(500, "Internal server error");
    }
  }

  #report(unexpected: unknown, x: Exchange): void {
    if (unexpected !== undefined) this.#options.unexpected?.(unexpected, x.id);
  }

  #handled(x: Exchange, routed: Routed): Handled {
    const response = x.ensureResponse();
    x.applyBeforeSend(response);
    return { response, finished: (sent) => this.#finished(x, routed, sent) };
  }

  #finished(x: Exchange, routed: Routed, sent: Sent): void {
    x.request.body.discard();
    x.runAfterSend(sent.bytesIn, sent.bytesOut);
    if (x.tracer instanceof RequestTrace) this.#options.tracing?.done(x.tracer.report(x, sent.status));
    const record = this.#options.record;
    if (record) record(accessRecord(x, routed.operation, sent, this.#options.gateway, this.plan.plan.name));
  }
}

const NORMAL_SECTIONS = ["inbound", "backend", "outbound"] as const;
const NONE: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>);

/**
 * What is left of outbound for a response from a cache: it was stored as the store policy saw it, so the steps up to there
 * have had their effect on it already (policy reference 11.1; unconfirmed).
 */
function behindStore(steps: readonly LoadedStep[], stores: readonly string[]): readonly LoadedStep[] {
  return steps.slice(steps.findLastIndex((step) => holds(step.element, stores)) + 1);
}

function holds(element: PlanElement, names: readonly string[]): boolean {
  return names.includes(element.name) || (element.children?.some((child) => holds(child, names)) ?? false);
}

async function postponed(x: Exchange): Promise<void> {
  for (let actions = x.takeAfterOutbound(); actions; actions = x.takeAfterOutbound()) {
    for (const action of actions) await action();
  }
}

function apply(admission: Admission, x: Exchange): void {
  const { subscription, product, key } = admission;
  if (product) x.product = product.info;
  if (!subscription) return;
  const info: SubscriptionInfo = subscription;
  x.subscription = info;
  x.user = subscription.user;
  x.subscriptionKey = key ?? null;
}

/** A versioned API called without its version was observed to give a 404 without a body (policy reference 4.3). */
function missing(miss: NonNullable<Routed["miss"]>): PolicyError {
  return new PolicyError("OperationNotFound", 404, "Unable to match incoming request to an operation.", {
    publicMessage: miss === "version" ? "" : "Resource not found",
    source: "configuration",
  });
}

function refused(response: ResponseMessage): Handled {
  return { response, finished() {} };
}

/** A preflight that no operation of the API takes for itself. */
function isPreflight(request: IncomingRequest, routed: Routed): routed is Routed & { api: LoadedApi } {
  return (
    request.method === "OPTIONS" &&
    routed.api !== undefined &&
    routed.operation === undefined &&
    request.headers.has("origin") &&
    request.headers.has("access-control-request-method")
  );
}

function fitsScheme(protocol: string, scheme: string): boolean {
  return protocol === scheme || (protocol === "wss" && scheme === "https") || (protocol === "ws" && scheme === "http");
}

/** What a policy asks for is not passed over: tunnels go to the backend directly. */
function tunnelThroughProxy(): PolicyError {
  const message = "A WebSocket cannot go through an HTTP proxy.";
  return new PolicyError("BackendConnectionFailure", 500, message, { publicMessage: "Internal server error" });
}
