import { type Box, ClrArray } from "../box.ts";
import { spend } from "../budget.ts";
import {
  ArgumentException,
  ArgumentNullException,
  ArgumentOutOfRangeException,
  InvalidOperationException,
} from "../exceptions.ts";
import { clrNameOf } from "../system/clr-names.ts";
import { boxedEquals } from "../system/equality.ts";
import type { ClrObject, Comparer } from "../system/protocol.ts";
import { orderOf } from "./comparer.ts";
import { MODIFIED } from "./hash-table.ts";
import { type Enumerable, type MutableList, toItems } from "./protocol.ts";

/** `List<T>`; items are boxed. */
export class List implements MutableList, ClrObject {
  /** Element type in C# form, such as `int`. */
  readonly elementType: string;
  readonly items: unknown[];
  capacity: number;
  #version = 0;

  constructor(elementType: string, items: unknown[] = [], capacity = items.length) {
    if (capacity < 0) throw new ArgumentOutOfRangeException("capacity");
    this.elementType = elementType;
    this.items = items;
    this.capacity = capacity;
  }

  get count(): number {
    return this.items.length;
  }

  getItem(index: number): unknown {
    this.#check(index);
    return this.items[index];
  }

  setItem(index: number, item: unknown): void {
    this.#check(index);
    this.items[index] = item;
    this.#version++;
  }

  add(item: unknown): void {
    this.items.push(item);
    this.#version++;
  }

  addRange(source: Enumerable): void {
    this.insertRange(this.items.length, source);
  }

  insert(index: number, item: unknown): void {
    if (index < 0 || index > this.items.length) {
      throw new ArgumentOutOfRangeException("index", "Index must be within the bounds of the List.");
    }
    spend(this.items.length >> 6);
    this.items.splice(index, 0, item);
    this.#version++;
  }

  insertRange(index: number, source: Enumerable | null): void {
    if (source === null) throw new ArgumentNullException("collection");
    if (index < 0 || index > this.items.length) throw outOfRange("index");
    const added = toItems(source);
    spend(added.length);
    if (index === this.items.length) for (const item of added) this.items.push(item);
    else this.items.splice(index, 0, ...added);
    this.#version++;
  }

  clear(): void {
    this.items.length = 0;
    this.#version++;
  }

  contains(item: unknown): boolean {
    return this.indexOf(item) >= 0;
  }

  indexOf(item: unknown, from = 0, count = this.items.length - from): number {
    if (from < 0 || from > this.items.length) throw outOfRange("index");
    if (count < 0 || from + count > this.items.length) throw outOfRange("count");
    spend(count >> 4);
    for (let i = from; i < from + count; i++) if (boxedEquals(this.items[i], item)) return i;
    return -1;
  }

  lastIndexOf(item: unknown, from = this.items.length - 1, count = from + 1): number {
    if (this.items.length === 0) return -1;
    if (from < 0 || from >= this.items.length) throw outOfRange("index");
    if (count < 0 || count > from + 1) throw outOfRange("count");
    spend(count >> 4);
    for (let i = from; i > from - count; i--) if (boxedEquals(this.items[i], item)) return i;
    return -1;
  }

  remove(item: unknown): boolean {
    const index = this.indexOf(item);
    if (index >= 0) this.removeAt(index);
    return index >= 0;
  }

  removeAt(index: number): void {
    this.#check(index);
    spend(this.items.length >> 6);
    this.items.splice(index, 1);
    this.#version++;
  }

  removeRange(index: number, count: number): void {
    this.checkRange(index, count);
    this.items.splice(index, count);
    this.#version++;
  }

  removeAll(match: (item: unknown) => boolean): number {
    const kept = this.items.filter((item) => !match(item));
    const removed = this.items.length - kept.length;
    this.#replace(0, this.items.length, kept);
    return removed;
  }

  reverse(index = 0, count = this.items.length): void {
    this.checkRange(index, count);
    this.#replace(index, count, this.items.slice(index, index + count).reverse());
  }

  /** @throws {InvalidOperationException} when two items cannot be compared. */
  sort(comparer: Comparer | null, index = 0, count = this.items.length): void {
    this.checkRange(index, count);
    this.#replace(index, count, sortItems(this.items.slice(index, index + count), orderOf(comparer)));
  }

  sortBy(comparison: (a: unknown, b: unknown) => number): void {
    this.#replace(0, this.items.length, sortItems(this.items.slice(), comparison));
  }

  /** A range must lie inside the list. */
  checkRange(index: number, count: number): void {
    if (index < 0) throw new ArgumentOutOfRangeException("index", "Non-negative number required.");
    if (count < 0) throw new ArgumentOutOfRangeException("count", "Non-negative number required.");
    if (index + count > this.items.length) {
      throw new ArgumentException(
        "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
      );
    }
  }

  get clrName(): string {
    return clrNameOf(`System.Collections.Generic.List<${this.elementType}>`);
  }

  /** @throws {InvalidOperationException} when the list changed since the enumeration began. */
  *[Symbol.iterator](): Iterator<unknown> {
    const version = this.#version;
    for (let i = 0; i < this.items.length; i++) {
      yield this.items[i];
      if (version !== this.#version) throw new InvalidOperationException(MODIFIED);
    }
  }

  #check(index: number): void {
    if (index < 0 || index >= this.items.length) throw outOfRange("index");
  }

  #replace(index: number, count: number, by: unknown[]): void {
    spend(by.length);
    const rest = this.items.slice(index + count);
    this.items.length = index;
    for (const item of by) this.items.push(item);
    for (const item of rest) this.items.push(item);
    this.#version++;
  }
}

/** Copies items into an array that exists, as `CopyTo` does. @throws {ArgumentException} when it is too short. */
export function copyTo(items: readonly unknown[], array: ClrArray | Uint8Array | null, at = 0): void {
  if (array === null) throw new ArgumentNullException("array");
  const room = array instanceof ClrArray ? array.items.length : array.length;
  if (at < 0) throw new ArgumentOutOfRangeException("arrayIndex", "Non-negative number required.");
  if (at + items.length > room) {
    throw new ArgumentException(
      "Destination array was not long enough. Check destIndex and length, and the array's lower bounds.",
    );
  }
  for (let i = 0; i < items.length; i++) {
    if (array instanceof ClrArray) array.items[at + i] = items[i];
    else array[at + i] = (items[i] as Box).value as number;
  }
}

/** The exception of an index outside a list. */
export function outOfRange(parameter: string): ArgumentOutOfRangeException {
  return new ArgumentOutOfRangeException(
    parameter,
    "Index was out of range. Must be non-negative and less than the size of the collection.",
  );
}

/** True when the item is among the items under the default equality. */
export function includes(items: Iterable<unknown>, item: unknown): boolean {
  for (const candidate of items) if (boxedEquals(candidate, item)) return true;
  return false;
}

function sortItems(items: unknown[], order: (a: unknown, b: unknown) => number): unknown[] {
  try {
    return items.sort(order);
  } catch (error) {
    if (!(error instanceof ArgumentException)) throw error;
    throw new InvalidOperationException("Failed to compare two elements in the array.", error);
  }
}
