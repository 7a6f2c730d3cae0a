import { expressionFailure } from "../compiler/expression-failure.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import { daprAttributes, daprCall } from "./dapr/dapr-call.ts";
import { checkTemplate, daprText, isJson, isTemplated } from "./dapr/dapr-text.ts";
import { segment, segments } from "./messages/path-segments.ts";

export const publishToDapr = definePolicy({
  name: "publish-to-dapr",
  summary: "Publishes a message to a topic through the Dapr sidecar.",
  category: "integration",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    topic: {
      type: "string",
      expression: true,
      required: true,
      doc: "Name of the topic; pubsub/topic where pubsub-name is absent.",
    },
    "pubsub-name": { type: "string", expression: true, doc: "Name of the Dapr component." },
    ...daprAttributes,
  },
  text: {
    type: "string",
    expression: true,
    markup: true,
    doc: "The message.",
    foreignReferences: isTemplated,
  },
  check(element, report) {
    const topic = attribute(element, "topic")?.value.text.trim();
    if (topic !== undefined && !attribute(element, "pubsub-name") && !/[@/]|\{\{/.test(topic)) {
      report(element, '<publish-to-dapr> needs "pubsub-name", or a topic of the form pubsub/topic');
    }
    checkTemplate(element, element, report);
  },
  load(element, loader) {
    const topic = loader.text(element, "topic");
    const pubsub = loader.optionalText(element, "pubsub-name");
    const text = daprText(element, element.text, loader);
    const send = daprCall(element, loader);
    const declared = element.attributes?.["content-type"] !== undefined;
    return async (x) => {
      const path = `/v1.0/publish/${place(pubsub(x), topic(x))}`;
      const body = await text(x);
      // The sidecar takes nothing else than JSON under JSON's type (unconfirmed for texts).
      const contentType = declared || isJson(body) ? "application/json" : "text/plain; charset=utf-8";
      await send(x, { path, contentType, body });
    };
  },
});

/** `pubsub/topic` as path; only the topic may hold further slashes. */
function place(pubsub: string | undefined, topic: string): string {
  if (pubsub !== undefined) return `${segment(pubsub, "pubsub name")}/${segments(topic, "topic")}`;
  const slash = topic.indexOf("/");
  if (slash < 0) throw expressionFailure("The topic is not of the form pubsub/topic, and there is no pubsub-name.");
  return `${segment(topic.slice(0, slash), "pubsub name")}/${segments(topic.slice(slash + 1), "topic")}`;
}
