import { InvalidOperationException } from "../exceptions.ts";

/** One occupied slot. */
export interface Slot {
  readonly hashKey: unknown;
  readonly key: unknown;
  value: unknown;
}

/** The message that .NET gives to code that changes what it enumerates. */
export const MODIFIED = "Collection was modified; enumeration operation may not execute.";

/**
 * The table under Dictionary and HashSet. It enumerates in .NET's order: insertion order, except that a removed
 * entry's slot is taken by the next addition (the most recently freed first).
 */
export class HashTable {
  /** Counts changes, so that enumerators notice them. */
  version = 0;
  readonly #keyOf: (key: unknown) => unknown;
  readonly #slots: (Slot | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #index = new Map<unknown, number>();

  constructor(keyOf: (key: unknown) => unknown) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#index.size;
  }

  find(key: unknown): Slot | undefined {
    const at = this.#index.get(this.#keyOf(key));
    return at === undefined ? undefined : this.#slots[at];
  }

  /** False, and nothing changed, when the key is there already. */
  add(key: unknown, value: unknown): boolean {
    const hashKey = this.#keyOf(key);
    if (this.#index.has(hashKey)) return false;
    const at = this.#free.pop() ?? this.#slots.length;
    this.#slots[at] = { hashKey, key, value };
    this.#index.set(hashKey, at);
    this.version++;
    return true;
  }

  remove(key: unknown): Slot | undefined {
    const hashKey = this.#keyOf(key);
    const at = this.#index.get(hashKey);
    if (at === undefined) return undefined;
    const slot = this.#slots[at];
    this.#index.delete(hashKey);
    this.#slots[at] = undefined;
    this.#free.push(at);
    this.version++;
    return slot;
  }

  clear(): void {
    this.#index.clear();
    this.#slots.length = 0;
    this.#free.length = 0;
    this.version++;
  }

  /** @throws {InvalidOperationException} when the table changed since the enumeration began. */
  *[Symbol.iterator](): Iterator<Slot> {
    const version = this.version;
    for (let i = 0; i < this.#slots.length; i++) {
      const slot = this.#slots[i];
      if (slot === undefined) continue;
      yield slot;
      if (version !== this.version) throw new InvalidOperationException(MODIFIED);
    }
  }
}
