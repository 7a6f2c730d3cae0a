import type { EnumValue } from "../box.ts";
import { type Cell, declareType, type MemberFunction } from "../declare.ts";
import { ArgumentException, ArithmeticException, DivideByZeroException, OverflowException } from "../exceptions.ts";
import type { Decimal } from "./decimal.ts";
import { roundDecimal } from "./decimal-type.ts";
import { INTEGERS } from "./integers.ts";
import { roundDouble, roundingMode, roundWhole } from "./rounding.ts";

type Number = number | bigint;

const notANumber = (a: number, b: number) => Number.isNaN(a) || Number.isNaN(b);

/** Max, Min and Clamp of one type, from its order. */
function ordered<T>(keyword: string, less: (a: T, b: T) => boolean, max: (a: T, b: T) => T, min: (a: T, b: T) => T) {
  return {
    [`static ${keyword} Max(${keyword} val1, ${keyword} val2)`]: max,
    [`static ${keyword} Min(${keyword} val1, ${keyword} val2)`]: min,
    [`static ${keyword} Clamp(${keyword} value, ${keyword} min, ${keyword} max)`]: (value: T, low: T, high: T) => {
      if (less(high, low)) throw new ArgumentException(`'${String(low)}' cannot be greater than ${String(high)}.`);
      return less(value, low) ? low : less(high, value) ? high : value;
    },
  };
}

type Less<T> = (a: T, b: T) => boolean;
const larger =
  <T>(less: Less<T>) =>
  (a: T, b: T): T =>
    less(a, b) ? b : a;
const smaller =
  <T>(less: Less<T>) =>
  (a: T, b: T): T =>
    less(b, a) ? b : a;

function orderedMembers(): Record<string, MemberFunction> {
  const members: Record<string, MemberFunction> = {};
  const less = (a: Number, b: Number) => a < b;
  for (const { keyword } of INTEGERS) {
    Object.assign(members, ordered<Number>(keyword, less, larger(less), smaller(less)));
  }
  const maxFloat = (a: number, b: number) => (notANumber(a, b) ? Number.NaN : Math.max(a, b));
  const minFloat = (a: number, b: number) => (notANumber(a, b) ? Number.NaN : Math.min(a, b));
  for (const keyword of ["double", "float"]) Object.assign(members, ordered<number>(keyword, less, maxFloat, minFloat));
  const lessDecimal = (a: Decimal, b: Decimal) => a.compareTo(b) < 0;
  Object.assign(members, ordered<Decimal>("decimal", lessDecimal, larger(lessDecimal), smaller(lessDecimal)));
  return members;
}

/** Abs and Sign. The smallest number of a signed type has no positive counterpart. */
function signMembers(): Record<string, MemberFunction> {
  const members: Record<string, MemberFunction> = {};
  for (const { keyword, min } of INTEGERS) {
    if (min === 0n) continue;
    members[`static ${keyword} Abs(${keyword} value)`] = (value: Number) => {
      if (BigInt(value) === min)
        throw new OverflowException("Negating the minimum value of a twos complement number is invalid.");
      return value < 0 ? -value : value;
    };
    members[`static int Sign(${keyword} value)`] = (value: Number) => (value < 0 ? -1 : value > 0 ? 1 : 0);
  }
  for (const keyword of ["double", "float"]) {
    members[`static ${keyword} Abs(${keyword} value)`] = Math.abs;
    members[`static int Sign(${keyword} value)`] = (value: number) => {
      if (Number.isNaN(value))
        throw new ArithmeticException("Function does not accept floating point Not-a-Number values.");
      return Math.sign(value) + 0;
    };
  }
  members["static decimal Abs(decimal value)"] = (value: Decimal) => value.abs();
  members["static int Sign(decimal value)"] = (value: Decimal) => value.sign();
  return members;
}

/** `Math.Pow`: one to any power is one, also to NaN. */
function pow(x: number, y: number): number {
  if (x === 1) return 1;
  return x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY ? 1 : x ** y;
}

function log(value: number, base: number): number {
  if (notANumber(value, base) || base === 1) return Number.NaN;
  if (value !== 1 && (base === 0 || base === Number.POSITIVE_INFINITY)) return Number.NaN;
  return Math.log(value) / Math.log(base);
}

function ieeeRemainder(x: number, y: number): number {
  if (Number.isFinite(x) && Math.abs(y) === Number.POSITIVE_INFINITY) return x;
  const regular = x % y;
  if (Number.isNaN(regular)) return Number.NaN;
  if (regular === 0) return x < 0 || Object.is(x, -0) ? -0 : 0;
  const alternative = regular - Math.abs(y) * Math.sign(x);
  const closer = Math.abs(alternative) - Math.abs(regular);
  if (closer !== 0) return closer < 0 ? alternative : regular;
  return Math.abs(roundWhole(x / y, "even")) > Math.abs(x / y) ? alternative : regular;
}

function divRem<T extends Number>(a: T, b: T, result: Cell<T>, overflow: T): T {
  if (Number(b) === 0) throw new DivideByZeroException();
  if (a === overflow && Number(b) === -1) throw new OverflowException();
  result.value = ((a as number) % (b as number)) as T;
  const quotient = ((a as number) - (result.value as number)) / (b as number);
  return quotient as T;
}

const rounding: Record<string, MemberFunction> = {
  "static decimal Round(decimal d)": (value: Decimal) => roundDecimal(value, 0),
  "static decimal Round(decimal d, int decimals)": (value: Decimal, places: number) => roundDecimal(value, places),
  "static decimal Round(decimal d, MidpointRounding mode)": (value: Decimal, mode: EnumValue) =>
    roundDecimal(value, 0, mode),
  "static decimal Round(decimal d, int decimals, MidpointRounding mode)": roundDecimal,
  "static double Round(double a)": (value: number) => roundWhole(value, "even"),
  "static double Round(double value, int digits)": (value: number, digits: number) =>
    roundDouble(value, digits, "even"),
  "static double Round(double value, MidpointRounding mode)": (value: number, mode: EnumValue) =>
    roundWhole(value, roundingMode(mode)),
  "static double Round(double value, int digits, MidpointRounding mode)": (
    value: number,
    digits: number,
    mode: EnumValue,
  ) => roundDouble(value, digits, roundingMode(mode)),
  "static decimal Ceiling(decimal d)": (value: Decimal) => value.ceiling(),
  "static double Ceiling(double a)": Math.ceil,
  "static decimal Floor(decimal d)": (value: Decimal) => value.floor(),
  "static double Floor(double d)": Math.floor,
  "static decimal Truncate(decimal d)": (value: Decimal) => value.truncate(),
  "static double Truncate(double d)": Math.trunc,
};

export const mathType = declareType({
  name: "System.Math",
  kind: "static",
  members: {
    ...orderedMembers(),
    ...signMembers(),
    ...rounding,
    "static double E { get; }": () => Math.E,
    "static double PI { get; }": () => Math.PI,
    "static double Acos(double d)": Math.acos,
    "static double Acosh(double d)": Math.acosh,
    "static double Asin(double d)": Math.asin,
    "static double Asinh(double d)": Math.asinh,
    "static double Atan(double d)": Math.atan,
    "static double Atan2(double y, double x)": Math.atan2,
    "static double Atanh(double d)": Math.atanh,
    "static long BigMul(int a, int b)": (a: number, b: number) => BigInt(a) * BigInt(b),
    "static double Cbrt(double d)": Math.cbrt,
    "static double Cos(double d)": Math.cos,
    "static double Cosh(double value)": Math.cosh,
    "static int DivRem(int a, int b, out int result)": (a: number, b: number, result: Cell<number>) =>
      divRem(a, b, result, -(2 ** 31)),
    "static long DivRem(long a, long b, out long result)": (a: bigint, b: bigint, result: Cell<bigint>) =>
      divRem(a, b, result, -(2n ** 63n)),
    "static double Exp(double d)": Math.exp,
    "static double IEEERemainder(double x, double y)": ieeeRemainder,
    "static double Log(double d)": Math.log,
    "static double Log(double a, double newBase)": log,
    "static double Log10(double d)": Math.log10,
    "static double Pow(double x, double y)": pow,
    "static double Sin(double a)": Math.sin,
    "static double Sinh(double value)": Math.sinh,
    "static double Sqrt(double d)": Math.sqrt,
    "static double Tan(double a)": Math.tan,
    "static double Tanh(double value)": Math.tanh,
  },
});
