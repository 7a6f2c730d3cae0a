import { ArgumentException, ArgumentOutOfRangeException, FormatException, OverflowException } from "../exceptions.ts";
import { type IntegerKind, overflowMessage, represent } from "./integers.ts";

function requireBase(base: number): void {
  if (base !== 2 && base !== 8 && base !== 10 && base !== 16) throw new ArgumentException("Invalid Base.", "toBase");
}

/**
 * `Convert.ToInt32(text, fromBase)` and its like. Binary, octal and hexadecimal digits are the two's complement;
 * `0x` may stand before hexadecimal ones; only decimal has a sign. Null is zero.
 * @throws ArgumentException, ArgumentOutOfRangeException, FormatException, OverflowException
 */
export function parseInBase(kind: IntegerKind, text: string | null, base: number): number | bigint {
  requireBase(base);
  if (text === null) return represent(kind, 0n);
  if (text === "")
    throw new ArgumentOutOfRangeException(
      "startIndex",
      "Index was out of range. Must be non-negative and less than the size of the collection.",
    );
  const negative = text.startsWith("-");
  if (negative && base !== 10) throw new ArgumentException("String cannot contain a minus sign if the base is not 10.");
  if (negative && kind.min === 0n)
    throw new OverflowException(
      "The string was being parsed as an unsigned number and could not have a negative sign.",
    );
  const unsigned = text.replace(/^[+-]/, "").replace(base === 16 ? /^0x/i : /^$/, "");
  const digits = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^[0-9]+$/, 16: /^[0-9a-f]+$/i }[base as 2 | 8 | 10 | 16];
  if (!digits.test(unsigned)) throw new FormatException("Could not find any recognizable digits.");
  const significant = unsigned.replace(/^0+(?=.)/, "");
  if (significant.length > 64) throw new OverflowException(overflowMessage(kind));
  const prefix = { 2: "0b", 8: "0o", 10: "", 16: "0x" }[base as 2 | 8 | 10 | 16];
  const magnitude = BigInt(prefix + significant);
  const value = base === 10 ? (negative ? -magnitude : magnitude) : wrap(kind, magnitude);
  if (value < kind.min || value > kind.max) throw new OverflowException(overflowMessage(kind));
  return represent(kind, value);
}

/** The digits as two's complement of the type's size, where they fit it. */
function wrap(kind: IntegerKind, magnitude: bigint): bigint {
  if (magnitude >= 1n << BigInt(kind.bits)) return kind.max + 1n;
  return kind.min === 0n ? magnitude : BigInt.asIntN(kind.bits, magnitude);
}

/** `Convert.ToString(value, toBase)`: negative numbers print their two's complement except in decimal. */
export function printInBase(value: number | bigint, bits: number, base: number): string {
  requireBase(base);
  return base === 10 ? String(value) : BigInt.asUintN(bits, BigInt(value)).toString(base);
}
