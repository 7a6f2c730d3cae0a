import { Box, type ClrArray } from "../box.ts";
import type { Enumerable } from "../collections/protocol.ts";
import { declareType, type MemberFunction } from "../declare.ts";
import { ArgumentOutOfRangeException, IndexOutOfRangeException } from "../exceptions.ts";
import { copyToChars, textOfCharRange, textOfChars } from "./char-array.ts";
import { compositeFormat } from "./format.ts";
import { boxInteger, INTEGERS } from "./integers.ts";
import type { ClrObject } from "./protocol.ts";
import { substring } from "./string-edit.ts";
import { join } from "./string-join.ts";
import { replaceText } from "./string-search.ts";
import { boxedToString, NEW_LINE } from "./text.ts";
import { chargeText, checkTextLength, limitText } from "./text-limit.ts";

type Text = string | null;
const OUT_OF_RANGE = "Index was out of range. Must be non-negative and less than the size of the collection.";

/** `System.Text.StringBuilder`. JavaScript strings grow by sharing, so plain concatenation is as fast as a buffer. */
export class StringBuilder implements ClrObject {
  readonly clrName = "System.Text.StringBuilder";
  text: string;
  /** Only what `Capacity` reports; nothing is allocated ahead. */
  capacity: number;

  constructor(text: string, capacity = 16) {
    if (capacity < 0) throw new ArgumentOutOfRangeException("capacity", "'capacity' must be greater than zero.");
    this.text = text;
    this.capacity = capacity;
  }

  append(text: string): this {
    limitText(this.text.length + text.length);
    chargeText(text.length);
    this.text += text;
    return this;
  }

  /** @throws ArgumentOutOfRangeException */
  insert(index: number, text: string): this {
    if (index < 0 || index > this.text.length) throw new ArgumentOutOfRangeException("index", OUT_OF_RANGE);
    checkTextLength(this.text.length + text.length);
    this.text = this.text.slice(0, index) + text + this.text.slice(index);
    return this;
  }

  /** The part that `start` and `count` name goes through `change`. @throws ArgumentOutOfRangeException */
  rewrite(start: number, count: number, change: (part: string) => string): this {
    if (start < 0 || start > this.text.length) throw new ArgumentOutOfRangeException("startIndex", OUT_OF_RANGE);
    if (count < 0 || count > this.text.length - start) throw new ArgumentOutOfRangeException("count", OUT_OF_RANGE);
    const changed = change(this.text.slice(start, start + count));
    checkTextLength(this.text.length + changed.length - count);
    this.text = this.text.slice(0, start) + changed + this.text.slice(start + count);
    return this;
  }

  toClrString(): string {
    return this.text;
  }
}

/** `Append` and `Insert` of every type that prints itself. */
function perType(): Record<string, MemberFunction> {
  const members: Record<string, MemberFunction> = {};
  const add = (type: string, print: (value: never) => string) => {
    members[`StringBuilder Append(${type} value)`] = (b: StringBuilder, value: never) => b.append(print(value));
    members[`StringBuilder Insert(int index, ${type} value)`] = (b: StringBuilder, index: number, value: never) =>
      b.insert(index, print(value));
  };
  add("string", (value: Text) => value ?? "");
  add("object", boxedToString);
  add("bool", boxedToString);
  add("char", (value: number) => String.fromCharCode(value));
  add("char[]", (value: ClrArray | null) => textOfChars(value));
  add("decimal", boxedToString);
  add("double", (value: number) => boxedToString(new Box("Double", value)));
  add("float", (value: number) => boxedToString(new Box("Single", value)));
  for (const kind of INTEGERS) add(kind.keyword, (value: number | bigint) => boxedToString(boxInteger(kind, value)));
  return members;
}

const appending: Record<string, MemberFunction> = {
  ...perType(),
  "StringBuilder Append(StringBuilder value)": (b: StringBuilder, value: StringBuilder | null) =>
    b.append(value?.text ?? ""),
  "StringBuilder Append(char value, int repeatCount)": (b: StringBuilder, unit: number, count: number) => {
    if (count < 0) throw new ArgumentOutOfRangeException("repeatCount", "'repeatCount' must be non-negative.");
    checkTextLength(count);
    return b.append(String.fromCharCode(unit).repeat(count));
  },
  "StringBuilder Append(char[] value, int startIndex, int charCount)": (
    b: StringBuilder,
    chars: ClrArray | null,
    start: number,
    count: number,
  ) => b.append(textOfCharRange(chars, start, count)),
  "StringBuilder Append(string value, int startIndex, int count)": (
    b: StringBuilder,
    text: Text,
    start: number,
    count: number,
  ) => b.append(substring(text ?? "", start, count)),
  "StringBuilder Append(StringBuilder value, int startIndex, int count)": (
    b: StringBuilder,
    value: StringBuilder | null,
    start: number,
    count: number,
  ) => b.append(substring(value?.text ?? "", start, count)),
  "StringBuilder AppendFormat(string format, object arg0)": (b: StringBuilder, format: Text, x: unknown) =>
    b.append(compositeFormat(format, [x])),
  "StringBuilder AppendFormat(string format, object arg0, object arg1)": (
    b: StringBuilder,
    format: Text,
    x: unknown,
    y: unknown,
  ) => b.append(compositeFormat(format, [x, y])),
  "StringBuilder AppendFormat(string format, object arg0, object arg1, object arg2)": (
    b: StringBuilder,
    format: Text,
    x: unknown,
    y: unknown,
    z: unknown,
  ) => b.append(compositeFormat(format, [x, y, z])),
  "StringBuilder AppendFormat(string format, params object[] args)": (
    b: StringBuilder,
    format: Text,
    args: ClrArray | null,
  ) => b.append(compositeFormat(format, args?.items ?? [])),
  "StringBuilder AppendJoin(string separator, params object[] values)": (
    b: StringBuilder,
    s: Text,
    values: Enumerable | null,
  ) => b.append(join(s, values)),
  "StringBuilder AppendJoin<T>(string separator, IEnumerable<T> values)": (
    b: StringBuilder,
    s: Text,
    values: Enumerable | null,
  ) => b.append(join(s, values)),
  "StringBuilder AppendJoin(string separator, params string[] values)": (
    b: StringBuilder,
    s: Text,
    values: Enumerable | null,
  ) => b.append(join(s, values)),
  "StringBuilder AppendJoin(char separator, params object[] values)": (
    b: StringBuilder,
    c: number,
    values: Enumerable | null,
  ) => b.append(join(String.fromCharCode(c), values)),
  "StringBuilder AppendJoin<T>(char separator, IEnumerable<T> values)": (
    b: StringBuilder,
    c: number,
    values: Enumerable | null,
  ) => b.append(join(String.fromCharCode(c), values)),
  "StringBuilder AppendJoin(char separator, params string[] values)": (
    b: StringBuilder,
    c: number,
    values: Enumerable | null,
  ) => b.append(join(String.fromCharCode(c), values)),
  "StringBuilder AppendLine()": (b: StringBuilder) => b.append(NEW_LINE),
  "StringBuilder AppendLine(string value)": (b: StringBuilder, text: Text) => b.append((text ?? "") + NEW_LINE),
};

const changing: Record<string, MemberFunction> = {
  "StringBuilder Clear()": (b: StringBuilder) => {
    b.text = "";
    return b;
  },
  "StringBuilder Insert(int index, string value, int count)": (
    b: StringBuilder,
    index: number,
    text: Text,
    count: number,
  ) => {
    if (count < 0) throw new ArgumentOutOfRangeException("count", "Non-negative number required.");
    checkTextLength((text ?? "").length * count);
    return b.insert(index, (text ?? "").repeat(count));
  },
  "StringBuilder Insert(int index, char[] value, int startIndex, int charCount)": (
    b: StringBuilder,
    index: number,
    chars: ClrArray | null,
    start: number,
    count: number,
  ) => b.insert(index, textOfCharRange(chars, start, count)),
  "StringBuilder Remove(int startIndex, int length)": (b: StringBuilder, start: number, length: number) =>
    b.rewrite(start, length, () => ""),
  "StringBuilder Replace(string oldValue, string newValue)": (b: StringBuilder, a: Text, c: Text) =>
    b.rewrite(0, b.text.length, (part) => replaceText(part, a, c, { ordinal: true, ignoreCase: false })),
  "StringBuilder Replace(char oldChar, char newChar)": (b: StringBuilder, a: number, c: number) =>
    b.rewrite(0, b.text.length, (part) => part.replaceAll(String.fromCharCode(a), () => String.fromCharCode(c))),
  "StringBuilder Replace(string oldValue, string newValue, int startIndex, int count)": (
    b: StringBuilder,
    a: Text,
    c: Text,
    start: number,
    count: number,
  ) => b.rewrite(start, count, (part) => replaceText(part, a, c, { ordinal: true, ignoreCase: false })),
  "StringBuilder Replace(char oldChar, char newChar, int startIndex, int count)": (
    b: StringBuilder,
    a: number,
    c: number,
    start: number,
    count: number,
  ) => b.rewrite(start, count, (part) => part.replaceAll(String.fromCharCode(a), () => String.fromCharCode(c))),
};

function checkIndex(b: StringBuilder, index: number): void {
  if (index < 0 || index >= b.text.length) throw new IndexOutOfRangeException();
}

export const stringBuilderType = declareType({
  name: "System.Text.StringBuilder",
  kind: "class",
  is: (value) => value instanceof StringBuilder,
  toString: (value: StringBuilder) => value.text,
  members: {
    "new StringBuilder()": () => new StringBuilder(""),
    "new StringBuilder(int capacity)": (capacity: number) => new StringBuilder("", capacity),
    "new StringBuilder(string value)": (text: Text) => new StringBuilder(text ?? ""),
    "new StringBuilder(string value, int capacity)": (text: Text, capacity: number) =>
      new StringBuilder(text ?? "", capacity),
    "new StringBuilder(string value, int startIndex, int length, int capacity)": (
      text: Text,
      start: number,
      length: number,
      capacity: number,
    ) => new StringBuilder(substring(text ?? "", start, length), capacity),
    "new StringBuilder(int capacity, int maxCapacity)": (capacity: number) => new StringBuilder("", capacity),
    "int Capacity { get; set; }": {
      get: (b: StringBuilder) => Math.max(b.capacity, b.text.length),
      set: (b: StringBuilder, value: number) => {
        if (value < b.text.length)
          throw new ArgumentOutOfRangeException("value", "capacity was less than the current size.");
        b.capacity = value;
      },
    },
    "char this[int index] { get; set; }": {
      get: (b: StringBuilder, index: number) => {
        checkIndex(b, index);
        return b.text.charCodeAt(index);
      },
      set: (b: StringBuilder, index: number, unit: number) => {
        if (index < 0 || index >= b.text.length) throw new ArgumentOutOfRangeException("index", OUT_OF_RANGE);
        b.rewrite(index, 1, () => String.fromCharCode(unit));
      },
    },
    "int Length { get; set; }": {
      get: (b: StringBuilder) => b.text.length,
      set: (b: StringBuilder, length: number) => {
        if (length < 0) throw new ArgumentOutOfRangeException("value", "Length cannot be less than zero.");
        checkTextLength(length);
        b.text = b.text.slice(0, length).padEnd(length, "\0");
      },
    },
    "int MaxCapacity { get; }": () => 0x7fff_ffff,
    ...appending,
    ...changing,
    "void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count)": (
      b: StringBuilder,
      source: number,
      chars: ClrArray | null,
      target: number,
      count: number,
    ) => copyToChars(b.text, source, chars, target, count),
    "int EnsureCapacity(int capacity)": (b: StringBuilder, capacity: number) =>
      (b.capacity = Math.max(b.capacity, capacity, b.text.length)),
    "bool Equals(StringBuilder sb)": (a: StringBuilder, b: StringBuilder | null) => a.text === b?.text,
    "string ToString()": (b: StringBuilder) => b.text,
    "string ToString(int startIndex, int length)": (b: StringBuilder, start: number, length: number) =>
      substring(b.text, start, length),
  },
});
