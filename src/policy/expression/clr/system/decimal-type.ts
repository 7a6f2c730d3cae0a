import { ClrArray, type EnumValue } from "../box.ts";
import { type Cell, declareType, type MemberFunction } from "../declare.ts";
import {
  ArgumentException,
  ArgumentNullException,
  ArgumentOutOfRangeException,
  OverflowException,
} from "../exceptions.ts";
import { Decimal } from "./decimal.ts";
import { INTEGERS, type IntegerKind, overflowMessage, represent } from "./integers.ts";
import { requireText } from "./number-parse.ts";
import { roundingMode } from "./rounding.ts";
import { tryParse } from "./try-parse.ts";

/** The whole part as an integer type. @throws OverflowException out of the type's range */
export function decimalToInteger(kind: IntegerKind, value: Decimal): number | bigint {
  const whole = value.toInteger();
  if (whole < kind.min || whole > kind.max) throw new OverflowException(overflowMessage(kind));
  return represent(kind, whole);
}

/** @throws ArgumentOutOfRangeException for more than 28 places */
export function roundDecimal(value: Decimal, places: number, mode?: EnumValue): Decimal {
  if (places < 0 || places > 28) {
    throw new ArgumentOutOfRangeException(
      "decimals",
      "Decimal can only round to between 0 and 28 digits of precision.",
    );
  }
  return value.round(places, mode ? roundingMode(mode) : "even");
}

function fromBits(low: number, middle: number, high: number, negative: boolean, scale: number): Decimal {
  if (scale > 28)
    throw new ArgumentOutOfRangeException("scale", "Decimal's scale value must be between 0 and 28, inclusive.");
  const word = (value: number) => BigInt(value >>> 0);
  const coefficient = (word(high) << 64n) | (word(middle) << 32n) | word(low);
  return Decimal.of(negative ? -coefficient : coefficient, scale);
}

function toBits(value: Decimal): ClrArray {
  const size = value.coefficient < 0n ? -value.coefficient : value.coefficient;
  const word = (shift: bigint) => Number(BigInt.asIntN(32, size >> shift));
  const flags = (value.scale << 16) | (value.coefficient < 0n ? 0x8000_0000 : 0);
  return new ClrArray("int", [word(0n), word(32n), word(64n), flags | 0]);
}

const CHAR: IntegerKind = { ...(INTEGERS[3] as IntegerKind), noun: "a character" };

/** Conversions from and to every integer type, by constructor-like operators and by the ToX methods. */
function integerConversions(): Record<string, MemberFunction> {
  const members: Record<string, MemberFunction> = {};
  for (const kind of INTEGERS) {
    members[`static implicit operator decimal(${kind.keyword} value)`] = (value: number | bigint) =>
      Decimal.fromInteger(value);
    const convert = (value: Decimal) => decimalToInteger(kind, value);
    members[`static explicit operator ${kind.keyword}(decimal value)`] = convert;
    members[`static ${kind.keyword} To${kind.clr}(decimal value)`] = convert;
    if (kind.bits >= 32)
      members[`new Decimal(${kind.keyword} value)`] = (value: number | bigint) => Decimal.fromInteger(value);
  }
  members["static implicit operator decimal(char value)"] = (value: number) => Decimal.fromInteger(value);
  members["static explicit operator char(decimal value)"] = (value: Decimal) => decimalToInteger(CHAR, value);
  return members;
}

const add = (a: Decimal, b: Decimal) => a.add(b);
const subtract = (a: Decimal, b: Decimal) => a.subtract(b);
const multiply = (a: Decimal, b: Decimal) => a.multiply(b);
const divide = (a: Decimal, b: Decimal) => a.divide(b);
const remainder = (a: Decimal, b: Decimal) => a.remainder(b);
const negate = (a: Decimal) => a.negate();
const compare = (a: Decimal, b: Decimal) => a.compareTo(b);
const equal = (a: Decimal, b: Decimal) => a.compareTo(b) === 0;
const fromDouble = (value: number) => Decimal.fromFloating(value);
const fromSingle = (value: number) => Decimal.fromFloating(value, true);
const toDouble = (value: Decimal) => value.toNumber();
const toSingle = (value: Decimal) => Math.fround(value.toNumber());
const parse = (text: string | null) => Decimal.parse(requireText(text));
const format = (value: Decimal, text: string | null) => value.clrFormat(text);

export const decimalType = declareType({
  name: "System.Decimal",
  kind: "struct",
  keyword: "decimal",
  interfaces: ["System.IComparable", "System.IFormattable"],
  is: (value) => value instanceof Decimal,
  toString: (value: Decimal) => value.toString(),
  equals: equal,
  members: {
    "new Decimal()": () => Decimal.zero,
    ...integerConversions(),
    "new Decimal(float value)": fromSingle,
    "new Decimal(double value)": fromDouble,
    "new Decimal(int[] bits)": (bits: ClrArray | null) => {
      if (bits === null) throw new ArgumentNullException("bits");
      const [low, middle, high, flags] = bits.items as number[];
      if (bits.items.length !== 4 || flags === undefined) {
        throw new ArgumentException(
          "Decimal byte array constructor requires an array of length four containing valid decimal bytes.",
        );
      }
      return fromBits(low ?? 0, middle ?? 0, high ?? 0, flags < 0, (flags >>> 16) & 0xff);
    },
    "new Decimal(int lo, int mid, int hi, bool isNegative, byte scale)": fromBits,
    "static decimal MaxValue { get; }": () => Decimal.maxValue,
    "static decimal MinusOne { get; }": () => Decimal.minusOne,
    "static decimal MinValue { get; }": () => Decimal.minValue,
    "static decimal One { get; }": () => Decimal.one,
    "static decimal Zero { get; }": () => Decimal.zero,
    "static decimal Add(decimal d1, decimal d2)": add,
    "static decimal Ceiling(decimal d)": (value: Decimal) => value.ceiling(),
    "static int Compare(decimal d1, decimal d2)": compare,
    "static decimal Divide(decimal d1, decimal d2)": divide,
    "static bool Equals(decimal d1, decimal d2)": equal,
    "static decimal Floor(decimal d)": (value: Decimal) => value.floor(),
    "static decimal FromOACurrency(long cy)": (value: bigint) => Decimal.of(value, 4),
    "static int[] GetBits(decimal d)": toBits,
    "static decimal Multiply(decimal d1, decimal d2)": multiply,
    "static decimal Negate(decimal d)": negate,
    "static decimal Parse(string s)": parse,
    "static decimal Parse(string s, IFormatProvider provider)": parse,
    "static decimal Remainder(decimal d1, decimal d2)": remainder,
    "static decimal Round(decimal d)": (value: Decimal) => roundDecimal(value, 0),
    "static decimal Round(decimal d, int decimals)": (value: Decimal, places: number) => roundDecimal(value, places),
    "static decimal Round(decimal d, MidpointRounding mode)": (value: Decimal, mode: EnumValue) =>
      roundDecimal(value, 0, mode),
    "static decimal Round(decimal d, int decimals, MidpointRounding mode)": roundDecimal,
    "static decimal Subtract(decimal d1, decimal d2)": subtract,
    "static double ToDouble(decimal d)": toDouble,
    "static float ToSingle(decimal d)": toSingle,
    "static long ToOACurrency(decimal value)": (value: Decimal) =>
      value.multiply(Decimal.fromInteger(10_000)).round(0, "even").toInteger(),
    "static decimal Truncate(decimal d)": (value: Decimal) => value.truncate(),
    "static bool TryParse(string s, out decimal result)": (text: string | null, result: Cell<Decimal>) =>
      tryParse(result, Decimal.zero, () => parse(text)),
    "int CompareTo(decimal value)": compare,
    "int CompareTo(object value)": (a: Decimal, b: unknown) => {
      if (b === null) return 1;
      if (!(b instanceof Decimal)) throw new ArgumentException("Object must be of type Decimal.");
      return a.compareTo(b);
    },
    "bool Equals(decimal value)": equal,
    "bool Equals(object value)": (a: Decimal, b: unknown) => a.clrEquals(b),
    "int GetHashCode()": (value: Decimal) => value.clrHashCode(),
    "string ToString()": (value: Decimal) => value.toString(),
    "string ToString(string format)": format,
    "string ToString(string format, IFormatProvider provider)": format,
    "static explicit operator decimal(float value)": fromSingle,
    "static explicit operator decimal(double value)": fromDouble,
    "static explicit operator float(decimal value)": toSingle,
    "static explicit operator double(decimal value)": toDouble,
    "static decimal operator +(decimal d1, decimal d2)": add,
    "static decimal operator -(decimal d1, decimal d2)": subtract,
    "static decimal operator *(decimal d1, decimal d2)": multiply,
    "static decimal operator /(decimal d1, decimal d2)": divide,
    "static decimal operator %(decimal d1, decimal d2)": remainder,
    "static decimal operator -(decimal d)": negate,
    "static decimal operator +(decimal d)": (value: Decimal) => value,
    "static decimal operator ++(decimal d)": (value: Decimal) => value.add(Decimal.one),
    "static decimal operator --(decimal d)": (value: Decimal) => value.subtract(Decimal.one),
    "static bool operator ==(decimal d1, decimal d2)": equal,
    "static bool operator !=(decimal d1, decimal d2)": (a: Decimal, b: Decimal) => !equal(a, b),
    "static bool operator <(decimal d1, decimal d2)": (a: Decimal, b: Decimal) => compare(a, b) < 0,
    "static bool operator <=(decimal d1, decimal d2)": (a: Decimal, b: Decimal) => compare(a, b) <= 0,
    "static bool operator >(decimal d1, decimal d2)": (a: Decimal, b: Decimal) => compare(a, b) > 0,
    "static bool operator >=(decimal d1, decimal d2)": (a: Decimal, b: Decimal) => compare(a, b) >= 0,
  },
});
