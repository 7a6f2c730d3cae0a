import type { Prompt } from "./prompt.ts";
import { countTokens } from "./token-counter.ts";

/** What an image counts at most (policy reference 6.6); its real price depends on its size, which is not looked at. */
const TOKENS_PER_IMAGE = 1200;
/** OpenAI puts every message between tokens of its own, and begins the answer with some. */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_OF_REPLY = 3;

/** Estimates the tokens of a prompt without asking the model. */
export async function estimatePrompt(prompt: Prompt): Promise<number> {
  const chat = prompt.kind === "chat-completion";
  let tokens = prompt.tokens + (await countTokens(prompt.tools)) + (chat ? TOKENS_OF_REPLY : 0);
  for (const { text, images } of prompt.messages) {
    tokens += (await countTokens(text)) + images * TOKENS_PER_IMAGE + (chat ? TOKENS_PER_MESSAGE : 0);
  }
  return tokens;
}
