import { describe, expect, it } from "vitest";
import type { Exchange } from "../exchange/exchange.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { ListCounters, promised } from "../testing/counters.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { loadXml } from "../testing/load-policy.ts";
import { compileXml } from "../testing/run-policy.ts";

function setup(xml: string, shared = false) {
  const services = testServices();
  services.clock.time = Date.UTC(2026, 0, 5, 9, 40, 0);
  const counters = new ListCounters(services.clock);
  services.counters = shared ? promised(counters) : counters;
  const run = loadXml(xml);
  const start = (key = "a") => {
    const x = testExchange({ services });
    x.variables.set("k", key);
    return x;
  };
  const refused = async (x: Exchange) => {
    try {
      await run(x);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const finish = async (x: Exchange, status = 200, bytes = 0) => {
    x.response = new ResponseMessage(status);
    for (const action of x.takeAfterOutbound() ?? []) await action();
    x.runAfterSend(0, bytes);
  };
  const call = async (key?: string, bytes?: number) => {
    const x = start(key);
    const error = await refused(x);
    await finish(x, 200, bytes);
    return error;
  };
  return { services, counters, start, refused, finish, call };
}

const KEY = "counter-key='@((string)context.Variables[\"k\"])'";

describe("quota-by-key", () => {
  it.each([false, true])("counts windows from the first period's start (shared store: %s)", async (shared) => {
    const { call } = setup(
      `<quota-by-key calls="1" renewal-period="3600" ${KEY} first-period-start="2020-03-01T00:30:00Z" />`,
      shared,
    );
    expect(await call("a")).toBeUndefined();
    expect(await call("b")).toBeUndefined();
    expect(await call("a")).toMatchObject({
      reason: "QuotaExceeded",
      status: 403,
      message: "Out of call volume quota. Quota will be replenished in 00:50:00.",
      headers: ["Retry-After", "3000"],
    });
  });

  it("counts from the year 1 where nothing is said", async () => {
    const { call } = setup(`<quota-by-key calls="1" renewal-period="3600" ${KEY} />`);
    await call();
    expect(await call()).toMatchObject({ headers: ["Retry-After", "1200"] });
  });

  it("counts a key once for a request, whichever policies use it", async () => {
    const { call } = setup(
      `<quota-by-key calls="2" renewal-period="3600" counter-key="x" />
       <quota-by-key bandwidth="1" renewal-period="3600" counter-key="x" />
       <quota-by-key calls="3" bandwidth="9" renewal-period="3600" counter-key="x" increment-count="2" />`,
    );
    expect(await call("x", 512)).toBeUndefined();
    expect(await call("x", 511)).toBeUndefined();
    expect(await call("x", 1)).toMatchObject({ message: expect.stringContaining("call volume") });
  });

  it("does not count a request against itself", async () => {
    const one = '<quota-by-key calls="2" renewal-period="3600" counter-key="x" />';
    const { call } = setup(one + one);
    expect(await call()).toBeUndefined();
    expect(await call()).toBeUndefined();
    expect(await call()).toBeDefined();
  });

  it("refuses by bandwidth after the kilobytes were sent", async () => {
    const { call } = setup('<quota-by-key bandwidth="1" renewal-period="3600" counter-key="x" />');
    expect(await call("x", 1023)).toBeUndefined();
    expect(await call("x", 1)).toBeUndefined();
    expect(await call("x")).toMatchObject({
      message: "Out of bandwidth quota. Quota will be replenished in 00:20:00.",
    });
  });

  it.each([false, true])(
    "counts after the response when the condition is an expression (shared store: %s)",
    async (shared) => {
      const { start, refused, finish } = setup(
        `<quota-by-key calls="2" bandwidth="100" renewal-period="3600" counter-key="x" increment-count="2"
        increment-condition="@(context.Response.StatusCode == 200)" />`,
        shared,
      );
      const failed = start();
      await refused(failed);
      await finish(failed, 500, 200_000);
      const good = start();
      expect(await refused(good)).toBeUndefined();
      expect(await refused(start())).toBeUndefined();
      await finish(good, 200);
      expect(await refused(start())).toBeDefined();
    },
  );

  it.each([
    [`<quota-by-key renewal-period="3600" counter-key="x" />`, '"calls" or "bandwidth"'],
    [`<quota-by-key calls="1" renewal-period="299" counter-key="x" />`, "at least 300"],
    [`<quota-by-key calls="1" renewal-period="3600" />`, "counter-key"],
    [`<quota-by-key calls="1" renewal-period="300" counter-key="x" first-period-start="tomorrow" />`, "yyyy-MM-dd"],
    [
      `<quota-by-key calls="1" renewal-period="300" counter-key="x" first-period-start="2026-13-01T00:00:00Z" />`,
      "date",
    ],
  ])("is refused when it is written so: %s", (xml, message) => {
    expect(
      compileXml(xml)
        .diagnostics.map((d) => d.message)
        .join("\n"),
    ).toContain(message);
  });

  it("accepts 0 as a period that never ends", async () => {
    const { call, services } = setup('<quota-by-key calls="1" renewal-period="0" counter-key="x" />');
    await call();
    services.clock.time += 1e13;
    expect(await call()).toMatchObject({ message: "Out of call volume quota.", headers: [] });
  });
});
