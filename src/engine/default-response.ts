import { StepFailure } from "../policy/compiler/pipeline.ts";
import { Body, BodyCodingError, BodyTooLargeError } from "../policy/exchange/body.ts";
import { BackendError, ClientGoneError, type LastError, PolicyError } from "../policy/exchange/errors.ts";
import type { Exchange } from "../policy/exchange/exchange.ts";
import { HeaderList } from "../policy/exchange/headers.ts";
import { ResponseMessage } from "../policy/exchange/message.ts";
import { BudgetExceededError, ClrException } from "../policy/expression/clr/exceptions.ts";

/** A failure as the default response and `context.LastError` need it. */
export interface Failure {
  lastError: LastError;
  response: ResponseMessage;
  /** Not an error of the request but of the software: worth a log line with its stack. */
  unexpected: unknown;
}

/** One line of JSON with this spacing (policy reference 4.3). */
export function errorBody(status: number, message: string): string {
  return `{ "statusCode": ${status}, "message": ${JSON.stringify(message)} }`;
}

/** The default response to a refusal: status, the JSON envelope, extra header fields. */
export function errorResponse(status: number, message: string, headers: readonly string[] = []): ResponseMessage {
  return jsonResponse(status, errorBody(status, message), headers);
}

function jsonResponse(status: number, body: string, headers: readonly string[]): ResponseMessage {
  const list = new HeaderList(["Content-Type", "application/json", ...headers]);
  return new ResponseMessage(status, "", list, Body.text(body));
}

/** The body of an unhandled failure; the `activityId` member is unconfirmed. Nothing of the cause is shown. */
function internalError(x: Exchange): ResponseMessage {
  const id = JSON.stringify(x.id);
  return jsonResponse(500, `{ "statusCode": 500, "message": "Internal server error", "activityId": ${id} }`, []);
}

/** Turns whatever a step threw into the default response and `LastError` (policy reference section 4). */
export function describeFailure(thrown: unknown, x: Exchange): Failure {
  const step = thrown instanceof StepFailure ? thrown : undefined;
  const cause = step ? step.cause : thrown;
  const { reason, message, response, source, unexpected } = classify(cause, x);
  return {
    lastError: {
      source: source ?? step?.element.name ?? "",
      reason,
      message,
      scope: step?.scope ?? "",
      section: x.section,
      path: step?.element.path ?? "",
      policyId: policyId(step),
      httpErrorCode: response.status,
    },
    response,
    unexpected,
  };
}

/** An empty public message asks for an answer without body. */
function refusal(error: PolicyError, x: Exchange): ResponseMessage {
  if (error.status === 500) return internalError(x);
  const message = error.publicMessage ?? error.message;
  if (message === "") return new ResponseMessage(error.status, "", new HeaderList([...error.headers]));
  return errorResponse(error.status, message, error.headers);
}

/** Whose body policies read in this section, as a rule: the request's, or the backend's answer. */
function readsRequest(x: Exchange): boolean {
  return x.section === "inbound" || x.section === "backend";
}

function policyId(step: StepFailure | undefined): string {
  const id = step?.element.attributes?.id;
  return typeof id === "string" ? id : "";
}

function classify(
  cause: unknown,
  x: Exchange,
): { reason: string; message: string; response: ResponseMessage; source?: string; unexpected?: unknown } {
  if (cause instanceof PolicyError) {
    return {
      reason: cause.reason,
      message: cause.message,
      response: refusal(cause, x),
      ...(cause.source === undefined ? {} : { source: cause.source }),
    };
  }
  if (cause instanceof ClrException || cause instanceof BudgetExceededError) {
    const message = `Expression evaluation failed. ${cause.message}`;
    return { reason: "ExpressionValueEvaluationFailure", message, response: internalError(x) };
  }
  if (cause instanceof BodyTooLargeError) {
    // The service gives no documented answer; 413 is RFC 9110's for a request, 502 for a backend's answer.
    const status = readsRequest(x) ? 413 : 502;
    return { reason: "BodyTooLarge", message: cause.message, response: errorResponse(status, cause.message) };
  }
  if (cause instanceof BodyCodingError) {
    const status = readsRequest(x) ? 400 : 502;
    return { reason: "BodyCodingInvalid", message: cause.message, response: errorResponse(status, cause.message) };
  }
  if (cause instanceof ClientGoneError || (cause instanceof BackendError && cause.kind === "aborted")) {
    return { reason: "ClientConnectionFailure", message: cause.message, response: errorResponse(499, cause.message) };
  }
  if (cause instanceof BackendError) {
    const reason = cause.kind === "timeout" ? "Timeout" : "BackendConnectionFailure";
    return { reason, message: cause.message, response: internalError(x) };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { reason: "InternalError", message, response: internalError(x), unexpected: cause };
}
