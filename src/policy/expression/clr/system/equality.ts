import { AnonymousObject, ValueTuple } from "../anonymous.ts";
import { Box, EnumValue } from "../box.ts";
import { ArgumentException } from "../exceptions.ts";
import { asClrObject, type EqualityComparer } from "./protocol.ts";
import { compareCulture } from "./string-compare.ts";
import { typeNameOf } from "./text.ts";
import { chargeText } from "./text-limit.ts";

/** `object.Equals(a, b)` of two boxed values: by content for value types and strings, else by reference or `clrEquals`. */
export function boxedEquals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (a instanceof Box) return b instanceof Box && a.type === b.type && sameNumber(a.value, b.value);
  const own = asClrObject(a);
  if (own?.clrEquals) return own.clrEquals(b);
  if (a instanceof AnonymousObject) {
    return b instanceof AnonymousObject && allEqual(a.names, b.names) && allEqual(a.values, b.values);
  }
  return a instanceof ValueTuple && b instanceof ValueTuple && allEqual(a.values, b.values);
}

/** NaN equals NaN and 0.0 equals -0.0 in `double.Equals`. */
function sameNumber(a: number | bigint, b: number | bigint): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

function allEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => boxedEquals(value, b[i]));
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0x2f1a3c;

/** `GetHashCode()` of a boxed value: equal values give equal codes; null gives 0. A signed 32-bit integer. */
export function boxedHashCode(value: unknown): number {
  switch (typeof value) {
    case "number":
      return value | 0;
    case "bigint":
      return longHashCode(value);
    case "boolean":
      return value ? 1 : 0;
    case "string":
      return stringHashCode(value);
  }
  if (value === null || value === undefined) return 0;
  if (value instanceof Box) return boxHashCode(value);
  if (value instanceof EnumValue) return value.value | 0;
  const own = asClrObject(value);
  if (own?.clrHashCode) return own.clrHashCode();
  if (value instanceof AnonymousObject || value instanceof ValueTuple) return combineHashCodes(value.values);
  return identityHashCode(value);
}

/** One code for several values, in order. */
export function combineHashCodes(values: readonly unknown[]): number {
  let code = 17;
  for (const value of values) code = (Math.imul(code, 31) + boxedHashCode(value)) | 0;
  return code;
}

/** `string.GetHashCode()`; stable within and across processes (.NET's is neither promised nor stable). */
export function stringHashCode(text: string): number {
  chargeText(text.length);
  let code = 5381;
  for (let i = 0; i < text.length; i++) code = (Math.imul(code, 33) ^ text.charCodeAt(i)) | 0;
  return code;
}

/** `long.GetHashCode()`: the two halves combined. */
export function longHashCode(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
}

/** `double.GetHashCode()`: the bits combined; the two zeros agree. */
export function doubleHashCode(value: number): number {
  if (value === 0) return 0;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getInt32(0) ^ view.getInt32(4);
}

function boxHashCode(box: Box): number {
  if (typeof box.value === "bigint") return longHashCode(box.value);
  if (box.type === "Double" || box.type === "Single") return doubleHashCode(box.value);
  if (box.type === "Char") return box.value | (box.value << 16);
  return box.value | 0;
}

function identityHashCode(value: object): number {
  let code = identities.get(value);
  if (code === undefined) {
    nextIdentity = (Math.imul(nextIdentity, 1_103_515_245) + 12_345) & 0x3ff_ffff;
    identities.set(value, (code = nextIdentity));
  }
  return code;
}

/**
 * `Comparer<object>.Default.Compare`: null sorts first, strings by culture, numbers by value.
 * @throws ArgumentException when the values have no order or different types.
 */
export function compareBoxed(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : -1;
  if (b === null || b === undefined) return 1;
  if (typeof a === "string" && typeof b === "string") return compareCulture(a, b, false);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : 1;
  if (typeof a === "boolean" && typeof b === "boolean") return a ? 1 : -1;
  if (a instanceof Box && b instanceof Box && a.type === b.type) return compareNumbers(a.value, b.value);
  if (a instanceof EnumValue && b instanceof EnumValue && a.type === b.type) return a.value - b.value;
  const own = asClrObject(a);
  if (own?.clrCompareTo) return own.clrCompareTo(b);
  if (a instanceof ValueTuple && b instanceof ValueTuple) return compareTuples(a.values, b.values);
  const other = asClrObject(b);
  if (other?.clrCompareTo) return -other.clrCompareTo(a);
  if (typeNameOf(a) !== typeNameOf(b)) throw new ArgumentException(`Object must be of type ${simple(a)}.`);
  throw new ArgumentException("At least one object must implement IComparable.");
}

function simple(value: unknown): string {
  const name = typeNameOf(value);
  return name.slice(name.lastIndexOf(".") + 1);
}

function compareTuples(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareBoxed(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** `CompareTo` of two numbers of one type; NaN sorts before every other number. */
export function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  return Number.isNaN(b) ? 1 : 0;
}

/** `EqualityComparer<T>.Default`. */
export const defaultEqualityComparer: EqualityComparer = { equals: boxedEquals, hashCode: boxedHashCode };
