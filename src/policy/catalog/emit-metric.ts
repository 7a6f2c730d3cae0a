import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import { checkDimensions, DEFAULT_DIMENSIONS, DIMENSION_CHILD, loadDimensions } from "./metrics/dimensions.ts";

/** Custom dimensions that one metric may have. */
const MOST_DIMENSIONS = 10;

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
    dimension: { ...DIMENSION_CHILD, min: 0, max: MOST_DIMENSIONS },
  },
  check: (element, report) => checkDimensions(element, report, DEFAULT_DIMENSIONS),
  load(element, loader) {
    const name = loader.text(element, "name");
    const namespace = loader.text(element, "namespace", "API Management");
    const value = loader.double(element, "value", 1);
    const dimensions = loadDimensions(element, loader, DEFAULT_DIMENSIONS);
    return (x) => {
      x.services.metrics.add({
        namespace: namespace(x),
        name: name(x),
        value: value(x),
        dimensions: dimensions(x)(),
      });
    };
  },
});
