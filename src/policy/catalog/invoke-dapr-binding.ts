import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { definePolicy } from "../compiler/schema.ts";
import { elementChildren } from "../document/tree.ts";
import { daprAttributes, daprCall } from "./dapr/dapr-call.ts";
import { checkTemplate, daprText, isJson, isTemplated } from "./dapr/dapr-text.ts";
import { segment } from "./messages/path-segments.ts";

export const invokeDaprBinding = definePolicy({
  name: "invoke-dapr-binding",
  summary: "Calls an output binding of the Dapr sidecar.",
  category: "integration",
  sections: ["inbound", "outbound", "on-error"],
  scopes: ["global", "product", "api", "operation"],
  attributes: {
    name: { type: "string", expression: true, required: true, doc: "Name of the binding." },
    operation: { type: "string", expression: false, default: "create", doc: "Operation of the binding." },
    ...daprAttributes,
  },
  children: {
    metadata: {
      doc: "What the binding is told besides the data.",
      max: 1,
      children: {
        item: {
          doc: "One entry.",
          attributes: { key: { type: "string", expression: false, required: true, doc: "Name of the entry." } },
          text: { type: "string", expression: true, doc: "Its value." },
        },
      },
    },
    data: {
      doc: "The data: JSON is handed over as such, other text as a string.",
      max: 1,
      text: {
        type: "string",
        expression: true,
        markup: true,
        doc: "Text, markup or an expression.",
        foreignReferences: (data) => data.parent !== undefined && isTemplated(data.parent),
      },
    },
  },
  check(element, report) {
    const data = elementChildren(element).find((child) => child.name === "data");
    if (data) checkTemplate(element, data, report);
  },
  load(element, loader) {
    const name = loader.text(element, "name");
    const operation = loader.text(element, "operation", "create");
    const metadata = metadataOf(element, loader);
    const data = loader.child(element, "data");
    const text = data && daprText(element, data.text, loader);
    const send = daprCall(element, loader);
    return async (x) => {
      const path = `/v1.0/bindings/${segment(name(x), "name of the binding")}`;
      const members = [`"operation":${JSON.stringify(operation(x))}`];
      if (metadata) members.push(`"metadata":${JSON.stringify(metadata.map((item) => item(x)).reduce(addItem, {}))}`);
      if (text) {
        const written = await text(x);
        // As written, so that no number loses digits. That JSON is not sent as a string is unconfirmed.
        members.push(`"data":${isJson(written) ? written : JSON.stringify(written)}`);
      }
      await send(x, { path, contentType: "application/json", body: `{${members.join(",")}}` });
    };
  },
});

type Item = readonly [key: string, value: string];

function metadataOf(element: PlanElement, loader: Loader): Evaluate<Item>[] | undefined {
  const metadata = loader.child(element, "metadata");
  return (
    metadata &&
    loader.children(metadata, "item").map((item): Evaluate<Item> => {
      const key = loader.text(item, "key");
      const value = loader.textOf(item.text);
      return (x) => [key(x), value(x)];
    })
  );
}

function addItem(items: Record<string, string>, [key, value]: Item): Record<string, string> {
  Object.defineProperty(items, key, { value, enumerable: true, configurable: true, writable: true });
  return items;
}
