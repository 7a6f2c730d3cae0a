import { literalText } from "../compiler/element.ts";
import type { Evaluate } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import { BodyTooLargeError } from "../exchange/body.ts";
import { BackendError, ClientGoneError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { OutgoingMessage, type ResponseMessage } from "../exchange/message.ts";
import { callFailure } from "./calls/backend-failure.ts";
import { type BuildCall, callBuilder, outgoingCall } from "./calls/call.ts";
import { callChildren, callMode, checkCall } from "./calls/call-schema.ts";
import { readAnswer } from "./calls/read-answer.ts";
import { checkTimeout, timeoutAttributes, timeoutMs } from "./calls/timeout.ts";
import { keepEndToEnd } from "./messages/hop-by-hop.ts";

const DEFAULT_TIMEOUT_SECONDS = 60;

export const sendRequest = definePolicy({
  name: "send-request",
  summary: "Calls another service and keeps its response in a variable.",
  category: "integration",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    mode: callMode,
    "response-variable-name": {
      type: "string",
      expression: true,
      doc: "Variable that receives the response (IResponse); without it the response is not kept.",
    },
    ...timeoutAttributes(DEFAULT_TIMEOUT_SECONDS),
    "ignore-error": {
      type: "bool",
      expression: false,
      default: false,
      doc: "A call without an answer leaves null in the variable and is no error.",
    },
    "buffer-response": {
      type: "bool",
      expression: false,
      default: true,
      doc: "Accepted; a response that is kept is always buffered.",
    },
    "fail-on-error-status-code": {
      type: "bool",
      expression: false,
      default: false,
      doc: "Treat statuses from 400 to 599 as an error.",
    },
  },
  children: callChildren,
  check(element, report) {
    checkCall(element, report);
    checkTimeout(element, report);
  },
  load(element, loader) {
    const variable = loader.optionalText(element, "response-variable-name");
    const call: Call = {
      build: callBuilder(element, loader),
      timeoutMs: timeoutMs(element, loader, DEFAULT_TIMEOUT_SECONDS),
      failOnErrorStatus: literalText(element.attributes?.["fail-on-error-status-code"]) === "true",
    };
    const ignoreError = literalText(element.attributes?.["ignore-error"]) === "true";
    return async (x) => {
      const name = variable(x);
      const response = await answerTo(call, x, name !== undefined, ignoreError);
      if (name !== undefined) x.variables.set(name, response);
    };
  },
});

interface Call {
  build: BuildCall;
  timeoutMs: Evaluate<number>;
  failOnErrorStatus: boolean;
}

/** The response, its body in memory when it is `kept`; null for a call without an answer whose error is ignored. */
async function answerTo(call: Call, x: Exchange, kept: boolean, ignoreError: boolean): Promise<ResponseMessage | null> {
  // Before anything waits: a `wait` around this gives its signal while it starts its children.
  const { signal } = x;
  const built = call.build(x);
  const message = built instanceof OutgoingMessage ? built : await built;
  if (signal?.aborted) throw new ClientGoneError();
  const timeout = call.timeoutMs(x);
  const { clock, http, limits } = x.services;
  const startedAt = clock.now();
  try {
    const response = await http.send(outgoingCall(message, timeout, signal));
    keepEndToEnd(response.headers.raw);
    if (kept) await readAnswer(response, limits.bodyBytes, timeout - (clock.now() - startedAt));
    else response.body.discard();
    if (call.failOnErrorStatus && response.status >= 400 && response.status <= 599) {
      throw new BackendError("protocol", `The service answered with status code ${response.status}.`);
    }
    if (signal?.aborted) throw new ClientGoneError();
    return response;
  } catch (error) {
    if (signal?.aborted) throw new ClientGoneError();
    if (ignoreError && (error instanceof BackendError || error instanceof BodyTooLargeError)) return null;
    throw callFailure(error, signal);
  }
}
