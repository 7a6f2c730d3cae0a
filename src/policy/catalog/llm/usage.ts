import { isObject, type JsonObject } from "./json-shape.ts";

/** Tokens of one call to a language model. */
export interface TokenUsage {
  prompt: number;
  completion: number;
}

/** No answer costs more; a number beyond it is a mistake of the backend. */
const MOST_TOKENS = 1e12;

/**
 * What an answer says about its tokens, undefined where it says nothing: OpenAI chat, completions and embeddings,
 * OpenAI Responses and Anthropic Messages (whole answers and events of a stream), Google Vertex AI (policy reference 6.6).
 * An event of a stream may tell only one of the two.
 */
export function readUsage(answer: unknown): Partial<TokenUsage> | undefined {
  // Vertex streams as one JSON array, the totals growing from item to item.
  if (Array.isArray(answer)) return usageOf(answer.findLast((item) => usageOf(item) !== undefined));
  return usageOf(answer);
}

function usageOf(answer: unknown): Partial<TokenUsage> | undefined {
  if (!isObject(answer)) return undefined;
  if (isObject(answer.usageMetadata)) return vertexUsage(answer.usageMetadata);
  if (isObject(answer.usage)) return openAiUsage(answer.usage);
  // Events `response.completed` of OpenAI Responses and `message_start` of Anthropic.
  for (const inner of [answer.response, answer.message]) {
    if (isObject(inner) && isObject(inner.usage)) return openAiUsage(inner.usage);
  }
  return undefined;
}

/** Anthropic tells tokens read from or written into its prompt cache apart; they are not charged. */
function openAiUsage(usage: JsonObject): Partial<TokenUsage> | undefined {
  const prompt = tokens(usage.prompt_tokens) ?? tokens(usage.input_tokens);
  const total = tokens(usage.total_tokens);
  const completion = tokens(usage.completion_tokens) ?? tokens(usage.output_tokens) ?? difference(total, prompt);
  return known(prompt ?? difference(total, completion), completion);
}

/** The total also holds tokens of thoughts, which are answered and paid as well. */
function vertexUsage(usage: JsonObject): Partial<TokenUsage> | undefined {
  const prompt = tokens(usage.promptTokenCount);
  const thoughts = difference(tokens(usage.totalTokenCount), prompt);
  const answered = tokens(usage.candidatesTokenCount);
  const completion = answered === undefined ? thoughts : Math.max(answered, thoughts ?? 0);
  return known(prompt, completion);
}

function known(prompt: number | undefined, completion: number | undefined): Partial<TokenUsage> | undefined {
  if (prompt === undefined && completion === undefined) return undefined;
  return { ...(prompt === undefined ? {} : { prompt }), ...(completion === undefined ? {} : { completion }) };
}

function difference(total: number | undefined, part: number | undefined): number | undefined {
  return total === undefined || part === undefined ? undefined : Math.max(0, total - part);
}

function tokens(value: unknown): number | undefined {
  if (typeof value !== "number" || !(value >= 0 && value <= MOST_TOKENS)) return undefined;
  return Math.ceil(value);
}
