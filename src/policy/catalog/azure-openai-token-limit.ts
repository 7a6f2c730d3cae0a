import { tokenLimitPolicy } from "./llm/token-limit.ts";

export const azureOpenaiTokenLimit = tokenLimitPolicy(
  "azure-openai-token-limit",
  "Limits the tokens of Azure OpenAI models by key, per minute and per period.",
);
