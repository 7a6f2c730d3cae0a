import { describe, expect, it } from "vitest";
import { ClrArray } from "../../policy/expression/clr/box.ts";
import { parseJson } from "../../policy/expression/clr/json/read.ts";
import { ManualClock } from "../../policy/testing/exchange.ts";
import { MemoryCache } from "./memory.ts";
import { valueSize } from "./value-size.ts";

describe("MemoryCache", () => {
  it("gives back the same object until its time is over", () => {
    const clock = new ManualClock(0);
    const cache = new MemoryCache(clock);
    const value = { a: 1 };
    cache.set("k", value, 1000);
    clock.time = 999;
    expect(cache.get("k")).toBe(value);
    clock.time = 1000;
    expect(cache.get("k")).toBeUndefined();
    expect(cache.size).toBe(0);
    expect(cache.bytes).toBe(0);
  });

  it("keeps null, which is a value, and nothing for undefined or without a time to live", () => {
    const cache = new MemoryCache(new ManualClock());
    cache.set("null", null, 1000);
    cache.set("undefined", undefined, 1000);
    cache.set("short", 1, 0);
    cache.set("odd", 1, Number.NaN);
    expect(cache.get("null")).toBeNull();
    expect(cache.size).toBe(1);
  });

  it("replaces and deletes", () => {
    const cache = new MemoryCache(new ManualClock());
    cache.set("k", "a", 1000);
    cache.set("k", "b", 1000);
    expect(cache.get("k")).toBe("b");
    cache.delete("k");
    cache.delete("k");
    expect(cache.get("k")).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });

  it("forgets the old value when the new one is not kept", () => {
    const cache = new MemoryCache(new ManualClock(), { bytes: 8000 });
    cache.set("k", "old", 1000);
    cache.set("k", "x".repeat(10_000), 1000);
    expect(cache.get("k")).toBeUndefined();
  });

  it("lets the entry go that was not used for longest", () => {
    const cache = new MemoryCache(new ManualClock(), { entries: 2 });
    cache.set("a", 1, 1000);
    cache.set("b", 2, 1000);
    cache.get("a");
    cache.set("c", 3, 1000);
    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([1, undefined, 3]);
  });

  it("stays within its bytes", () => {
    const cache = new MemoryCache(new ManualClock(), { bytes: 100_000 });
    for (let i = 0; i < 1000; i++) cache.set(`k${i}`, new Uint8Array(5000), 1000);
    expect(cache.bytes).toBeLessThanOrEqual(100_000);
    expect(cache.size).toBeGreaterThan(10);
    expect(cache.get("k999")).toBeDefined();
  });

  it("tells long keys apart", () => {
    const cache = new MemoryCache(new ManualClock());
    const long = "x".repeat(10_000);
    cache.set(`${long}a`, 1, 1000);
    expect(cache.get(`${long}b`)).toBeUndefined();
    expect(cache.get(`${long}a`)).toBe(1);
  });
});

describe("valueSize", () => {
  it("grows with the content", () => {
    expect(valueSize("abcd")).toBeGreaterThan(valueSize("a"));
    expect(valueSize(new Uint8Array(1000))).toBeGreaterThan(1000);
    expect(valueSize(new ClrArray("string", ["x".repeat(1000), "y".repeat(1000)]))).toBeGreaterThan(2000);
  });

  it("judges JSON by its text", () => {
    const json = (text: string) => valueSize(parseJson(text));
    expect(json(`{"a":"${"x".repeat(1000)}"}`)).toBeGreaterThan(1000);
    const deep = json(`${'{"a":'.repeat(30)}"${"x".repeat(1000)}"${"}".repeat(30)}`);
    expect(deep).toBeLessThan(20_000);
  });

  it("is infinite for what cannot be measured", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(valueSize(new ClrArray("object", cycle))).toBe(Number.POSITIVE_INFINITY);
    expect(
      valueSize(
        new ClrArray(
          "object",
          Array.from({ length: 20_000 }, () => new ClrArray("int", [])),
        ),
      ),
    ).toBe(Number.POSITIVE_INFINITY);
  });
});
