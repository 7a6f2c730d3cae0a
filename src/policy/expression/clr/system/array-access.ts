import { Box, ClrArray } from "../box.ts";
import { spend } from "../budget.ts";
import { boxByte } from "../collections/protocol.ts";
import {
  ArgumentNullException,
  ArgumentOutOfRangeException,
  IndexOutOfRangeException,
  InvalidCastException,
} from "../exceptions.ts";

/** A .NET array at run time: `byte[]` is a Uint8Array, every other one a ClrArray of boxed items. */
export type AnyArray = ClrArray | Uint8Array;

export function isArray(value: unknown): value is AnyArray {
  return value instanceof ClrArray || value instanceof Uint8Array;
}

/** @throws ArgumentNullException */
export function requireArray<T extends AnyArray>(array: T | null, name = "array"): T {
  if (array === null) throw new ArgumentNullException(name);
  return array;
}

export function lengthOf(array: AnyArray): number {
  return array instanceof ClrArray ? array.items.length : array.length;
}

/** The boxed item. The index is within range. */
export function itemAt(array: AnyArray, index: number): unknown {
  return array instanceof ClrArray ? array.items[index] : boxByte(array[index] ?? 0);
}

/** @throws InvalidCastException when a byte array is given something else */
export function setItem(array: AnyArray, index: number, item: unknown): void {
  if (array instanceof ClrArray) array.items[index] = item;
  else if (item instanceof Box && item.type === "Byte") array[index] = Number(item.value);
  else throw new InvalidCastException("Object cannot be stored in an array of this type.");
}

/** The boxed items of a part of the array, as a copy. */
export function itemsOf(array: AnyArray, start = 0, count = lengthOf(array) - start): unknown[] {
  spend(count);
  if (array instanceof ClrArray) return array.items.slice(start, start + count);
  return Array.from(array.subarray(start, start + count), boxByte);
}

/** A new array of the same element type. */
export function arrayLike(array: AnyArray, items: readonly unknown[]): AnyArray {
  if (array instanceof ClrArray) return new ClrArray(array.elementType, [...items]);
  return Uint8Array.from(items, (item) => Number((item as Box).value));
}

/** Writes items over a part of the array. */
export function putItems(array: AnyArray, start: number, items: readonly unknown[]): void {
  for (const [i, item] of items.entries()) setItem(array, start + i, item);
}

/** @throws ArgumentOutOfRangeException unless the part lies within the array */
export function checkPart(array: AnyArray, start: number, count: number): void {
  if (start < 0 || start > lengthOf(array)) {
    throw new ArgumentOutOfRangeException(
      "startIndex",
      "Index was out of range. Must be non-negative and less than the size of the collection.",
    );
  }
  if (count < 0 || count > lengthOf(array) - start) {
    throw new ArgumentOutOfRangeException(
      "count",
      "Count must be positive and count must refer to a location within the string/array/collection.",
    );
  }
}

/** @throws IndexOutOfRangeException */
export function checkIndex(array: AnyArray, index: number): number {
  if (index < 0 || index >= lengthOf(array)) throw new IndexOutOfRangeException();
  return index;
}
