import { literalText, type PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ValueSchema } from "../../compiler/schema.ts";
import { BodyTooLargeError } from "../../exchange/body.ts";
import { BackendError, ClientGoneError } from "../../exchange/errors.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { OutgoingMessage, type ResponseMessage } from "../../exchange/message.ts";
import { callFailure } from "../calls/backend-failure.ts";
import { outgoingCall } from "../calls/call.ts";
import { readAnswer } from "../calls/read-answer.ts";
import { timeoutMs } from "../calls/timeout.ts";
import { keepEndToEnd } from "../messages/hop-by-hop.ts";
import { daprUrl } from "./dapr-path.ts";

const DEFAULT_TIMEOUT_SECONDS = 5;

/** What the policies that call the Dapr sidecar share. */
export const daprAttributes: Readonly<Record<string, ValueSchema>> = {
  "ignore-error": {
    type: "bool",
    expression: false,
    default: false,
    doc: "An error of the Dapr sidecar is no error of the request.",
  },
  "response-variable-name": {
    type: "string",
    expression: false,
    doc: "Variable that receives the sidecar's response (IResponse); null where there was none and errors are ignored.",
  },
  timeout: {
    type: "int",
    expression: true,
    min: 1,
    max: 240,
    default: DEFAULT_TIMEOUT_SECONDS,
    doc: "Seconds to wait for the sidecar's response.",
  },
  template: { type: ["Liquid", "liquid"], expression: false, doc: "The text is a Liquid template." },
  "content-type": { type: ["application/json"], expression: false, doc: "Content type of the message." },
};

/** A POST to the sidecar. `path` begins with `/v1.0`. */
export interface DaprMessage {
  path: string;
  contentType: string;
  body: string;
}

/** Sends messages to the sidecar as the shared attributes of the element say. */
export function daprCall(element: PlanElement, loader: Loader): (x: Exchange, message: DaprMessage) => Promise<void> {
  const variable = literalText(element.attributes?.["response-variable-name"]);
  const ignoreError = literalText(element.attributes?.["ignore-error"]) === "true";
  const timeout = timeoutMs(element, loader, DEFAULT_TIMEOUT_SECONDS);
  return async (x, message) => {
    const response = await post(x, message, timeout, ignoreError);
    if (variable !== undefined) x.variables.set(variable, response);
  };
}

/** Null: no response, and errors are ignored. Reason and status of the errors are unconfirmed. */
async function post(
  x: Exchange,
  { path, contentType, body }: DaprMessage,
  timeout: Evaluate<number>,
  ignoreError: boolean,
): Promise<ResponseMessage | null> {
  const { signal } = x;
  const { clock, http, limits, daprAddress } = x.services;
  const url = daprUrl(daprAddress, path);
  const message = new OutgoingMessage({
    method: "POST",
    base: { ...url, path: "", query: "" },
    path: url.path,
    query: "",
  });
  message.headers.set("Content-Type", contentType);
  message.setBody(Buffer.from(body, "utf8"));
  const ms = timeout(x);
  const startedAt = clock.now();
  try {
    const response = await http.send(outgoingCall(message, ms, signal));
    keepEndToEnd(response.headers.raw);
    await readAnswer(response, limits.bodyBytes, ms - (clock.now() - startedAt));
    if (response.status >= 400 && !ignoreError) {
      throw new BackendError("protocol", `The Dapr sidecar answered with status code ${response.status}.`);
    }
    return response;
  } catch (error) {
    if (signal?.aborted) throw new ClientGoneError();
    if (ignoreError && (error instanceof BackendError || error instanceof BodyTooLargeError)) return null;
    throw callFailure(error, signal);
  }
}
