import { emitTokenMetricPolicy } from "./llm/emit-token-metric.ts";

export const azureOpenaiEmitTokenMetric = emitTokenMetricPolicy(
  "azure-openai-emit-token-metric",
  "Measures the tokens that calls to Azure OpenAI models use.",
);
