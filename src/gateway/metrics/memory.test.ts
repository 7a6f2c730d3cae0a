import { describe, expect, it } from "vitest";
import type { Measurement } from "../../policy/exchange/metrics.ts";
import { ManualClock } from "../../policy/testing/exchange.ts";
import { MemoryMetrics } from "./memory.ts";

function measurement(value: number, dimension = "a"): Measurement {
  return { namespace: "Shop", name: "Sales", value, dimensions: [["Kind", dimension]] };
}

describe("MemoryMetrics", () => {
  it("adds up the measurements of a series", () => {
    const metrics = new MemoryMetrics(new ManualClock());
    metrics.add(measurement(2));
    metrics.add(measurement(0.5));
    metrics.add(measurement(7, "b"));
    expect([...metrics.series()]).toMatchObject([
      { namespace: "Shop", name: "Sales", dimensions: [["Kind", "a"]], sum: 2.5, count: 2 },
      { dimensions: [["Kind", "b"]], sum: 7, count: 1 },
    ]);
  });

  it("ignores what is no finite number", () => {
    const metrics = new MemoryMetrics(new ManualClock());
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) metrics.add(measurement(value));
    expect([...metrics.series()]).toEqual([]);
  });

  it("bounds the series: new ones are dropped until an old one has been silent for ten minutes", () => {
    const clock = new ManualClock(0);
    const metrics = new MemoryMetrics(clock, { series: 2 });
    metrics.add(measurement(1, "a"));
    metrics.add(measurement(1, "b"));
    clock.time = 9 * 60_000;
    metrics.add(measurement(1, "a"));
    metrics.add(measurement(1, "c"));
    expect(metrics.dropped).toBe(1);
    clock.time = 10 * 60_000;
    metrics.add(measurement(1, "c"));
    metrics.add(measurement(1, "d"));
    expect(metrics.dropped).toBe(2);
    expect([...metrics.series()].map((one) => [one.dimensions[0]?.[1], one.sum])).toEqual([
      ["a", 2],
      ["c", 1],
    ]);
  });

  it("cuts long values, so that series of one long value and another are the same", () => {
    const metrics = new MemoryMetrics(new ManualClock());
    metrics.add(measurement(1, `${"x".repeat(256)}a`));
    metrics.add(measurement(1, `${"x".repeat(256)}b`));
    expect([...metrics.series()]).toMatchObject([{ count: 2, dimensions: [["Kind", "x".repeat(256)]] }]);
  });

  it("tells an observer of every measurement", () => {
    const seen: number[] = [];
    const metrics = new MemoryMetrics(new ManualClock(), { series: 0, measured: ({ value }) => seen.push(value) });
    metrics.add(measurement(3));
    expect(seen).toEqual([3]);
  });
});
