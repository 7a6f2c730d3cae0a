import type { PlanElement } from "../../compiler/element.ts";
import { expressionFailure } from "../../compiler/expression-failure.ts";
import type { Loader } from "../../compiler/loader.ts";
import { Body } from "../../exchange/body.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { OutgoingMessage } from "../../exchange/message.ts";
import type { OutgoingRequest } from "../../exchange/services.ts";
import { parseUrl } from "../../exchange/url.ts";
import { endToEndRequest } from "../messages/hop-by-hop.ts";

/** Makes the request that a calling policy sends, evaluated for an exchange; a promise only where it had to wait. */
export type BuildCall = (x: Exchange) => OutgoingMessage | Promise<OutgoingMessage>;

/** Prepares the children (`set-url`, `set-method`, `set-header`, …) of a calling policy. */
export function callBuilder(element: PlanElement, loader: Loader): BuildCall {
  const mode = loader.word(element, "mode", ["new", "copy"], "new");
  const urlChild = loader.child(element, "set-url");
  const url = urlChild ? loader.textOf(urlChild.text) : undefined;
  const edits = loader.edits(element.children);
  const edited = (x: Exchange, message: OutgoingMessage) => {
    const waiting = edits(x, message);
    return waiting ? waiting.then(() => message) : message;
  };
  return (x) => {
    const copy = mode(x) === "copy";
    const target = addressOf(url ? url(x) : copy ? x.request.urlText : "");
    const message = new OutgoingMessage({ ...target, method: copy ? x.request.method : "GET" });
    if (copy) {
      message.headers = x.request.headers.clone();
      // The reference says so of outbound; on-error comes as late.
      if (x.section === "inbound" || x.section === "backend") {
        const { body } = x.request;
        const waiting = body.buffer(x.services.limits.bodyBytes);
        if (waiting) {
          return waiting.then(() => {
            message.body = copyOf(body);
            return edited(x, message);
          });
        }
        message.body = copyOf(body);
      }
    }
    return edited(x, message);
  };
}

/** The call as the HTTP client takes it. The API's backend, its credentials and the outer proxy do not apply. */
export function outgoingCall(
  message: OutgoingMessage,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): OutgoingRequest {
  const { clientCertificate } = message;
  return {
    url: message.url,
    method: message.method,
    headers: endToEndRequest(message.headers.raw),
    body: message.body,
    timeoutMs,
    httpVersion: "1",
    followRedirects: false,
    tls: clientCertificate && { validateChain: true, validateName: true, clientCertificate },
    proxy: message.proxy,
    signal,
  };
}

function addressOf(text: string): Pick<OutgoingMessage, "base" | "path" | "query"> {
  const url = parseUrl(text.trim());
  if (!url) throw expressionFailure("The URL to call is not an absolute http or https URL.");
  return { base: { ...url, path: "", query: "" }, path: url.path, query: url.query };
}

/** The current request's body, which is kept: it is still to be forwarded. */
function copyOf(body: Body): Body {
  const { bytes } = body.take();
  return bytes ? Body.of(bytes) : Body.none();
}
