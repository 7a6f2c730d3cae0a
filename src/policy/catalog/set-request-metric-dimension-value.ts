import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";

export const setRequestMetricDimensionValue = definePolicy({
  name: "set-request-metric-dimension-value",
  summary: "Accepted without effect: it sets a dimension of a metric that only the service itself keeps.",
  category: "logging",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    name: { type: "string", expression: true, required: true, doc: "Name of the dimension." },
    value: { type: "string", expression: true, doc: "Its value." },
  },
  load: () => () => {},
});
