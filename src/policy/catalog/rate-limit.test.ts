import { describe, expect, it } from "vitest";
import type { Scope } from "../exchange/errors.ts";
import type { ApiInfo, Exchange, OperationInfo, SubscriptionInfo } from "../exchange/exchange.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { ListCounters, promised } from "../testing/counters.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { loadXml } from "../testing/load-policy.ts";
import { compileXml } from "../testing/run-policy.ts";

function setup(xml: string, scope: Scope = "api", shared = false) {
  const services = testServices();
  const counters = new ListCounters(services.clock);
  services.counters = shared ? promised(counters) : counters;
  const run = loadXml(xml, { scope });
  const exchange = (subscription: string | null = "s1", api = "orders", operation = "get") => {
    const x = testExchange({ services });
    if (subscription) x.subscription = { id: subscription } as SubscriptionInfo;
    x.api = { id: api, name: `The ${api} API` } as ApiInfo;
    x.operation = { id: operation, name: `Op ${operation}` } as OperationInfo;
    return x;
  };
  /** Undefined for a call that was let through. */
  const refused = async (x: Exchange) => {
    try {
      await run(x);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  return {
    services,
    exchange,
    refused,
    call: async (...who: [string?, string?, string?]) => refused(exchange(...who)),
  };
}

describe("rate-limit", () => {
  const plain = '<rate-limit calls="2" renewal-period="60" />';

  it("lets so many calls through and refuses the next with the wait", async () => {
    const { call, services } = setup(plain);
    expect(await call()).toBeUndefined();
    services.clock.time += 2600;
    expect(await call()).toBeUndefined();
    expect(await call()).toMatchObject({
      name: "PolicyError",
      reason: "RateLimitExceeded",
      status: 429,
      message: "Rate limit is exceeded",
      publicMessage: "Rate limit is exceeded. Try again in 58 seconds.",
      headers: ["Retry-After", "58"],
    });
    services.clock.time += 57_400;
    expect(await call()).toBeUndefined();
    expect(await call()).toBeDefined();
  });

  it("waits at least a second", async () => {
    const { call, services } = setup('<rate-limit calls="1" renewal-period="1" />');
    await call();
    services.clock.time += 999;
    expect(await call()).toMatchObject({ publicMessage: "Rate limit is exceeded. Try again in 1 seconds." });
  });

  it("counts each subscription on its own, and nothing without one", async () => {
    const { call, exchange, refused } = setup('<rate-limit calls="1" renewal-period="60" />');
    expect(await call("s1")).toBeUndefined();
    expect(await call("s2")).toBeUndefined();
    expect(await call("s1")).toBeDefined();
    for (let i = 0; i < 3; i++) expect(await refused(exchange(null))).toBeUndefined();
  });

  it("counts a product's calls over all its APIs, but an API's calls by API", async () => {
    const product = setup('<rate-limit calls="1" renewal-period="60" />', "product");
    await product.call("s1", "orders");
    expect(await product.call("s1", "prices")).toBeDefined();
    const api = setup('<rate-limit calls="1" renewal-period="60" />', "api");
    await api.call("s1", "orders");
    expect(await api.call("s1", "prices")).toBeUndefined();
    expect(await api.call("s1", "orders", "other")).toBeDefined();
  });

  it("stays synchronous with a store that answers at once", () => {
    const services = testServices();
    services.counters = new ListCounters(services.clock);
    const x = testExchange({ services });
    x.subscription = { id: "s" } as SubscriptionInfo;
    expect(loadXml(plain)(x)).toBeUndefined();
  });

  it.each([false, true])("tells how it stands in headers and variables (shared store: %s)", async (shared) => {
    const { exchange, refused } = setup(
      `<rate-limit calls="2" renewal-period="60" retry-after-header-name="X-Wait" retry-after-variable-name="wait"
        remaining-calls-header-name="X-Left" remaining-calls-variable-name="left" total-calls-header-name="X-All" />`,
      "api",
      shared,
    );
    const left: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      const x = exchange();
      const error = await refused(x);
      const response = new ResponseMessage(200);
      x.applyBeforeSend(response);
      left.push([x.variables.get("left"), response.headers.get("x-left"), response.headers.get("x-all")]);
      expect(x.variables.get("wait")).toBe(i === 2 ? 60 : undefined);
      if (i === 2) expect(error).toMatchObject({ headers: ["X-Wait", "60"] });
      else expect(error).toBeUndefined();
    }
    expect(left).toEqual([
      [1, "1", "2"],
      [0, "0", "2"],
      [0, "0", "2"],
    ]);
  });

  const nested = `
    <rate-limit calls="10" renewal-period="60" remaining-calls-variable-name="left">
      <api id="ORDERS" name="ignored" calls="3" renewal-period="30">
        <operation name="op GET" calls="1" renewal-period="20" />
      </api>
      <api name="the prices api" calls="2" renewal-period="30" />
      <operation id="list" calls="1" renewal-period="10" />
    </rate-limit>`;

  it.each([false, true])(
    "applies the limits of APIs and operations beside its own (shared store: %s)",
    async (shared) => {
      const { call, exchange, refused } = setup(nested, "product", shared);
      const first = exchange("s", "orders", "get");
      expect(await refused(first)).toBeUndefined();
      expect(first.variables.get("left")).toBe(0);
      expect(await call("s", "orders", "get")).toMatchObject({ headers: ["Retry-After", "20"] });
      const third = exchange("s", "orders", "put");
      expect(await refused(third)).toBeUndefined();
      // The refused call was counted nowhere.
      expect(third.variables.get("left")).toBe(1);
      expect(await call("s", "orders", "put")).toBeUndefined();
      expect(await call("s", "orders", "put")).toMatchObject({ headers: ["Retry-After", "30"] });
      expect(await call("s", "prices", "get")).toBeUndefined();
      expect(await call("s", "prices", "get")).toBeUndefined();
      expect(await call("s", "prices", "get")).toBeDefined();
      expect(await call("s", "others", "list")).toBeUndefined();
      expect(await call("s", "others", "list")).toMatchObject({ headers: ["Retry-After", "10"] });
    },
  );

  it("tells the longest wait when several limits are used up", async () => {
    const { call } = setup(
      `<rate-limit calls="1" renewal-period="10"><api id="orders" calls="1" renewal-period="50" /></rate-limit>`,
    );
    await call();
    expect(await call()).toMatchObject({ headers: ["Retry-After", "50"] });
  });

  it.each([
    ['<rate-limit renewal-period="60" />', "calls"],
    ['<rate-limit calls="1" />', "renewal-period"],
    ['<rate-limit calls="1" renewal-period="301" />', "300"],
    ['<rate-limit calls="@(1)" renewal-period="60" />', "expression"],
    ['<rate-limit calls="1" renewal-period="60" retry-after-header-name="no name" />', "header name"],
    ['<rate-limit calls="1" renewal-period="60"><api calls="1" renewal-period="5" /></rate-limit>', '"id" or "name"'],
    [`${plain}${plain}`, "only once"],
  ])("is refused when it is written so: %s", (xml, message) => {
    const { diagnostics } = compileXml(xml);
    expect(diagnostics.map((d) => d.message).join("\n")).toContain(message);
  });
});
