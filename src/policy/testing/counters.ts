import type { Clock, CounterStore, WindowState } from "../exchange/services.ts";

/** Counters as plain lists and sums: what the words of `CounterStore` say, without any thrift. */
export class ListCounters implements CounterStore {
  readonly #clock: Clock;
  readonly #units = new Map<string, number[]>();
  readonly totals = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  slide(key: string, limit: number, periodMs: number, cost: number): WindowState {
    const now = this.#clock.now();
    const inside = (this.#units.get(key) ?? []).filter((time) => time > now - periodMs);
    const allowed = inside.length < limit;
    if (allowed) this.slideAdd(key, periodMs, cost);
    const freed = limit > 0 ? inside[inside.length - limit] : now;
    return {
      allowed,
      count: inside.length + (allowed ? cost : 0),
      retryAfterMs: allowed ? 0 : (freed as number) + periodMs - now,
    };
  }

  slideAdd(key: string, _periodMs: number, cost: number): void {
    const units = this.#units.get(key) ?? [];
    for (let i = 0; i < cost; i++) units.push(this.#clock.now());
    this.#units.set(key, units);
  }

  fixed(key: string, windowStart: number, periodMs: number, cost: number): number {
    const window = `${key} ${windowStart} ${periodMs}`;
    const total = (this.totals.get(window) ?? 0) + cost;
    this.totals.set(window, total);
    return total;
  }
}

/** The same counters answering by promise, as a shared store does. */
export function promised(counters: CounterStore): CounterStore {
  return {
    slide: async (key, limit, periodMs, cost) => counters.slide(key, limit, periodMs, cost),
    slideAdd: async (key, periodMs, cost) => counters.slideAdd(key, periodMs, cost),
    fixed: async (key, windowStart, periodMs, cost) => counters.fixed(key, windowStart, periodMs, cost),
  };
}
