import { semanticCacheLookupPolicy } from "./llm/semantic-cache.ts";

export const azureOpenaiSemanticCacheLookup = semanticCacheLookupPolicy(
  "azure-openai-semantic-cache-lookup",
  "Answers a prompt from the cache where one near to it has been answered; `azure-openai-semantic-cache-store` fills it.",
);
