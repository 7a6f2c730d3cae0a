import { parseJson } from "./clr/json/read.ts";
import { JValue } from "./clr/json/value.ts";
import { convertToBoolean, convertToFloating, convertToInteger } from "./clr/system/convert-number.ts";
import { INTEGERS, type IntegerKind } from "./clr/system/integers.ts";
import { boxedToString, typeNameOf } from "./clr/system/text.ts";

/**
 * Conversions of an expression's boxed result to what an attribute needs, with the invariant culture, as
 * `System.Convert` does them.
 */

const int32 = kind("Int32");
const int64 = kind("Int64");

function kind(name: string): IntegerKind {
  const found = INTEGERS.find((k) => k.clr === name);
  if (!found) throw new Error(`The integer type ${name} is not declared.`);
  return found;
}

/** A JSON value token stands for its value. */
function plain(value: unknown): unknown {
  return value instanceof JValue ? value.value : (value ?? null);
}

/** The text that `string.Format("{0}", value)` gives; null for C# null. */
export function toText(value: unknown): string | null {
  return value === null || value === undefined ? null : boxedToString(value);
}

/** @throws {import("./clr/exceptions.ts").ClrException} FormatException, OverflowException or InvalidCastException */
export function toInt32(value: unknown): number {
  return Number(convertToInteger(int32, plain(value)));
}

/** @throws {import("./clr/exceptions.ts").ClrException} FormatException, OverflowException or InvalidCastException */
export function toInt64(value: unknown): bigint {
  return BigInt(convertToInteger(int64, plain(value)));
}

/** @throws {import("./clr/exceptions.ts").ClrException} FormatException or InvalidCastException */
export function toDouble(value: unknown): number {
  return convertToFloating(plain(value), "Double");
}

/** bool, and the texts "true" and "false" in any case; numbers are true unless zero; null is false. */
export function toBoolean(value: unknown): boolean {
  return convertToBoolean(plain(value));
}

/** A boxed JSON token (JObject, JArray, JValue) for JSON text, dates left as text. */
export function fromJson(text: string): unknown {
  return parseJson(text);
}

/** Full CLR name of a boxed value's type, such as `System.Int32`; `null` for null. */
export function typeName(value: unknown): string {
  return value === null || value === undefined ? "null" : typeNameOf(value);
}
