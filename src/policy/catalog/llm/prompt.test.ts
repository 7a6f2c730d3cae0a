import { describe, expect, it } from "vitest";
import { everyText, readPrompt } from "./prompt.ts";

const text = (body: unknown, path = "/chat/completions") => readPrompt(body, path)?.messages.map((one) => one.text);

describe("readPrompt", () => {
  it("reads a chat: roles, parts, images, tool calls", () => {
    const prompt = readPrompt(
      {
        messages: [
          { role: "system", content: "Be brief." },
          {
            role: "user",
            content: [
              { type: "text", text: "What" },
              { type: "image_url", image_url: { url: "u" } },
              { type: "text", text: "is it?" },
            ],
          },
          { role: "assistant", content: null, tool_calls: [{ function: { name: "look", arguments: '{"at":"it"}' } }] },
          { role: "tool", content: "a cat" },
        ],
        tools: [{ type: "function", function: { name: "look" } }],
      },
      "/chat/completions",
    );
    expect(prompt).toEqual({
      kind: "chat-completion",
      messages: [
        { role: "system", text: "Be brief.", images: 0 },
        { role: "user", text: "What\nis it?", images: 1 },
        { role: "assistant", text: '{"at":"it"}', images: 0 },
        { role: "tool", text: "a cat", images: 0 },
      ],
      tools: '[{"type":"function","function":{"name":"look"}}]',
      tokens: 0,
      stream: false,
    });
  });

  it("reads Anthropic Messages", () => {
    const prompt = readPrompt(
      {
        system: [{ type: "text", text: "Be brief." }],
        messages: [
          { role: "user", content: "hi" },
          { role: "assistant", content: [{ type: "tool_use", name: "look", input: { at: "it" } }] },
          {
            role: "user",
            content: [
              {
                type: "tool_result",
                content: [
                  { type: "text", text: "a cat" },
                  { type: "image", source: {} },
                ],
              },
            ],
          },
        ],
        stream: true,
      },
      "/v1/messages",
    );
    expect(prompt?.messages).toEqual([
      { role: "system", text: "Be brief.", images: 0 },
      { role: "user", text: "hi", images: 0 },
      { role: "assistant", text: '{"at":"it"}', images: 0 },
      { role: "user", text: "a cat", images: 1 },
    ]);
    expect(prompt?.stream).toBe(true);
  });

  it("reads Vertex AI, the model's role being the assistant's", () => {
    const body = {
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "hi" }, { inlineData: { data: "" } }] },
        { role: "model", parts: [{ text: "hello" }] },
      ],
    };
    expect(readPrompt(body, "/gemini:generateContent")?.messages).toEqual([
      { role: "system", text: "Be brief.", images: 0 },
      { role: "user", text: "hi", images: 1 },
      { role: "assistant", text: "hello", images: 0 },
    ]);
    expect(readPrompt(body, "/gemini:generateContent")?.stream).toBe(false);
    expect(readPrompt(body, "/gemini:streamGenerateContent")?.stream).toBe(true);
  });

  it("reads OpenAI Responses", () => {
    expect(text({ instructions: "Be brief.", input: "hi" }, "/responses")).toEqual(["Be brief.", "hi"]);
    const input = [
      { role: "user", content: [{ type: "input_text", text: "hi" }] },
      { type: "function_call_output", output: "a cat" },
    ];
    expect(text({ input }, "/responses")).toEqual(["hi", "a cat"]);
  });

  it("reads completions and embeddings, texts and tokens", () => {
    expect(readPrompt({ prompt: ["a", "b"] }, "/completions")).toMatchObject({ kind: "completion", tokens: 0 });
    expect(text({ prompt: "a" }, "/completions")).toEqual(["a"]);
    expect(readPrompt({ prompt: [1, 2, 3] }, "/completions")).toMatchObject({ messages: [], tokens: 3 });
    expect(readPrompt({ input: [[1, 2], [3]] }, "/x/embeddings")).toMatchObject({ kind: "embeddings", tokens: 3 });
    expect(text({ input: ["a", "b"] }, "/embeddings")).toEqual(["a", "b"]);
  });

  it("reads every field, so that none hides its text", () => {
    expect(text({ messages: [{ role: "user", content: "a" }], prompt: "b", input: "c", system: "d" })).toEqual([
      "d",
      "a",
      "b",
      "c",
    ]);
  });

  it("reads the fields of one kind where it is told which", () => {
    const body = { messages: [{ role: "user", content: "a" }], prompt: "b", input: "c" };
    const of = (type: "chat-completion" | "completion" | "embeddings") =>
      readPrompt(body, "/", type)?.messages.map((one) => one.text);
    expect([of("chat-completion"), of("completion"), of("embeddings")]).toEqual([["a"], ["b"], ["c"]]);
  });

  it.each([[undefined], [null], ["text"], [[]], [{}], [{ messages: [] }], [{ messages: "x" }], [{ prompt: 7 }]])(
    "finds no prompt in %j",
    (body) => {
      expect(readPrompt(body, "/chat/completions")).toBeUndefined();
    },
  );

  it("survives bodies that are nested deeply or of odd types", () => {
    let content: unknown = "deep";
    for (let i = 0; i < 50_000; i++) content = [content];
    expect(text({ messages: [{ role: 7, content }, null, 7, "plain"] })).toEqual(["", "", "", "plain"]);
    let tools: unknown = {};
    for (let i = 0; i < 500_000; i++) tools = { tools };
    expect(() => readPrompt({ messages: [{ content: "a" }], tools }, "/")).not.toThrow();
  });
});

describe("everyText", () => {
  it("gathers every text in order, as far as it is told", () => {
    const body = { a: "one", b: [{ c: "two" }, 3, null, "four"], d: { e: "five" } };
    expect(everyText(body, 1000)).toBe("one\ntwo\nfour\nfive");
    expect(everyText(body, 5)).toBe("one\ntwo");
  });
});
