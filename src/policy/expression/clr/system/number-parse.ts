import { ArgumentNullException, FormatException, OverflowException } from "../exceptions.ts";

/**
 * Reading numbers as .NET's default number styles allow, in the invariant culture. The patterns have one way to
 * match each character, so they run in linear time on any input.
 */
const SPACE = "[\\t-\\r ]*";
const INTEGER = new RegExp(`^${SPACE}([+-]?)([0-9]+)${SPACE}\\0*$`);
const FLOAT = new RegExp(`^${SPACE}([+-]?)((?:[0-9][0-9,]*)?)(?:\\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?${SPACE}\\0*$`);
const NUMBER = new RegExp(
  `^${SPACE}(?:([+-])${SPACE})?((?:[0-9][0-9,]*)?)(?:\\.([0-9]*))?${SPACE}(?:([+-])${SPACE})?\\0*$`,
);
const WORD = new RegExp(`^${SPACE}([+-]?)(infinity|nan)${SPACE}$`, "i");

/** The outcome of reading a number: the value, or which exception Parse throws. */
export type ParseOutcome<T> = { ok: true; value: T } | { ok: false; error: "format" | "overflow" };

const BAD_FORMAT = { ok: false, error: "format" } as const;
const OVERFLOW = { ok: false, error: "overflow" } as const;

/** An optional sign and digits, white space around, within a range. */
export function readInteger(text: string, min: bigint, max: bigint): ParseOutcome<bigint> {
  const match = INTEGER.exec(text);
  if (!match) return BAD_FORMAT;
  const digits = (match[2] ?? "").replace(/^0+/, "");
  // No integer type has more digits; a longer text must not cost the time of a long multiplication.
  if (digits.length > 20) return OVERFLOW;
  const magnitude = BigInt(digits);
  const value = match[1] === "-" ? -magnitude : magnitude;
  return value < min || value > max ? OVERFLOW : { ok: true, value };
}

/** `double.Parse`: sign, thousands separators, point, exponent, `Infinity`, `NaN`. Too large a number is infinite. */
export function readDouble(text: string): ParseOutcome<number> {
  const match = FLOAT.exec(text);
  if (!match) {
    const word = WORD.exec(text);
    if (!word) return BAD_FORMAT;
    if (word[2]?.toLowerCase() === "nan") return { ok: true, value: Number.NaN };
    return { ok: true, value: word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY };
  }
  const [, sign, whole = "", fraction = "", exponent] = match;
  if (whole === "" && fraction === "") return BAD_FORMAT;
  const value = Number(`${whole.replaceAll(",", "")}.${fraction}e${exponent ?? "0"}`);
  return { ok: true, value: sign === "-" ? -value : value };
}

/** The parts of a decimal: `digits / 10^places`, unlimited. */
export interface DecimalText {
  negative: boolean;
  /** All digits, without the point; may have leading zeros. */
  digits: string;
  places: number;
}

/** `decimal.Parse`: sign before or after, thousands separators, point; no exponent. */
export function readDecimalText(text: string): DecimalText | null {
  const match = NUMBER.exec(text);
  if (!match) return null;
  const [, before, whole = "", fraction = "", after] = match;
  if (before !== undefined && after !== undefined) return null;
  if (whole === "" && fraction === "") return null;
  return {
    negative: before === "-" || after === "-",
    digits: whole.replaceAll(",", "") + fraction,
    places: fraction.length,
  };
}

/** The value, or the exception that `Parse` throws. @param overflowMessage text for a number out of range */
export function parsedValue<T>(outcome: ParseOutcome<T>, overflowMessage: string): T {
  if (outcome.ok) return outcome.value;
  throw outcome.error === "format" ? new FormatException() : new OverflowException(overflowMessage);
}

/** The argument of a `Parse` method. @throws ArgumentNullException for null */
export function requireText(text: string | null, name = "s"): string {
  if (text === null) throw new ArgumentNullException(name);
  return text;
}
