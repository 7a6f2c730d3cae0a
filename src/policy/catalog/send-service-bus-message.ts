import type { PlanElement } from "../compiler/element.ts";
import { expressionFailure } from "../compiler/expression-failure.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { definePolicy } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import { BackendError, ClientGoneError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { OutgoingMessage } from "../exchange/message.ts";
import { parseUrl, type UrlParts } from "../exchange/url.ts";
import { tokenFailure } from "./authentication/bearer-token.ts";
import { callFailure } from "./calls/backend-failure.ts";
import { outgoingCall } from "./calls/call.ts";
import { segments } from "./messages/path-segments.ts";

/** What tokens for Service Bus are for. */
const RESOURCE = "https://servicebus.azure.net";
const TIMEOUT_MS = 30_000;

export const sendServiceBusMessage = definePolicy({
  name: "send-service-bus-message",
  summary: "Sends a message to a queue or topic of Azure Service Bus.",
  category: "integration",
  sections: ["inbound", "outbound", "on-error"],
  scopes: ["global", "product", "api", "operation"],
  attributes: {
    "queue-name": { type: "string", expression: true, doc: "Queue that takes the message." },
    "topic-name": { type: "string", expression: true, doc: "Topic that takes the message." },
    namespace: {
      type: "string",
      expression: true,
      doc: "Host name of the namespace, such as shop.servicebus.windows.net.",
    },
    "client-id": {
      type: "string",
      expression: true,
      doc: "Client id of one of several identities; by default the gateway's own.",
    },
  },
  // The documentation shows both orders.
  order: "any",
  children: {
    "message-properties": {
      doc: "Properties of the message.",
      max: 1,
      children: {
        "message-property": {
          doc: "One property.",
          min: 1,
          attributes: { name: { type: "string", expression: false, required: true, doc: "Name of the property." } },
          text: { type: "string", expression: true, doc: "Its value." },
        },
      },
    },
    payload: {
      doc: "The message.",
      min: 1,
      max: 1,
      text: { type: "string", expression: true, markup: true, doc: "Text, markup or an expression." },
    },
  },
  check(element, report) {
    if (Boolean(attribute(element, "queue-name")) === Boolean(attribute(element, "topic-name"))) {
      report(element, '<send-service-bus-message> needs exactly one of "queue-name" and "topic-name"');
    }
    if (!attribute(element, "namespace")) {
      const message =
        '<send-service-bus-message> without "namespace" fails when it runs: a gateway has no namespace of its own';
      report(element, message, undefined, "warning");
    }
  },
  load(element, loader) {
    const entity = loader.text(element, element.attributes?.["queue-name"] === undefined ? "topic-name" : "queue-name");
    const namespace = loader.text(element, "namespace");
    const clientId = loader.optionalText(element, "client-id");
    const message = messageOf(element, loader);
    return async (x) => {
      // Evaluated before anything waits: a `wait` around this gives its signal while it starts its children.
      const { signal } = x;
      const url = namespaceUrl(namespace(x).trim());
      const path = `/${segments(entity(x), "queue or topic name")}/messages`;
      const body = message(x);
      const token = await identityToken(x, clientId(x)?.trim() || undefined);
      if (signal?.aborted) throw new ClientGoneError();
      const call = new OutgoingMessage({ method: "POST", base: url, path, query: "" });
      call.headers.set("Authorization", `Bearer ${token}`);
      // The form for several messages: the only one that takes properties of any name.
      call.headers.set("Content-Type", "application/vnd.microsoft.servicebus.json");
      call.setBody(Buffer.from(body, "utf8"));
      await send(x, call, signal);
    };
  },
});

/** A message that is not taken fails the request: whoever sends it relies on it (unconfirmed). */
async function send(x: Exchange, call: OutgoingMessage, signal: AbortSignal | undefined): Promise<void> {
  try {
    const { status, body } = await x.services.http.send(outgoingCall(call, TIMEOUT_MS, signal));
    body.discard();
    if (status >= 300) throw new BackendError("protocol", `Service Bus answered with status code ${status}.`);
  } catch (error) {
    if (signal?.aborted) throw new ClientGoneError();
    throw callFailure(error, signal);
  }
}

async function identityToken(x: Exchange, clientId: string | undefined): Promise<string> {
  try {
    return await x.services.identityTokens.token(RESOURCE, clientId);
  } catch (error) {
    throw tokenFailure(error);
  }
}

/** A list of one message, as JSON. */
function messageOf(element: PlanElement, loader: Loader): Evaluate<string> {
  const properties = loader.child(element, "message-properties");
  const pairs = (properties ? loader.children(properties, "message-property") : []).map((property) => ({
    name: loader.text(property, "name"),
    value: loader.textOf(property.text),
  }));
  const payload = loader.textOf(loader.child(element, "payload")?.text);
  return (x) => {
    // Object.fromEntries defines members of any name, `__proto__` too.
    const user = Object.fromEntries(pairs.map(({ name, value }) => [name(x), value(x)]));
    return JSON.stringify([{ Body: payload(x), ...(pairs.length > 0 ? { UserProperties: user } : {}) }]);
  };
}

/** The token goes there, so it must be a host name and nothing else. */
function namespaceUrl(namespace: string): UrlParts {
  const url = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i.test(namespace)
    ? parseUrl(`https://${namespace}`)
    : undefined;
  if (!url) throw expressionFailure("The namespace is not a host name such as shop.servicebus.windows.net.");
  return { ...url, path: "" };
}
