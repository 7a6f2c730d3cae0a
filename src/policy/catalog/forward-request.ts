import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { Body } from "../exchange/body.ts";
import { PolicyError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { ResponseMessage } from "../exchange/message.ts";
import type { BackendChoice, BackendTls, OutgoingRequest } from "../exchange/services.ts";
import { origin } from "../exchange/url.ts";
import { callFailure, failureReason } from "./calls/backend-failure.ts";
import { retryAfterMs } from "./calls/retry-after.ts";
import { checkTimeout, timeoutAttributes, timeoutMs } from "./calls/timeout.ts";
import { endToEndRequest, keepEndToEnd } from "./messages/hop-by-hop.ts";

const DEFAULT_TIMEOUT_SECONDS = 300;

export const forwardRequest = definePolicy({
  name: "forward-request",
  summary: "Sends the request to the backend and takes its response.",
  category: "routing",
  sections: ["backend"],
  scopes: ALL_SCOPES,
  attributes: {
    ...timeoutAttributes(DEFAULT_TIMEOUT_SECONDS),
    "continue-timeout": {
      type: "int",
      expression: true,
      min: 0,
      doc: "Seconds to wait for 100 Continue before the body is sent.",
    },
    "http-version": {
      type: ["1", "2or1", "2"],
      expression: false,
      default: "1",
      doc: "HTTP version towards the backend; 2or1 prefers 2.",
    },
    "follow-redirects": { type: "bool", expression: true, default: false, doc: "Follow redirects of the backend." },
    "buffer-request-body": {
      type: "bool",
      expression: false,
      default: false,
      doc: "Keep the request's body in memory, so that retry can send it again.",
    },
    "buffer-response": {
      type: "bool",
      expression: false,
      default: true,
      doc: "False passes each piece of the response on at once. Gatehouse always does.",
    },
    "fail-on-error-status-code": {
      type: "bool",
      expression: false,
      default: false,
      doc: "Treat statuses from 400 to 599 as an error.",
    },
  },
  check: checkTimeout,
  load(element, loader) {
    const options = optionsOf(element, loader);
    return (x) => {
      if (options.bufferRequestBody) {
        const waiting = x.request.body.buffer(x.services.limits.bodyBytes);
        if (waiting) return waiting.then(() => forward(x, options));
      }
      return forward(x, options);
    };
  },
});

/** The attributes, ready to be evaluated. */
interface Options {
  timeoutMs: Evaluate<number>;
  continueTimeout: Evaluate<number> | undefined;
  httpVersion: OutgoingRequest["httpVersion"];
  followRedirects: Evaluate<boolean>;
  bufferRequestBody: boolean;
  failOnErrorStatus: boolean;
}

function optionsOf(element: PlanElement, loader: Loader): Options {
  const attributes = element.attributes ?? {};
  return {
    timeoutMs: timeoutMs(element, loader, DEFAULT_TIMEOUT_SECONDS),
    continueTimeout:
      attributes["continue-timeout"] === undefined ? undefined : loader.int(element, "continue-timeout", 0),
    httpVersion: (attributes["http-version"] ?? "1") as OutgoingRequest["httpVersion"],
    followRedirects: loader.bool(element, "follow-redirects", false),
    bufferRequestBody: attributes["buffer-request-body"] === true,
    failOnErrorStatus: attributes["fail-on-error-status-code"] === true,
  };
}

async function forward(x: Exchange, options: Options): Promise<void> {
  refuseSecondSending(x.request.body);
  // An earlier attempt's answer is no longer the response, whatever becomes of this one.
  x.response?.body.discard();
  x.response = null;
  const choice = chooseBackend(x);
  const request = outgoing(x, options, choice);
  const { clock, http } = x.services;
  const { facts } = x;
  facts.attempts++;
  if (choice) facts.backendId = choice.id;
  let startedAt = clock.now();
  try {
    const authorizing = choice?.authorize(request);
    if (authorizing) {
      await authorizing;
      startedAt = clock.now();
    }
    // Only now: what failed before this can be tried again with the same body.
    request.body = bodyToSend(x.request.body);
    x.response = await http.send(request);
  } catch (error) {
    const failure = callFailure(error, request.signal);
    const reason = failureReason(failure);
    if (reason !== undefined) choice?.report({ reason });
    throw failure;
  } finally {
    facts.backendMs += clock.now() - startedAt;
    facts.backendTarget = request.target ?? origin(request.url);
  }
  received(x, x.response, choice, options);
}

/** Reports to the breaker and makes the answer the response. */
function received(x: Exchange, response: ResponseMessage, choice: BackendChoice | undefined, options: Options): void {
  const { status, headers } = response;
  keepEndToEnd(headers.raw);
  if (choice) {
    const retryAfter = status >= 400 ? retryAfterMs(headers.get("retry-after"), x.services.clock.now()) : undefined;
    choice.report({ status, retryAfterMs: retryAfter });
  }
  if (options.failOnErrorStatus && status >= 400 && status <= 599) {
    // The response stays, so that the condition of a retry around this sees it. Reason and message are unconfirmed.
    throw new PolicyError("BackendErrorStatusCode", status, `The backend answered with status code ${status}.`);
  }
}

/** The backend entity's target; undefined for a plain URL. Sets the request's base URL, as `context.Request.Url` shows it. */
function chooseBackend(x: Exchange): BackendChoice | undefined {
  const { backend, request } = x;
  switch (backend.kind) {
    case "url":
      request.base = backend.base;
      return undefined;
    case "entity": {
      const choice = x.services.backends.choose(backend.id);
      request.base = choice.base;
      return choice;
    }
    default:
      throw new PolicyError(
        "BackendConnectionFailure",
        500,
        "The API has no backend: neither a service URL nor a policy names one.",
      );
  }
}

function outgoing(x: Exchange, options: Options, choice: BackendChoice | undefined): OutgoingRequest {
  const { request } = x;
  const continueTimeout = options.continueTimeout?.(x);
  return {
    url: request.url,
    method: request.method,
    // The engine takes the client's Host away, so one that is there was set by a policy; else the client adds the URL's.
    headers: endToEndRequest(request.headers.raw),
    body: NO_BODY,
    timeoutMs: options.timeoutMs(x),
    continueTimeoutMs: continueTimeout === undefined ? undefined : continueTimeout * 1000,
    httpVersion: options.httpVersion,
    followRedirects: options.followRedirects(x),
    tls: tlsOf(x, choice),
    proxy: x.proxy ?? choice?.proxy,
    signal: x.signal,
  };
}

function tlsOf(x: Exchange, choice: BackendChoice | undefined): BackendTls | undefined {
  const certificate = x.backendCertificate;
  if (!certificate) return choice?.tls;
  return { validateChain: true, validateName: true, ...choice?.tls, clientCertificate: certificate };
}

/** Replaced before anything is sent. */
const NO_BODY = Body.none();

/**
 * A body in memory can be sent again and again, a stream once: sending none the second time could be taken for an
 * empty one.
 * @throws {PolicyError}
 */
function refuseSecondSending(body: Body): void {
  if (!body.taken) return;
  throw new PolicyError(
    "BackendConnectionFailure",
    500,
    'The request\'s body has been sent already; forward-request keeps it with buffer-request-body="true".',
  );
}

function bodyToSend(body: Body): Body {
  const { announced } = body;
  const { bytes, source } = body.take();
  if (bytes) return Body.of(bytes);
  return source ? Body.stream(source, announced) : Body.none();
}
