import { Box, type BoxedType } from "../box.ts";
import { type Cell, declareType, type TypeDeclaration } from "../declare.ts";
import { ArgumentException } from "../exceptions.ts";
import { boxedEquals, boxedHashCode, compareNumbers } from "./equality.ts";
import { formatInteger } from "./number-format.ts";
import { parsedValue, readInteger, requireText } from "./number-parse.ts";

/** An integer type: its range, and how its values are represented. */
export interface IntegerKind {
  clr: "SByte" | "Byte" | "Int16" | "UInt16" | "Int32" | "UInt32" | "Int64" | "UInt64";
  keyword: string;
  bits: number;
  min: bigint;
  max: bigint;
  /** True where the value is a bigint. */
  wide: boolean;
  /** As .NET's overflow message names the type. */
  noun: string;
}

function integerKind(
  clr: IntegerKind["clr"],
  keyword: string,
  bits: number,
  signed: boolean,
  noun: string,
): IntegerKind {
  const size = BigInt(bits);
  const min = signed ? -(1n << (size - 1n)) : 0n;
  return { clr, keyword, bits, min, max: min + (1n << size) - 1n, wide: bits === 64, noun };
}

export const INTEGERS: readonly IntegerKind[] = [
  integerKind("SByte", "sbyte", 8, true, "a signed byte"),
  integerKind("Byte", "byte", 8, false, "an unsigned byte"),
  integerKind("Int16", "short", 16, true, "an Int16"),
  integerKind("UInt16", "ushort", 16, false, "a UInt16"),
  integerKind("Int32", "int", 32, true, "an Int32"),
  integerKind("UInt32", "uint", 32, false, "a UInt32"),
  integerKind("Int64", "long", 64, true, "an Int64"),
  integerKind("UInt64", "ulong", 64, false, "a UInt64"),
];

/** Text of the OverflowException for a value out of the type's range. */
export function overflowMessage(kind: IntegerKind): string {
  return `Value was either too large or too small for ${kind.noun}.`;
}

/** A number in the type's range as the type represents it. */
export function represent(kind: IntegerKind, value: bigint): number | bigint {
  return kind.wide ? value : Number(value);
}

/** The boxed form: `int` and `long` as they are, the others in a {@link Box}. */
export function boxInteger(kind: IntegerKind, value: number | bigint): unknown {
  return kind.clr === "Int32" || kind.clr === "Int64" ? value : new Box(kind.clr as BoxedType, value);
}

/** True when the boxed value is of the type. */
export function isInteger(kind: IntegerKind, value: unknown): boolean {
  if (kind.clr === "Int32") return typeof value === "number";
  if (kind.clr === "Int64") return typeof value === "bigint";
  return value instanceof Box && value.type === kind.clr;
}

/** `Parse`. @throws ArgumentNullException, FormatException, OverflowException */
export function parseInteger(kind: IntegerKind, text: string | null): number | bigint {
  return represent(kind, parsedValue(readInteger(requireText(text), kind.min, kind.max), overflowMessage(kind)));
}

type Value = number | bigint;

function integerType(kind: IntegerKind): TypeDeclaration {
  const { clr, keyword, bits } = kind;
  const zero = represent(kind, 0n);
  const format = (value: Value, text: string | null) => formatInteger(value, text, bits);
  const compareObject = (value: Value, other: unknown) => {
    if (other === null) return 1;
    if (!isInteger(kind, other)) throw new ArgumentException(`Object must be of type ${clr}.`);
    return compareNumbers(value, other instanceof Box ? other.value : (other as Value));
  };
  return declareType({
    name: `System.${clr}`,
    kind: "struct",
    keyword,
    interfaces: ["System.IComparable", "System.IFormattable"],
    is: (value) => isInteger(kind, value),
    toString: (value: Value) => String(value),
    equals: (a: Value, b: Value) => a === b,
    members: {
      [`new ${clr}()`]: () => zero,
      [`static ${keyword} MaxValue { get; }`]: () => represent(kind, kind.max),
      [`static ${keyword} MinValue { get; }`]: () => represent(kind, kind.min),
      [`static ${keyword} Parse(string s)`]: (text: string | null) => parseInteger(kind, text),
      [`static ${keyword} Parse(string s, IFormatProvider provider)`]: (text: string | null) =>
        parseInteger(kind, text),
      [`static bool TryParse(string s, out ${keyword} result)`]: (text: string | null, result: Cell<Value>) => {
        const outcome = text === null ? null : readInteger(text, kind.min, kind.max);
        result.value = outcome?.ok ? represent(kind, outcome.value) : zero;
        return outcome?.ok ?? false;
      },
      [`int CompareTo(${keyword} value)`]: (a: Value, b: Value) => compareNumbers(a, b),
      "int CompareTo(object value)": compareObject,
      [`bool Equals(${keyword} obj)`]: (a: Value, b: Value) => a === b,
      "bool Equals(object obj)": (a: Value, b: unknown) => boxedEquals(boxInteger(kind, a), b),
      "int GetHashCode()": (value: Value) => boxedHashCode(value),
      "string ToString()": (value: Value) => String(value),
      "string ToString(string format)": format,
      "string ToString(string format, IFormatProvider provider)": format,
    },
  });
}

export const integerTypes: TypeDeclaration[] = INTEGERS.map(integerType);
