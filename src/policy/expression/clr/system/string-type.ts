import { ClrArray, type EnumValue } from "../box.ts";
import { Enumerator } from "../collections/enumerator.ts";
import type { Enumerable } from "../collections/protocol.ts";
import { declareType, type MemberFunction } from "../declare.ts";
import { ArgumentException, ArgumentOutOfRangeException, IndexOutOfRangeException } from "../exceptions.ts";
import { toLowerText, toUpperText } from "./casing.ts";
import { charsOfText, copyToChars, textOfCharRange, textOfChars, unitsOfChars } from "./char-array.ts";
import { stringHashCode } from "./equality.ts";
import { compositeFormat } from "./format.ts";
import {
  type ComparisonRule,
  compareBy,
  compareCulture,
  compareOrdinal,
  equalBy,
  ruleOf,
  STRING_COMPARISON,
} from "./string-compare.ts";
import * as edit from "./string-edit.ts";
import { concat, join, joinRange } from "./string-join.ts";
import * as search from "./string-search.ts";
import {
  charSeparator,
  type Separator,
  SPLIT_OPTIONS,
  split,
  textSeparator,
  whiteSpaceSeparator,
} from "./string-split.ts";

export const stringComparisonType = declareType({
  name: "System.StringComparison",
  kind: "enum",
  values: STRING_COMPARISON,
});

export const stringSplitOptionsType = declareType({
  name: "System.StringSplitOptions",
  kind: "enum",
  values: SPLIT_OPTIONS,
});

type Text = string | null;
const ORDINAL: ComparisonRule = { ordinal: true, ignoreCase: false };
const CULTURE: ComparisonRule = { ordinal: false, ignoreCase: false };
const ALL = 0x7fff_ffff;
const unit = (value: number) => String.fromCharCode(value);

/** The parts of two strings that `Compare(strA, indexA, strB, indexB, length)` looks at. */
function compareParts(a: Text, indexA: number, b: Text, indexB: number, length: number, rule: ComparisonRule): number {
  if (a === null || b === null) return compareOrdinal(a, b);
  if (length < 0) throw new ArgumentOutOfRangeException("length", "Length cannot be less than zero.");
  if (indexA < 0 || indexA > a.length) throw new ArgumentOutOfRangeException("indexA");
  if (indexB < 0 || indexB > b.length) throw new ArgumentOutOfRangeException("indexB");
  return compareBy(rule, a.slice(indexA, indexA + length), b.slice(indexB, indexB + length));
}

function compareObject(text: string, other: unknown): number {
  if (other !== null && typeof other !== "string") throw new ArgumentException("Object must be of type String.");
  return compareCulture(text, other, false);
}

const comparing: Record<string, MemberFunction> = {
  "static int Compare(string strA, string strB)": (a: Text, b: Text) => compareCulture(a, b, false),
  "static int Compare(string strA, string strB, bool ignoreCase)": compareCulture,
  "static int Compare(string strA, string strB, StringComparison comparisonType)": (a: Text, b: Text, c: EnumValue) =>
    compareBy(ruleOf(c), a, b),
  "static int Compare(string strA, int indexA, string strB, int indexB, int length)": (
    a: Text,
    i: number,
    b: Text,
    j: number,
    length: number,
  ) => compareParts(a, i, b, j, length, CULTURE),
  "static int Compare(string strA, int indexA, string strB, int indexB, int length, bool ignoreCase)": (
    a: Text,
    i: number,
    b: Text,
    j: number,
    length: number,
    ignoreCase: boolean,
  ) => compareParts(a, i, b, j, length, { ordinal: false, ignoreCase }),
  "static int Compare(string strA, int indexA, string strB, int indexB, int length, StringComparison comparisonType)": (
    a: Text,
    i: number,
    b: Text,
    j: number,
    length: number,
    comparison: EnumValue,
  ) => compareParts(a, i, b, j, length, ruleOf(comparison)),
  "static int CompareOrdinal(string strA, string strB)": compareOrdinal,
  "static int CompareOrdinal(string strA, int indexA, string strB, int indexB, int length)": (
    a: Text,
    i: number,
    b: Text,
    j: number,
    length: number,
  ) => compareParts(a, i, b, j, length, ORDINAL),
  "int CompareTo(object value)": compareObject,
  "int CompareTo(string strB)": (a: string, b: Text) => compareCulture(a, b, false),
  "bool Equals(object obj)": (a: string, b: unknown) => a === b,
  "bool Equals(string value)": (a: string, b: Text) => a === b,
  "bool Equals(string value, StringComparison comparisonType)": (a: string, b: Text, c: EnumValue) =>
    equalBy(ruleOf(c), a, b),
  "static bool Equals(string a, string b)": (a: Text, b: Text) => a === b,
  "static bool Equals(string a, string b, StringComparison comparisonType)": (a: Text, b: Text, c: EnumValue) =>
    equalBy(ruleOf(c), a, b),
  "int GetHashCode()": stringHashCode,
};

const building: Record<string, MemberFunction> = {
  "new String(char[] value)": textOfChars,
  "new String(char[] value, int startIndex, int length)": textOfCharRange,
  "new String(char c, int count)": edit.repeatUnit,
  "static string Concat(object arg0)": (a: unknown) => concat(a),
  "static string Concat(object arg0, object arg1)": (a: unknown, b: unknown) => concat(a, b),
  "static string Concat(object arg0, object arg1, object arg2)": (a: unknown, b: unknown, c: unknown) =>
    concat(a, b, c),
  "static string Concat(object arg0, object arg1, object arg2, object arg3)": (
    a: unknown,
    b: unknown,
    c: unknown,
    d: unknown,
  ) => concat(a, b, c, d),
  "static string Concat(params object[] args)": (args: Enumerable | null) => join("", args),
  "static string Concat(string str0, string str1)": (a: Text, b: Text) => concat(a, b),
  "static string Concat(string str0, string str1, string str2)": (a: Text, b: Text, c: Text) => concat(a, b, c),
  "static string Concat(string str0, string str1, string str2, string str3)": (a: Text, b: Text, c: Text, d: Text) =>
    concat(a, b, c, d),
  "static string Concat(params string[] values)": (values: Enumerable | null) => join("", values),
  "static string Concat(IEnumerable<string> values)": (values: Enumerable | null) => join("", values),
  "static string Concat<T>(IEnumerable<T> values)": (values: Enumerable | null) => join("", values),
  "static string Copy(string str)": (text: Text) => text,
  "static string Format(string format, object arg0)": (format: Text, a: unknown) => compositeFormat(format, [a]),
  "static string Format(string format, object arg0, object arg1)": (format: Text, a: unknown, b: unknown) =>
    compositeFormat(format, [a, b]),
  "static string Format(string format, object arg0, object arg1, object arg2)": (
    format: Text,
    a: unknown,
    b: unknown,
    c: unknown,
  ) => compositeFormat(format, [a, b, c]),
  "static string Format(string format, params object[] args)": (format: Text, args: ClrArray | null) =>
    compositeFormat(format, args?.items ?? []),
  "static string Format(IFormatProvider provider, string format, params object[] args)": (
    _provider: null,
    format: Text,
    args: ClrArray | null,
  ) => compositeFormat(format, args?.items ?? []),
  "static string Intern(string str)": (text: Text) => text,
  "static string IsInterned(string str)": (text: Text) => text,
  "static string Join(char separator, params string[] value)": (c: number, values: Enumerable | null) =>
    join(unit(c), values),
  "static string Join(char separator, params object[] values)": (c: number, values: Enumerable | null) =>
    join(unit(c), values),
  "static string Join<T>(char separator, IEnumerable<T> values)": (c: number, values: Enumerable | null) =>
    join(unit(c), values),
  "static string Join(string separator, params string[] value)": join,
  "static string Join(string separator, params object[] values)": join,
  "static string Join<T>(string separator, IEnumerable<T> values)": join,
  "static string Join(string separator, IEnumerable<string> values)": join,
  "static string Join(char separator, string[] value, int startIndex, int count)": (
    c: number,
    values: Enumerable | null,
    start: number,
    count: number,
  ) => joinRange(unit(c), values, start, count),
  "static string Join(string separator, string[] value, int startIndex, int count)": joinRange,
};

const searching: Record<string, MemberFunction> = {
  "bool Contains(string value)": (s: string, value: Text) => search.contains(s, value, ORDINAL),
  "bool Contains(char value)": (s: string, c: number) => s.includes(unit(c)),
  "bool Contains(string value, StringComparison comparisonType)": (s: string, value: Text, c: EnumValue) =>
    search.contains(s, value, ruleOf(c)),
  "bool Contains(char value, StringComparison comparisonType)": (s: string, value: number, c: EnumValue) =>
    search.contains(s, unit(value), ruleOf(c)),
  "bool StartsWith(string value)": (s: string, value: Text) => search.startsWith(s, value, CULTURE),
  "bool StartsWith(char value)": (s: string, c: number) => s.charCodeAt(0) === c,
  "bool StartsWith(string value, StringComparison comparisonType)": (s: string, value: Text, c: EnumValue) =>
    search.startsWith(s, value, ruleOf(c)),
  "bool EndsWith(string value)": (s: string, value: Text) => search.endsWith(s, value, CULTURE),
  "bool EndsWith(char value)": (s: string, c: number) => s.charCodeAt(s.length - 1) === c,
  "bool EndsWith(string value, StringComparison comparisonType)": (s: string, value: Text, c: EnumValue) =>
    search.endsWith(s, value, ruleOf(c)),
  "int IndexOf(char value)": (s: string, c: number) => s.indexOf(unit(c)),
  "int IndexOf(char value, int startIndex)": (s: string, c: number, start: number) =>
    search.indexOf(s, unit(c), start, s.length - start, ORDINAL),
  "int IndexOf(char value, StringComparison comparisonType)": (s: string, value: number, c: EnumValue) =>
    search.indexOf(s, unit(value), 0, s.length, ruleOf(c)),
  "int IndexOf(char value, int startIndex, int count)": (s: string, c: number, start: number, count: number) =>
    search.indexOf(s, unit(c), start, count, ORDINAL),
  "int IndexOf(string value)": (s: string, value: Text) => search.indexOf(s, value, 0, s.length, CULTURE),
  "int IndexOf(string value, int startIndex)": (s: string, value: Text, start: number) =>
    search.indexOf(s, value, start, s.length - start, CULTURE),
  "int IndexOf(string value, StringComparison comparisonType)": (s: string, value: Text, c: EnumValue) =>
    search.indexOf(s, value, 0, s.length, ruleOf(c)),
  "int IndexOf(string value, int startIndex, int count)": (s: string, value: Text, start: number, count: number) =>
    search.indexOf(s, value, start, count, CULTURE),
  "int IndexOf(string value, int startIndex, StringComparison comparisonType)": (
    s: string,
    value: Text,
    start: number,
    c: EnumValue,
  ) => search.indexOf(s, value, start, s.length - start, ruleOf(c)),
  "int IndexOf(string value, int startIndex, int count, StringComparison comparisonType)": (
    s: string,
    value: Text,
    start: number,
    count: number,
    c: EnumValue,
  ) => search.indexOf(s, value, start, count, ruleOf(c)),
  "int IndexOfAny(char[] anyOf)": (s: string, any: ClrArray | null) =>
    search.indexOfAny(s, unitsOfChars(any), 0, s.length),
  "int IndexOfAny(char[] anyOf, int startIndex)": (s: string, any: ClrArray | null, start: number) =>
    search.indexOfAny(s, unitsOfChars(any), start, s.length - start),
  "int IndexOfAny(char[] anyOf, int startIndex, int count)": (
    s: string,
    any: ClrArray | null,
    start: number,
    count: number,
  ) => search.indexOfAny(s, unitsOfChars(any), start, count),
  "int LastIndexOf(char value)": (s: string, c: number) => s.lastIndexOf(unit(c)),
  "int LastIndexOf(char value, int startIndex)": (s: string, c: number, start: number) =>
    search.lastIndexOf(s, unit(c), start, start + 1, ORDINAL),
  "int LastIndexOf(char value, int startIndex, int count)": (s: string, c: number, start: number, count: number) =>
    search.lastIndexOf(s, unit(c), start, count, ORDINAL),
  "int LastIndexOf(string value)": (s: string, value: Text) =>
    search.lastIndexOf(s, value, s.length, s.length, CULTURE),
  "int LastIndexOf(string value, int startIndex)": (s: string, value: Text, start: number) =>
    search.lastIndexOf(s, value, start, start + 1, CULTURE),
  "int LastIndexOf(string value, StringComparison comparisonType)": (s: string, value: Text, c: EnumValue) =>
    search.lastIndexOf(s, value, s.length, s.length, ruleOf(c)),
  "int LastIndexOf(string value, int startIndex, int count)": (s: string, value: Text, start: number, count: number) =>
    search.lastIndexOf(s, value, start, count, CULTURE),
  "int LastIndexOf(string value, int startIndex, StringComparison comparisonType)": (
    s: string,
    value: Text,
    start: number,
    c: EnumValue,
  ) => search.lastIndexOf(s, value, start, start + 1, ruleOf(c)),
  "int LastIndexOf(string value, int startIndex, int count, StringComparison comparisonType)": (
    s: string,
    value: Text,
    start: number,
    count: number,
    c: EnumValue,
  ) => search.lastIndexOf(s, value, start, count, ruleOf(c)),
  "int LastIndexOfAny(char[] anyOf)": (s: string, any: ClrArray | null) =>
    search.lastIndexOfAny(s, unitsOfChars(any), s.length - 1, s.length),
  "int LastIndexOfAny(char[] anyOf, int startIndex)": (s: string, any: ClrArray | null, start: number) =>
    search.lastIndexOfAny(s, unitsOfChars(any), start, start + 1),
  "int LastIndexOfAny(char[] anyOf, int startIndex, int count)": (
    s: string,
    any: ClrArray | null,
    start: number,
    count: number,
  ) => search.lastIndexOfAny(s, unitsOfChars(any), start, count),
};

function splitArray(s: string, separator: Separator, count = ALL, options?: EnumValue): ClrArray {
  if (options && (options.value < 0 || options.value > 3)) {
    throw new ArgumentException(`Illegal enum value: ${options.name}.`, "options");
  }
  return new ClrArray("string", split(s, separator, count, options?.value ?? 0));
}

const chars = (any: ClrArray | null) => charSeparator(any === null ? null : unitsOfChars(any));
const texts = (any: ClrArray | null) => textSeparator(any === null ? null : (any.items as Text[]));
/** `Split(null)` may bind to the string overload; null means white space there as well. */
const text = (value: Text): Separator => (value === null ? whiteSpaceSeparator : textSeparator([value]));

const splitting: Record<string, MemberFunction> = {
  "string[] Split(params char[] separator)": (s: string, any: ClrArray | null) => splitArray(s, chars(any)),
  "string[] Split(char separator, StringSplitOptions options)": (s: string, c: number, options: EnumValue) =>
    splitArray(s, charSeparator([c]), ALL, options),
  "string[] Split(char separator, int count)": (s: string, c: number, count: number) =>
    splitArray(s, charSeparator([c]), count),
  "string[] Split(char separator, int count, StringSplitOptions options)": (
    s: string,
    c: number,
    count: number,
    options: EnumValue,
  ) => splitArray(s, charSeparator([c]), count, options),
  "string[] Split(char[] separator, int count)": (s: string, any: ClrArray | null, count: number) =>
    splitArray(s, chars(any), count),
  "string[] Split(char[] separator, StringSplitOptions options)": (
    s: string,
    any: ClrArray | null,
    options: EnumValue,
  ) => splitArray(s, chars(any), ALL, options),
  "string[] Split(char[] separator, int count, StringSplitOptions options)": (
    s: string,
    any: ClrArray | null,
    count: number,
    options: EnumValue,
  ) => splitArray(s, chars(any), count, options),
  "string[] Split(string separator)": (s: string, value: Text) => splitArray(s, text(value)),
  "string[] Split(string separator, StringSplitOptions options)": (s: string, value: Text, options: EnumValue) =>
    splitArray(s, text(value), ALL, options),
  "string[] Split(string separator, int count)": (s: string, value: Text, count: number) =>
    splitArray(s, text(value), count),
  "string[] Split(string separator, int count, StringSplitOptions options)": (
    s: string,
    value: Text,
    count: number,
    options: EnumValue,
  ) => splitArray(s, text(value), count, options),
  "string[] Split(string[] separator, StringSplitOptions options)": (
    s: string,
    any: ClrArray | null,
    options: EnumValue,
  ) => splitArray(s, texts(any), ALL, options),
  "string[] Split(string[] separator, int count, StringSplitOptions options)": (
    s: string,
    any: ClrArray | null,
    count: number,
    options: EnumValue,
  ) => splitArray(s, texts(any), count, options),
};

function trimming(name: "Trim" | "TrimStart" | "TrimEnd", ends: edit.TrimEnds): Record<string, MemberFunction> {
  return {
    [`string ${name}()`]: (s: string) => edit.trim(s, ends, null),
    [`string ${name}(char trimChar)`]: (s: string, c: number) => edit.trim(s, ends, [c]),
    [`string ${name}(params char[] trimChars)`]: (s: string, any: ClrArray | null) =>
      edit.trim(s, ends, unitsOfChars(any)),
  };
}

const editing: Record<string, MemberFunction> = {
  "string Insert(int startIndex, string value)": edit.insert,
  "string PadLeft(int totalWidth)": (s: string, width: number) => edit.padLeft(s, width),
  "string PadLeft(int totalWidth, char paddingChar)": edit.padLeft,
  "string PadRight(int totalWidth)": (s: string, width: number) => edit.padRight(s, width),
  "string PadRight(int totalWidth, char paddingChar)": edit.padRight,
  "string Remove(int startIndex)": edit.removeFrom,
  "string Remove(int startIndex, int count)": edit.remove,
  "string Replace(char oldChar, char newChar)": (s: string, a: number, b: number) =>
    s.replaceAll(unit(a), () => unit(b)),
  "string Replace(string oldValue, string newValue)": (s: string, a: Text, b: Text) =>
    search.replaceText(s, a, b, ORDINAL),
  "string Replace(string oldValue, string newValue, StringComparison comparisonType)": (
    s: string,
    a: Text,
    b: Text,
    c: EnumValue,
  ) => search.replaceText(s, a, b, ruleOf(c)),
  "string Substring(int startIndex)": (s: string, start: number) => edit.substring(s, start),
  "string Substring(int startIndex, int length)": edit.substring,
  "string ToLower()": toLowerText,
  "string ToLowerInvariant()": toLowerText,
  "string ToUpper()": toUpperText,
  "string ToUpperInvariant()": toUpperText,
  ...trimming("Trim", "both"),
  ...trimming("TrimStart", "start"),
  ...trimming("TrimEnd", "end"),
};

export const stringType = declareType({
  name: "System.String",
  kind: "class",
  keyword: "string",
  interfaces: ["System.Collections.Generic.IEnumerable<char>", "System.IComparable"],
  is: (value) => typeof value === "string",
  toString: (value: string) => value,
  equals: (a: string, b: string) => a === b,
  members: {
    ...building,
    ...comparing,
    ...searching,
    ...splitting,
    ...editing,
    "static string Empty { get; }": () => "",
    "int Length { get; }": (s: string) => s.length,
    "char this[int index] { get; }": (s: string, index: number) => {
      if (index < 0 || index >= s.length) throw new IndexOutOfRangeException();
      return s.charCodeAt(index);
    },
    "object Clone()": (s: string) => s,
    "IEnumerator<char> GetEnumerator()": (s: string) => new Enumerator(s),
    "void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count)": copyToChars,
    "static bool IsNullOrEmpty(string value)": (s: Text) => s === null || s === "",
    "static bool IsNullOrWhiteSpace(string value)": edit.isBlank,
    "bool IsNormalized()": (s: string) => s.normalize("NFC") === s,
    "string Normalize()": (s: string) => s.normalize("NFC"),
    "char[] ToCharArray()": charsOfText,
    "char[] ToCharArray(int startIndex, int length)": (s: string, start: number, length: number) =>
      charsOfText(edit.substring(s, start, length)),
    "string ToString()": (s: string) => s,
    "string ToString(IFormatProvider provider)": (s: string) => s,
  },
});
