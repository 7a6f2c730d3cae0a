import { semanticCacheStorePolicy } from "./llm/semantic-cache.ts";

export const azureOpenaiSemanticCacheStore = semanticCacheStorePolicy(
  "azure-openai-semantic-cache-store",
  "Keeps the answer to a prompt that `azure-openai-semantic-cache-lookup` did not find.",
);
