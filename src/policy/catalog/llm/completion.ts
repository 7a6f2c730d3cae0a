import { isObject, items, type JsonObject } from "./json-shape.ts";

/**
 * The text that a language model answered: OpenAI chat completions and completions, OpenAI Responses, Anthropic Messages,
 * Google Vertex AI. Arguments of tool calls are part of it. Empty for anything else.
 */
export function completionText(answer: unknown): string {
  const answers = Array.isArray(answer) ? answer : [answer];
  return answers.flatMap((one) => (isObject(one) ? wholeTexts(one) : [])).join("\n");
}

/** The text that one event of a stream adds to the answer; events that repeat the whole text at the end add nothing. */
export function deltaText(event: unknown): string {
  if (!isObject(event)) return "";
  const { delta, type } = event;
  // OpenAI Responses: `response.output_text.delta`, `response.function_call_arguments.delta`, …
  if (typeof delta === "string") return typeof type === "string" && type.endsWith(".delta") ? delta : "";
  // Anthropic: `content_block_delta`.
  if (isObject(delta)) return join([delta.text, delta.partial_json, delta.thinking]);
  return [
    ...items(event.choices).map(choiceDelta),
    ...items(event.candidates).flatMap((candidate) => candidateTexts(candidate)),
  ].join("");
}

function choiceDelta(choice: unknown): string {
  if (!isObject(choice)) return "";
  if (!isObject(choice.delta)) return join([choice.text]);
  const { content, refusal, reasoning_content, tool_calls } = choice.delta;
  return join([reasoning_content, content, refusal, ...items(tool_calls).map(argumentsOf)]);
}

function wholeTexts(answer: JsonObject): string[] {
  return [
    ...items(answer.choices).flatMap((choice) => {
      if (!isObject(choice)) return [];
      if (!isObject(choice.message)) return textsOf(choice.text);
      const { content, refusal, tool_calls } = choice.message;
      return [
        ...textsOf(content),
        ...textsOf(refusal),
        ...items(tool_calls).flatMap((call) => textsOf(argumentsOf(call))),
      ];
    }),
    ...items(answer.output).flatMap((item) =>
      isObject(item) ? [...textsOf(item.content), ...textsOf(item.arguments)] : [],
    ),
    ...textsOf(answer.content),
    ...items(answer.candidates).flatMap(candidateTexts),
  ];
}

function candidateTexts(candidate: unknown): string[] {
  return isObject(candidate) && isObject(candidate.content) ? textsOf(candidate.content.parts) : [];
}

function argumentsOf(call: unknown): unknown {
  return isObject(call) && isObject(call.function) ? call.function.arguments : undefined;
}

/** A text, or the texts of a list of parts. */
function textsOf(content: unknown): string[] {
  if (typeof content === "string") return content === "" ? [] : [content];
  return items(content).flatMap((part) => {
    if (!isObject(part)) return [];
    return [part.text, part.refusal].filter((text) => typeof text === "string");
  });
}

function join(values: readonly unknown[]): string {
  return values.filter((value) => typeof value === "string").join("");
}
