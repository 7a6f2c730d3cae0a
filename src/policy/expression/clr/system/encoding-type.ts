import type { ClrArray } from "../box.ts";
import { declareType, type MemberFunction } from "../declare.ts";
import { ArgumentException, ArgumentNullException, ArgumentOutOfRangeException } from "../exceptions.ts";
import { charsOfText, copyToChars, textOfCharRange, textOfChars } from "./char-array.ts";
import {
  ascii,
  encodingNamed,
  encodingOfCodePage,
  latin1,
  type TextEncoding,
  utf8,
  utf16,
  utf16BigEndian,
  utf32,
} from "./encoding.ts";
import { checkRange } from "./string-search.ts";

type Text = string | null;
type Bytes = Uint8Array | null;

function requireText(text: Text): string {
  if (text === null) throw new ArgumentNullException("s");
  return text;
}

function requireBytes(bytes: Bytes): Uint8Array {
  if (bytes === null) throw new ArgumentNullException("bytes");
  return bytes;
}

function requireChars(chars: ClrArray | null): string {
  if (chars === null) throw new ArgumentNullException("chars");
  return textOfChars(chars);
}

function part(bytes: Bytes, index: number, count: number): Uint8Array {
  const all = requireBytes(bytes);
  checkRange(all.length, index, count, "index", "count");
  return all.subarray(index, index + count);
}

function textPart(text: Text, index: number, count: number): string {
  const all = requireText(text);
  checkRange(all.length, index, count, "index", "count");
  return all.slice(index, index + count);
}

/** Writes encoded text into an array. @throws ArgumentException when it does not fit */
function writeBytes(encoding: TextEncoding, text: string, target: Bytes, index: number): number {
  const encoded = encoding.encode(text);
  const bytes = requireBytes(target);
  if (index < 0 || index > bytes.length) throw new ArgumentOutOfRangeException("byteIndex");
  if (encoded.length > bytes.length - index) {
    throw new ArgumentException("The output byte buffer is too small to contain the encoded data.", "bytes");
  }
  bytes.set(encoded, index);
  return encoded.length;
}

function convert(from: TextEncoding | null, to: TextEncoding | null, bytes: Uint8Array): Uint8Array {
  if (from === null || to === null) throw new ArgumentNullException(from === null ? "srcEncoding" : "dstEncoding");
  return to.encode(from.decode(bytes));
}

const encoders: Record<string, MemberFunction> = {
  "byte[] GetBytes(string s)": (e: TextEncoding, text: Text) => e.encode(requireText(text)),
  "byte[] GetBytes(char[] chars)": (e: TextEncoding, chars: ClrArray | null) => e.encode(requireChars(chars)),
  "byte[] GetBytes(char[] chars, int index, int count)": (
    e: TextEncoding,
    chars: ClrArray | null,
    i: number,
    n: number,
  ) => e.encode(textOfCharRange(chars, i, n, "chars")),
  "byte[] GetBytes(string s, int index, int count)": (e: TextEncoding, text: Text, i: number, n: number) =>
    e.encode(textPart(text, i, n)),
  "int GetBytes(string s, int charIndex, int charCount, byte[] bytes, int byteIndex)": (
    e: TextEncoding,
    text: Text,
    i: number,
    n: number,
    bytes: Bytes,
    at: number,
  ) => writeBytes(e, textPart(text, i, n), bytes, at),
  "int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)": (
    e: TextEncoding,
    chars: ClrArray | null,
    i: number,
    n: number,
    bytes: Bytes,
    at: number,
  ) => writeBytes(e, textOfCharRange(chars, i, n, "chars"), bytes, at),
  "int GetByteCount(string s)": (e: TextEncoding, text: Text) => e.encode(requireText(text)).length,
  "int GetByteCount(char[] chars)": (e: TextEncoding, chars: ClrArray | null) => e.encode(requireChars(chars)).length,
  "int GetByteCount(string s, int index, int count)": (e: TextEncoding, text: Text, i: number, n: number) =>
    e.encode(textPart(text, i, n)).length,
  "int GetByteCount(char[] chars, int index, int count)": (
    e: TextEncoding,
    chars: ClrArray | null,
    i: number,
    n: number,
  ) => e.encode(textOfCharRange(chars, i, n, "chars")).length,
};

const decoders: Record<string, MemberFunction> = {
  "string GetString(byte[] bytes)": (e: TextEncoding, bytes: Bytes) => e.decode(requireBytes(bytes)),
  "string GetString(byte[] bytes, int index, int count)": (e: TextEncoding, bytes: Bytes, i: number, n: number) =>
    e.decode(part(bytes, i, n)),
  "char[] GetChars(byte[] bytes)": (e: TextEncoding, bytes: Bytes) => charsOfText(e.decode(requireBytes(bytes))),
  "char[] GetChars(byte[] bytes, int index, int count)": (e: TextEncoding, bytes: Bytes, i: number, n: number) =>
    charsOfText(e.decode(part(bytes, i, n))),
  "int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)": (
    e: TextEncoding,
    bytes: Bytes,
    i: number,
    n: number,
    chars: ClrArray | null,
    at: number,
  ) => {
    const text = e.decode(part(bytes, i, n));
    copyToChars(text, 0, chars, at, text.length);
    return text.length;
  },
  "int GetCharCount(byte[] bytes)": (e: TextEncoding, bytes: Bytes) => e.decode(requireBytes(bytes)).length,
  "int GetCharCount(byte[] bytes, int index, int count)": (e: TextEncoding, bytes: Bytes, i: number, n: number) =>
    e.decode(part(bytes, i, n)).length,
};

export const encodingType = declareType({
  name: "System.Text.Encoding",
  kind: "class",
  is: (value) => (value as { clrName?: unknown } | null)?.clrName === "System.Text.Encoding",
  members: {
    ...encoders,
    ...decoders,
    "static Encoding ASCII { get; }": () => ascii,
    "static Encoding BigEndianUnicode { get; }": () => utf16BigEndian,
    "static Encoding Default { get; }": () => utf8,
    "static Encoding Latin1 { get; }": () => latin1,
    "static Encoding Unicode { get; }": () => utf16,
    "static Encoding UTF32 { get; }": () => utf32,
    "static Encoding UTF8 { get; }": () => utf8,
    "static Encoding GetEncoding(string name)": (name: Text) => {
      if (name === null) throw new ArgumentNullException("name");
      return encodingNamed(name);
    },
    "static Encoding GetEncoding(int codepage)": encodingOfCodePage,
    "static byte[] Convert(Encoding srcEncoding, Encoding dstEncoding, byte[] bytes)": (
      from: TextEncoding | null,
      to: TextEncoding | null,
      bytes: Bytes,
    ) => convert(from, to, requireBytes(bytes)),
    "static byte[] Convert(Encoding srcEncoding, Encoding dstEncoding, byte[] bytes, int index, int count)": (
      from: TextEncoding | null,
      to: TextEncoding | null,
      bytes: Bytes,
      index: number,
      count: number,
    ) => convert(from, to, part(bytes, index, count)),
    "string BodyName { get; }": (e: TextEncoding) => e.webName,
    "string HeaderName { get; }": (e: TextEncoding) => e.webName,
    "string WebName { get; }": (e: TextEncoding) => e.webName,
    "string EncodingName { get; }": (e: TextEncoding) => e.displayName,
    "int CodePage { get; }": (e: TextEncoding) => e.codePage,
    "int WindowsCodePage { get; }": (e: TextEncoding) => (e.codePage < 2000 && e.codePage !== 1200 ? e.codePage : 1252),
    "bool IsBrowserDisplay { get; }": (e: TextEncoding) => e.codePage !== 1200 && e.codePage !== 1201,
    "bool IsBrowserSave { get; }": (e: TextEncoding) => e.codePage !== 1201,
    "bool IsMailNewsDisplay { get; }": (e: TextEncoding) => e.bytesPerUnit === 1 || e.codePage === 65001,
    "bool IsMailNewsSave { get; }": (e: TextEncoding) => e.bytesPerUnit === 1 || e.codePage === 65001,
    "bool IsReadOnly { get; }": () => true,
    "bool IsSingleByte { get; }": (e: TextEncoding) => e.bytesPerUnit === 1,
    "object Clone()": (e: TextEncoding) => e,
    "int GetMaxByteCount(int charCount)": (e: TextEncoding, count: number) => {
      if (count < 0) throw new ArgumentOutOfRangeException("charCount");
      return (count + 1) * e.bytesPerUnit;
    },
    "int GetMaxCharCount(int byteCount)": (_: TextEncoding, count: number) => {
      if (count < 0) throw new ArgumentOutOfRangeException("byteCount");
      return count + 1;
    },
    "byte[] GetPreamble()": (e: TextEncoding) => Uint8Array.from(e.preamble),
    "bool IsAlwaysNormalized()": () => false,
  },
});
