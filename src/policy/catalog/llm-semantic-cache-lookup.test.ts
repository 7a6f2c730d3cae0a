import { describe, expect, it } from "vitest";
import { Body, type BodySink } from "../exchange/body.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { failingCache, throwingCache } from "../testing/cached-values.ts";
import { type Asked, jsonResponse, llmApi } from "../testing/llm.ts";
import { compileXml } from "../testing/run-policy.ts";

const chat = (text: string, more: object = {}) => ({ messages: [{ role: "user", content: text }], ...more });
const text = (response: ResponseMessage) => Buffer.from(response.body.buffered ?? []).toString();

/** Vectors by text: the number in it is an angle in degrees. */
function byAngle(asked: Asked): ResponseMessage {
  const { input } = asked.content as { input: string };
  const angle = (Number(/-?\d+/.exec(input)?.[0] ?? 0) * Math.PI) / 180;
  return jsonResponse({ data: [{ embedding: [Math.cos(angle) * 3, Math.sin(angle) * 3] }] });
}

function cached(
  attributes = 'score-threshold="0.05"',
  options: { inner?: string; store?: string; family?: string; service?: (asked: Asked) => ResponseMessage } = {},
) {
  const { inner = "", store = 'duration="60"', family = "llm", service = byAngle } = options;
  const api = llmApi(
    `<${family}-semantic-cache-lookup ${attributes} embeddings-backend-id="embeddings" embeddings-backend-auth="system-assigned">${inner}</${family}-semantic-cache-lookup>`,
    { outbound: `<${family}-semantic-cache-store ${store} />`, service },
  );
  let answers = 0;
  /** The number of the backend's answer that the caller gets. */
  const number = async (body: unknown, options?: Parameters<typeof api.ask>[1]) =>
    Number(text(await api.call(body, jsonResponse(++answers), options)));
  return { ...api, number };
}

describe.each(["llm", "azure-openai"])("%s-semantic-cache", (family) => {
  it("answers what is near, and asks the model for what is not", async () => {
    const { number } = cached(undefined, { family });
    expect(await number(chat("angle 0"))).toBe(1);
    // The distance of 15 degrees is 0.034, that of 25 is 0.094.
    expect(await number(chat("angle 15"))).toBe(1);
    expect(await number(chat("angle 25"))).toBe(3);
    expect(await number(chat("angle 10"))).toBe(1);
  });
});

describe("llm-semantic-cache", () => {
  it("posts the dialog to the embeddings API with the backend's credentials", async () => {
    const { ask, asked, services } = cached();
    await ask({
      messages: [
        { role: "system", content: "Be 7" },
        { role: "user", content: "hi" },
      ],
    });
    expect(asked).toEqual([
      {
        url: "https://embeddings.test/base/embeddings",
        content: { input: "Be 7\nhi", model: "text-embedding-3-small" },
        reports: [{ status: 200, retryAfterMs: undefined }],
      },
    ]);
    expect(services.sent[0]).toMatchObject({
      method: "POST",
      httpVersion: "1",
      headers: expect.arrayContaining(["api-key"]),
    });
  });

  it("marks the exchange for the engine, and leaves what outbound has behind the store to it", async () => {
    const { call, ask } = cached();
    await call(chat("1"), jsonResponse("first"));
    const x = await ask(chat("1"));
    expect(x.fromCache).toBe(true);
    expect(x.facts.cache).toBe("hit");
    expect(x.storePolicies).toContain("llm-semantic-cache-store");
    expect(x.storePolicies).toContain("azure-openai-semantic-cache-store");
  });

  it("takes no vector for the very same prompt", async () => {
    const { number, asked } = cached();
    await number(chat("1"));
    await number(chat("1"));
    expect(asked).toHaveLength(1);
  });

  it("keeps apart what differs in more than words", async () => {
    const { number, ask, answer } = cached(undefined, {
      inner: '<vary-by>@(context.Request.Headers.GetValueOrDefault("x", ""))</vary-by>',
    });
    expect(await number(chat("1"))).toBe(1);
    expect(await number(chat("1"), { headers: { x: "y" } })).toBe(2);
    expect(await number(chat("1", { model: "m" }))).toBe(3);
    expect(await number(chat("1", { stream: true }))).toBe(4);
    expect(await number(chat("1"), { path: "/deployments/other/chat/completions" })).toBe(5);
    expect(await number({ messages: [{ role: "assistant", content: "1" }] })).toBe(6);
    const x = await ask(chat("1", { user: "ann", metadata: { a: "b" } }));
    expect(text(await answer(x, jsonResponse(0)))).toBe("1");
  });

  it("ignores system messages where it is told to, and counts messages without them", async () => {
    const system = (content: string) => ({
      messages: [
        { role: "system", content },
        { role: "user", content: "1" },
      ],
    });
    const ignoring = cached('score-threshold="0.05" ignore-system-messages="true" max-message-count="1"');
    expect(await ignoring.number(system("90"))).toBe(1);
    expect(await ignoring.number({ ...system("45"), system: "30" })).toBe(1);
    expect(
      await ignoring.number({
        messages: [
          { role: "developer", content: "x" },
          { role: "user", content: "1" },
        ],
      }),
    ).toBe(1);
    const heeding = cached();
    expect(await heeding.number(system("90"))).toBe(1);
    expect(await heeding.number(system("45"))).toBe(2);
  });

  it.each([
    ["dialogs that are too long", chat("1"), 'score-threshold="0.05" max-message-count="0"'],
    ["images", { messages: [{ content: [{ type: "text", text: "1" }, { type: "image_url" }] }] }, undefined],
    ["no text", chat(""), undefined],
    ["very much text", chat("1 ".repeat(20_000)), undefined],
    ["tokens", { prompt: [1, 2, 3] }, undefined],
    ["no prompt", { hello: 1 }, undefined],
    ["no JSON", "1", undefined],
  ])("passes by %s", async (_, body, attributes) => {
    const { number, asked } = cached(attributes);
    expect(await number(body)).toBe(1);
    expect(await number(body)).toBe(2);
    expect(asked).toEqual([]);
  });

  it("passes by embeddings", async () => {
    const { number } = cached();
    await number({ input: "1" }, { path: "/embeddings" });
    expect(await number({ input: "1" }, { path: "/embeddings" })).toBe(2);
  });

  it.each([
    ["a status", () => jsonResponse({}, 429)],
    ["no vector", () => jsonResponse({ data: [] })],
    ["texts", () => jsonResponse({ data: [{ embedding: ["1"] }] })],
    ["zeros", () => jsonResponse({ data: [{ embedding: [0, 0] }] })],
    ["an endless vector", () => jsonResponse({ data: [{ embedding: new Array(10_000).fill(1) }] })],
    [
      "no connection",
      () => {
        throw new Error("refused");
      },
    ],
  ])("does without a cache where the embeddings backend gives %s", async (_, service) => {
    const { number } = cached(undefined, { service });
    expect(await number(chat("1"))).toBe(1);
    expect(await number(chat("1"))).toBe(2);
  });

  it.each([failingCache, throwingCache])("does without a cache that fails", async (cache) => {
    const { number, services } = cached();
    Object.assign(services, { cache });
    expect(await number(chat("1"))).toBe(1);
    expect(await number(chat("1"))).toBe(2);
  });

  it("asks again when an answer has gone from the cache before its vector", async () => {
    const { number, services } = cached();
    await number(chat("1"));
    for (const [key, { value }] of services.cache.entries) {
      if (value?.constructor.name === "CachedResponse") services.cache.delete(key);
    }
    expect(await number(chat("2"))).toBe(2);
    expect(await number(chat("3"))).toBe(2);
  });

  it("keeps for as long as it is told, and only good answers", async () => {
    const { number, call, services } = cached(undefined, { store: 'duration="10"' });
    await call(chat("1"), jsonResponse("broken", 500));
    await call(chat("1"), jsonResponse("created", 201));
    expect(await number(chat("1"))).toBe(1);
    services.clock.time += 9999;
    expect(await number(chat("2"))).toBe(1);
    services.clock.time += 1;
    expect(await number(chat("1"))).toBe(3);
  });

  it("keeps nothing for no time or when told not to", async () => {
    for (const store of ['duration="0"', 'duration="60" cache-response="false"']) {
      const { number } = cached(undefined, { store });
      await number(chat("1"));
      expect(await number(chat("1"))).toBe(2);
    }
  });

  it("keeps a stream when it is complete, and not when it breaks off", async () => {
    const { ask, answer, call } = cached();
    const pushed = () => {
      let sink: BodySink | undefined;
      const source = { start: (started: BodySink) => void (sink = started), resume() {}, cancel() {} };
      const headers = new HeaderList(["Content-Type", "text/event-stream", "Set-Cookie", "a=b"]);
      return { response: new ResponseMessage(200, "", headers, Body.stream(source)), sink: () => sink as BodySink };
    };
    const take = (response: ResponseMessage) =>
      response.body.take().source?.start({ write: () => true, end() {}, fail() {} });
    const broken = pushed();
    take(await call(chat("1"), broken.response));
    broken.sink().write(Buffer.from("half"));
    broken.sink().fail(new Error("lost"));
    const whole = pushed();
    const x = await ask(chat("1"));
    expect(x.fromCache).toBe(false);
    take(await answer(x, whole.response));
    whole.sink().write(Buffer.from("who"));
    whole.sink().write(Buffer.from("le"));
    whole.sink().end();
    expect(x.facts.cache).toBe("stored");
    const hit = await call(chat("2"), jsonResponse(0));
    expect(text(hit)).toBe("whole");
    expect(hit.headers.get("content-type")).toBe("text/event-stream");
    expect(hit.headers.has("set-cookie")).toBe(false);
  });

  it("says what is wrong with a document", () => {
    const findings = (attributes: string) =>
      compileXml(`<llm-semantic-cache-lookup ${attributes} />`).diagnostics.map((d) => [
        d.severity,
        d.code,
        d.message.slice(0, 40),
      ]);
    const rest = 'embeddings-backend-id="e"';
    expect(findings(`score-threshold="0.05" ${rest}`)).toEqual([]);
    expect(findings(`score-threshold="0.8" ${rest}`)).toEqual([
      ["warning", "invalid-policy", "a score-threshold of 0.8 lets answers to"],
    ]);
    expect(findings(`score-threshold="0.05"`)[0]?.[1]).toBe("missing-attribute");
    expect(findings(`score-threshold="-1" ${rest}`)[0]?.[1]).toBe("invalid-value");
    expect(findings(`score-threshold="@(0.5)" ${rest}`)[0]?.[1]).toBe("expression-not-allowed");
    expect(findings(`score-threshold="0.05" ${rest} embeddings-backend-auth="user-assigned"`)[0]?.[1]).toBe(
      "invalid-value",
    );
  });
});
