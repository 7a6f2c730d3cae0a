import { Box } from "../box.ts";
import { JsonReaderException } from "../exceptions.ts";
import { JArray } from "./array.ts";
import { endsNumber, endsWord, isDigit, isIdentifier, isLetterOrDigit, isNumberPart, isWhite } from "./characters.ts";
import { JConstructor } from "./constructor.ts";
import { looksLikeDate, parseIsoDate } from "./iso-date.ts";
import { parseNumber } from "./number.ts";
import { JObject } from "./object.ts";
import { JProperty } from "./property.ts";
import { readMessage } from "./read-message.ts";
import type { JToken } from "./token.ts";
import { TokenType, tokenTypeName } from "./token-type.ts";
import { JValue } from "./value.ts";

export interface ReadOptions {
  /** Turn ISO 8601 date-time strings into dates, as Newtonsoft does. Default true. */
  dates?: boolean;
  /** How deep objects and arrays may nest. Default {@link DEFAULT_MAX_DEPTH}. */
  maxDepth?: number;
  /** How many values there may be, containers included. Default {@link DEFAULT_MAX_TOKENS}. */
  maxTokens?: number;
}

/** Deep enough for any honest document, shallow enough for every recursive walk. */
export const DEFAULT_MAX_DEPTH = 256;

/** A token takes some hundred bytes, its text as few as two: the length of the text alone does not bound the memory. */
export const DEFAULT_MAX_TOKENS = 2_000_000;

/**
 * Reads JSON text as Newtonsoft does: comments, single quotes, unquoted names and trailing commas are accepted.
 * @throws {JsonReaderException} with path, line and position
 */
export function parseJson(text: string, options: ReadOptions = {}): JToken {
  return new Reader(text, options).document("JToken");
}

/** {@link parseJson} for text that must be an object. @throws {JsonReaderException} */
export function parseJsonObject(text: string, options: ReadOptions = {}): JObject {
  return new Reader(text, options).document("JObject") as JObject;
}

/** {@link parseJson} for text that must be an array. @throws {JsonReaderException} */
export function parseJsonArray(text: string, options: ReadOptions = {}): JArray {
  return new Reader(text, options).document("JArray") as JArray;
}

/** Is there anything but white space and comments? Deserialising nothing gives null rather than an error. */
export function isBlankJson(text: string): boolean {
  return new Reader(text, {}).blank();
}

type Root = "JToken" | "JObject" | "JArray";

const NOT_AN = { JToken: "", JObject: "an object", JArray: "an array" } as const;

/** One pass over the text; builds tokens as it goes. */
class Reader {
  readonly #text: string;
  readonly #dates: boolean;
  readonly #maxDepth: number;
  #tokensLeft: number;
  #at = 0;
  /** False until the first token; errors before it print line 0. */
  #started = false;
  /** Per open container: the property name (null before the first), or the array index (-1 before the first). */
  readonly #frames: (string | number | null)[] = [];
  /** The first backslash at or after the last string read; strings without one are slices. */
  #backslash = -1;
  /** Kind of the outermost container, for the message about a text that ends too early. */
  #root = "JToken";

  constructor(text: string, options: ReadOptions) {
    this.#text = text;
    this.#dates = options.dates ?? true;
    this.#maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
    this.#tokensLeft = options.maxTokens ?? DEFAULT_MAX_TOKENS;
  }

  blank(): boolean {
    return Number.isNaN(this.#skip());
  }

  document(root: Root): JToken {
    if (Number.isNaN(this.#skip())) throw this.#error(`Error reading ${root} from JsonReader.`);
    const opener = this.#text[this.#at];
    if ((root === "JObject" && opener !== "{") || (root === "JArray" && opener !== "[")) throw this.#wrongRoot(root);
    this.#root = opener === "{" ? "JObject" : opener === "[" ? "JArray" : "JConstructor";
    const token = this.#value(0);
    if (!Number.isNaN(this.#skip())) {
      throw this.#error(`Additional text encountered after finished reading JSON content: ${this.#text[this.#at]}.`);
    }
    return token;
  }

  /** Reads one token more, because the message names it and the position is behind it. */
  #wrongRoot(root: Root): JsonReaderException {
    const opener = this.#text[this.#at];
    let found: string;
    if (opener === "{" || opener === "[") {
      this.#at++;
      this.#started = true;
      this.#frames.push(null);
      found = opener === "{" ? "StartObject" : "StartArray";
    } else {
      found = tokenTypeName(this.#value(0).type);
      if (found === "Constructor") found = "StartConstructor";
    }
    return this.#error(
      `Error reading ${root} from JsonReader. Current JsonReader item is not ${NOT_AN[root]}: ${found}.`,
    );
  }

  /** A value at the current character, which is neither white space nor the end. */
  #value(depth: number): JToken {
    const c = this.#text.charCodeAt(this.#at);
    switch (c) {
      case 0x22: // "
      case 0x27: // '
        return this.#done(this.#stringValue(c));
      case 0x7b: // {
        return this.#object(depth);
      case 0x5b: // [
        return this.#array(depth);
      case 0x74: // t
        return this.#word("true", "boolean", true, TokenType.Boolean);
      case 0x66: // f
        return this.#word("false", "boolean", false, TokenType.Boolean);
      case 0x6e: // n
        return this.#nullOrNew(depth);
      case 0x4e: // N
        return this.#word("NaN", "NaN", new Box("Double", Number.NaN), TokenType.Float);
      case 0x49: // I
        return this.#word("Infinity", "Infinity", new Box("Double", Number.POSITIVE_INFINITY), TokenType.Float);
      case 0x75: // u
        return this.#word("undefined", "undefined", null, TokenType.Undefined);
      case 0x2c: // , in place of a value
        return this.#done(new JValue(null, TokenType.Undefined));
    }
    if (c === 0x2d && this.#text.charCodeAt(this.#at + 1) === 0x49) {
      return this.#word("-Infinity", "-Infinity", new Box("Double", Number.NEGATIVE_INFINITY), TokenType.Float);
    }
    if (isDigit(c) || c === 0x2d || c === 0x2e) return this.#done(this.#number(c));
    if (c === 0x5d || c === 0x29) throw this.#badEnd(c, "None");
    throw this.#error(`Unexpected character encountered while parsing value: ${this.#text[this.#at]}.`);
  }

  #object(depth: number): JObject {
    this.#open(depth, null);
    const object = new JObject();
    for (let c = this.#skip(); c !== 0x7d; ) {
      if (Number.isNaN(c)) throw this.#endOfContent();
      const name = this.#propertyName(c);
      this.#frames[depth] = name;
      if (Number.isNaN(this.#skip())) throw this.#endOfContent();
      object.append(new JProperty(name, this.#value(depth + 1)));
      c = this.#skip();
      if (c === 0x2c) {
        this.#at++;
        c = this.#skip();
      } else if (c !== 0x7d) {
        throw this.#badSeparator(c, "Object");
      }
    }
    this.#close();
    return object;
  }

  #array(depth: number): JArray {
    this.#open(depth, -1);
    const array = new JArray();
    for (let c = this.#skip(); c !== 0x5d; ) {
      if (Number.isNaN(c)) throw this.#endOfContent();
      array.append(this.#value(depth + 1));
      c = this.#skip();
      if (c === 0x2c) {
        this.#at++;
        c = this.#skip();
      } else if (c !== 0x5d) {
        throw this.#badSeparator(c, "Array");
      }
    }
    this.#close();
    return array;
  }

  #constructorCall(depth: number): JConstructor {
    this.#at += 3;
    this.#skipWhite();
    const start = this.#at;
    while (isLetterOrDigit(this.#text, this.#at)) this.#at++;
    const name = this.#text.slice(start, this.#at);
    this.#skipWhite();
    if (this.#at >= this.#text.length) throw this.#error("Unexpected end while parsing constructor.");
    if (this.#text[this.#at] !== "(") {
      throw this.#error(`Unexpected character while parsing constructor: ${this.#text[this.#at]}.`);
    }
    this.#open(depth, -1);
    const call = new JConstructor(name);
    for (let c = this.#skip(); c !== 0x29; ) {
      if (Number.isNaN(c)) throw this.#endOfContent();
      call.append(this.#value(depth + 1));
      c = this.#skip();
      if (c === 0x2c) {
        this.#at++;
        c = this.#skip();
      } else if (c !== 0x29) {
        throw this.#badSeparator(c, "Constructor");
      }
    }
    this.#close();
    return call;
  }

  #open(depth: number, frame: null | -1): void {
    this.#count();
    this.#started = true;
    this.#at++;
    if (depth >= this.#maxDepth) throw this.#error(`The reader's MaxDepth of ${this.#maxDepth} has been exceeded.`);
    this.#frames.push(frame);
  }

  #close(): void {
    this.#at++;
    this.#frames.pop();
  }

  #done<T extends JToken>(token: T): T {
    this.#started = true;
    this.#count();
    return token;
  }

  /** A value begins (a container) or ends (a primitive): it counts among all, and in its array. */
  #count(): void {
    if (--this.#tokensLeft < 0) throw this.#error("The JSON has too many values.");
    const top = this.#frames.length - 1;
    const frame = this.#frames[top];
    if (typeof frame === "number") this.#frames[top] = frame + 1;
  }

  /** The name of a property and the colon after it. */
  #propertyName(c: number): string {
    let name: string;
    if (c === 0x22 || c === 0x27) {
      name = this.#string(c);
    } else {
      if (!isIdentifier(this.#text, this.#at)) {
        throw this.#error(`Invalid property identifier character: ${this.#text[this.#at]}.`);
      }
      const start = this.#at;
      while (isIdentifier(this.#text, this.#at)) this.#at++;
      name = this.#text.slice(start, this.#at);
      if (this.#at >= this.#text.length) throw this.#error("Unexpected end while parsing unquoted property name.");
      if (this.#text[this.#at] !== ":" && !isWhite(this.#text.charCodeAt(this.#at))) {
        throw this.#error(`Invalid JavaScript property identifier character: ${this.#text[this.#at]}.`);
      }
    }
    this.#skipWhite();
    if (this.#text.charCodeAt(this.#at) !== 0x3a) {
      const got = this.#text[this.#at] ?? "\0";
      throw this.#error(`Invalid character after parsing property name. Expected ':' but got: ${got}.`);
    }
    this.#at++;
    return name;
  }

  #stringValue(quote: number): JValue {
    const text = this.#string(quote);
    if (this.#dates && looksLikeDate(text)) {
      const date = parseIsoDate(text);
      if (date !== null) return new JValue(date, TokenType.Date);
    }
    return new JValue(text, TokenType.String);
  }

  #string(quote: number): string {
    const text = this.#text;
    const start = this.#at + 1;
    const end = text.indexOf(quote === 0x22 ? '"' : "'", start);
    if (this.#backslash < start) {
      const next = text.indexOf("\\", start);
      this.#backslash = next < 0 ? text.length : next;
    }
    if (end >= 0 && end < this.#backslash) {
      this.#at = end + 1;
      return text.slice(start, end);
    }
    return this.#escapedString(quote, start);
  }

  #escapedString(quote: number, start: number): string {
    const text = this.#text;
    let read = "";
    let from = start;
    for (let at = start; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === quote) {
        this.#at = at + 1;
        return read + text.slice(from, at);
      }
      if (c !== 0x5c) continue;
      read += text.slice(from, at);
      this.#at = at + 1;
      if (this.#at >= text.length) break;
      read += this.#escape();
      from = this.#at;
      at = from - 1;
    }
    this.#at = text.length;
    throw this.#error(`Unterminated string. Expected delimiter: ${String.fromCharCode(quote)}.`);
  }

  /** What follows a backslash. A surrogate that is escaped without its partner becomes U+FFFD. */
  #escape(): string {
    const c = this.#text[this.#at++] ?? "";
    if (c !== "u") {
      const plain = ESCAPES[c];
      if (plain === undefined) throw this.#error(`Bad JSON escape sequence: \\${c}.`);
      return plain;
    }
    const unit = this.#hexUnit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    if (unit > 0xdbff) return "\ufffd";
    if (!this.#text.startsWith("\\u", this.#at)) return "\ufffd";
    const before = this.#at;
    this.#at += 2;
    const low = this.#hexUnit();
    if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(unit, low);
    this.#at = before;
    return "\ufffd";
  }

  #hexUnit(): number {
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (digits.length < 4) throw this.#error("Unexpected end while parsing Unicode escape sequence.");
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#error(`Invalid Unicode escape sequence: \\u${digits}.`);
    this.#at += 4;
    return Number.parseInt(digits, 16);
  }

  #number(first: number): JValue {
    const text = this.#text;
    const start = this.#at;
    let end = start + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    // The frequent case: a short integer, and then a separator.
    if (first !== 0x30 && isDigit(first) && end - start <= 15 && endsNumber(text.charCodeAt(end))) {
      this.#at = end;
      return new JValue(BigInt(Number(text.slice(start, end))), TokenType.Integer);
    }
    while (isNumberPart(text.charCodeAt(end))) end++;
    this.#at = end;
    if (!endsNumber(text.charCodeAt(end))) {
      throw this.#error(`Unexpected character encountered while parsing number: ${text[end]}.`);
    }
    const parsed = parseNumber(text.slice(start, end));
    if (typeof parsed === "string") throw this.#error(parsed);
    return parsed;
  }

  #nullOrNew(depth: number): JToken {
    const next = this.#text[this.#at + 1];
    if (next === "u") return this.#word("null", "null", null, TokenType.Null);
    if (next === "e" && this.#text.startsWith("new", this.#at)) return this.#constructorCall(depth);
    if (next === undefined) {
      this.#at++;
      throw this.#error("Unexpected end when reading JSON.");
    }
    throw this.#error("Unexpected character encountered while parsing value: n.");
  }

  #word(word: string, kind: string, value: unknown, type: TokenType): JValue {
    const text = this.#text;
    if (!text.startsWith(word, this.#at)) {
      const start = this.#at;
      while (this.#at < text.length && text[this.#at] === word[this.#at - start]) this.#at++;
      const short = this.#at >= text.length;
      throw this.#error(short ? "Unexpected end when reading JSON." : `Error parsing ${kind} value.`);
    }
    this.#at += word.length;
    if (!endsWord(text, this.#at)) throw this.#error(`Error parsing ${kind} value.`);
    return this.#done(new JValue(value, type));
  }

  /** Moves to the next character that is neither white space nor comment; gives its code, NaN at the end. */
  #skip(): number {
    const text = this.#text;
    for (;;) {
      const c = text.charCodeAt(this.#at);
      if (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) this.#at++;
      else if (c === 0x2f) this.#comment();
      else if (c > 0x20 && c < 0x80) return c;
      else if (Number.isNaN(c) || !isWhite(c)) return c;
      else this.#at++;
    }
  }

  #skipWhite(): void {
    while (isWhite(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #comment(): void {
    const text = this.#text;
    const second = text[++this.#at];
    if (second === undefined) throw this.#error("Unexpected end while parsing comment.");
    if (second !== "*" && second !== "/") {
      throw this.#error(`Error parsing comment. Expected: *, got ${second}.`);
    }
    this.#at++;
    if (second === "/") {
      while (this.#at < text.length && text[this.#at] !== "\n" && text[this.#at] !== "\r") this.#at++;
      return;
    }
    const end = text.indexOf("*/", this.#at);
    if (end < 0) {
      this.#at = text.length;
      throw this.#error("Unexpected end while parsing comment.");
    }
    this.#at = end + 2;
  }

  #badSeparator(c: number, container: string): JsonReaderException {
    if (Number.isNaN(c)) return this.#endOfContent();
    if (c === 0x7d || c === 0x5d || c === 0x29) return this.#badEnd(c, container);
    return this.#error(`After parsing a value an unexpected character was encountered: ${this.#text[this.#at]}.`);
  }

  #badEnd(c: number, container: string): JsonReaderException {
    const token = c === 0x7d ? "EndObject" : c === 0x5d ? "EndArray" : "EndConstructor";
    this.#at++;
    this.#started = true;
    this.#frames.pop();
    return this.#error(`JsonToken ${token} is not valid for closing JsonType ${container}.`);
  }

  #endOfContent(): JsonReaderException {
    return this.#error(`Unexpected end of content while loading ${this.#root}.`);
  }

  #error(message: string): JsonReaderException {
    return new JsonReaderException(readMessage(message, this.#text, this.#at, this.#started, this.#frames));
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  "\\": "\\",
  "/": "/",
  '"': '"',
  "'": "'",
};
