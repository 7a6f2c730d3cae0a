import type { Clock } from "../policy/exchange/services.ts";

/** A value with the time it may be used. Epoch milliseconds. */
export interface Lease<T> {
  value: T;
  /** From then on it is renewed in the background. */
  renewAt: number;
  /** It is not given out from then on. */
  until: number;
}

export interface RenewingCacheOptions {
  /** Values kept at most; those least recently used go first. */
  most: number;
  /** Milliseconds after a failure until the next try. */
  retryMs: number;
}

interface Entry<T> {
  lease: Lease<T> | undefined;
  running: Promise<T> | undefined;
  failure: { error: unknown; at: number } | undefined;
}

/**
 * Values that are fetched and hold for a time. One fetch at a time for each key, however many wait for it; while a value
 * holds, the next one is fetched in the background and nobody waits.
 */
export class RenewingCache<T> {
  readonly #clock: Clock;
  readonly #options: RenewingCacheOptions;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Clock, options: RenewingCacheOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** The value of a key, at once while one holds. @throws what `obtain` rejected with, also shortly afterwards. */
  get(key: string, obtain: () => Promise<Lease<T>>): T | Promise<T> {
    const entry = this.#entry(key);
    const now = this.#clock.now();
    const { lease, failure } = entry;
    const failed = failure !== undefined && now - failure.at < this.#options.retryMs;
    if (lease && now < lease.until) {
      if (now >= lease.renewAt && !entry.running && !failed) this.#begin(entry, obtain).catch(() => {});
      return lease.value;
    }
    if (entry.running) return entry.running;
    if (failed) throw failure.error;
    return this.#begin(entry, obtain);
  }

  #begin(entry: Entry<T>, obtain: () => Promise<Lease<T>>): Promise<T> {
    const running = obtain().then(
      (lease) => {
        entry.running = undefined;
        entry.failure = undefined;
        entry.lease = lease;
        return lease.value;
      },
      (error: unknown) => {
        entry.running = undefined;
        entry.failure = { error, at: this.#clock.now() };
        throw error;
      },
    );
    entry.running = running;
    return running;
  }

  #entry(key: string): Entry<T> {
    const { most } = this.#options;
    let entry = this.#entries.get(key);
    // The order only matters when there are so many that some will have to go.
    if (entry && this.#entries.size <= most / 2) return entry;
    if (entry) this.#entries.delete(key);
    else {
      const [oldest] = this.#entries.size >= most ? this.#entries.keys() : [];
      if (oldest !== undefined) this.#entries.delete(oldest);
      entry = { lease: undefined, running: undefined, failure: undefined };
    }
    this.#entries.set(key, entry);
    return entry;
  }
}
