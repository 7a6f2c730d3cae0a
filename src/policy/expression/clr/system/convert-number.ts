import { Box, EnumValue } from "../box.ts";
import { FormatException, InvalidCastException, OverflowException } from "../exceptions.ts";
import { parseBoolean } from "./boolean.ts";
import { DateTime } from "./date-time.ts";
import { Decimal } from "./decimal.ts";
import { type IntegerKind, overflowMessage, parseInteger, represent } from "./integers.ts";
import { readDouble } from "./number-parse.ts";
import { roundWhole } from "./rounding.ts";
import { typeNameOf } from "./text.ts";

/** The exception for a pair of types that `Convert` does not convert between. */
export function noConversion(value: unknown, target: string): InvalidCastException {
  const from = typeNameOf(value);
  return new InvalidCastException(`Invalid cast from '${from.slice(from.lastIndexOf(".") + 1)}' to '${target}'.`);
}

/** A boxed value without its box: numbers and bigints, the type name beside them where it matters. */
function numberOf(value: unknown): number | bigint | null {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (value instanceof Box) return value.value;
  return value instanceof EnumValue ? value.value : null;
}

const isFloating = (value: unknown): value is Box =>
  value instanceof Box && (value.type === "Double" || value.type === "Single");
const isChar = (value: unknown): value is Box => value instanceof Box && value.type === "Char";

/**
 * `Convert.ToInt32` and its like: halves round to even, null is zero, text is parsed.
 * @param value boxed
 * @throws OverflowException, FormatException, InvalidCastException
 */
export function convertToInteger(kind: IntegerKind, value: unknown): number | bigint {
  if (value === null) return represent(kind, 0n);
  if (typeof value === "string") return parseInteger(kind, value);
  if (typeof value === "boolean") return represent(kind, value ? 1n : 0n);
  const whole = wholeOf(kind, value);
  if (whole < kind.min || whole > kind.max) throw new OverflowException(overflowMessage(kind));
  return represent(kind, whole);
}

function wholeOf(kind: IntegerKind, value: unknown): bigint {
  if (isFloating(value)) {
    const rounded = roundWhole(Number(value.value), "even");
    if (!Number.isFinite(rounded)) throw new OverflowException(overflowMessage(kind));
    return BigInt(rounded);
  }
  if (value instanceof Decimal) return value.round(0, "even").toInteger();
  const number = numberOf(value);
  if (number === null) throw noConversion(value, kind.clr);
  return BigInt(number);
}

/** `Convert.ToDouble` (or `ToSingle`). @throws FormatException, InvalidCastException */
export function convertToFloating(value: unknown, target: "Double" | "Single"): number {
  const result = floatingOf(value, target);
  return target === "Single" ? Math.fround(result) : result;
}

function floatingOf(value: unknown, target: string): number {
  if (value === null) return 0;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") {
    const outcome = readDouble(value);
    if (!outcome.ok) throw new FormatException();
    return outcome.value;
  }
  if (value instanceof Decimal) return value.toNumber();
  const number = isChar(value) ? null : numberOf(value);
  if (number === null) throw noConversion(value, target);
  return Number(number);
}

/** `Convert.ToDecimal`. @throws FormatException, OverflowException, InvalidCastException */
export function convertToDecimal(value: unknown): Decimal {
  if (value === null) return Decimal.zero;
  if (value instanceof Decimal) return value;
  if (typeof value === "boolean") return value ? Decimal.one : Decimal.zero;
  if (typeof value === "string") return Decimal.parse(value);
  if (isFloating(value)) return Decimal.fromFloating(Number(value.value), value.type === "Single");
  const number = isChar(value) ? null : numberOf(value);
  if (number === null) throw noConversion(value, "Decimal");
  return Decimal.fromInteger(number);
}

/** `Convert.ToBoolean`: numbers are true unless zero. @throws FormatException, InvalidCastException */
export function convertToBoolean(value: unknown): boolean {
  if (value === null) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return parseBoolean(value);
  if (value instanceof Decimal) return value.sign() !== 0;
  const number = isChar(value) ? null : numberOf(value);
  if (number === null) throw noConversion(value, "Boolean");
  return Number(number) !== 0;
}

/** `Convert.ToChar`: from integers, characters and one-character strings. */
export function convertToChar(value: unknown): number {
  if (value === null) return 0;
  if (typeof value === "string") {
    if (value.length !== 1) throw new FormatException("String must be exactly one character long.");
    return value.charCodeAt(0);
  }
  const number = isFloating(value) ? null : numberOf(value);
  if (number === null) throw noConversion(value, "Char");
  if (number < 0 || number > 0xffff)
    throw new OverflowException("Value was either too large or too small for a character.");
  return Number(number);
}

/** `Convert.ToDateTime`: from dates and text only; null is the smallest date. */
export function convertToDateTime(value: unknown): DateTime {
  if (value === null) return DateTime.minValue;
  if (value instanceof DateTime) return value;
  if (typeof value === "string") return DateTime.parse(value);
  throw noConversion(value, "DateTime");
}
