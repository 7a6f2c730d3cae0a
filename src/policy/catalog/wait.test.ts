import { describe, expect, it } from "vitest";
import { Body, type BodySink, type BodySource } from "../exchange/body.ts";
import { BackendError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { ResponseMessage } from "../exchange/message.ts";
import type { OutgoingRequest } from "../exchange/services.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

/** Calls that the test answers by hand, by host name. */
function calls() {
  const open = new Map<string, { request: OutgoingRequest; answer(status: number): void; fail(error: Error): void }>();
  const services = testServices(
    (request) =>
      new Promise((resolve, reject) => {
        request.signal?.addEventListener("abort", () => reject(new BackendError("aborted", "cancelled")));
        open.set(request.url.host, {
          request,
          answer: (status) => resolve(new ResponseMessage(status)),
          fail: reject,
        });
      }),
  );
  const x = testExchange({ services });
  return { x, sent: services.sent, call: (host: string) => open.get(host) ?? expect.fail(`no call to ${host}`) };
}

const send = (host: string, more = "") =>
  `<send-request response-variable-name="${host}" ${more}><set-url>http://${host}/</set-url><set-method>GET</set-method></send-request>`;

const wait = (mode: string, ...children: string[]) => `<wait ${mode}>${children.join("")}</wait>`;

/** Lets everything that can run do so. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function statusOf(x: Exchange, variable: string): unknown {
  const held = x.variables.get(variable);
  return held instanceof ResponseMessage ? held.status : held;
}

describe("wait for all", () => {
  it("starts its children together and waits for every one", async () => {
    const { x, sent, call } = calls();
    let done = false;
    const running = runXml(wait('for="all"', send("a"), send("b")), x).then(() => {
      done = true;
    });
    await settled();
    expect(sent.map((request) => request.url.host)).toEqual(["a", "b"]);
    call("b").answer(202);
    await settled();
    expect(done).toBe(false);
    expect(statusOf(x, "b")).toBe(202);
    call("a").answer(201);
    await running;
    expect(statusOf(x, "a")).toBe(201);
  });

  it("is the default", async () => {
    const { x, call } = calls();
    const running = runXml(wait("", send("a"), send("b")), x);
    await settled();
    call("a").answer(200);
    call("b").answer(200);
    await running;
    expect(x.variables.size).toBe(2);
  });

  it("fails with its first failing child, and cancels the others", async () => {
    const { x, call } = calls();
    const running = runXml(wait('for="all"', send("a"), send("b")), x);
    await settled();
    call("b").fail(new BackendError("connection", "refused"));
    await expect(running).rejects.toThrow("refused");
    expect(call("a").request.signal?.aborted).toBe(true);
    expect(x.signal).toBeUndefined();
  });
});

describe("wait for any", () => {
  it("ends with the first child and cancels the others, which leave no trace", async () => {
    const { x, call } = calls();
    const running = runXml(wait('for="any"', send("a", 'ignore-error="true"'), send("b")), x);
    await settled();
    call("b").answer(200);
    await running;
    await settled();
    expect(call("a").request.signal?.aborted).toBe(true);
    expect([...x.variables.keys()]).toEqual(["b"]);
  });

  it("fails when the first to end fails", async () => {
    const { x, call } = calls();
    const running = runXml(wait('for="any"', send("a"), send("b")), x);
    await settled();
    call("a").fail(new BackendError("timeout", "late"));
    await expect(running).rejects.toMatchObject({ reason: "Timeout" });
  });

  it("does not mind a later failure", async () => {
    const { x, call } = calls();
    const running = runXml(wait(`for='@("an" + "y")'`, send("a"), send("b")), x);
    await settled();
    call("a").answer(200);
    await settled();
    call("b").fail(new BackendError("connection", "refused"));
    await running;
    expect(statusOf(x, "a")).toBe(200);
  });

  it("ends with a child that needs no time", async () => {
    const { x, call } = calls();
    const choose = '<choose><when condition="true"><set-variable name="quick" value="1" /></when></choose>';
    await runXml(wait('for="any"', send("a"), choose, send("b")), x);
    await settled();
    expect(x.variables.get("quick")).toBe("1");
    expect(call("a").request.signal?.aborted).toBe(true);
    expect(() => call("b")).toThrow();
  });
});

describe("a response that streams when wait ends", () => {
  const forward = '<choose><when condition="true"><forward-request /></when></choose>';

  function streaming() {
    const sinks: BodySink[] = [];
    const signals: (AbortSignal | undefined)[] = [];
    const services = testServices((request) => {
      if (request.url.host === "slow") return new Promise(() => {});
      signals.push(request.signal);
      const source: BodySource = { start: (sink) => void sinks.push(sink), resume() {}, cancel() {} };
      return new ResponseMessage(200, "", undefined, Body.stream(source));
    });
    const x = testExchange({ services });
    x.section = "backend";
    x.backend = { kind: "url", base: x.request.base };
    return { x, sinks, signals };
  }

  it("is not cut off once all have completed", async () => {
    const { x, signals } = streaming();
    await runXml(wait('for="all"', forward), x);
    expect(signals[0]?.aborted).toBe(false);
    expect(x.response?.body.source).toBeDefined();
  });

  it("is read to its end before the others are cancelled", async () => {
    const { x, sinks, signals } = streaming();
    const running = runXml(wait('for="any"', forward, send("slow")), x);
    await settled();
    expect(signals[0]?.aborted).toBe(false);
    sinks[0]?.write(Buffer.from("whole"));
    sinks[0]?.end();
    await running;
    expect(signals[0]?.aborted).toBe(true);
    expect(Buffer.from(x.response?.body.buffered ?? []).toString()).toBe("whole");
  });
});

describe("wait", () => {
  it("is over when a child ends the exchange", async () => {
    const { x, call } = calls();
    const choose =
      '<choose><when condition="true"><return-response><set-status code="204" /></return-response></when></choose>';
    await runXml(`${wait('for="all"', send("a"), choose)}<set-variable name="after" value="1" />`, x);
    await settled();
    expect(x.response?.status).toBe(204);
    expect(x.variables.has("after")).toBe(false);
    expect(call("a").request.signal?.aborted).toBe(true);
  });

  it("shares the variables among its branches, nested ones too", async () => {
    const { x, call } = calls();
    const nested = `<choose><when condition="true">${wait('for="any"', send("c"), send("d"))}</when></choose>`;
    const running = runXml(wait('for="all"', send("a"), nested), x);
    await settled();
    call("c").answer(203);
    await settled();
    // The inner wait must not cancel what the outer one waits for.
    expect(call("a").request.signal?.aborted).toBe(false);
    call("a").answer(200);
    await running;
    expect(statusOf(x, "a")).toBe(200);
    expect(statusOf(x, "c")).toBe(203);
  });

  it.each([
    ["<wait />", "invalid-policy"],
    ['<wait for="one"><choose><when condition="true" /></choose></wait>', "invalid-value"],
    ['<wait><set-variable name="a" value="b" /></wait>', "policy-not-allowed"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics.map((d) => d.code)).toEqual([code]);
  });

  it("is not for on-error", () => {
    expect(compileXml(wait("", send("a")), "on-error").diagnostics.map((d) => d.code)).toEqual([
      "policy-not-allowed-in-section",
    ]);
  });
});
