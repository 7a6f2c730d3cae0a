import { describe, expect, it } from "vitest";
import { completionText, deltaText } from "./completion.ts";

describe("completionText", () => {
  it.each([
    [
      "OpenAI chat",
      { choices: [{ message: { content: "a" } }, { message: { content: [{ type: "text", text: "b" }] } }] },
      "a\nb",
    ],
    [
      "tool calls",
      { choices: [{ message: { content: null, tool_calls: [{ function: { arguments: "{1}" } }] } }] },
      "{1}",
    ],
    ["a refusal", { choices: [{ message: { content: null, refusal: "no" } }] }, "no"],
    ["OpenAI completions", { choices: [{ text: "a" }, { text: "b" }] }, "a\nb"],
    [
      "OpenAI Responses",
      { output: [{ content: [{ type: "output_text", text: "a" }] }, { type: "function_call", arguments: "{1}" }] },
      "a\n{1}",
    ],
    [
      "Anthropic",
      {
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      "a\nb",
    ],
    ["Vertex AI", { candidates: [{ content: { parts: [{ text: "a" }, { text: "b" }] } }] }, "a\nb"],
    ["Vertex AI, an array", [{ candidates: [{ content: { parts: [{ text: "a" }] } }] }, { candidates: [] }], "a"],
    ["something else", { choices: [null, 7, { message: "x" }], output: 7, content: { text: "x" } }, ""],
    ["nothing", undefined, ""],
  ])("reads %s", (_, answer, text) => {
    expect(completionText(answer)).toBe(text);
  });
});

describe("deltaText", () => {
  it.each([
    ["OpenAI chat", { choices: [{ delta: { content: "a" } }, { delta: { content: "b" } }] }, "ab"],
    [
      "OpenAI reasoning and tools",
      { choices: [{ delta: { reasoning_content: "r", tool_calls: [{ function: { arguments: "{" } }] } }] },
      "r{",
    ],
    ["OpenAI completions", { choices: [{ text: "a" }] }, "a"],
    ["OpenAI Responses", { type: "response.output_text.delta", delta: "a" }, "a"],
    ["the repetition at the end of OpenAI Responses", { type: "response.output_text.done", text: "a" }, ""],
    ["Anthropic", { type: "content_block_delta", delta: { type: "text_delta", text: "a" } }, "a"],
    ["Anthropic tools", { type: "content_block_delta", delta: { type: "input_json_delta", partial_json: "{" } }, "{"],
    ["Anthropic's end", { type: "message_delta", delta: { stop_reason: "end_turn" } }, ""],
    ["Vertex AI", { candidates: [{ content: { parts: [{ text: "a" }] } }] }, "a"],
    ["something else", { choices: [{ delta: null }, 7], candidates: "x" }, ""],
    ["nothing", undefined, ""],
  ])("reads %s", (_, event, text) => {
    expect(deltaText(event)).toBe(text);
  });
});
