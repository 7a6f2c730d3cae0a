import { semanticCacheLookupPolicy } from "./llm/semantic-cache.ts";

export const llmSemanticCacheLookup = semanticCacheLookupPolicy(
  "llm-semantic-cache-lookup",
  "Answers a prompt from the cache where one near to it has been answered; `llm-semantic-cache-store` fills it.",
);
