import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { OutgoingMessage } from "../exchange/message.ts";
import { callBuilder, outgoingCall } from "./calls/call.ts";
import { callChildren, callMode, checkCall } from "./calls/call-schema.ts";
import { timeoutAttributes, timeoutMs } from "./calls/timeout.ts";

const DEFAULT_TIMEOUT_SECONDS = 60;

export const sendOneWayRequest = definePolicy({
  name: "send-one-way-request",
  summary: "Calls another service without waiting for its response.",
  category: "integration",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    mode: callMode,
    timeout: timeoutAttributes(DEFAULT_TIMEOUT_SECONDS).timeout,
  },
  children: callChildren,
  check: checkCall,
  load(element, loader) {
    const build = callBuilder(element, loader);
    const timeout = timeoutMs(element, loader, DEFAULT_TIMEOUT_SECONDS);
    // Without the client's signal: the call goes on when the client has left. Failures are not reported.
    const send = (x: Exchange, message: OutgoingMessage) => {
      x.services.http.send(outgoingCall(message, timeout(x), undefined)).then(
        (response) => response.body.discard(),
        () => {},
      );
    };
    return (x) => {
      const message = build(x);
      if (!(message instanceof OutgoingMessage)) return message.then((built) => send(x, built));
      send(x, message);
    };
  },
});
