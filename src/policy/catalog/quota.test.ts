import { describe, expect, it } from "vitest";
import type { ApiInfo, OperationInfo, SubscriptionInfo } from "../exchange/exchange.ts";
import { ListCounters, promised } from "../testing/counters.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { loadXml } from "../testing/load-policy.ts";
import { compileXml } from "../testing/run-policy.ts";

function setup(xml: string, { shared = false, startDate = "2026-01-05T08:00:00Z" as string | null } = {}) {
  const services = testServices();
  services.clock.time = Date.UTC(2026, 0, 5, 9, 0, 0);
  const counters = new ListCounters(services.clock);
  services.counters = shared ? promised(counters) : counters;
  const run = loadXml(xml, { scope: "product" });
  const subscriptions = new Map<string, SubscriptionInfo>();
  const call = async (subscription = "s1", api = "orders", operation = "get", bytes: [number, number] = [0, 0]) => {
    const x = testExchange({ services });
    if (!subscriptions.has(subscription)) {
      const createdDate = "2026-01-05T08:30:00Z";
      subscriptions.set(subscription, { id: subscription, startDate, createdDate } as SubscriptionInfo);
    }
    x.subscription = subscription === "" ? null : (subscriptions.get(subscription) as SubscriptionInfo);
    x.api = { id: api, name: api } as ApiInfo;
    x.operation = { id: operation, name: operation } as OperationInfo;
    try {
      await run(x);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      x.runAfterSend(...bytes);
    }
  };
  return { services, call };
}

describe("quota", () => {
  it.each([false, true])("counts windows from the start of the subscription (shared store: %s)", async (shared) => {
    const { call, services } = setup('<quota calls="2" renewal-period="5400" />', { shared });
    expect(await call()).toBeUndefined();
    expect(await call()).toBeUndefined();
    expect(await call()).toMatchObject({
      reason: "QuotaExceeded",
      status: 403,
      message: "Out of call volume quota. Quota will be replenished in 00:30:00.",
      headers: ["Retry-After", "1800"],
    });
    services.clock.time += 1_799_999;
    expect(await call()).toMatchObject({ headers: ["Retry-After", "1"] });
    services.clock.time += 1;
    expect(await call()).toBeUndefined();
    expect(await call()).toBeUndefined();
    expect(await call()).toMatchObject({ headers: ["Retry-After", "5400"] });
  });

  it("falls back to the day the subscription was made", async () => {
    const { call } = setup('<quota calls="1" renewal-period="3600" />', { startDate: null });
    await call();
    expect(await call()).toMatchObject({ headers: ["Retry-After", "1800"] });
  });

  it("works before the subscription starts", async () => {
    const { call } = setup('<quota calls="1" renewal-period="3600" />', { startDate: "2026-01-06T08:30:00Z" });
    await call();
    expect(await call()).toMatchObject({ headers: ["Retry-After", "1800"] });
  });

  it("does nothing without a subscription and counts each on its own", async () => {
    const { call } = setup('<quota calls="1" renewal-period="3600" />');
    for (let i = 0; i < 3; i++) expect(await call("")).toBeUndefined();
    expect(await call("a")).toBeUndefined();
    expect(await call("b")).toBeUndefined();
    expect(await call("a")).toBeDefined();
  });

  it("never renews a quota with period 0", async () => {
    const { call, services } = setup('<quota calls="1" renewal-period="0" />');
    await call();
    services.clock.time += 1e12;
    expect(await call()).toMatchObject({ message: "Out of call volume quota.", headers: [] });
  });

  it.each([false, true])("refuses the calls after the kilobytes are used up (shared store: %s)", async (shared) => {
    const { call, services } = setup('<quota bandwidth="2" renewal-period="3600" />', { shared });
    expect(await call("s1", "orders", "get", [1000, 1000])).toBeUndefined();
    expect(await call("s1", "orders", "get", [0, 48])).toBeUndefined();
    expect(await call()).toMatchObject({
      message: "Out of bandwidth quota. Quota will be replenished in 01:00:00.",
      headers: ["Retry-After", "3600"],
    });
    services.clock.time += 3_600_000;
    expect(await call()).toBeUndefined();
  });

  it("counts levels on their own, with the policy's period where they have none", async () => {
    const { call } = setup(`
      <quota calls="10" renewal-period="3600">
        <api id="orders" calls="2">
          <operation name="get" calls="1" renewal-period="7200" />
        </api>
        <api name="unlimited" />
      </quota>`);
    expect(await call("s", "orders", "get")).toBeUndefined();
    expect(await call("s", "orders", "get")).toMatchObject({ headers: ["Retry-After", "3600"] });
    expect(await call("s", "orders", "put")).toBeUndefined();
    expect(await call("s", "orders", "put")).toMatchObject({ headers: ["Retry-After", "3600"] });
    for (let i = 0; i < 8; i++) expect(await call("s", "unlimited", "get")).toBeUndefined();
    expect(await call("s", "unlimited", "get")).toBeDefined();
  });

  it("allows 0 calls: none", async () => {
    const { call } = setup('<quota calls="0" renewal-period="3600" />');
    expect(await call()).toBeDefined();
  });

  it.each([
    ['<quota renewal-period="3600" />', '"calls" or "bandwidth"'],
    ['<quota calls="1" />', "renewal-period"],
    ['<quota calls="1" renewal-period="9"><api calls="1" /></quota>', '"id" or "name"'],
    ['<quota calls="1" renewal-period="9"><api id="a"><operation calls="1" /></api></quota>', '"id" or "name"'],
    ['<quota calls="@(1)" renewal-period="9" />', "expression"],
  ])("is refused when it is written so: %s", (xml, message) => {
    expect(
      compileXml(xml)
        .diagnostics.map((d) => d.message)
        .join("\n"),
    ).toContain(message);
  });
});
