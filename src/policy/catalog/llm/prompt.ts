import { isObject, items, type JsonObject, jsonText } from "./json-shape.ts";

/** Which kind of request a policy takes the body for. */
export const PROMPT_TYPES = ["auto", "chat-completion", "completion", "embeddings"] as const;
export type PromptType = (typeof PROMPT_TYPES)[number];

export interface PromptMessage {
  /** As written: `system`, `user`, `assistant`, `tool`, … */
  role: string;
  text: string;
  images: number;
}

/** What a request asks a language model. */
export interface Prompt {
  kind: Exclude<PromptType, "auto">;
  messages: readonly PromptMessage[];
  /** Definitions of tools as text: the model reads them too. */
  tools: string;
  /** Input that was sent as numbers of tokens. */
  tokens: number;
  /** The answer is asked for as a stream of events. */
  stream: boolean;
}

/** Content in content (results of tools) is followed that far. */
const DEEPEST = 8;

/**
 * The prompt of a request body: OpenAI chat completions, completions, embeddings and Responses, Anthropic Messages, Google
 * Vertex AI. Fields of several of these in one body are all read: leaving one out would hide its text from limits and
 * checks. Undefined where there is no prompt.
 */
export function readPrompt(body: unknown, path: string, type: PromptType = "auto"): Prompt | undefined {
  if (!isObject(body)) return undefined;
  const embeddings = type === "embeddings" || (type === "auto" && /\/embeddings\/?$/.test(path));
  const chat = type === "auto" || type === "chat-completion" ? chatMessages(body) : undefined;
  const completion = type === "auto" || type === "completion" ? texts(body.prompt, "user") : undefined;
  const input = type === "auto" || type === "embeddings" ? inputMessages(body.input) : undefined;
  const found = [chat, completion, input].filter((part) => part !== undefined);
  if (found.length === 0) return undefined;
  return {
    kind: embeddings ? "embeddings" : chat || input ? "chat-completion" : "completion",
    messages: found.flatMap((part) => part.messages),
    tools: jsonText(body.tools) + jsonText(body.functions),
    tokens: found.reduce((sum, part) => sum + part.tokens, 0),
    stream: body.stream === true || /:streamGenerateContent$/.test(path),
  };
}

interface Part {
  messages: PromptMessage[];
  tokens: number;
}

function chatMessages(body: JsonObject): Part | undefined {
  const instructions = [body.system, body.instructions, body.systemInstruction, body.system_instruction].flatMap(
    (content) => (content === undefined || content === null ? [] : [message({ role: "system", content })]),
  );
  const contents = isObject(body.contents) ? [body.contents] : body.contents;
  const written = [...items(body.messages), ...items(contents)];
  if (written.length === 0 && instructions.length === 0) return undefined;
  return { messages: [...instructions, ...written.map(message)], tokens: 0 };
}

/** OpenAI Responses and embeddings: a text, texts, tokens, or items of a dialog. */
function inputMessages(input: unknown): Part | undefined {
  if (!Array.isArray(input) || !input.some(isObject)) return texts(input, "user");
  return { messages: input.map(message), tokens: 0 };
}

/** A text, a list of texts, a list of tokens, or a list of such lists. */
function texts(value: unknown, role: string): Part | undefined {
  if (typeof value === "string") return { messages: [{ role, text: value, images: 0 }], tokens: 0 };
  if (!Array.isArray(value)) return undefined;
  const part: Part = { messages: [], tokens: 0 };
  for (const item of value) {
    if (typeof item === "string") part.messages.push({ role, text: item, images: 0 });
    else if (typeof item === "number") part.tokens++;
    else if (Array.isArray(item)) part.tokens += item.length;
  }
  return part;
}

function message(written: unknown): PromptMessage {
  if (!isObject(written)) return { role: "user", text: typeof written === "string" ? written : "", images: 0 };
  const content: Content = { texts: [], images: 0 };
  readContent(written, content, 0);
  // Vertex calls the model's messages `model`.
  const role = typeof written.role === "string" ? written.role : "user";
  return { role: role === "model" ? "assistant" : role, text: content.texts.join("\n"), images: content.images };
}

interface Content {
  texts: string[];
  images: number;
}

/** Text and images of a message or a part of one, by the fields that the APIs use. */
function readContent(value: unknown, found: Content, depth: number): void {
  if (typeof value === "string") {
    if (value !== "") found.texts.push(value);
    return;
  }
  if (depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const item of value) readContent(item, found, depth + 1);
    return;
  }
  if (!isObject(value)) return;
  if (isImage(value)) found.images++;
  for (const field of ["text", "content", "parts", "refusal", "arguments", "output"]) {
    readContent(value[field], found, depth + 1);
  }
  // Calls of tools and what they gave.
  for (const call of [...items(value.tool_calls), value.function_call, value.function]) {
    if (isObject(call)) readContent(isObject(call.function) ? call.function : call, found, depth + 1);
  }
  for (const data of [value.input, value.functionCall, value.functionResponse]) {
    if (isObject(data)) found.texts.push(jsonText(data));
  }
}

function isImage(part: JsonObject): boolean {
  const type = typeof part.type === "string" ? part.type : "";
  if (type === "image" || type === "image_url" || type === "input_image") return true;
  return ["inlineData", "inline_data", "fileData", "file_data"].some((field) => isObject(part[field]));
}

/** Every text in a JSON value, for bodies that are none of the known requests; at most `most` characters. */
export function everyText(body: unknown, most: number): string {
  const found: string[] = [];
  const open: unknown[] = [body];
  for (let size = 0; open.length > 0 && size <= most; ) {
    const value = open.pop();
    if (typeof value === "string") {
      found.push(value);
      size += value.length + 1;
    } else if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) open.push(value[i]);
    } else if (isObject(value)) {
      for (const inner of Object.values(value).reverse()) open.push(inner);
    }
  }
  return found.join("\n");
}
