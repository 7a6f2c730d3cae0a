import { semanticCacheStorePolicy } from "./llm/semantic-cache.ts";

export const llmSemanticCacheStore = semanticCacheStorePolicy(
  "llm-semantic-cache-store",
  "Keeps the answer to a prompt that `llm-semantic-cache-lookup` did not find.",
);
