import { singleExponential } from "./number-text.ts";

/** A finite number as decimal digits: `0.DIGITS × 10^scale`. Zero has no digits. The first digit is not 0. */
export interface Digits {
  negative: boolean;
  digits: string;
  scale: number;
}

/** The digits of an integer, all of them. */
export function digitsOfInteger(value: number | bigint): Digits {
  const negative = value < 0;
  const digits = String(negative ? -value : value);
  return digits === "0" ? { negative: false, digits: "", scale: 0 } : { negative, digits, scale: digits.length };
}

/** The digits of `coefficient / 10^places`. */
export function digitsOfScaled(coefficient: bigint, places: number): Digits {
  const whole = digitsOfInteger(coefficient);
  return { ...whole, scale: whole.digits === "" ? 0 : whole.scale - places };
}

const view = new DataView(new ArrayBuffer(8));

/** Every digit of a finite double's exact binary value (up to about 770 digits). */
export function exactDigits(value: number): Digits {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const negative = bits >> 63n === 1n;
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = (biased === 0 ? 1 : biased) - 1075;
  if (mantissa === 0n) return { negative, digits: "", scale: 0 };
  const unsigned =
    exponent >= 0
      ? digitsOfInteger(mantissa << BigInt(exponent))
      : digitsOfScaled(mantissa * 5n ** BigInt(-exponent), -exponent);
  return { ...unsigned, negative };
}

/** The shortest digits that read back as the same double (or single). */
export function shortestDigits(value: number, single: boolean): Digits {
  if (value === 0) return { negative: Object.is(value, -0), digits: "", scale: 0 };
  const text = single ? singleExponential(value) : value.toExponential();
  const e = text.indexOf("e");
  const digits = text.slice(value < 0 ? 1 : 0, e).replace(".", "");
  return { negative: value < 0, digits: trimZeros(digits), scale: Number(text.slice(e + 1)) + 1 };
}

/** At most `count` digits (`count` may be negative: nothing is left), halves away from zero, without trailing zeros. */
export function roundDigits(number: Digits, count: number): Digits {
  const { negative, digits, scale } = number;
  if (count >= digits.length) return { negative, digits: trimZeros(digits), scale };
  if (count < 0 || digits.charCodeAt(count) < 0x35) {
    const kept = trimZeros(digits.slice(0, Math.max(count, 0)));
    return { negative, digits: kept, scale: kept === "" ? 0 : scale };
  }
  let end = count;
  while (end > 0 && digits[end - 1] === "9") end--;
  if (end === 0) return { negative, digits: "1", scale: scale + 1 };
  const last = Number(digits[end - 1]) + 1;
  return { negative, digits: digits.slice(0, end - 1) + String(last), scale };
}

function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

/** The part before the decimal point, `0` when there is none. */
export function wholePart(number: Digits): string {
  return number.scale <= 0 ? "0" : number.digits.slice(0, number.scale).padEnd(number.scale, "0");
}

/** Exactly `places` digits after the decimal point (zeros where the number has no more). */
export function fractionPart(number: Digits, places: number): string {
  const { digits, scale } = number;
  const text = scale >= 0 ? digits.slice(scale) : "0".repeat(Math.min(-scale, places)) + digits;
  return text.slice(0, places).padEnd(places, "0");
}
