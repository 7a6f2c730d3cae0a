import { describe, expect, it } from "vitest";
import { ListCounters, promised } from "../../testing/counters.ts";
import { ManualClock } from "../../testing/exchange.ts";
import { periodAt, TokenQuota, TokenRate } from "./token-windows.ts";

const MINUTE = 60_000;

describe.each([false, true])("TokenRate (shared store: %s)", (shared) => {
  function rate(limit: number) {
    const clock = new ManualClock(1_000_000);
    const counters = new ListCounters(clock);
    return { clock, rate: new TokenRate(shared ? promised(counters) : counters, "k", limit) };
  }

  it("has room until the limit is reached", async () => {
    const { rate: tokens } = rate(10);
    expect(await tokens.standing(0)).toEqual({ left: 10, waitMs: 0 });
    await tokens.charge(9);
    expect(await tokens.standing(0)).toEqual({ left: 1, waitMs: 0 });
    await tokens.charge(1);
    expect(await tokens.standing(0)).toEqual({ left: 0, waitMs: MINUTE });
  });

  it("wants room for the whole of what a request needs", async () => {
    const { rate: tokens } = rate(10);
    await tokens.charge(6);
    expect((await tokens.standing(4)).waitMs).toBe(0);
    expect((await tokens.standing(5)).waitMs).toBe(MINUTE);
  });

  it("slides: what was used leaves a minute later", async () => {
    const { rate: tokens, clock } = rate(10);
    await tokens.charge(5);
    clock.time += 40_000;
    await tokens.charge(5);
    expect((await tokens.standing(0)).waitMs).toBe(20_000);
    clock.time += 20_000;
    expect(await tokens.standing(0)).toEqual({ left: 5, waitMs: 0 });
  });

  it("pays an overdraft back at the rate of the limit", async () => {
    const { rate: tokens, clock } = rate(10);
    await tokens.charge(35);
    expect(await tokens.standing(0)).toEqual({ left: -25, waitMs: 3 * MINUTE });
    clock.time += MINUTE;
    expect((await tokens.standing(0)).waitMs).toBe(2 * MINUTE);
    clock.time += 2 * MINUTE;
    expect((await tokens.standing(0)).waitMs).toBe(0);
  });

  it.each([
    [10, 1],
    [19, 1],
    [20, 2],
    [29, 2],
    [30, 3],
    [99, 9],
  ])("asks for minutes by how often the limit goes into what was used: %d of 10, %d", async (used, minutes) => {
    const { rate: tokens } = rate(10);
    await tokens.charge(used);
    expect((await tokens.standing(0)).waitMs).toBe(minutes * MINUTE);
  });

  it("forgets what is older than ten minutes", async () => {
    const { rate: tokens, clock } = rate(1);
    await tokens.charge(5000);
    expect((await tokens.standing(0)).waitMs).toBe(10 * MINUTE);
    clock.time += 10 * MINUTE;
    expect((await tokens.standing(0)).waitMs).toBe(0);
  });

  it("never has room for more than the limit", async () => {
    const { rate: tokens } = rate(10);
    expect((await tokens.standing(11)).waitMs).toBe(MINUTE);
    expect((await rate(0).rate.standing(0)).waitMs).toBeGreaterThan(0);
  });
});

describe("TokenQuota", () => {
  it("counts within a period, and anew in the next", async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 5, 9, 38, 27));
    const counters = new ListCounters(clock);
    const quota = () => new TokenQuota(counters, "k", 10, "Hourly", clock.now());
    await quota().charge(10);
    expect(await quota().standing(0, clock.now())).toEqual({ left: 0, waitMs: (21 * 60 + 33) * 1000 });
    clock.time = Date.UTC(2026, 0, 5, 10);
    expect(await quota().standing(10, clock.now())).toEqual({ left: 10, waitMs: 0 });
    expect((await quota().standing(11, clock.now())).waitMs).toBe(3_600_000);
  });

  it("keeps periods of one key apart", async () => {
    const clock = new ManualClock();
    const counters = new ListCounters(clock);
    await new TokenQuota(counters, "k", 10, "Hourly", clock.now()).charge(10);
    expect((await new TokenQuota(counters, "k", 10, "Daily", clock.now()).standing(0, clock.now())).left).toBe(10);
  });

  it("waits for ever where the period has no end", async () => {
    const clock = new ManualClock();
    const quota = new TokenQuota(new ListCounters(clock), "k", 1, "Indefinite", clock.now());
    await quota.charge(1);
    expect((await quota.standing(0, clock.now())).waitMs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("periodAt", () => {
  // A Wednesday.
  const now = Date.UTC(2024, 1, 28, 13, 14, 15, 16);
  it.each([
    ["Hourly", "2024-02-28T13:00", "2024-02-28T14:00"],
    ["Daily", "2024-02-28T00:00", "2024-02-29T00:00"],
    ["Weekly", "2024-02-26T00:00", "2024-03-04T00:00"],
    ["Monthly", "2024-02-01T00:00", "2024-03-01T00:00"],
    ["Yearly", "2024-01-01T00:00", "2025-01-01T00:00"],
  ] as const)("%s is from %s to %s", (period, start, end) => {
    expect(periodAt(period, now)).toEqual([Date.parse(`${start}Z`), Date.parse(`${end}Z`)]);
  });

  it("begins weeks on Monday", () => {
    const sunday = Date.UTC(2024, 2, 3, 23);
    const monday = Date.UTC(2024, 2, 4);
    expect(periodAt("Weekly", sunday)[1]).toBe(monday);
    expect(periodAt("Weekly", monday)[0]).toBe(monday);
  });
});
