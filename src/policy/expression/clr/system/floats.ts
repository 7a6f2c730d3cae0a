import { Box } from "../box.ts";
import { type Cell, declareType, type TypeDeclaration } from "../declare.ts";
import { ArgumentException } from "../exceptions.ts";
import { boxedEquals, compareNumbers, doubleHashCode } from "./equality.ts";
import { formatFloating } from "./number-format.ts";
import { parsedValue, readDouble, requireText } from "./number-parse.ts";
import { doubleToString, singleToString } from "./number-text.ts";

interface FloatKind {
  clr: "Double" | "Single";
  keyword: "double" | "float";
  max: number;
  epsilon: number;
  /** Smallest normal number. */
  normal: number;
  /** Rounds a double to the type's precision. */
  round: (value: number) => number;
}

const DOUBLE: FloatKind = {
  clr: "Double",
  keyword: "double",
  max: Number.MAX_VALUE,
  epsilon: Number.MIN_VALUE,
  normal: 2 ** -1022,
  round: (value) => value,
};

const SINGLE: FloatKind = {
  clr: "Single",
  keyword: "float",
  max: 3.4028234663852886e38,
  epsilon: 2 ** -149,
  normal: 2 ** -126,
  round: Math.fround,
};

/** `double.Equals`: NaN equals NaN. */
const equal = (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b));

function floatType(kind: FloatKind): TypeDeclaration {
  const { clr, keyword, round } = kind;
  const single = clr === "Single";
  const parse = (text: string | null) => round(parsedValue(readDouble(requireText(text)), ""));
  const format = (value: number, text: string | null) => formatFloating(value, text, single);
  const plain = single ? singleToString : doubleToString;
  const test = (name: string, is: (value: number) => boolean) => ({ [`static bool ${name}(${keyword} d)`]: is });
  return declareType({
    name: `System.${clr}`,
    kind: "struct",
    keyword,
    interfaces: ["System.IComparable", "System.IFormattable"],
    is: (value) => value instanceof Box && value.type === clr,
    toString: plain,
    equals: equal,
    members: {
      [`new ${clr}()`]: () => 0,
      [`static ${keyword} Epsilon { get; }`]: () => kind.epsilon,
      [`static ${keyword} MaxValue { get; }`]: () => kind.max,
      [`static ${keyword} MinValue { get; }`]: () => -kind.max,
      [`static ${keyword} NaN { get; }`]: () => Number.NaN,
      [`static ${keyword} NegativeInfinity { get; }`]: () => Number.NEGATIVE_INFINITY,
      [`static ${keyword} PositiveInfinity { get; }`]: () => Number.POSITIVE_INFINITY,
      ...test("IsFinite", Number.isFinite),
      ...test("IsInfinity", (value) => Math.abs(value) === Number.POSITIVE_INFINITY),
      ...test("IsNaN", Number.isNaN),
      ...test("IsNegative", (value) => value < 0 || Object.is(value, -0)),
      ...test("IsNegativeInfinity", (value) => value === Number.NEGATIVE_INFINITY),
      ...test("IsNormal", (value) => Number.isFinite(value) && Math.abs(value) >= kind.normal),
      ...test("IsPositiveInfinity", (value) => value === Number.POSITIVE_INFINITY),
      ...test("IsSubnormal", (value) => value !== 0 && Math.abs(value) < kind.normal),
      [`static ${keyword} Parse(string s)`]: parse,
      [`static ${keyword} Parse(string s, IFormatProvider provider)`]: parse,
      [`static bool TryParse(string s, out ${keyword} result)`]: (text: string | null, result: Cell<number>) => {
        const outcome = text === null ? null : readDouble(text);
        result.value = outcome?.ok ? round(outcome.value) : 0;
        return outcome?.ok ?? false;
      },
      [`int CompareTo(${keyword} value)`]: (a: number, b: number) => compareNumbers(a, b),
      "int CompareTo(object value)": (a: number, b: unknown) => {
        if (b === null) return 1;
        if (!(b instanceof Box) || b.type !== clr) throw new ArgumentException(`Object must be of type ${clr}.`);
        return compareNumbers(a, b.value);
      },
      [`bool Equals(${keyword} obj)`]: equal,
      "bool Equals(object obj)": (a: number, b: unknown) => boxedEquals(new Box(clr, a), b),
      "int GetHashCode()": doubleHashCode,
      "string ToString()": plain,
      "string ToString(string format)": format,
      "string ToString(string format, IFormatProvider provider)": format,
    },
  });
}

export const floatTypes: TypeDeclaration[] = [floatType(DOUBLE), floatType(SINGLE)];
