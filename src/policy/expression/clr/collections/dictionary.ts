import {
  ArgumentException,
  ArgumentNullException,
  ArgumentOutOfRangeException,
  KeyNotFoundException,
} from "../exceptions.ts";
import { clrNameOf } from "../system/clr-names.ts";
import { boxedEquals, defaultEqualityComparer } from "../system/equality.ts";
import type { ClrObject, EqualityComparer } from "../system/protocol.ts";
import { boxedToString } from "../system/text.ts";
import { keyerOf } from "./comparer.ts";
import { HashTable } from "./hash-table.ts";
import { KeyValuePair } from "./key-value-pair.ts";
import { type Enumerable, enumerate, type MutableDictionary } from "./protocol.ts";

/** `Dictionary<TKey, TValue>`; keys and values are boxed. Iterates KeyValuePair objects. */
export class Dictionary implements MutableDictionary, ClrObject {
  /** Type names in C# form. */
  readonly keyType: string;
  readonly valueType: string;
  readonly comparer: EqualityComparer;
  readonly #table: HashTable;

  constructor(keyType: string, valueType: string, comparer: EqualityComparer | null = null) {
    this.keyType = keyType;
    this.valueType = valueType;
    this.comparer = comparer ?? defaultEqualityComparer;
    this.#table = new HashTable(keyerOf(comparer));
  }

  get count(): number {
    return this.#table.size;
  }

  lookup(key: unknown): unknown {
    return this.#table.find(notNull(key))?.value;
  }

  /** The indexer. @throws {KeyNotFoundException} */
  getEntry(key: unknown): unknown {
    const slot = this.#table.find(notNull(key));
    if (slot === undefined) throw keyNotFound(key);
    return slot.value;
  }

  setEntry(key: unknown, value: unknown): void {
    const slot = this.#table.find(notNull(key));
    if (slot === undefined) {
      this.#table.add(key, value);
    } else {
      slot.value = value;
      this.#table.version++;
    }
  }

  addEntry(key: unknown, value: unknown): void {
    if (!this.#table.add(notNull(key), value)) {
      throw new ArgumentException(`An item with the same key has already been added. Key: ${boxedToString(key)}`);
    }
  }

  /** False when the key exists. */
  tryAdd(key: unknown, value: unknown): boolean {
    return this.#table.add(notNull(key), value);
  }

  removeKey(key: unknown): boolean {
    return this.#table.remove(notNull(key)) !== undefined;
  }

  /** Copies every pair. @throws {ArgumentException} at a key that exists. */
  addAll(pairs: Enumerable | null, parameter: string): this {
    if (pairs === null) throw new ArgumentNullException(parameter);
    for (const pair of enumerate(pairs) as Iterable<KeyValuePair>) this.addEntry(pair.key, pair.value);
    return this;
  }

  clear(): void {
    this.#table.clear();
  }

  containsValue(value: unknown): boolean {
    for (const slot of this.#table) if (boxedEquals(slot.value, value)) return true;
    return false;
  }

  add(pair: unknown): void {
    const { key, value } = pair as KeyValuePair;
    this.addEntry(key, value);
  }

  contains(pair: unknown): boolean {
    const { key, value } = pair as KeyValuePair;
    const slot = this.#table.find(notNull(key));
    return slot !== undefined && boxedEquals(slot.value, value);
  }

  remove(pair: unknown): boolean {
    return this.contains(pair) && this.removeKey((pair as KeyValuePair).key);
  }

  readonly keys = new KeyView(
    this,
    (pair) => pair.key,
    (key) => this.lookup(key) !== undefined,
  );
  readonly values = new KeyView(
    this,
    (pair) => pair.value,
    (value) => this.containsValue(value),
  );

  get clrName(): string {
    return clrNameOf(`System.Collections.Generic.Dictionary<${this.keyType},${this.valueType}>`);
  }

  *[Symbol.iterator](): Iterator<KeyValuePair> {
    for (const slot of this.#table) yield new KeyValuePair(slot.key, slot.value);
  }
}

/** The live `Keys` or `Values` of a dictionary. */
class KeyView implements Iterable<unknown> {
  readonly contains: (item: unknown) => boolean;
  readonly #of: Dictionary;
  readonly #select: (pair: KeyValuePair) => unknown;

  constructor(of: Dictionary, select: (pair: KeyValuePair) => unknown, contains: (item: unknown) => boolean) {
    this.contains = contains;
    this.#of = of;
    this.#select = select;
  }

  get count(): number {
    return this.#of.count;
  }

  *[Symbol.iterator](): Iterator<unknown> {
    for (const pair of this.#of) yield this.#select(pair);
  }
}

/** The exception of an indexer at a missing key. */
export function keyNotFound(key: unknown): KeyNotFoundException {
  return new KeyNotFoundException(`The given key '${boxedToString(key)}' was not present in the dictionary.`);
}

/** Initial capacities are checked and otherwise without effect. */
export function checkCapacity(capacity: number): void {
  if (capacity < 0) throw new ArgumentOutOfRangeException("capacity");
}

function notNull(key: unknown): unknown {
  if (key === null) throw new ArgumentNullException("key");
  return key;
}
