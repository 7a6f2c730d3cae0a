import { describe, expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { ListCounters, promised } from "../testing/counters.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { loadXml } from "../testing/load-policy.ts";

function setup(xml: string, shared = false) {
  const services = testServices();
  const counters = new ListCounters(services.clock);
  services.counters = shared ? promised(counters) : counters;
  const run = loadXml(xml);
  const exchange = (variables: Record<string, unknown> = {}) => {
    const x = testExchange({ services });
    for (const [name, value] of Object.entries(variables)) x.variables.set(name, value);
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
  return { services, exchange, refused };
}

async function finish(x: Exchange, response: ResponseMessage): Promise<void> {
  x.response = response;
  for (const action of x.takeAfterOutbound() ?? []) await action();
}

const KEY = "counter-key='@((string)context.Variables[\"k\"])'";

describe("rate-limit-by-key", () => {
  it.each([false, true])("counts each key on its own (shared store: %s)", async (shared) => {
    const { exchange, refused, services } = setup(`<rate-limit-by-key calls="1" renewal-period="10" ${KEY} />`, shared);
    expect(await refused(exchange({ k: "a" }))).toBeUndefined();
    expect(await refused(exchange({ k: "b" }))).toBeUndefined();
    expect(await refused(exchange({ k: "a" }))).toMatchObject({
      reason: "RateLimitExceeded",
      status: 429,
      message: "Rate limit is exceeded",
      publicMessage: "Rate limit is exceeded. Try again in 10 seconds.",
      headers: ["Retry-After", "10"],
    });
    services.clock.time += 10_000;
    expect(await refused(exchange({ k: "a" }))).toBeUndefined();
  });

  it("evaluates calls and period for each request", async () => {
    const { exchange, refused } = setup(
      `<rate-limit-by-key calls='@((int)context.Variables["calls"])' renewal-period='@((int)context.Variables["p"])'
        counter-key="x" remaining-calls-variable-name="left" />`,
    );
    const x = exchange({ calls: 5, p: 10 });
    await refused(x);
    expect(x.variables.get("left")).toBe(4);
    expect(await refused(exchange({ calls: 1, p: 10 }))).toBeDefined();
    expect(await refused(exchange({ calls: 9, p: 0 }))).toMatchObject({ status: 500 });
  });

  it("shares a key between policies", async () => {
    const one = '<rate-limit-by-key calls="2" renewal-period="10" counter-key="x" />';
    const { exchange, refused } = setup(one + one);
    expect(await refused(exchange())).toBeUndefined();
    expect(await refused(exchange())).toBeDefined();
  });

  it("counts at once as much as a literal says", async () => {
    const { exchange, refused } = setup(
      '<rate-limit-by-key calls="5" renewal-period="10" counter-key="x" increment-count="4" remaining-calls-header-name="L" />',
    );
    const x = exchange();
    await refused(x);
    const response = new ResponseMessage(500);
    x.applyBeforeSend(response);
    expect(response.headers.get("L")).toBe("1");
    expect(await refused(exchange())).toBeUndefined();
    expect(await refused(exchange())).toBeDefined();
  });

  it("only checks when the literal condition is false", async () => {
    const { exchange, refused } = setup(
      '<rate-limit-by-key calls="1" renewal-period="10" counter-key="x" increment-condition="false" />',
    );
    for (let i = 0; i < 3; i++) expect(await refused(exchange())).toBeUndefined();
  });

  it.each([false, true])(
    "counts after the response when the condition is an expression (shared store: %s)",
    async (shared) => {
      const { exchange, refused } = setup(
        `<rate-limit-by-key calls="1" renewal-period="10" counter-key="x"
        increment-condition="@(context.Response.StatusCode == 200)" />`,
        shared,
      );
      const failed = exchange();
      expect(await refused(failed)).toBeUndefined();
      await finish(failed, new ResponseMessage(500));
      const early = exchange();
      const late = exchange();
      expect(await refused(early)).toBeUndefined();
      // Not counted yet: the excess is noticed one call later.
      expect(await refused(late)).toBeUndefined();
      await finish(early, new ResponseMessage(200));
      await finish(late, new ResponseMessage(200));
      expect(await refused(exchange())).toBeDefined();
    },
  );

  it("counts nothing after the response for a call it refused", async () => {
    const { exchange, refused, services } = setup(
      `<rate-limit-by-key calls="1" renewal-period="10" counter-key="x"
        increment-condition="@(context.Response.StatusCode >= 200)" />`,
    );
    const first = exchange();
    await refused(first);
    await finish(first, new ResponseMessage(200));
    services.clock.time += 9000;
    const second = exchange();
    expect(await refused(second)).toBeDefined();
    await finish(second, new ResponseMessage(429));
    services.clock.time += 1000;
    expect(await refused(exchange())).toBeUndefined();
  });

  it("has the response body at hand when the count asks for it", async () => {
    const { exchange, refused } = setup(
      `<rate-limit-by-key calls="5" renewal-period="10" counter-key="x"
        increment-count="@(context.Response.Body.As<string>(true).Length)" remaining-calls-variable-name="left" />`,
    );
    const x = exchange();
    await refused(x);
    const source = {
      start(sink: { write(chunk: Uint8Array): boolean; end(): void }) {
        sink.write(Buffer.from("1234"));
        sink.end();
      },
      resume() {},
      cancel() {},
    };
    await finish(x, new ResponseMessage(200, "", new HeaderList(), Body.stream(source)));
    const second = exchange();
    await refused(second);
    expect(second.variables.get("left")).toBe(1);
  });

  it("counts after the response when told to", async () => {
    const { exchange, refused } = setup(
      '<rate-limit-by-key calls="1" renewal-period="10" counter-key="x" increment-after-response="true" />',
    );
    const x = exchange();
    expect(await refused(x)).toBeUndefined();
    expect(await refused(exchange())).toBeUndefined();
    await finish(x, new ResponseMessage(200));
    expect(await refused(exchange())).toBeDefined();
  });
});
