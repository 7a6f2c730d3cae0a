import { ALL_SCOPES, definePolicy, type PolicyDefinition } from "../../compiler/schema.ts";
import { checkDimensions, DEFAULT_DIMENSIONS, DIMENSION_CHILD, loadDimensions } from "../metrics/dimensions.ts";
import { LlmCall } from "./llm-call.ts";
import { prepareTokenCounter } from "./token-counter.ts";

const DIMENSIONS = new Map([...DEFAULT_DIMENSIONS, ["Backend ID", (x) => x.facts.backendId ?? ""]]);
/** Dimensions beside the default ones (policy reference 14.7). */
const MOST_OWN_DIMENSIONS = 5;

const VALUE_TYPES = ["all", "total-tokens", "prompt-tokens", "completion-tokens"] as const;

/** A policy that measures the tokens of calls to language models (policy reference 14.7). */
export function emitTokenMetricPolicy(name: string, summary: string): PolicyDefinition {
  return definePolicy({
    name,
    summary,
    category: "logging",
    sections: ["inbound"],
    scopes: ALL_SCOPES,
    attributes: {
      namespace: { type: "string", expression: false, default: "API Management", doc: "Namespace of the metrics." },
      // The rest is known from the schema only, its meaning unconfirmed.
      name: {
        type: "string",
        expression: false,
        doc: "Name of the metric, before that of the kind of tokens where all are measured.",
      },
      "value-type": { type: VALUE_TYPES, expression: false, default: "all", doc: "Which tokens to measure." },
      "ignore-prompt": { type: "bool", expression: false, default: false, doc: "Leave the prompt's tokens out." },
    },
    children: { dimension: DIMENSION_CHILD },
    check: (element, report) => checkDimensions(element, report, DIMENSIONS, MOST_OWN_DIMENSIONS),
    load(element, loader) {
      prepareTokenCounter();
      const namespace = loader.text(element, "namespace", "API Management");
      const metricName = loader.text(element, "name");
      const valueType = loader.word(element, "value-type", VALUE_TYPES, "all");
      const ignorePrompt = loader.bool(element, "ignore-prompt", false);
      const dimensions = loadDimensions(element, loader, DIMENSIONS);
      return async (x) => {
        const dimensionsOf = dimensions(x);
        const wanted = valueType(x);
        const call = LlmCall.of(x);
        call.watchUsage(await call.prompt(), (usage) => {
          const prompt = ignorePrompt(x) ? undefined : usage.prompt;
          const values = {
            "total-tokens": { name: "Total Tokens", value: (prompt ?? 0) + usage.completion },
            "prompt-tokens": { name: "Prompt Tokens", value: prompt },
            "completion-tokens": { name: "Completion Tokens", value: usage.completion },
          };
          const own = metricName(x);
          for (const [type, { name, value }] of Object.entries(values)) {
            if (value === undefined || (wanted !== "all" && wanted !== type)) continue;
            const called = own === "" ? name : wanted === "all" ? `${own} ${name}` : own;
            x.services.metrics.add({ namespace: namespace(x), name: called, value, dimensions: dimensionsOf() });
          }
        });
      };
    },
  });
}
