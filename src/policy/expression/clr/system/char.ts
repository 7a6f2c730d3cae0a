import { Box, type EnumValue, enumValue } from "../box.ts";
import { type Cell, declareType, type MemberFunction } from "../declare.ts";
import {
  ArgumentException,
  ArgumentNullException,
  ArgumentOutOfRangeException,
  FormatException,
} from "../exceptions.ts";
import { toLowerUnit, toUpperUnit } from "./casing.ts";
import { boxedEquals } from "./equality.ts";
import { requireText } from "./number-parse.ts";
import {
  CONTROL,
  categoryOf,
  DIGIT,
  hasCategory,
  isWhiteSpace,
  LETTER,
  LOWER,
  NUMBER,
  numericValue,
  PUNCTUATION,
  SEPARATOR,
  SYMBOL,
  UPPER,
} from "./unicode.ts";

const CATEGORY_NAMES = [
  "UppercaseLetter",
  "LowercaseLetter",
  "TitlecaseLetter",
  "ModifierLetter",
  "OtherLetter",
  "NonSpacingMark",
  "SpacingCombiningMark",
  "EnclosingMark",
  "DecimalDigitNumber",
  "LetterNumber",
  "OtherNumber",
  "SpaceSeparator",
  "LineSeparator",
  "ParagraphSeparator",
  "Control",
  "Format",
  "Surrogate",
  "PrivateUse",
  "ConnectorPunctuation",
  "DashPunctuation",
  "OpenPunctuation",
  "ClosePunctuation",
  "InitialQuotePunctuation",
  "FinalQuotePunctuation",
  "OtherPunctuation",
  "MathSymbol",
  "CurrencySymbol",
  "ModifierSymbol",
  "OtherSymbol",
  "OtherNotAssigned",
];
const CATEGORY_VALUES = Object.fromEntries(CATEGORY_NAMES.map((name, i) => [name, i]));

/** What `char.GetUnicodeCategory` returns; no expression can name it, but it can be printed. */
export const unicodeCategoryType = declareType({
  name: "System.Globalization.UnicodeCategory",
  kind: "enum",
  values: CATEGORY_VALUES,
});

function category(codePoint: number): EnumValue {
  return enumValue("System.Globalization.UnicodeCategory", CATEGORY_VALUES, categoryOf(codePoint));
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

/** The character at an index of a string argument, a surrogate pair as one. */
function codePointAt(text: string | null, index: number): number {
  if (text === null) throw new ArgumentNullException("s");
  const codePoint = index < 0 ? undefined : text.codePointAt(index);
  if (codePoint === undefined) throw new ArgumentOutOfRangeException("index");
  return codePoint;
}

function unitAt(text: string | null, index: number): number {
  codePointAt(text, index);
  return (text ?? "").charCodeAt(index);
}

/** Both forms of a character test: of a char, and of a place in a string. */
function test(name: string, is: (codePoint: number) => boolean): Record<string, MemberFunction> {
  return {
    [`static bool ${name}(char c)`]: is,
    [`static bool ${name}(string s, int index)`]: (text: string | null, index: number) => is(codePointAt(text, index)),
  };
}

function unitTest(name: string, is: (unit: number) => boolean): Record<string, MemberFunction> {
  return {
    [`static bool ${name}(char c)`]: is,
    [`static bool ${name}(string s, int index)`]: (text: string | null, index: number) => is(unitAt(text, index)),
  };
}

function toUtf32(high: number, low: number): number {
  if (!isHigh(high))
    throw new ArgumentOutOfRangeException(
      "highSurrogate",
      "A valid high surrogate character is between 0xd800 and 0xdbff, inclusive.",
    );
  if (!isLow(low))
    throw new ArgumentOutOfRangeException(
      "lowSurrogate",
      "A valid low surrogate character is between 0xdc00 and 0xdfff, inclusive.",
    );
  return (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x1_0000;
}

function fromUtf32(codePoint: number): string {
  if (codePoint < 0 || codePoint > 0x10_ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
    throw new ArgumentOutOfRangeException(
      "utf32",
      "A valid UTF32 value is between 0x000000 and 0x10ffff, inclusive, and should not include surrogate codepoint values (0x00d800 ~ 0x00dfff).",
    );
  }
  return String.fromCodePoint(codePoint);
}

/** `char.Parse`. @throws ArgumentNullException, FormatException unless the text has length one */
export function parseChar(text: string | null): number {
  if (requireText(text).length !== 1) throw new FormatException("String must be exactly one character long.");
  return (text ?? "").charCodeAt(0);
}

const print = (unit: number) => String.fromCharCode(unit);

export const charType = declareType({
  name: "System.Char",
  kind: "struct",
  keyword: "char",
  interfaces: ["System.IComparable"],
  is: (value) => value instanceof Box && value.type === "Char",
  toString: print,
  equals: (a: number, b: number) => a === b,
  members: {
    "new Char()": () => 0,
    "static char MaxValue { get; }": () => 0xffff,
    "static char MinValue { get; }": () => 0,
    "int CompareTo(char value)": (a: number, b: number) => a - b,
    "int CompareTo(object value)": (a: number, b: unknown) => {
      if (b === null) return 1;
      if (!(b instanceof Box) || b.type !== "Char") throw new ArgumentException("Object must be of type Char.");
      return a - Number(b.value);
    },
    "bool Equals(char obj)": (a: number, b: number) => a === b,
    "bool Equals(object obj)": (a: number, b: unknown) => boxedEquals(new Box("Char", a), b),
    "int GetHashCode()": (unit: number) => unit | (unit << 16),
    "static string ConvertFromUtf32(int utf32)": fromUtf32,
    "static int ConvertToUtf32(char highSurrogate, char lowSurrogate)": toUtf32,
    "static int ConvertToUtf32(string s, int index)": (text: string | null, index: number) => {
      const codePoint = codePointAt(text, index);
      if (codePoint >= 0xd800 && codePoint <= 0xdfff)
        throw new ArgumentException("Found a surrogate character without its pair.", "s");
      return codePoint;
    },
    "static double GetNumericValue(char c)": numericValue,
    "static double GetNumericValue(string s, int index)": (text: string | null, index: number) =>
      numericValue(codePointAt(text, index)),
    "static System.Globalization.UnicodeCategory GetUnicodeCategory(char c)": category,
    "static System.Globalization.UnicodeCategory GetUnicodeCategory(string s, int index)": (
      text: string | null,
      index: number,
    ) => category(codePointAt(text, index)),
    ...test("IsControl", (c) => hasCategory(c, CONTROL)),
    ...test("IsDigit", (c) => hasCategory(c, DIGIT)),
    ...test("IsLetter", (c) => hasCategory(c, LETTER)),
    ...test("IsLetterOrDigit", (c) => hasCategory(c, LETTER | DIGIT)),
    ...test("IsLower", (c) => hasCategory(c, LOWER)),
    ...test("IsNumber", (c) => hasCategory(c, NUMBER)),
    ...test("IsPunctuation", (c) => hasCategory(c, PUNCTUATION)),
    ...test("IsSeparator", (c) => hasCategory(c, SEPARATOR)),
    ...test("IsSymbol", (c) => hasCategory(c, SYMBOL)),
    ...test("IsUpper", (c) => hasCategory(c, UPPER)),
    ...test("IsWhiteSpace", isWhiteSpace),
    ...unitTest("IsHighSurrogate", isHigh),
    ...unitTest("IsLowSurrogate", isLow),
    ...unitTest("IsSurrogate", (unit) => isHigh(unit) || isLow(unit)),
    "static bool IsSurrogatePair(char highSurrogate, char lowSurrogate)": (high: number, low: number) =>
      isHigh(high) && isLow(low),
    "static bool IsSurrogatePair(string s, int index)": (text: string | null, index: number) =>
      codePointAt(text, index) > 0xffff,
    "static char Parse(string s)": parseChar,
    "static bool TryParse(string s, out char result)": (text: string | null, result: Cell<number>) => {
      const one = text?.length === 1;
      result.value = one ? text.charCodeAt(0) : 0;
      return one;
    },
    "static char ToLower(char c)": toLowerUnit,
    "static char ToLowerInvariant(char c)": toLowerUnit,
    "static char ToUpper(char c)": toUpperUnit,
    "static char ToUpperInvariant(char c)": toUpperUnit,
    "string ToString()": print,
    "string ToString(IFormatProvider provider)": print,
    "static string ToString(char c)": print,
  },
});
