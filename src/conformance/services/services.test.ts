import { describe, expect, it } from "vitest";
import { ContentSafetyService } from "./content-safety.ts";
import { embedding } from "./embedding.ts";
import { OpenAiService } from "./openai.ts";
import type { Service } from "./service.ts";

function post(service: Service, url: string, body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return service.answer({ upstream: "ai", method: "POST", url, headers: {}, lines: {}, body: text });
}

function posted(service: Service, url: string, body: unknown) {
  const answer = post(service, url, body);
  return { status: answer?.status, json: JSON.parse(answer?.chunks.join("") ?? "null") as Record<string, unknown> };
}

/** The events of an answer, parsed; `[DONE]` stays. */
function streamed(service: Service, url: string, body: unknown): unknown[] {
  return (post(service, url, body)?.chunks ?? []).map((chunk) => {
    const data = /^data: (.*)$/m.exec(chunk)?.[1] ?? "";
    return data.startsWith("{") ? JSON.parse(data) : data;
  });
}

const chat = (content: unknown, more: object = {}) => ({ messages: [{ role: "user", content }], ...more });

describe("OpenAiService", () => {
  it("echoes the last message of the user, a word being a token", () => {
    const service = new OpenAiService();
    const messages = [
      { role: "system", content: "Be very brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "one two" },
          { type: "text", text: "three" },
        ],
      },
    ];
    expect(posted(service, "/openai/deployments/m/chat/completions?api-version=1", { messages })).toMatchObject({
      status: 200,
      json: {
        id: "chatcmpl-1",
        choices: [{ message: { role: "assistant", content: "echo: one two three" } }],
        usage: { prompt_tokens: 6, completion_tokens: 4, total_tokens: 10 },
      },
    });
    expect(posted(service, "/v1/chat/completions", chat("hi")).json.id).toBe("chatcmpl-2");
  });

  it("says no more than it may", () => {
    const { json } = posted(new OpenAiService(), "/chat/completions", chat("one two three", { max_tokens: 2 }));
    expect(json).toMatchObject({ choices: [{ message: { content: "echo: one" } }], usage: { completion_tokens: 2 } });
  });

  it("streams word by word, with usage where it is asked for", () => {
    const events = streamed(new OpenAiService(), "/chat/completions", chat("one two", { stream: true }));
    const deltas = events.flatMap((event) => (event as { choices?: { delta: { content?: string } }[] }).choices ?? []);
    expect(deltas.map(({ delta }) => delta.content)).toEqual(["", "echo:", " one", " two", undefined]);
    expect(events.at(-1)).toBe("[DONE]");
    expect(JSON.stringify(events)).not.toContain("usage");
    const asked = chat("one two", { stream: true, stream_options: { include_usage: true } });
    expect(streamed(new OpenAiService(), "/chat/completions", asked).at(-2)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 2, completion_tokens: 3 },
    });
  });

  it("completes, responds and embeds", () => {
    const service = new OpenAiService();
    expect(posted(service, "/completions", { prompt: "one" }).json).toMatchObject({
      choices: [{ text: "echo: one" }],
      usage: { total_tokens: 3 },
    });
    expect(posted(service, "/responses", { input: "one", instructions: "Be brief." }).json).toMatchObject({
      output: [{ content: [{ text: "echo: one" }] }],
      usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
    });
    const events = streamed(service, "/responses", { input: "one", stream: true }) as { type: string }[];
    expect(events.map(({ type }) => type)).toEqual([
      "response.created",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.done",
      "response.completed",
    ]);
    const { json } = posted(service, "/embeddings", { input: ["a b", "c"], dimensions: 8 });
    expect(json).toMatchObject({ usage: { prompt_tokens: 3 } });
    expect((json.data as { embedding: number[] }[]).map((one) => one.embedding.length)).toEqual([8, 8]);
  });

  it("refuses what is no request, and leaves other paths to the echo", () => {
    expect(post(new OpenAiService(), "/chat/completions", "{")?.status).toBe(400);
    expect(post(new OpenAiService(), "/chat/completions", {})?.status).toBe(400);
    expect(post(new OpenAiService(), "/models", {})).toBeUndefined();
  });
});

describe("embedding", () => {
  const distance = (a: string, b: string) => {
    const other = embedding(b);
    return 1 - embedding(a).reduce((sum, number, i) => sum + number * (other[i] as number), 0);
  };

  it("is near for texts that share words, whatever their case and punctuation", () => {
    expect(distance("What is THE capital?", "what is the capital")).toBeCloseTo(0, 10);
    const near = distance("what is the capital of france", "what is the capital city of france");
    const far = distance("what is the capital of france", "tell me a joke about cats");
    expect(near).toBeLessThan(0.3);
    expect(far).toBeGreaterThan(0.7);
  });

  it("has length 1, also for no words at all", () => {
    for (const text of ["", "!", "one", "one two three"]) expect(Math.hypot(...embedding(text))).toBeCloseTo(1, 10);
  });
});

describe("ContentSafetyService", () => {
  const analyze = (body: object) =>
    posted(new ContentSafetyService(), "/contentsafety/text:analyze?api-version=1", body);

  it("judges by words, in four or eight severities", () => {
    const text = "violence5 and hate2";
    expect(analyze({ text }).json.categoriesAnalysis).toEqual([
      { category: "Hate", severity: 2 },
      { category: "SelfHarm", severity: 0 },
      { category: "Sexual", severity: 0 },
      { category: "Violence", severity: 4 },
    ]);
    const eight = { text, categories: ["Violence"], outputType: "EightSeverityLevels" };
    expect(analyze(eight).json.categoriesAnalysis).toEqual([{ category: "Violence", severity: 5 }]);
  });

  it("looks into the blocklists that are named", () => {
    const body = { text: "say blocked-a", blocklistNames: ["a", "b"] };
    expect(analyze(body).json.blocklistsMatch).toMatchObject([{ blocklistName: "a" }]);
    expect(analyze({ text: "say blocked-a" }).json.blocklistsMatch).toEqual([]);
  });

  it("detects attacks", () => {
    const shield = (userPrompt: string) =>
      posted(new ContentSafetyService(), "/contentsafety/text:shieldPrompt?api-version=1", { userPrompt }).json;
    expect(shield("an attack")).toMatchObject({ userPromptAnalysis: { attackDetected: true } });
    expect(shield("attacks")).toMatchObject({ userPromptAnalysis: { attackDetected: false } });
  });

  it("refuses what the service refuses, and leaves other paths to the echo", () => {
    expect(analyze({ text: "x".repeat(10_001) }).status).toBe(400);
    expect(analyze({}).status).toBe(400);
    expect(post(new ContentSafetyService(), "/contentsafety/text:analyze", { text: "x" })).toBeUndefined();
  });
});
