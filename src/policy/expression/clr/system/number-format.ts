import { FormatException } from "../exceptions.ts";
import {
  type Digits,
  digitsOfInteger,
  exactDigits,
  fractionPart,
  roundDigits,
  shortestDigits,
  wholePart,
} from "./number-digits.ts";
import { formatCustom } from "./number-format-custom.ts";
import { doubleToString, singleToString } from "./number-text.ts";
import { checkTextLength } from "./text-limit.ts";

/** A standard format is one letter and an optional precision. */
const STANDARD = /^([A-Za-z])(\d{0,9})$/;
const INVALID = "Format specifier was invalid.";

/**
 * `ToString(format)` of an integer type.
 * @param bits size of the type, for the two's complement that `X` and `B` print
 * @throws FormatException for a specifier that integers do not have
 */
export function formatInteger(value: number | bigint, format: string | null, bits: number): string {
  if (format === null || format === "") return String(value);
  const standard = STANDARD.exec(format);
  if (!standard) return formatCustom(digitsOfInteger(value), format);
  const letter = standard[1] ?? "";
  const precision = standard[2] === "" ? -1 : Number(standard[2]);
  switch (letter) {
    case "D":
    case "d":
      return zeroPadded(value, precision);
    case "X":
      return radix(value, 16, bits, precision).toUpperCase();
    case "x":
      return radix(value, 16, bits, precision);
    case "B":
    case "b":
      return radix(value, 2, bits, precision);
    case "G":
    case "g":
      return precision <= 0
        ? String(value)
        : general(roundDigits(digitsOfInteger(value), precision), precision, letter === "G");
    case "R":
    case "r":
      throw new FormatException(INVALID);
    default:
      return formatDigits(digitsOfInteger(value), letter, precision, false);
  }
}

/** `ToString(format)` of `double` (or `float` with `single`). */
export function formatFloating(value: number, format: string | null, single: boolean): string {
  const plain = single ? singleToString : doubleToString;
  if (!Number.isFinite(value) || format === null || format === "") return plain(value);
  const standard = STANDARD.exec(format);
  if (!standard) return formatCustom(roundDigits(exactDigits(value), single ? 7 : 15), format);
  const letter = standard[1] ?? "";
  const precision = standard[2] === "" ? -1 : Number(standard[2]);
  switch (letter) {
    case "G":
    case "g": {
      if (precision > 0) return general(roundDigits(exactDigits(value), precision), precision, letter === "G");
      return letter === "G" ? plain(value) : plain(value).toLowerCase();
    }
    case "R":
    case "r":
      return letter === "R" ? plain(value) : plain(value).toLowerCase();
    case "D":
    case "d":
    case "X":
    case "x":
    case "B":
    case "b":
      throw new FormatException(INVALID);
    default:
      return formatDigits(exactDigits(value), letter, precision, true);
  }
}

/**
 * `ToString(format)` of a decimal.
 * @param plain the default text, which keeps trailing zeros
 */
export function formatDecimal(number: Digits, plain: string, format: string | null): string {
  if (format === null || format === "") return plain;
  const standard = STANDARD.exec(format);
  if (!standard) return formatCustom(number, format);
  const letter = standard[1] ?? "";
  const precision = standard[2] === "" ? -1 : Number(standard[2]);
  switch (letter) {
    case "G":
    case "g":
      return precision <= 0 ? plain : general(roundDigits(number, precision), precision, letter === "G");
    case "D":
    case "d":
    case "X":
    case "x":
    case "B":
    case "b":
    case "R":
    case "r":
      throw new FormatException(INVALID);
    default:
      return formatDigits(number, letter, precision, false);
  }
}

/** The digits a floating-point number is read with when its type is given up (`Convert.ToDecimal`, custom formats). */
export function significantDigits(value: number, single: boolean): Digits {
  return single ? roundDigits(shortestDigits(value, true), 7) : roundDigits(exactDigits(value), 15);
}

/**
 * C, E, F, N, P: the formats that all numbers share.
 * @param signedZero a negative number that rounds to zero keeps its sign: floating point only
 */
function formatDigits(number: Digits, letter: string, precision: number, signedZero: boolean): string {
  checkTextLength(precision);
  if (letter === "E" || letter === "e") return scientific(number, letter, precision < 0 ? 6 : precision);
  const places = precision < 0 ? 2 : precision;
  const percent = letter === "P" || letter === "p";
  const scale = number.scale + (percent && number.digits !== "" ? 2 : 0);
  const rounded = roundDigits({ ...number, scale }, scale + places);
  const negative = number.negative && (signedZero || rounded.digits !== "");
  switch (letter) {
    case "F":
    case "f":
      return (negative ? "-" : "") + fixed(rounded, places, false);
    case "N":
    case "n":
      return (negative ? "-" : "") + fixed(rounded, places, true);
    case "P":
    case "p":
      return `${negative ? "-" : ""}${fixed(rounded, places, true)} %`;
    case "C":
    case "c":
      return negative ? `(¤${fixed(rounded, places, true)})` : `¤${fixed(rounded, places, true)}`;
    default:
      throw new FormatException(INVALID);
  }
}

function fixed(rounded: Digits, places: number, grouped: boolean): string {
  const whole = grouped ? groupThousands(wholePart(rounded)) : wholePart(rounded);
  return places === 0 ? whole : `${whole}.${fractionPart(rounded, places)}`;
}

/** Digits with a comma before every third one from the right. */
export function groupThousands(whole: string): string {
  let out = "";
  for (let i = 0; i < whole.length; i++) {
    if (i > 0 && (whole.length - i) % 3 === 0) out += ",";
    out += whole[i];
  }
  return out;
}

function scientific(number: Digits, letter: string, places: number): string {
  const { digits, scale } = roundDigits(number, places + 1);
  const exponent = digits === "" ? 0 : scale - 1;
  const fraction = places === 0 ? "" : `.${digits.slice(1).padEnd(places, "0")}`;
  const power = String(Math.abs(exponent)).padStart(3, "0");
  return `${number.negative ? "-" : ""}${digits[0] ?? "0"}${fraction}${letter}${exponent < 0 ? "-" : "+"}${power}`;
}

/** `G` with a precision, digits already rounded: plain where the exponent is small, else `1.5E+20`. */
function general(rounded: Digits, precision: number, upper: boolean): string {
  const { negative, digits, scale } = rounded;
  const sign = negative ? "-" : "";
  if (digits === "") return `${sign}0`;
  if (scale > precision || scale < -3) {
    const exponent = scale - 1;
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    const power = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits[0]}${fraction}${upper ? "E" : "e"}${exponent < 0 ? "-" : "+"}${power}`;
  }
  const places = Math.max(digits.length - scale, 0);
  return sign + fixed(rounded, places, false);
}

function zeroPadded(value: number | bigint, width: number): string {
  checkTextLength(width);
  const text = String(value < 0 ? -value : value).padStart(width, "0");
  return value < 0 ? `-${text}` : text;
}

function radix(value: number | bigint, base: number, bits: number, width: number): string {
  checkTextLength(width);
  return BigInt.asUintN(bits, BigInt(value)).toString(base).padStart(Math.max(width, 1), "0");
}
