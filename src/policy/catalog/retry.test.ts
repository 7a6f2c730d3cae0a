import { describe, expect, it } from "vitest";
import { BackendError, ClientGoneError } from "../exchange/errors.ts";
import { Exchange } from "../exchange/exchange.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { parseUrl, type UrlParts } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

/** Answers with these statuses in turn (the last one from then on); 0: no connection. */
function backend(...statuses: number[]) {
  const services = testServices((request) => {
    const status = statuses[Math.min(services.sent.indexOf(request), statuses.length - 1)] ?? 200;
    if (status === 0) throw new BackendError("connection", `refused ${services.sent.length}`);
    return new ResponseMessage(status);
  });
  const x = testExchange({ services });
  x.section = "backend";
  x.backend = { kind: "url", base: parseUrl("http://backend.upstream") as UrlParts };
  return { x, sent: services.sent, sleeps: services.clock.sleeps, services };
}

const retry = (attributes: string, inside = "<forward-request />") => `<retry ${attributes}>${inside}</retry>`;
const failed = `condition='@(context.Response == null || context.Response.StatusCode >= 500)'`;
const always = 'condition="true"';

async function sleepsOf(attributes: string): Promise<number[]> {
  const { x, sleeps } = backend(503);
  await runXml(retry(`${always} ${attributes}`), x);
  return sleeps;
}

describe("retry", () => {
  it("runs once where the condition is false", async () => {
    const { x, sent, sleeps } = backend(200);
    await runXml(retry(`${failed} count="3" interval="1"`), x);
    expect(sent).toHaveLength(1);
    expect(sleeps).toEqual([]);
  });

  it("runs again while the condition is true", async () => {
    const { x, sent, sleeps } = backend(503, 500, 200);
    await runXml(retry(`${failed} count="5" interval="2"`), x);
    expect(sent).toHaveLength(3);
    expect(sleeps).toEqual([2000, 2000]);
    expect(x.response?.status).toBe(200);
  });

  it("makes count retries and keeps the last response", async () => {
    const { x, sent } = backend(500, 501, 502, 503, 504);
    await runXml(retry(`${failed} count="3" interval="0"`), x);
    expect(sent).toHaveLength(4);
    expect(x.response?.status).toBe(503);
  });

  it("retries failures, the response being null then", async () => {
    const { x, sent } = backend(0, 0, 200);
    await runXml(retry(`${failed} count="3" interval="0"`), x);
    expect(sent).toHaveLength(3);
    expect(x.response?.status).toBe(200);
    expect(x.lastError).toBeNull();
  });

  it("raises the last failure when retries are used up, or not wanted", async () => {
    const { x, sent } = backend(0);
    await expect(runXml(retry(`${failed} count="2" interval="0"`), x)).rejects.toMatchObject({
      reason: "BackendConnectionFailure",
      message: "refused 3",
    });
    expect(sent).toHaveLength(3);
    const unwanted = backend(0);
    await expect(runXml(retry('condition="false" count="2" interval="0"'), unwanted.x)).rejects.toThrow("refused 1");
  });

  it("raises the child's failure where the condition cannot be evaluated because of it", async () => {
    const { x } = backend(0);
    const condition = "condition='@(context.Response.StatusCode == 503)'";
    await expect(runXml(retry(`${condition} count="2" interval="0"`), x)).rejects.toThrow("refused 1");
  });

  it("raises the condition's own failure otherwise", async () => {
    const { x } = backend(200);
    const condition = `condition='@{ throw new Exception("bad condition"); }'`;
    await expect(runXml(retry(`${condition} count="2" interval="0"`), x)).rejects.toThrow("bad condition");
  });

  it("stops when a child ends the exchange", async () => {
    const { x, sent } = backend(503);
    await runXml(
      retry(
        `${always} count="3" interval="0"`,
        '<forward-request /><return-response><set-status code="204" /></return-response>',
      ),
      x,
    );
    expect(sent).toHaveLength(1);
    expect(x.response?.status).toBe(204);
    expect(x.ended).toBe(true);
  });

  it("runs policies that need no backend", async () => {
    const x = testExchange();
    await runXml(
      `<retry condition='@((int)context.Variables["n"] &lt; 3)' count="9" interval="0"><set-variable name="n" value='@(context.Variables.GetValueOrDefault("n", 0) + 1)' /></retry>`,
      x,
    );
    expect(x.variables.get("n")).toBe(3);
  });

  it("gives up when the client has gone", async () => {
    const abort = new AbortController();
    const { services, sent } = backend(503);
    Object.assign(services.clock, {
      async sleep(_ms: number, signal?: AbortSignal) {
        abort.abort();
        signal?.throwIfAborted();
      },
    });
    const plain = testExchange({ services });
    const x = new Exchange({
      services,
      id: plain.id,
      startedAt: 0,
      client: plain.client,
      originalUrl: plain.originalUrl,
      request: plain.request,
      aborts: { signal: abort.signal },
    });
    x.section = "backend";
    x.backend = { kind: "url", base: plain.request.base };
    await expect(runXml(retry(`${always} count="3" interval="5"`), x)).rejects.toBeInstanceOf(ClientGoneError);
    expect(sent).toHaveLength(1);
  });
});

describe("the wait before a retry", () => {
  it.each([
    ['count="3" interval="10"', [10, 10, 10]],
    ['count="3" interval="0"', []],
    ['count="4" interval="10" delta="5"', [10, 15, 20, 25]],
    ['count="3" interval="10" max-interval="4"', [4, 4, 4]],
    // With the random number 0.5 the spread is exactly delta: the documentation's example.
    ['count="5" interval="10" max-interval="100" delta="10"', [10, 20, 40, 80, 100]],
    ['count="3" interval="10" first-fast-retry="true"', [10, 10]],
    ['count="3" interval="10" delta="5" first-fast-retry="true"', [15, 20]],
    [`count="@(1 + 1)" interval="@(1 + 2)" first-fast-retry="@(1 == 2)"`, [3, 3]],
  ])("%s", async (attributes, seconds) => {
    expect(await sleepsOf(attributes)).toEqual(seconds.map((s) => s * 1000));
  });

  it("spreads between 0.8 and 1.2 of delta", async () => {
    for (const [random, second] of [
      [0, 18],
      [0.9999999, 22],
    ] as const) {
      const { x, sleeps, services } = backend(503);
      services.random = () => random;
      await runXml(retry(`${always} count="2" interval="10" max-interval="100" delta="10"`), x);
      expect(sleeps[1]).toBeCloseTo(second * 1000, -1);
    }
  });

  it("can follow the response", async () => {
    const { x, sleeps } = backend(503, 501, 200);
    await runXml(retry(`${failed} count="3" interval='@(context.Response.StatusCode - 500)'`), x);
    expect(sleeps).toEqual([3000, 1000]);
  });

  it("fits a timer, and an expression's count has the same bound as a literal", async () => {
    const { x, sent, sleeps } = backend(503);
    await runXml(retry(`${always} count='@(1000 * 1000)' interval="2147483647"`), x);
    expect(sent).toHaveLength(51);
    expect(new Set(sleeps)).toEqual(new Set([2_147_483_647]));
  });
});

it.each([
  ['count="0" interval="1" condition="true"', "invalid-value"],
  ['count="51" interval="1" condition="true"', "invalid-value"],
  ['count="1" interval="-1" condition="true"', "invalid-value"],
  ['count="1" interval="1" delta="0" condition="true"', "invalid-value"],
  ['count="1" interval="1" max-interval="0" condition="true"', "invalid-value"],
  ['count="1" interval="1"', "missing-attribute"],
])("%s: %s", (attributes, code) => {
  expect(compileXml(`<retry ${attributes} />`).diagnostics.map((d) => d.code)).toEqual([code]);
});
