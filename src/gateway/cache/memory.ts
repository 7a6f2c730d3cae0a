import type { CacheStore, Clock } from "../../policy/exchange/services.ts";
import { storeKey } from "../store-key.ts";
import { valueSize } from "./value-size.ts";

/** Bounds of a cache: whichever is reached first makes the values go that were not used for longest. */
export interface CacheBounds {
  entries: number;
  /** Bytes of all values together, as estimated. A value of more than an eighth of it is not kept. */
  bytes: number;
}

interface Entry {
  value: unknown;
  /** Epoch milliseconds. */
  expires: number;
  size: number;
}

const DEFAULT_BOUNDS: CacheBounds = { entries: 100_000, bytes: 64 << 20 };

/** The built-in cache: values in this process's memory, as they are (the same object comes back), synchronous. */
export class MemoryCache implements CacheStore {
  readonly #clock: Clock;
  readonly #bounds: CacheBounds;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(clock: Clock, bounds: Partial<CacheBounds> = {}) {
    this.#clock = clock;
    this.#bounds = { ...DEFAULT_BOUNDS, ...bounds };
  }

  /** Number of entries, expired ones that nobody asked for since included. */
  get size(): number {
    return this.#entries.size;
  }

  /** Estimated bytes of all values. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): unknown {
    const kept = storeKey(key);
    const entry = this.#entries.get(kept);
    if (!entry) return undefined;
    if (entry.expires <= this.#clock.now()) {
      this.#remove(kept, entry);
      return undefined;
    }
    this.#entries.delete(kept);
    this.#entries.set(kept, entry);
    return entry.value;
  }

  set(key: string, value: unknown, ttlMs: number): void {
    const kept = storeKey(key);
    const present = this.#entries.get(kept);
    if (present) this.#remove(kept, present);
    const size = valueSize(value) + 2 * kept.length;
    if (!(ttlMs > 0) || value === undefined || size > this.#bounds.bytes / 8) return;
    this.#entries.set(kept, { value, expires: this.#clock.now() + ttlMs, size });
    this.#bytes += size;
    this.#evict();
  }

  delete(key: string): void {
    const kept = storeKey(key);
    const entry = this.#entries.get(kept);
    if (entry) this.#remove(kept, entry);
  }

  #evict(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.#bounds.entries && this.#bytes <= this.#bounds.bytes) return;
      this.#remove(key, entry);
    }
  }

  #remove(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.size;
  }
}
