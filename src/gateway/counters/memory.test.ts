import { describe, expect, it } from "vitest";
import { ManualClock } from "../../policy/testing/exchange.ts";
import { MemoryCounters } from "./memory.ts";

function setup(maxKeys?: number) {
  const clock = new ManualClock(1_000_000);
  return { clock, counters: new MemoryCounters(clock, maxKeys === undefined ? {} : { maxKeys }) };
}

/** Reproducible numbers, so that a failing run can be repeated. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("sliding windows", () => {
  it("allow as many units as the limit says and then say how long to wait", () => {
    const { clock, counters } = setup();
    expect(counters.slide("k", 2, 1000, 1)).toEqual({ allowed: true, count: 1, retryAfterMs: 0 });
    clock.time += 300;
    expect(counters.slide("k", 2, 1000, 1)).toEqual({ allowed: true, count: 2, retryAfterMs: 0 });
    clock.time += 100;
    expect(counters.slide("k", 2, 1000, 1)).toEqual({ allowed: false, count: 2, retryAfterMs: 600 });
  });

  it("free a unit exactly when it is a period old, not when a fixed window ends", () => {
    const { clock, counters } = setup();
    counters.slide("k", 1, 1000, 1);
    clock.time += 999;
    expect(counters.slide("k", 1, 1000, 1).allowed).toBe(false);
    clock.time += 1;
    expect(counters.slide("k", 1, 1000, 1).allowed).toBe(true);
    clock.time += 999;
    expect(counters.slide("k", 1, 1000, 1).allowed).toBe(false);
  });

  it("do not count what they refuse", () => {
    const { clock, counters } = setup();
    counters.slide("k", 1, 1000, 1);
    clock.time += 900;
    counters.slide("k", 1, 1000, 1);
    clock.time += 100;
    expect(counters.slide("k", 1, 1000, 1).allowed).toBe(true);
  });

  it("only ask with a cost of 0", () => {
    const { counters } = setup();
    expect(counters.slide("k", 1, 1000, 0)).toEqual({ allowed: true, count: 0, retryAfterMs: 0 });
    expect(counters.size).toBe(0);
    counters.slide("k", 1, 1000, 1);
    expect(counters.slide("k", 1, 1000, 0)).toEqual({ allowed: false, count: 1, retryAfterMs: 1000 });
  });

  it("let a call of several units in below the limit and wait until enough of them have left", () => {
    const { clock, counters } = setup();
    expect(counters.slide("k", 3, 1000, 2).count).toBe(2);
    clock.time += 100;
    expect(counters.slide("k", 3, 1000, 5)).toEqual({ allowed: true, count: 7, retryAfterMs: 0 });
    clock.time += 100;
    expect(counters.slide("k", 3, 1000, 1)).toEqual({ allowed: false, count: 7, retryAfterMs: 900 });
    clock.time += 900;
    expect(counters.slide("k", 3, 1000, 0).count).toBe(0);
  });

  it("count afterwards without asking", () => {
    const { counters } = setup();
    counters.slideAdd("k", 1000, 4);
    counters.slideAdd("k", 1000, -1);
    expect(counters.slide("k", 3, 1000, 1)).toEqual({ allowed: false, count: 4, retryAfterMs: 1000 });
  });

  it("refuse everything for a limit of 0", () => {
    const { counters } = setup();
    expect(counters.slide("k", 0, 5000, 1)).toEqual({ allowed: false, count: 0, retryAfterMs: 5000 });
  });

  it("share a key between different periods", () => {
    const { clock, counters } = setup();
    counters.slide("k", 10, 10_000, 1);
    clock.time += 2000;
    expect(counters.slide("k", 10, 1000, 1).count).toBe(1);
    expect(counters.slide("k", 10, 10_000, 0).count).toBe(2);
    expect(counters.slide("k", 10, 3000, 0).count).toBe(2);
  });

  it("go on evenly when the clock is set back", () => {
    const { clock, counters } = setup();
    counters.slide("k", 1, 1000, 1);
    clock.time += 400;
    expect(counters.slide("k", 1, 1000, 1).retryAfterMs).toBe(600);
    clock.time -= 500_000;
    expect(counters.slide("k", 1, 1000, 1).retryAfterMs).toBe(600);
    clock.time += 600;
    expect(counters.slide("k", 1, 1000, 1).allowed).toBe(true);
  });

  it("agree with a plain list of times under random traffic", () => {
    const random = randomNumbers(7);
    const { clock, counters } = setup();
    const log: number[] = [];
    for (let i = 0; i < 5000; i++) {
      clock.time += Math.floor(random() * 40);
      const period = 1000;
      const limit = 20 + Math.floor(random() * 15);
      const cost = random() < 0.2 ? 3 : 1;
      const inside = log.filter((time) => time > clock.time - period);
      const state = counters.slide("k", limit, period, cost);
      if (inside.length < limit) {
        expect(state).toEqual({ allowed: true, count: inside.length + cost, retryAfterMs: 0 });
        for (let unit = 0; unit < cost; unit++) log.push(clock.time);
      } else {
        const leaves = inside[inside.length - limit] as number;
        expect(state).toEqual({ allowed: false, count: inside.length, retryAfterMs: leaves + period - clock.time });
      }
    }
  });
});

describe("fixed windows", () => {
  it("add up within a window and begin anew in the next", () => {
    const { counters } = setup();
    expect(counters.fixed("k", 900_000, 600_000, 0)).toBe(0);
    expect(counters.fixed("k", 900_000, 600_000, 2)).toBe(2);
    expect(counters.fixed("k", 900_000, 600_000, 3)).toBe(5);
    expect(counters.fixed("k", 1_500_000, 600_000, 1)).toBe(1);
    expect(counters.fixed("k", 900_000, 600_000, 0)).toBe(5);
  });

  it("keep windows of different lengths apart", () => {
    const { counters } = setup();
    counters.fixed("k", 900_000, 600_000, 2);
    expect(counters.fixed("k", 900_000, 900_000, 1)).toBe(1);
  });

  it("ignore what comes late for a window that has ended", () => {
    const { counters } = setup();
    expect(counters.fixed("k", 0, 1000, 5)).toBe(5);
    expect(counters.size).toBe(0);
  });

  it("keep a lifetime total", () => {
    const { clock, counters } = setup();
    counters.fixed("k", 0, 0, 5);
    clock.time += 1e12;
    expect(counters.fixed("k", 0, 0, 1)).toBe(6);
  });

  it("survive a restart when they are saved", () => {
    const { clock, counters } = setup();
    counters.fixed("a", 900_000, 600_000, 2);
    counters.fixed("b", 900_000, 200_000, 4);
    counters.fixed("c", 0, 0, 3);
    const saved = JSON.parse(JSON.stringify(counters.saved()));
    clock.time += 300_000;
    const restarted = new MemoryCounters(clock);
    restarted.fixed("a", 900_000, 600_000, 1);
    restarted.restore(saved);
    expect(restarted.fixed("a", 900_000, 600_000, 0)).toBe(3);
    expect(restarted.fixed("b", 900_000, 200_000, 0)).toBe(0);
    expect(restarted.fixed("c", 0, 0, 0)).toBe(3);
  });
});

describe("memory", () => {
  it("forgets keys whose window has passed as new ones come", () => {
    const { clock, counters } = setup();
    for (let i = 0; i < 10_000; i++) {
      counters.slide(`k${i}`, 5, 1000, 1);
      clock.time += 10;
    }
    // 100 keys are live at any time.
    expect(counters.size).toBeLessThan(250);
  });

  it("never holds more than the bound, and keeps the callers who used most", () => {
    const { counters } = setup(100);
    for (let i = 0; i < 50; i++) counters.slide("busy", 50, 60_000, 1);
    for (let i = 0; i < 5000; i++) counters.slide(`flood${i}`, 50, 60_000, 1);
    expect(counters.size).toBe(100);
    expect(counters.slide("busy", 50, 60_000, 1).allowed).toBe(false);
  });

  it("tells long keys apart", () => {
    const { counters } = setup();
    const long = "x".repeat(10_000);
    counters.slide(`${long}a`, 1, 1000, 1);
    expect(counters.slide(`${long}b`, 1, 1000, 1).allowed).toBe(true);
    expect(counters.slide(`${long}a`, 1, 1000, 1).allowed).toBe(false);
  });
});
