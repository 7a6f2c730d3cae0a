import { Box, ClrArray } from "../box.ts";

/**
 * What a run-time class offers so that expressions can use it through a .NET collection interface. A class declared
 * to implement `ICollection<T>`, `IList<T>`, `IDictionary<TKey, TValue>` or a read-only form of them has the members
 * named here; the interfaces' declarations call nothing else. Items, keys and values are boxed.
 * Arrays need none of this: `ClrArray` and Uint8Array are known to the functions of this folder.
 */
export interface Countable extends Iterable<unknown> {
  readonly count: number;
  /** Membership, where the class has a faster or special way than comparing every item. */
  contains?(item: unknown): boolean;
}

/** `ICollection<T>`. */
export interface MutableCollection extends Countable {
  add(item: unknown): void;
  clear(): void;
  contains(item: unknown): boolean;
  /** True when the item was there. */
  remove(item: unknown): boolean;
}

/** `IList<T>`; `IReadOnlyList<T>` needs no more than `getItem`. */
export interface MutableList extends MutableCollection {
  /** @throws {ArgumentOutOfRangeException} */
  getItem(index: number): unknown;
  setItem(index: number, item: unknown): void;
  /** -1 when missing. */
  indexOf(item: unknown): number;
  insert(index: number, item: unknown): void;
  removeAt(index: number): void;
}

/** `IReadOnlyDictionary<TKey, TValue>`; iterates `KeyValuePair` objects. */
export interface ReadOnlyDictionary extends Countable {
  /** The value of a key, or `undefined` (which is never a boxed value) when the key is missing. */
  lookup(key: unknown): unknown;
  readonly keys: Iterable<unknown>;
  readonly values: Iterable<unknown>;
  /** What the indexer gives for a missing key; without it the indexer throws KeyNotFoundException. */
  missing?(key: unknown): unknown;
}

/** `IDictionary<TKey, TValue>`. */
export interface MutableDictionary extends ReadOnlyDictionary {
  setEntry(key: unknown, value: unknown): void;
  /** @throws {ArgumentException} when the key exists. */
  addEntry(key: unknown, value: unknown): void;
  removeKey(key: unknown): boolean;
  clear(): void;
}

/** Whatever stands for `IEnumerable<T>` at run time: an iterable of boxed items, a string, a `byte[]`. */
export type Enumerable = Iterable<unknown> | string | Uint8Array;

/** The boxed items of any value that C# sees as `IEnumerable`. */
export function enumerate(source: Enumerable): Iterable<unknown> {
  if (typeof source === "string") return new Chars(source);
  if (source instanceof Uint8Array) return new Bytes(source);
  return source;
}

/** True when C# may enumerate the value. */
export function isEnumerable(value: unknown): value is Enumerable {
  return typeof value === "string" || (typeof value === "object" && value !== null && Symbol.iterator in value);
}

/** The items as a fresh JavaScript array. */
export function toItems(source: Enumerable): unknown[] {
  if (source instanceof ClrArray) return source.items.slice();
  return Array.from(enumerate(source));
}

/** The number of items when it is known without enumerating, else `undefined`. */
export function knownCount(source: Enumerable): number | undefined {
  if (typeof source === "string" || source instanceof Uint8Array) return source.length;
  if (source instanceof ClrArray) return source.items.length;
  const count = (source as Partial<Countable>).count;
  return typeof count === "number" ? count : undefined;
}

/** A .NET array of boxed items: `byte` arrays are a Uint8Array, all others a `ClrArray`. */
export function toArray(elementType: string, items: unknown[]): ClrArray | Uint8Array {
  if (elementType === "byte") return Uint8Array.from(items, (item) => (item as Box).value as number);
  return new ClrArray(elementType, items);
}

const chars: Box[] = [];
const bytes: Box[] = [];

/** A boxed `char`; the frequent ones are shared. */
export function boxChar(code: number): Box {
  if (code >= 256) return new Box("Char", code);
  return (chars[code] ??= new Box("Char", code));
}

/** A boxed `byte`. */
export function boxByte(value: number): Box {
  return (bytes[value] ??= new Box("Byte", value));
}

class Chars implements Iterable<unknown> {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  *[Symbol.iterator](): Iterator<unknown> {
    for (let i = 0; i < this.#text.length; i++) yield boxChar(this.#text.charCodeAt(i));
  }
}

class Bytes implements Iterable<unknown> {
  readonly #bytes: Uint8Array;
  constructor(source: Uint8Array) {
    this.#bytes = source;
  }
  *[Symbol.iterator](): Iterator<unknown> {
    for (const value of this.#bytes) yield boxByte(value);
  }
}
