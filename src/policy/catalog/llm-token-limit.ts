import { tokenLimitPolicy } from "./llm/token-limit.ts";

export const llmTokenLimit = tokenLimitPolicy(
  "llm-token-limit",
  "Limits the tokens of language models by key, per minute and per period.",
);
