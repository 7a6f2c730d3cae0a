import type { Clock, CounterStore, WindowState } from "../../policy/exchange/services.ts";
import { storeKey } from "../store-key.ts";
import { ExpiringMap } from "./expiring-map.ts";
import { SlidingLog } from "./sliding-log.ts";

/** The total of one fixed window, as it is saved over a restart. */
export interface SavedTotal {
  key: string;
  total: number;
  /** Epoch milliseconds; null: the window never ends. */
  expires: number | null;
}

interface Total {
  weight: number;
  expires: number;
}

/**
 * Counters in this process's memory: sliding windows exact to the millisecond, fixed windows, both synchronous.
 * Keys are forgotten when their window has passed, and there are never more than `maxKeys` of each kind.
 */
export class MemoryCounters implements CounterStore {
  readonly #clock: Clock;
  readonly #logs: ExpiringMap<SlidingLog>;
  readonly #totals: ExpiringMap<Total>;
  #lastTime = 0;
  /** How far the clock has been set back so far. */
  #setBack = 0;

  constructor(clock: Clock, { maxKeys = 500_000 }: { maxKeys?: number } = {}) {
    this.#clock = clock;
    this.#logs = new ExpiringMap(maxKeys);
    this.#totals = new ExpiringMap(maxKeys);
  }

  slide(key: string, limit: number, periodMs: number, cost: number): WindowState {
    const now = this.#steadyNow();
    const kept = storeKey(key);
    const log = this.#logs.get(kept, now);
    const count = log ? log.count(now, periodMs) : 0;
    if (count >= limit) {
      return { allowed: false, count, retryAfterMs: log ? log.wait(now, periodMs, limit) : periodMs };
    }
    if (cost > 0) this.#add(kept, log, now, periodMs, cost);
    return { allowed: true, count: count + Math.max(0, cost), retryAfterMs: 0 };
  }

  slideAdd(key: string, periodMs: number, cost: number): void {
    if (cost <= 0) return;
    const now = this.#steadyNow();
    const kept = storeKey(key);
    this.#add(kept, this.#logs.get(kept, now), now, periodMs, cost);
  }

  fixed(key: string, windowStart: number, periodMs: number, cost: number): number {
    const now = this.#clock.now();
    // Windows that begin at different times or last differently are counted apart, so none disturbs another.
    const kept = storeKey(`${key}\n${windowStart}\n${periodMs}`);
    const total = this.#totals.get(kept, now);
    if (total) return (total.weight += Math.max(0, cost));
    if (cost <= 0) return 0;
    const expires = periodMs === 0 ? Number.POSITIVE_INFINITY : windowStart + periodMs;
    if (expires > now) this.#totals.set(kept, { weight: cost, expires }, now);
    return cost;
  }

  /** The live totals of fixed windows (quotas), to be saved: they have to survive a restart. */
  saved(): SavedTotal[] {
    const now = this.#clock.now();
    const saved: SavedTotal[] = [];
    for (const [key, { weight, expires }] of this.#totals.entries()) {
      if (expires > now) saved.push({ key, total: weight, expires: Number.isFinite(expires) ? expires : null });
    }
    return saved;
  }

  /** Takes back what {@link saved} gave; what has been counted since is added to it. */
  restore(saved: readonly SavedTotal[]): void {
    const now = this.#clock.now();
    for (const { key, total, expires } of saved) {
      const end = expires ?? Number.POSITIVE_INFINITY;
      if (end <= now) continue;
      const present = this.#totals.get(key, now);
      if (present) present.weight += total;
      else this.#totals.set(key, { weight: total, expires: end }, now);
    }
  }

  /** Number of keys held, live or not yet swept. */
  get size(): number {
    return this.#logs.size + this.#totals.size;
  }

  #add(key: string, log: SlidingLog | undefined, now: number, periodMs: number, cost: number): void {
    const target = log ?? new SlidingLog();
    target.add(now, periodMs, cost);
    if (!log) this.#logs.set(key, target, now);
  }

  /** Time for sliding windows, which goes on evenly when the computer's clock is set back: logs are sorted by it. */
  #steadyNow(): number {
    const time = this.#clock.now();
    if (time < this.#lastTime) this.#setBack += this.#lastTime - time;
    this.#lastTime = time;
    return time + this.#setBack;
  }
}
