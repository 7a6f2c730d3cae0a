import { Box, EnumValue } from "../box.ts";
import { ArgumentException } from "../exceptions.ts";
import { Decimal } from "../system/decimal.ts";
import { compareBoxed, compareNumbers } from "../system/equality.ts";
import { parsedValue, readDouble, readInteger } from "../system/number-parse.ts";
import { compareOrdinal } from "../system/string-compare.ts";
import { boxedToString } from "../system/text.ts";
import { BigInteger } from "./big-integer.ts";
import { TokenType } from "./token-type.ts";

/**
 * Order of the values of two JSON tokens, as `JValue.CompareTo` has it; both are read as the given type.
 * @throws {ArgumentException} when a value cannot be read so
 */
export function compareValues(type: TokenType, a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (b === null) return 1;
  if (a === null) return -1;
  switch (type) {
    case TokenType.Integer:
    case TokenType.Float:
      return compareNumbersOf(numeric(a, type), numeric(b, type));
    case TokenType.Comment:
    case TokenType.String:
    case TokenType.Raw:
      return compareOrdinal(boxedToString(a), boxedToString(b));
    case TokenType.Uri:
      return compareBoxed(boxedToString(a), boxedToString(b));
    case TokenType.Bytes:
      if (!(a instanceof Uint8Array && b instanceof Uint8Array))
        throw new ArgumentException("Object must be of type byte[].");
      return Buffer.compare(a, b);
    default:
      return compareBoxed(a, b);
  }
}

type Numeric = bigint | number | Decimal;

/** Integers compare exactly, as soon as a real number is among them both are read as `double`. */
function compareNumbersOf(left: Numeric, right: Numeric): number {
  if (left instanceof Decimal && right instanceof Decimal) return left.compareTo(right);
  if (typeof left === "bigint" && typeof right === "bigint") return compareNumbers(left, right);
  return compareApproximately(Number(left), Number(right));
}

/** Newtonsoft treats doubles as equal that differ by rounding only. */
function compareApproximately(a: number, b: number): number {
  if (a === b) return 0;
  const tolerance = (Math.abs(a) + Math.abs(b) + 10) * 2.2204460492503131e-16;
  const difference = a - b;
  return -tolerance < difference && tolerance > difference ? 0 : compareNumbers(a, b);
}

/** The value as a number; text is read as the type asks. @throws {FormatException} */
function numeric(value: unknown, type: TokenType): Numeric {
  if (typeof value === "bigint" || value instanceof Decimal) return value;
  if (typeof value === "number") return BigInt(value);
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (value instanceof BigInteger) return value.value;
  if (value instanceof EnumValue) return BigInt(value.value);
  if (value instanceof Box) {
    if (typeof value.value === "bigint") return value.value;
    return value.type === "Double" || value.type === "Single" ? value.value : BigInt(value.value);
  }
  const text = boxedToString(value);
  if (type === TokenType.Integer) return parsedValue(readInteger(text, MIN_LONG, MAX_LONG), LONG_OVERFLOW);
  return parsedValue(readDouble(text), LONG_OVERFLOW);
}

const MAX_LONG = (1n << 63n) - 1n;
const MIN_LONG = -(1n << 63n);
const LONG_OVERFLOW = "Value was either too large or too small for an Int64.";
