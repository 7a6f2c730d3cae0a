import { AnonymousObject, ValueTuple } from "./clr/anonymous.ts";
import { Box, type BoxedType, ClrArray, type EnumValue } from "./clr/box.ts";
import { resetBudget, spend } from "./clr/budget.ts";
import { boxByte, boxChar, type Enumerable, enumerate } from "./clr/collections/protocol.ts";
import type { RuntimeType } from "./clr/declare.ts";
import {
  BudgetExceededError,
  ClrException,
  DivideByZeroException,
  IndexOutOfRangeException,
  InvalidCastException,
  InvalidOperationException,
  NullReferenceException,
  OverflowException,
} from "./clr/exceptions.ts";
import { boxedEquals } from "./clr/system/equality.ts";
import { alignText, formatBoxed } from "./clr/system/format.ts";
import { doubleToString, singleToString } from "./clr/system/number-text.ts";
import { boxedToString } from "./clr/system/text.ts";
import { MAX_TEXT_LENGTH } from "./clr/system/text-limit.ts";
import { ClrType } from "./clr/system/type.ts";

/**
 * What C#'s own operators and statements do at run time. Generated code refers to these by name (`lib.op.idiv`), and
 * to nothing else but the members of declared types. Values arrive in the representation of their static type.
 */

function nullReference(): never {
  throw new NullReferenceException();
}

/** The unboxing of `null` as a value type, and of anything else that is not of the type asked for. */
function badCast(value: unknown): never {
  throw value === null || value === undefined ? new NullReferenceException() : new InvalidCastException();
}

function unboxer(type: BoxedType) {
  return (value: unknown): number | bigint =>
    value instanceof Box && value.type === type ? value.value : badCast(value);
}

function boxer(type: BoxedType) {
  return (value: number | bigint | null): Box | null => (value === null ? null : new Box(type, value));
}

const max32 = 2147483647;
const min64 = -(1n << 63n);
const max64 = (1n << 63n) - 1n;

function overflow(): never {
  throw new OverflowException();
}

function checkedRange(min: number, max: number) {
  return (value: number): number => (value >= min && value <= max ? value : overflow());
}

function checkedBig(min: bigint, max: bigint) {
  return (value: bigint): bigint => (value >= min && value <= max ? value : overflow());
}

/** `(int)someDouble`: truncation; what does not fit gives int.MinValue, as on x64. */
function doubleToInt(value: number): number {
  return value > -2147483649 && value < 2147483648 ? Math.trunc(value) | 0 : -2147483648;
}

function doubleToLong(value: number): bigint {
  return value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(Math.trunc(value)) : min64;
}

function doubleToULong(value: number): bigint {
  return value > -1 && value < 2 ** 64 ? BigInt(Math.trunc(value)) : 1n << 63n;
}

/** checked((int)someDouble) and the like: a value out of range throws. */
function checkedTruncate(value: number): number {
  return Number.isNaN(value) ? overflow() : Math.trunc(value);
}

function checkedWhole(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : overflow();
}

function outOfBounds(): never {
  throw new IndexOutOfRangeException();
}

/** Largest array an expression may make. */
const maxArray = 1 << 22;

/** Follows a concatenation that may repeat: strings must not outgrow the gateway's memory. */
function grown(text: string): string {
  if (text.length > MAX_TEXT_LENGTH)
    throw new BudgetExceededError(`a string of more than ${MAX_TEXT_LENGTH} characters`);
  if (text.length > 4096) spend(text.length >> 12);
  return text;
}

/**
 * Any failure as what C# sees: a ClrException, or an error that no expression may catch (budget, gateway faults).
 * JavaScript's own errors mean a null that was not checked, a stack or a string that grew too far.
 */
export function fault(error: unknown): unknown {
  if (error instanceof ClrException) return error;
  if (error instanceof RangeError) {
    return new BudgetExceededError(error.message.includes("call stack") ? "recursion too deep" : "too much memory");
  }
  // A ReferenceError: a local function ran before a variable that it uses was declared.
  if (error instanceof TypeError || error instanceof ReferenceError) return new NullReferenceException();
  return error;
}

/** For `catch`: gives what expressions may catch, throws on what they may not. */
function caught(error: unknown): ClrException {
  const known = fault(error);
  if (known instanceof ClrException) return known;
  throw known;
}

function* each(source: Enumerable | null): Generator<unknown> {
  if (source === null || source === undefined) nullReference();
  for (const item of enumerate(source)) {
    spend();
    yield item;
  }
}

export const operations = {
  // Null and failure
  nullReference,
  raise: (error: ClrException | null): never => {
    throw error ?? new NullReferenceException();
  },
  noValue: (): never => {
    throw new InvalidOperationException("Nullable object must have a value.");
  },
  caught,
  fault,

  filter: (test: () => boolean): boolean => {
    try {
      return test();
    } catch (error) {
      caught(error);
      return false;
    }
  },

  // Budget
  reset: resetBudget,
  spend,
  grown,

  // Integers
  idiv: (a: number, b: number): number => {
    if (b === 0) throw new DivideByZeroException();
    if (b === -1 && a === -2147483648) overflow();
    return (a / b) | 0;
  },
  irem: (a: number, b: number): number => {
    if (b === 0) throw new DivideByZeroException();
    return (a % b) | 0;
  },
  udiv: (a: number, b: number): number => {
    if (b === 0) throw new DivideByZeroException();
    return Math.floor(a / b);
  },
  urem: (a: number, b: number): number => {
    if (b === 0) throw new DivideByZeroException();
    return a % b;
  },
  ldiv: (a: bigint, b: bigint): bigint => {
    if (b === 0n) throw new DivideByZeroException();
    if (b === -1n && a === min64) overflow();
    return a / b;
  },
  lrem: (a: bigint, b: bigint): bigint => {
    if (b === 0n) throw new DivideByZeroException();
    return a % b;
  },
  imul: Math.imul,
  fround: Math.fround,
  wrapLong: (value: bigint): bigint => BigInt.asIntN(64, value),
  wrapULong: (value: bigint): bigint => BigInt.asUintN(64, value),
  toBig: (value: number): bigint => BigInt(value),
  toNumber: (value: bigint): number => Number(value),
  bigToInt: (value: bigint): number => Number(BigInt.asIntN(32, value)),
  doubleToInt,
  doubleToLong,
  doubleToULong,
  checkedInt: checkedRange(-2147483648, max32),
  checkedUInt: checkedRange(0, 4294967295),
  checkedShort: checkedRange(-32768, 32767),
  checkedUShort: checkedRange(0, 65535),
  checkedSByte: checkedRange(-128, 127),
  checkedByte: checkedRange(0, 255),
  checkedLong: checkedBig(min64, max64),
  checkedULong: checkedBig(0n, (1n << 64n) - 1n),
  checkedTruncate,
  checkedWhole,
  /** Exact product of two 32-bit numbers, for checked multiplication. */
  bigProduct: (a: number, b: number): number => Number(BigInt(a) * BigInt(b)),

  // Boxing
  boxDouble: boxer("Double"),
  boxSingle: boxer("Single"),
  boxChar: (value: number | null): Box | null => (value === null ? null : boxChar(value)),
  boxByte: (value: number | null): Box | null => (value === null ? null : boxByte(value)),
  boxSByte: boxer("SByte"),
  boxInt16: boxer("Int16"),
  boxUInt16: boxer("UInt16"),
  boxUInt32: boxer("UInt32"),
  boxUInt64: boxer("UInt64"),
  unboxDouble: unboxer("Double"),
  unboxSingle: unboxer("Single"),
  unboxChar: unboxer("Char"),
  unboxByte: unboxer("Byte"),
  unboxSByte: unboxer("SByte"),
  unboxInt16: unboxer("Int16"),
  unboxUInt16: unboxer("UInt16"),
  unboxUInt32: unboxer("UInt32"),
  unboxUInt64: unboxer("UInt64"),
  unboxInt: (value: unknown): number => (typeof value === "number" ? value : badCast(value)),
  unboxLong: (value: unknown): bigint => (typeof value === "bigint" ? value : badCast(value)),
  unboxBool: (value: unknown): boolean => (typeof value === "boolean" ? value : badCast(value)),
  unboxAs: (type: RuntimeType, value: unknown): unknown => (value !== null && type.is(value) ? value : badCast(value)),
  /** The value of a box whose type is certain (an item of a typed collection). */
  open: (value: { value: unknown } | null): unknown => (value === null ? null : value.value),
  castString: (value: unknown): string | null => (typeof value === "string" || value === null ? value : badCast(value)),
  cast: (type: RuntimeType, value: unknown): unknown => (value === null || type.is(value) ? value : badCast(value)),

  // Text
  text: boxedToString,
  doubleText: doubleToString,
  singleText: singleToString,
  charText: (value: number): string => String.fromCharCode(value),
  format: (value: unknown, alignment: number, format: string | null): string => {
    const text = value === null ? "" : formatBoxed(value, format);
    return alignment === 0 ? text : alignText(text, alignment);
  },

  // Objects
  same: boxedEquals,
  typeOf: (type: RuntimeType): ClrType => ClrType.named(type.name),
  getType: (value: unknown): ClrType => (value === null || value === undefined ? nullReference() : ClrType.of(value)),
  anonymous: (names: readonly string[], values: unknown[]): AnonymousObject => new AnonymousObject(names, values),
  tuple: (values: unknown[]): ValueTuple => new ValueTuple(values),
  enumNumber: (value: EnumValue): number => value.value,
  /** `a & b` and `a | b` on bool?: null is "unknown". */
  and: (a: boolean | null, b: boolean | null): boolean | null =>
    a === false || b === false ? false : a === null || b === null ? null : true,
  or: (a: boolean | null, b: boolean | null): boolean | null =>
    a === true || b === true ? true : a === null || b === null ? null : false,

  // Arrays
  array: (element: string, items: unknown[]): ClrArray => new ClrArray(element, items),
  bytes: (items: number[]): Uint8Array => Uint8Array.from(items),
  newArray: (element: RuntimeType, length: number): ClrArray | Uint8Array => {
    if (length < 0) overflow();
    if (length > maxArray) throw new BudgetExceededError(`an array of more than ${maxArray} items`);
    spend(length >> 6);
    if (element.name === "byte") return new Uint8Array(length);
    return new ClrArray(element.name, new Array<unknown>(length).fill(element.default));
  },
  at: (array: ClrArray | null, index: number): unknown => {
    if (array === null) nullReference();
    const { items } = array;
    return index >= 0 && index < items.length ? items[index] : outOfBounds();
  },
  setAt: (array: ClrArray | null, index: number, value: unknown): void => {
    if (array === null) nullReference();
    if (!(index >= 0 && index < array.items.length)) outOfBounds();
    array.items[index] = value;
  },
  byteAt: (array: Uint8Array | null, index: number): number => {
    if (array === null) nullReference();
    return array[index] ?? outOfBounds();
  },
  setByteAt: (array: Uint8Array | null, index: number, value: number): void => {
    if (array === null) nullReference();
    if (!(index >= 0 && index < array.length)) outOfBounds();
    array[index] = value;
  },
  each,
};

export type OperationName = keyof typeof operations;
