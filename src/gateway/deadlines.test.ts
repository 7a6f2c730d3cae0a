import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadlines, Timed } from "./deadlines.ts";

class Probe extends Timed {
  readonly name: string;
  readonly log: string[];
  constructor(name: string, log: string[]) {
    super();
    this.name = name;
    this.log = log;
  }
  override expired(): void {
    this.log.push(this.name);
  }
}

describe("deadlines", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("expire each at its time, however long each takes", () => {
    const deadlines = new Deadlines();
    const log: string[] = [];
    deadlines.arm(new Probe("slow", log), 100);
    deadlines.arm(new Probe("fast", log), 10);
    vi.advanceTimersByTime(5);
    deadlines.arm(new Probe("later", log), 10);
    vi.advanceTimersByTime(5);
    expect(log).toEqual(["fast"]);
    vi.advanceTimersByTime(5);
    expect(log).toEqual(["fast", "later"]);
    vi.advanceTimersByTime(85);
    expect(log).toEqual(["fast", "later", "slow"]);
  });

  it("do not expire when disarmed, and start anew when armed again", () => {
    const deadlines = new Deadlines();
    const log: string[] = [];
    const [first, middle, last] = ["first", "middle", "last"].map((name) => new Probe(name, log));
    for (const probe of [first, middle, last]) deadlines.arm(probe as Probe, 10);
    deadlines.disarm(middle as Probe);
    deadlines.disarm(middle as Probe);
    vi.advanceTimersByTime(6);
    deadlines.arm(first as Probe, 10);
    vi.advanceTimersByTime(4);
    expect(log).toEqual(["last"]);
    vi.advanceTimersByTime(6);
    expect(log).toEqual(["last", "first"]);
    vi.advanceTimersByTime(100);
    expect(log).toHaveLength(2);
  });

  it("go on after one that fails, and may be armed by one that expires", () => {
    const deadlines = new Deadlines();
    const log: string[] = [];
    const broken = new (class extends Timed {
      override expired(): void {
        throw new Error("broken");
      }
    })();
    const again = new (class extends Probe {
      override expired(): void {
        super.expired();
        if (log.length < 3) deadlines.arm(this, 10);
      }
    })("again", log);
    deadlines.arm(broken, 10);
    deadlines.arm(again, 10);
    expect(() => vi.advanceTimersByTime(10)).toThrow("broken");
    vi.advanceTimersByTime(100);
    expect(log).toEqual(["again", "again", "again"]);
  });
});
