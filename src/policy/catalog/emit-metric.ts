import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";

/** Custom dimensions that one metric may have. */
const MOST_DIMENSIONS = 10;

/** Dimensions whose value need not be written (policy reference 14.6). */
const DEFAULTS: Readonly<Record<string, (x: Exchange) => string>> = {
  "API ID": (x) => x.api?.id ?? "",
  "Operation ID": (x) => x.operation?.id ?? "",
  "Product ID": (x) => x.product?.id ?? "",
  "User ID": (x) => x.user?.id ?? "",
  "Subscription ID": (x) => x.subscription?.id ?? "",
  Location: (x) => x.services.deployment.region,
  "Gateway ID": (x) => x.services.deployment.gatewayId,
};

export const emitMetric = definePolicy({
  name: "emit-metric",
  summary: "Adds a value to a metric.",
  category: "logging",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    name: { type: "string", expression: false, required: true, doc: "Name of the metric." },
    namespace: { type: "string", expression: false, default: "API Management", doc: "Namespace of the metric." },
    value: { type: "double", expression: true, default: 1, doc: "What is added." },
    "default-dimensions": { type: "bool", expression: false, doc: "Accepted without effect." },
  },
  children: {
    dimension: {
      doc: "A dimension by which the metric is split.",
      max: MOST_DIMENSIONS,
      attributes: {
        name: { type: "string", expression: true, required: true, doc: "Name of the dimension." },
        value: {
          type: "string",
          expression: true,
          doc: "Its value; may be left out for API ID, Operation ID, Product ID, User ID, Subscription ID, Location and Gateway ID.",
        },
      },
    },
  },
  load(element, loader) {
    const name = loader.text(element, "name");
    const namespace = loader.text(element, "namespace", "API Management");
    const value = loader.double(element, "value", 1);
    const dimensions = loader.children(element, "dimension").map((child) => dimension(child, loader));
    return (x) => {
      x.services.metrics.add({
        namespace: namespace(x),
        name: name(x),
        value: value(x),
        dimensions: dimensions.map((one) => one(x)),
      });
    };
  },
});

function dimension(element: PlanElement, loader: Loader): Evaluate<[string, string]> {
  const nameOf = loader.text(element, "name");
  if (element.attributes?.value !== undefined) {
    const written = loader.text(element, "value");
    return (x) => [nameOf(x), written(x)];
  }
  return (x) => {
    const name = nameOf(x);
    return [name, Object.hasOwn(DEFAULTS, name) ? (DEFAULTS[name] as (x: Exchange) => string)(x) : ""];
  };
}
