import { DivideByZeroException, FormatException, OverflowException } from "../exceptions.ts";
import { digitsOfScaled } from "./number-digits.ts";
import { formatDecimal, significantDigits } from "./number-format.ts";
import { readDecimalText } from "./number-parse.ts";
import type { ClrObject } from "./protocol.ts";

const MAX_COEFFICIENT = (1n << 96n) - 1n;
const MAX_SCALE = 28;
const POWERS = Array.from({ length: 64 }, (_, i) => 10n ** BigInt(i));
const OVERFLOW = "Value was either too large or too small for a Decimal.";

/** How a half is rounded: to the even neighbour or away from zero. */
export type Rounding = "even" | "away";

/**
 * `System.Decimal`: a 96-bit integer divided by a power of ten up to 28, with a sign. The scale is kept
 * (`1.10m` prints `1.10`), results that do not fit are rounded half to even, and what still does not fit overflows.
 */
export class Decimal implements ClrObject {
  readonly clrName = "System.Decimal";
  /** The signed integer before division by `10^scale`. */
  readonly coefficient: bigint;
  /** Digits after the decimal point, 0 to 28. */
  readonly scale: number;

  private constructor(coefficient: bigint, scale: number) {
    this.coefficient = coefficient;
    this.scale = scale;
  }

  static readonly zero = new Decimal(0n, 0);
  static readonly one = new Decimal(1n, 0);
  static readonly minusOne = new Decimal(-1n, 0);
  static readonly maxValue = new Decimal(MAX_COEFFICIENT, 0);
  static readonly minValue = new Decimal(-MAX_COEFFICIENT, 0);

  /**
   * `coefficient / 10^scale`, rounded half to even until it fits.
   * @throws OverflowException when the whole part has more than 96 bits
   */
  static of(coefficient: bigint, scale: number): Decimal {
    let value = coefficient;
    let places = scale;
    if (places < 0) {
      value *= 10n ** BigInt(-places);
      places = 0;
    }
    const excess = magnitude(value) > MAX_COEFFICIENT ? String(magnitude(value)).length - 29 : 0;
    let drop = Math.max(places - MAX_SCALE, excess, 0);
    let fitted = divideRounded(value, power(drop), "even");
    // 29 digits may still be more than 96 bits; always round from the original, never twice.
    while (magnitude(fitted) > MAX_COEFFICIENT) fitted = divideRounded(value, power(++drop), "even");
    if (drop > places) throw new OverflowException(OVERFLOW);
    return new Decimal(fitted, places - drop);
  }

  static fromInteger(value: number | bigint): Decimal {
    return new Decimal(BigInt(value), 0);
  }

  /** Conversion from `double` (15 significant digits) or `float` (7). @throws OverflowException when out of range */
  static fromFloating(value: number, single = false): Decimal {
    if (!Number.isFinite(value)) throw new OverflowException(OVERFLOW);
    const { negative, digits, scale } = significantDigits(value, single);
    if (digits === "" || scale < -40) return Decimal.zero;
    if (scale > 30) throw new OverflowException(OVERFLOW);
    const coefficient = BigInt(digits);
    return Decimal.of(negative ? -coefficient : coefficient, digits.length - scale);
  }

  /** `decimal.Parse`. @throws FormatException, OverflowException */
  static parse(text: string): Decimal {
    const read = readDecimalText(text);
    if (read === null) throw new FormatException();
    // Digits beyond the 29 that fit only decide rounding: fold them into one sticky digit to bound the work.
    const digits = read.digits.replace(/^0+/, "");
    const whole = digits.length - read.places;
    if (whole > 29) throw new OverflowException(OVERFLOW);
    let kept = digits;
    let places = read.places;
    if (digits.length > 60) {
      kept = digits.slice(0, 60) + (/[1-9]/.test(digits.slice(60)) ? "1" : "0");
      places -= digits.length - kept.length;
    }
    if (places > 120) return Decimal.of(0n, MAX_SCALE);
    const coefficient = BigInt(kept);
    return Decimal.of(read.negative ? -coefficient : coefficient, places);
  }

  add(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.at(scale) + other.at(scale), scale);
  }

  subtract(other: Decimal): Decimal {
    return this.add(other.negate());
  }

  multiply(other: Decimal): Decimal {
    return Decimal.of(this.coefficient * other.coefficient, this.scale + other.scale);
  }

  /** Exact where 28 places allow it, with the fewest digits that the operands' scales and exactness ask for. */
  divide(other: Decimal): Decimal {
    if (other.coefficient === 0n) throw new DivideByZeroException();
    const scale = Math.max(this.scale - other.scale, 0);
    const dividend = this.coefficient * power(scale - this.scale + other.scale);
    if (dividend % other.coefficient === 0n) return Decimal.of(dividend / other.coefficient, scale);
    // 60 places beyond the operands: exact, or inexact far below what fits, so that rounding once is right.
    const extra = 60;
    const numerator = dividend * 10n ** BigInt(extra);
    const sticky = numerator % other.coefficient === 0n ? 0n : numerator < 0n !== other.coefficient < 0n ? -1n : 1n;
    const rounded = Decimal.of((numerator / other.coefficient) * 10n + sticky, scale + extra + 1);
    return rounded.withoutTrailingZeros();
  }

  remainder(other: Decimal): Decimal {
    if (other.coefficient === 0n) throw new DivideByZeroException();
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.at(scale) % other.at(scale), scale);
  }

  negate(): Decimal {
    return new Decimal(-this.coefficient, this.scale);
  }

  abs(): Decimal {
    return this.coefficient < 0n ? this.negate() : this;
  }

  compareTo(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const difference = this.at(scale) - other.at(scale);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /** Rounded to `places` digits after the point; more places change nothing. */
  round(places: number, mode: Rounding): Decimal {
    if (places >= this.scale) return this;
    return new Decimal(divideRounded(this.coefficient, power(this.scale - places), mode), places);
  }

  truncate(): Decimal {
    return new Decimal(this.toInteger(), 0);
  }

  floor(): Decimal {
    const whole = this.toInteger();
    return new Decimal(this.coefficient < 0n && whole * power(this.scale) !== this.coefficient ? whole - 1n : whole, 0);
  }

  ceiling(): Decimal {
    return this.negate().floor().negate();
  }

  /** The whole part, truncated toward zero. */
  toInteger(): bigint {
    return this.coefficient / power(this.scale);
  }

  toNumber(): number {
    return Number(this.toString());
  }

  sign(): number {
    return this.coefficient < 0n ? -1 : this.coefficient > 0n ? 1 : 0;
  }

  /** The default text: all places of the scale. */
  toString(): string {
    const digits = String(magnitude(this.coefficient)).padStart(this.scale + 1, "0");
    const whole = digits.slice(0, digits.length - this.scale);
    const text = this.scale === 0 ? whole : `${whole}.${digits.slice(-this.scale)}`;
    return this.coefficient < 0n ? `-${text}` : text;
  }

  toClrString(): string {
    return this.toString();
  }

  clrFormat(format: string | null): string {
    return formatDecimal(digitsOfScaled(this.coefficient, this.scale), this.toString(), format);
  }

  clrEquals(other: unknown): boolean {
    return other instanceof Decimal && this.compareTo(other) === 0;
  }

  clrHashCode(): number {
    const { coefficient, scale } = this.withoutTrailingZeros();
    return Number(BigInt.asIntN(32, coefficient ^ (coefficient >> 32n) ^ (coefficient >> 64n))) ^ scale;
  }

  clrCompareTo(other: unknown): number {
    return other instanceof Decimal ? this.compareTo(other) : 1;
  }

  private at(scale: number): bigint {
    return this.coefficient * power(scale - this.scale);
  }

  private withoutTrailingZeros(): Decimal {
    let { coefficient, scale } = this;
    while (scale > 0 && coefficient % 10n === 0n) {
      coefficient /= 10n;
      scale--;
    }
    return new Decimal(coefficient, scale);
  }
}

function power(exponent: number): bigint {
  return POWERS[exponent] ?? 10n ** BigInt(exponent);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function divideRounded(value: bigint, divisor: bigint, mode: Rounding): bigint {
  const quotient = value / divisor;
  const rest = magnitude(value % divisor) * 2n;
  if (rest < divisor || (rest === divisor && mode === "even" && quotient % 2n === 0n)) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}
