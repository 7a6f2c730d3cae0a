import { describe, expect, it } from "vitest";
import { Body, type BodySink } from "../exchange/body.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { jsonResponse, llmApi } from "../testing/llm.ts";
import { compileXml } from "../testing/run-policy.ts";

const chat = (text: string, more: object = {}) => ({ messages: [{ role: "user", content: text }], ...more });
const used = (prompt: number, completion: number) =>
  jsonResponse({ usage: { prompt_tokens: prompt, completion_tokens: completion } });

/** A stream of events that a test delivers by hand, as the backend sends it. */
function stream() {
  let sink: BodySink | undefined;
  const source = { start: (started: BodySink) => void (sink = started), resume() {}, cancel() {} };
  const headers = new HeaderList(["Content-Type", "text/event-stream"]);
  const event = (data: object) => sink?.write(Buffer.from(`data: ${JSON.stringify(data)}\n\n`));
  return {
    response: new ResponseMessage(200, "", headers, Body.stream(source)),
    word: (content: string) => event({ choices: [{ delta: { content } }] }),
    usage: (prompt_tokens: number, completion_tokens: number) =>
      event({ choices: [], usage: { prompt_tokens, completion_tokens } }),
    end: () => sink?.end(),
    fail: () => sink?.fail(new Error("lost")),
  };
}

/** Takes the body as a listener does; gives the source, to be cancelled. */
function listen(response: ResponseMessage) {
  const { source } = response.body.take();
  source?.start({ write: () => true, end() {}, fail() {} });
  return source;
}

const LIMIT =
  '<llm-token-limit counter-key="k" tokens-per-minute="100" remaining-tokens-header-name="left" tokens-consumed-header-name="used" />';

describe.each(["llm-token-limit", "azure-openai-token-limit"])("%s", (name) => {
  it("charges what the answer says and tells it", async () => {
    const { call, ask } = llmApi(LIMIT.replace("llm-token-limit", name));
    const response = await call(chat("hi"), used(60, 50));
    expect([response.headers.get("left"), response.headers.get("used")]).toEqual(["0", "110"]);
    await expect(ask(chat("hi"))).rejects.toMatchObject({ status: 429, headers: ["Retry-After", "60"] });
  });
});

describe("llm-token-limit", () => {
  it("shares keys with the other family, and charges a call once", async () => {
    const other = LIMIT.replace("llm-", "azure-openai-").replace('"left"', '"left2"');
    const { call } = llmApi(LIMIT + other);
    const response = await call(chat("hi"), used(10, 5));
    expect([response.headers.get("left"), response.headers.get("left2")]).toEqual(["85", "85"]);
  });

  it("tells what is left before the answer, less the estimate", async () => {
    const policy =
      '<llm-token-limit counter-key="k" tokens-per-minute="100" token-quota="5000000000" token-quota-period="Daily" estimate-prompt-tokens="true" remaining-tokens-variable-name="left" remaining-quota-tokens-variable-name="quota" tokens-consumed-variable-name="used" />';
    const { ask } = llmApi(policy);
    const x = await ask(chat("hello world"));
    // Two words, three tokens around the message and three before the reply.
    expect(x.variables.get("used")).toBe(8);
    expect(x.variables.get("left")).toBe(92);
    expect(x.variables.get("quota")).toBe(4_999_999_992n);
  });

  it("sets the variable for the wait, and no header of the answer when it refuses", async () => {
    const { ask, call, services } = llmApi(
      '<llm-token-limit counter-key="k" tokens-per-minute="1" retry-after-variable-name="wait" retry-after-header-name="X-Wait" />',
    );
    await call(chat("hi"), used(1, 0));
    services.clock.time += 500;
    await expect(ask(chat("hi"))).rejects.toMatchObject({ headers: ["X-Wait", "60"], reason: "TokenLimitExceeded" });
  });

  it("charges a stream at its end by its usage", async () => {
    const { call, ask } = llmApi(LIMIT);
    const backend = stream();
    const response = await call(chat("hi", { stream: true }), backend.response);
    expect(response.headers.has("used")).toBe(false);
    listen(response);
    backend.word("hello");
    expect((await ask(chat("hi"))).lastError).toBeNull();
    backend.usage(70, 30);
    backend.end();
    await expect(ask(chat("hi"))).rejects.toMatchObject({ status: 429 });
  });

  it.each(["end", "fail", "cancel"] as const)("charges a stream without usage by an estimate (%s)", async (how) => {
    const { call, ask } = llmApi(LIMIT);
    const backend = stream();
    const response = await call(chat("hi", { stream: true }), backend.response);
    const source = listen(response);
    for (let i = 0; i < 120; i++) backend.word(" word");
    if (how === "cancel") source?.cancel();
    else backend[how]();
    await expect(ask(chat("hi"))).rejects.toMatchObject({ status: 429 });
  });

  it("charges the prompt of a stream that nobody listened to", async () => {
    const { ask, answer, services } = llmApi(LIMIT);
    const x = await ask(chat("hello world", { stream: true }));
    const response = await answer(x, stream().response);
    response.body.discard();
    await Promise.resolve();
    expect(x.facts.tokens).toEqual({ prompt: 8, completion: 0 });
    expect((await services.counters.slide("llm-tokens:k", 100, 60_000, 0)).count).toBe(8);
  });

  it("tells nobody about a stream that is none of a model", async () => {
    const { ask, answer } = llmApi(LIMIT);
    const x = await ask({ jsonrpc: "2.0", method: "tools/call" });
    const headers = new HeaderList(["Content-Type", "text/event-stream"]);
    await answer(x, new ResponseMessage(200, "", headers, Body.text('data: {"result":1}\n\n')));
    expect(x.facts.tokens).toBeUndefined();
  });

  it("takes what Anthropic counted before a stream broke off for the least", async () => {
    const { ask, answer } = llmApi(LIMIT);
    const x = await ask({ stream: true, messages: [{ role: "user", content: "hi" }] }, { path: "/messages" });
    const backend = stream();
    const response = await answer(x, backend.response);
    listen(response);
    backend.usage(25, 1);
    for (let i = 0; i < 10; i++) backend.word(" word");
    backend.fail();
    expect(x.facts.tokens).toEqual({ prompt: 25, completion: 10 });
  });

  it("estimates what an answer does not tell", async () => {
    const { ask, answer } = llmApi(LIMIT);
    const x = await ask(chat("hello world"));
    await answer(x, jsonResponse({ choices: [{ message: { content: "hello world" } }] }));
    expect(x.facts.tokens).toEqual({ prompt: 8, completion: 2 });
  });

  it("does not keep an answer that is larger than memory allows, and charges the prompt", async () => {
    const { ask, answer, services } = llmApi(LIMIT);
    services.limits.bodyBytes = 100;
    const x = await ask(chat("hello world"));
    let sink: BodySink | undefined;
    const source = { start: (started: BodySink) => void (sink = started), resume() {}, cancel() {} };
    const large = new ResponseMessage(
      200,
      "",
      new HeaderList(["Content-Type", "application/json"]),
      Body.stream(source),
    );
    const answering = answer(x, large);
    await new Promise((resolve) => setImmediate(resolve));
    sink?.write(Buffer.from(`{"data":"${"x".repeat(200)}`));
    const response = await answering;
    expect(response.body.source).toBeDefined();
    expect(x.facts.tokens).toEqual({ prompt: 8, completion: 0 });
  });

  it("charges nothing for errors, cached answers and what is no model's answer", async () => {
    const { call, ask, answer } = llmApi(LIMIT);
    expect((await call(chat("hi"), jsonResponse({ usage: { prompt_tokens: 500 } }, 400))).headers.get("left")).toBe(
      "100",
    );
    const cached = await ask(chat("hi"));
    cached.fromCache = true;
    cached.response = used(500, 500);
    expect((await answer(cached, used(500, 500))).headers.get("left")).toBe("100");
    expect((await call("no json", jsonResponse({ hello: 1 }))).headers.get("left")).toBe("100");
  });

  it("says what is wrong with a document", () => {
    const findings = (attributes: string) =>
      compileXml(`<llm-token-limit counter-key="k" ${attributes} />`).diagnostics.map((d) => [
        d.severity,
        d.code,
        d.column,
      ]);
    expect(findings('tokens-per-minute="5"')).toEqual([]);
    expect(findings('token-quota="5" token-quota-period="Hourly"')).toEqual([]);
    expect(findings("")).toEqual([["error", "invalid-policy", 10]]);
    expect(findings('token-quota="5"')).toEqual([["warning", "invalid-policy", 10]]);
    expect(findings('tokens-per-minute="5" token-quota-period="Hourly"')).toEqual([["warning", "invalid-policy", 10]]);
    expect(findings('tokens-per-minute="5" estimate-prompt-token="true"')[0]?.[1]).toBe("unknown-attribute");
    expect(findings('tokens-per-minute="-1"')[0]?.[1]).toBe("invalid-value");
    expect(findings('tokens-per-minute="5" remaining-tokens-header-name="@(1)"')[0]?.[1]).toBe(
      "expression-not-allowed",
    );
  });
});
