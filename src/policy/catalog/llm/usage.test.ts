import { describe, expect, it } from "vitest";
import { readUsage } from "./usage.ts";

describe("readUsage", () => {
  it.each([
    ["OpenAI chat", { usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 9 } }, 3, 4],
    ["OpenAI embeddings", { usage: { prompt_tokens: 8, total_tokens: 8 } }, 8, 0],
    ["a total alone beside the answer", { usage: { completion_tokens: 4, total_tokens: 9 } }, 5, 4],
    ["OpenAI Responses", { usage: { input_tokens: 5, output_tokens: 6, total_tokens: 11 } }, 5, 6],
    [
      "the last event of OpenAI Responses",
      { type: "response.completed", response: { usage: { input_tokens: 5, output_tokens: 6 } } },
      5,
      6,
    ],
    ["Anthropic", { usage: { input_tokens: 5, output_tokens: 6, cache_read_input_tokens: 100 } }, 5, 6],
    ["Vertex AI", { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 } }, 1, 2],
    [
      "Vertex AI with thoughts",
      { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 10 } },
      1,
      9,
    ],
    [
      "Vertex AI, an array",
      [{ usageMetadata: { promptTokenCount: 1 } }, { usageMetadata: { promptTokenCount: 1, totalTokenCount: 5 } }, {}],
      1,
      4,
    ],
  ])("reads %s", (_, answer, prompt, completion) => {
    expect(readUsage(answer)).toEqual({ prompt, completion });
  });

  it("gives what an event of a stream tells alone", () => {
    expect(readUsage({ type: "message_delta", usage: { output_tokens: 15 } })).toEqual({ completion: 15 });
    expect(readUsage({ type: "message_start", message: { usage: { input_tokens: 25 } } })).toEqual({ prompt: 25 });
  });

  it.each([
    [undefined],
    [null],
    ["usage"],
    [[]],
    [[[[{ usage: { prompt_tokens: 1 } }]]]],
    [{ usage: null }],
    [{ usage: {} }],
    [{ usage: [] }],
    [{ usage: { prompt_tokens: "7" } }],
    [{ usage: { prompt_tokens: -1, completion_tokens: 1e300 } }],
    [JSON.parse('{"usage":{"prompt_tokens":1e999}}')],
    [{ usageMetadata: {} }],
  ])("reads nothing in %j", (answer) => {
    expect(readUsage(answer)).toBeUndefined();
  });
});
