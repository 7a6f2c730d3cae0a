import { describe, expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { LOOKUP_VALUE, STORE_VALUE, sharedCaches } from "../testing/cached-values.ts";
import { compileXml } from "../testing/run-policy.ts";

describe("cache-store-value", () => {
  it("gives back the same value until its time is over", async () => {
    const { run, services } = sharedCaches();
    const value = { some: "object" };
    await run(STORE_VALUE, { in: value });
    services.clock.time += 59_999;
    expect((await run(LOOKUP_VALUE)).get("out")).toBe(value);
    services.clock.time += 1;
    expect((await run(LOOKUP_VALUE)).has("out")).toBe(false);
  });

  it("keeps types: a literal is a string, null is a value", async () => {
    const { run } = sharedCaches();
    await run('<cache-store-value key="k" value="5" duration="60" />');
    expect((await run(LOOKUP_VALUE)).get("out")).toBe("5");
    await run(STORE_VALUE, { in: null });
    const variables = await run(LOOKUP_VALUE, { out: "before" });
    expect(variables.get("out")).toBeNull();
  });

  it("stores nothing for no time", async () => {
    const { run } = sharedCaches();
    await run('<cache-store-value key="k" value="v" duration="0" />');
    expect((await run(LOOKUP_VALUE)).has("out")).toBe(false);
  });

  it("evaluates key and duration", async () => {
    const { run, services } = sharedCaches();
    const store = `<cache-store-value key='@((string)context.Variables["k"])' value="v" duration='@((int)context.Variables["s"])' />`;
    const lookup = `<cache-lookup-value key='@((string)context.Variables["k"])' variable-name="out" />`;
    await run(store, { k: "a", s: 10 });
    expect((await run(lookup, { k: "a" })).get("out")).toBe("v");
    expect((await run(lookup, { k: "b" })).has("out")).toBe(false);
    services.clock.time += 10_000;
    expect((await run(lookup, { k: "a" })).has("out")).toBe(false);
  });

  it("gives each reader of a response its own", async () => {
    const { run } = sharedCaches();
    const response = new ResponseMessage(201, "Made", new HeaderList(["X-A", "1"]), Body.text("hello"));
    await run(STORE_VALUE, { in: response });
    const first = (await run(LOOKUP_VALUE)).get("out") as ResponseMessage;
    first.headers.set("X-A", "2");
    first.body.consumed = true;
    const second = (await run(LOOKUP_VALUE)).get("out") as ResponseMessage;
    expect([second.status, second.reason, second.headers.raw]).toEqual([201, "Made", ["X-A", "1"]]);
    expect(Buffer.from(second.body.buffered ?? []).toString()).toBe("hello");
    expect(second.body.consumed).toBe(false);
  });

  it("reads a response's stream before it is kept", async () => {
    const { run } = sharedCaches();
    const source = {
      start(sink: { write(chunk: Uint8Array): boolean; end(): void }) {
        setImmediate(() => {
          sink.write(Buffer.from("late"));
          sink.end();
        });
      },
      resume() {},
      cancel() {},
    };
    await run(STORE_VALUE, { in: new ResponseMessage(200, "", new HeaderList(), Body.stream(source)) });
    const found = (await run(LOOKUP_VALUE)).get("out") as ResponseMessage;
    expect(Buffer.from(found.body.buffered ?? []).toString()).toBe("late");
  });
});

it.each([
  ['<cache-store-value key="k" duration="5" />', "value"],
  ['<cache-store-value key="k" value="v" />', "duration"],
])("%s is refused", (xml, message) => {
  expect(compileXml(xml).diagnostics.map((d) => d.message)).toContainEqual(expect.stringContaining(message));
});
