import { emitTokenMetricPolicy } from "./llm/emit-token-metric.ts";

export const llmEmitTokenMetric = emitTokenMetricPolicy(
  "llm-emit-token-metric",
  "Measures the tokens that calls to language models use.",
);
