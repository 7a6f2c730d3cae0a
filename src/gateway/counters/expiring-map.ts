/** What the map needs to know of a value to decide which may go. */
export interface Expiring {
  /** Epoch milliseconds from which on the value means nothing. */
  expires: number;
  /** How much was counted: of the values looked at, the one with the least goes first when the map is full. */
  readonly weight: number;
}

/** Entries looked at for every entry that is added; two keep the map below twice the number of live keys. */
const SWEEP = 2;
/** Entries compared when one has to go. */
const SAMPLE = 8;

/**
 * A map whose expired entries go by themselves, a little at every insertion, and which never holds more than
 * `maxKeys`: callers choose the keys. No timers; all operations take constant time, amortised.
 * When it is full of live entries, one with little counted on it makes room, so that a flood of fresh keys
 * does not free a caller who is near a limit.
 */
export class ExpiringMap<V extends Expiring> {
  readonly #entries = new Map<string, V>();
  readonly #maxKeys: number;
  #cursor: Iterator<[string, V]>;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
    this.#cursor = this.#entries.entries();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The live value of a key. */
  get(key: string, now: number): V | undefined {
    const value = this.#entries.get(key);
    return value !== undefined && value.expires > now ? value : undefined;
  }

  /** Sets a key; `now` lets expired entries go. */
  set(key: string, value: V, now: number): void {
    this.#sweep(now);
    if (this.#entries.size >= this.#maxKeys && !this.#entries.has(key)) this.#makeRoom(now);
    this.#entries.set(key, value);
  }

  entries(): IterableIterator<[string, V]> {
    return this.#entries.entries();
  }

  #sweep(now: number): void {
    for (let i = 0; i < SWEEP; i++) {
      const entry = this.#next();
      if (!entry) return;
      if (entry[1].expires <= now) this.#entries.delete(entry[0]);
    }
  }

  #makeRoom(now: number): void {
    let victim: [string, V] | undefined;
    for (let i = 0; i < SAMPLE; i++) {
      const entry = this.#next();
      if (!entry) break;
      if (!victim || rank(entry[1], now) < rank(victim[1], now)) victim = entry;
    }
    if (victim) this.#entries.delete(victim[0]);
  }

  /** Goes round the map for ever; undefined when it is empty. */
  #next(): [string, V] | undefined {
    let step = this.#cursor.next();
    if (step.done) {
      this.#cursor = this.#entries.entries();
      step = this.#cursor.next();
    }
    return step.done ? undefined : step.value;
  }
}

function rank(value: Expiring, now: number): number {
  return value.expires <= now ? -1 : value.weight;
}
