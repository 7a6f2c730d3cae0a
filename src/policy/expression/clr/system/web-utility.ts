import { declareType } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";
import { latin1, utf8 } from "./encoding.ts";
import { namedEntity } from "./html-entities.ts";
import { percentEncode } from "./percent-encoding.ts";
import type { StringWriter } from "./string-io.ts";
import { checkRange } from "./string-search.ts";
import { chargeText, checkTextLength } from "./text-limit.ts";

type Text = string | null;

const URL_SAFE = /[A-Za-z0-9\-_.!*() ]/;

/** `WebUtility.UrlEncode`: a space is `+`; letters, digits and `-_.!*()` stay. */
export function urlEncode(text: Text): Text {
  return text === null ? null : percentEncode(text, URL_SAFE).replaceAll(" ", "+");
}

/** `WebUtility.UrlDecode`: `+` is a space, runs of `%XX` are UTF-8 (bad bytes become U+FFFD), anything else stays. */
export function urlDecode(text: Text): Text {
  if (text === null) return null;
  chargeText(text.length);
  return text
    .replaceAll("+", " ")
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
      utf8.decode(Uint8Array.from(Buffer.from(run.replaceAll("%", ""), "hex"))),
    );
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "&": "&amp;",
};

/** `WebUtility.HtmlEncode`: markup characters, 160 to 255 and characters beyond the basic plane as references. */
export function htmlEncode(text: Text): Text {
  if (text === null) return null;
  checkTextLength(text.length);
  return text
    .toWellFormed()
    .replace(/[<>"'&\xa0-\xff\u{10000}-\u{10ffff}]/gu, (c) => HTML_ESCAPES[c] ?? `&#${c.codePointAt(0)};`);
}

/** `WebUtility.HtmlDecode`: named and numeric references; what is no reference stays. */
export function htmlDecode(text: Text): Text {
  if (text === null) return null;
  chargeText(text.length);
  return text.replace(/&(#[xX]?)?([0-9A-Za-z]{1,32});/g, (whole, hash: string | undefined, body: string) =>
    hash === undefined ? (namedEntity(body) ?? whole) : (numericEntity(hash, body) ?? whole),
  );
}

function numericEntity(hash: string, digits: string): string | null {
  const hex = hash.length === 2;
  if (!(hex ? /^[0-9a-fA-F]+$/ : /^[0-9]+$/).test(digits)) return null;
  const code = Number.parseInt(digits, hex ? 16 : 10);
  if (code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
  return String.fromCodePoint(code);
}

/** The bytes of a part of an array, as text of one character a byte. */
function bytesAsText(bytes: Uint8Array | null, offset: number, count: number): string | null {
  if (bytes === null) {
    if (count === 0) return null;
    throw new ArgumentNullException("bytes");
  }
  checkRange(bytes.length, offset, count, "offset", "count");
  return latin1.decode(bytes.subarray(offset, offset + count));
}

/** URL encoding of bytes: the same letters stay, every other byte is `%XX`. */
function urlEncodeBytes(bytes: Uint8Array | null, offset: number, count: number): Uint8Array | null {
  const text = bytesAsText(bytes, offset, count);
  if (text === null) return null;
  const encoded = text.replace(/[^A-Za-z0-9\-_.!*()]/g, (c) =>
    c === " " ? "+" : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return latin1.encode(encoded);
}

function urlDecodeBytes(bytes: Uint8Array | null, offset: number, count: number): Uint8Array | null {
  const text = bytesAsText(bytes, offset, count);
  if (text === null) return null;
  const decoded = text
    .replaceAll("+", " ")
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return latin1.encode(decoded);
}

function required(writer: StringWriter | null): StringWriter {
  if (writer === null) throw new ArgumentNullException("output");
  return writer;
}

export const webUtilityType = declareType({
  name: "System.Net.WebUtility",
  kind: "static",
  members: {
    "static string HtmlDecode(string value)": htmlDecode,
    "static void HtmlDecode(string value, TextWriter output)": (text: Text, writer: StringWriter | null) =>
      required(writer).write(htmlDecode(text) ?? ""),
    "static string HtmlEncode(string value)": htmlEncode,
    "static void HtmlEncode(string value, TextWriter output)": (text: Text, writer: StringWriter | null) =>
      required(writer).write(htmlEncode(text) ?? ""),
    "static string UrlDecode(string encodedValue)": urlDecode,
    "static byte[] UrlDecodeToBytes(byte[] encodedValue, int offset, int count)": urlDecodeBytes,
    "static string UrlEncode(string value)": urlEncode,
    "static byte[] UrlEncodeToBytes(byte[] value, int offset, int count)": urlEncodeBytes,
  },
});
