import { describe, expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import { BackendError } from "../exchange/errors.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { type Asked, jsonResponse, llmApi } from "../testing/llm.ts";
import { compileXml } from "../testing/run-policy.ts";

const chat = (text: string) => ({ messages: [{ role: "user", content: text }] });
const HATE = '<categories><category name="Hate" threshold="4" /></categories>';
const policy = (inner = HATE, attributes = "") =>
  `<llm-content-safety backend-id="safety" ${attributes}>${inner}</llm-content-safety>`;

/** Hate of the severity that the text says; an attack where it says so. */
function judge({ url, content }: Asked): ResponseMessage {
  const { text = "", userPrompt = "" } = content as { text?: string; userPrompt?: string };
  if (url.includes("shieldPrompt")) {
    return jsonResponse({ userPromptAnalysis: { attackDetected: userPrompt.includes("attack") } });
  }
  const severity = Number(/hate(\d)/.exec(text)?.[1] ?? 0);
  const match = text.includes("listed") ? [{ blocklistName: "b" }] : [];
  return jsonResponse({ categoriesAnalysis: [{ category: "Hate", severity }], blocklistsMatch: match });
}

const api = (inbound: string, options: { outbound?: string; service?: (asked: Asked) => ResponseMessage } = {}) =>
  llmApi(inbound, { service: judge, ...options });
const REFUSED = { status: 403, message: "Request failed content safety check." };

describe("llm-content-safety", () => {
  it("refuses at and above the threshold", async () => {
    const { ask } = api(policy());
    await ask(chat("hate3"));
    await expect(ask(chat("hate4"))).rejects.toMatchObject(REFUSED);
    await expect(ask(chat("hate7"))).rejects.toMatchObject(REFUSED);
  });

  it("asks only for what it is to check", async () => {
    const analyzed = api(policy('<blocklists><id>b</id><id>@("c")</id></blocklists>'));
    await analyzed.ask(chat("hello"));
    expect(analyzed.asked.map(({ url, content }) => [url, content])).toEqual([
      [
        "https://safety.test/base/contentsafety/text:analyze?api-version=2024-09-01",
        { text: "hello", blocklistNames: ["b", "c"], haltOnBlocklistHit: false },
      ],
    ]);
    const shielded = api(policy("", 'shield-prompt="true"'));
    await shielded.ask(chat("hello"));
    expect(shielded.asked.map(({ url, content }) => [url, content])).toEqual([
      [
        "https://safety.test/base/contentsafety/text:shieldPrompt?api-version=2024-09-01",
        { userPrompt: "hello", documents: [] },
      ],
    ]);
    const nothing = api(policy(""));
    await nothing.ask(chat("hate7 attack listed"));
    expect(nothing.asked).toEqual([]);
  });

  it("refuses attacks and what is listed", async () => {
    await expect(api(policy("", 'shield-prompt="true"')).ask(chat("attack"))).rejects.toMatchObject(REFUSED);
    await expect(api(policy("<blocklists><id>b</id></blocklists>")).ask(chat("listed"))).rejects.toMatchObject(REFUSED);
  });

  it("refuses what is longer than the service takes, without asking it", async () => {
    const { ask, asked } = api(policy());
    await expect(ask(chat("x".repeat(10_001)))).rejects.toMatchObject(REFUSED);
    expect(asked).toEqual([]);
    await ask(chat("x".repeat(10_000)));
  });

  it.each([
    ["a status", () => jsonResponse({ categoriesAnalysis: [{ category: "Hate", severity: 0 }] }, 500)],
    ["no JSON", () => new ResponseMessage(200, "", new HeaderList(), Body.text("fine"))],
    ["a JSON text", () => jsonResponse("fine")],
    ["another category", () => jsonResponse({ categoriesAnalysis: [{ category: "Sexual", severity: 0 }] })],
    ["no severity", () => jsonResponse({ categoriesAnalysis: [{ category: "Hate", severity: "0" }] })],
    ["no verdict", () => jsonResponse({})],
    [
      "no connection",
      () => {
        throw new BackendError("connection", "refused");
      },
    ],
  ])("lets nothing through where the service gives %s", async (_, service) => {
    const { ask } = api(policy(), { service });
    await expect(ask(chat("hello"))).rejects.toMatchObject({ status: 500, publicMessage: "Internal server error" });
  });

  it("lets nothing through where the shield gives no verdict", async () => {
    const { ask } = api(policy("", 'shield-prompt="true"'), {
      service: () => jsonResponse({ userPromptAnalysis: {} }),
    });
    await expect(ask(chat("hello"))).rejects.toMatchObject({ status: 500 });
  });

  it("tells the backend's breaker how it went, once", async () => {
    const good = api(policy());
    await good.ask(chat("hello"));
    expect(good.asked[0]?.reports).toEqual([{ status: 200, retryAfterMs: undefined }]);
    const bad = api(policy(), {
      service: () => new ResponseMessage(503, "", new HeaderList(["Retry-After", "7"])),
    });
    await bad.ask(chat("hello")).catch(() => {});
    expect(bad.asked[0]?.reports).toEqual([{ status: 503, retryAfterMs: 7000 }]);
    const gone = api(policy(), {
      service: () => {
        throw new BackendError("timeout", "late");
      },
    });
    await gone.ask(chat("hello")).catch(() => {});
    expect(gone.asked[0]?.reports).toEqual([{ reason: "Timeout" }]);
  });

  it("checks the completion as well where inbound says so, in this policy's name", async () => {
    const { call } = api(policy(HATE, 'enforce-on-completions="true"'));
    const answer = (content: string) => jsonResponse({ choices: [{ message: { content } }] });
    expect((await call(chat("hi"), answer("hate3"))).status).toBe(200);
    await expect(call(chat("hi"), answer("hate4"))).rejects.toMatchObject({ ...REFUSED, source: "llm-content-safety" });
    expect((await call(chat("hi"), jsonResponse({ error: "hate7" }, 400))).status).toBe(400);
  });

  it("checks completions in outbound, whatever they look like", async () => {
    const { call, asked } = api("", { outbound: policy(HATE, 'shield-prompt="true"') });
    await expect(call(chat("hi"), jsonResponse({ odd: { deep: ["hate6"] } }))).rejects.toMatchObject(REFUSED);
    const plain = new ResponseMessage(200, "", new HeaderList(["Content-Type", "text/plain"]), Body.text("hate6"));
    await expect(call(chat("hi"), plain)).rejects.toMatchObject(REFUSED);
    const image = new ResponseMessage(200, "", new HeaderList(["Content-Type", "image/png"]), Body.text("hate6"));
    expect((await call(chat("hi"), image)).status).toBe(200);
    expect(asked.every(({ url }) => url.includes("text:analyze"))).toBe(true);
  });

  it("checks a long completion in windows that overlap", async () => {
    const { call, asked } = api("", { outbound: policy(HATE, 'window-size="10" window-overlap-size="3"') });
    await call(chat("hi"), jsonResponse({ choices: [{ text: "0123456789abcdefghij" }] }));
    expect(asked.map(({ content }) => (content as { text: string }).text)).toEqual([
      "0123456789",
      "789abcdefg",
      "efghij",
    ]);
  });

  it("keeps windows within what the service takes, whatever an expression says", async () => {
    const { call, asked } = api("", {
      outbound: policy(HATE, 'window-size="@(20000)" window-overlap-size="@(99999)"'),
    });
    await call(chat("hi"), jsonResponse({ choices: [{ text: "x".repeat(10_001) }] }));
    expect(asked.map(({ content }) => (content as { text: string }).text.length)).toEqual([10_000, 10_000]);
  });

  it("says what is wrong with a document", () => {
    const findings = (inner: string, attributes = "", section: "inbound" | "backend" = "inbound") =>
      compileXml(policy(inner, attributes), section).diagnostics.map((d) => `${d.severity} ${d.code}`);
    expect(findings(HATE)).toEqual([]);
    expect(findings(`<blocklists><id>b</id></blocklists>${HATE}`)).toEqual([]);
    expect(findings("")).toEqual(["warning invalid-policy"]);
    expect(findings("", 'shield-prompt="true"')).toEqual([]);
    expect(findings("<categories />")).toEqual(["error missing-element"]);
    expect(findings("<blocklists />")).toEqual(["error missing-element"]);
    expect(findings(HATE + HATE)).toEqual(["error element-repeated"]);
    expect(findings('<categories><category name="Hate" threshold="9" /></categories>')).toEqual([
      "error invalid-value",
    ]);
    expect(findings(HATE, 'window-size="10001"')).toEqual(["error invalid-value"]);
    expect(findings(HATE, "", "backend")).toEqual(["error policy-not-allowed-in-section"]);
  });
});
