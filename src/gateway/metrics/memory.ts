import type { Measurement, Metrics } from "../../policy/exchange/metrics.ts";
import type { Clock } from "../../policy/exchange/services.ts";

/** The measurements of one series added up. */
export interface Series {
  namespace: string;
  name: string;
  dimensions: readonly (readonly [name: string, value: string])[];
  sum: number;
  count: number;
}

interface Entry extends Series {
  /** Epoch milliseconds of the last measurement. */
  updated: number;
}

/** Series may carry what callers sent (addresses, header values), so nobody may make them at will. */
const MOST_SERIES = 10_000;
const LONGEST_VALUE = 256;
/** A series that was silent for so long makes room for a new one. */
const IDLE_MS = 10 * 60_000;

/** Metrics added up in this process's memory since it started, for a scraper to read. */
export class MemoryMetrics implements Metrics {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #measured: ((measurement: Measurement) => void) | undefined;
  /** Least recently updated first. */
  readonly #series = new Map<string, Entry>();
  /** Measurements that found no room. */
  dropped = 0;

  constructor(
    clock: Clock,
    options: { series?: number; measured?: ((measurement: Measurement) => void) | undefined } = {},
  ) {
    this.#clock = clock;
    this.#most = options.series ?? MOST_SERIES;
    this.#measured = options.measured;
  }

  add(measurement: Measurement): void {
    const { namespace, name, value, dimensions } = measurement;
    if (!Number.isFinite(value)) return;
    this.#measured?.(measurement);
    const cut = dimensions.map(([dimension, text]) => [dimension, text.slice(0, LONGEST_VALUE)] as const);
    const key = JSON.stringify([namespace, name, cut]);
    const updated = this.#clock.now();
    const present = this.#series.get(key);
    if (present) {
      present.sum += value;
      present.count++;
      present.updated = updated;
      this.#series.delete(key);
      this.#series.set(key, present);
    } else if (this.#hasRoom(updated)) {
      this.#series.set(key, { namespace, name, dimensions: cut, sum: value, count: 1, updated });
    } else {
      this.dropped++;
    }
  }

  series(): IterableIterator<Series> {
    return this.#series.values();
  }

  #hasRoom(now: number): boolean {
    if (this.#series.size < this.#most) return true;
    for (const [key, { updated }] of this.#series) {
      if (now - updated < IDLE_MS) return false;
      this.#series.delete(key);
      return true;
    }
    return false;
  }
}
