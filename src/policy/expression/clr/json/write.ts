import { Box, EnumValue } from "../box.ts";
import { JsonException } from "../exceptions.ts";
import { DateTime } from "../system/date-time.ts";
import { DateTimeOffset } from "../system/date-time-offset.ts";
import { Decimal } from "../system/decimal.ts";
import { doubleToString, singleToString } from "../system/number-text.ts";
import { boxedToString } from "../system/text.ts";
import { Uri } from "../system/uri.ts";
import { isoDate } from "./iso-date.ts";
import type { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";

/** Deeper trees are not written: they can only be built by a loop, and would exhaust the stack. */
const MAX_DEPTH = 1000;

/** A token as JSON text, compact or indented by two spaces with `\n` between lines. */
export function writeJson(token: JToken, indented: boolean): string {
  return indented ? indentedText(token, "\n", 0) : compactText(token, 0);
}

function compactText(token: JToken, depth: number): string {
  switch (token.type) {
    case TokenType.Object:
      return `{${compactItems(token, depth)}}`;
    case TokenType.Array:
      return `[${compactItems(token, depth)}]`;
    case TokenType.Constructor:
      return `new ${(token as JToken & { name: string }).name}(${compactItems(token, depth)})`;
    case TokenType.Property: {
      const { name, value } = token as JToken & { name: string; value: JToken };
      return `${quoteJson(name)}:${compactText(value, depth)}`;
    }
    default:
      return valueText(token);
  }
}

function compactItems(token: JToken, depth: number): string {
  checkDepth(depth);
  let text = "";
  for (const item of token.items)
    text += text === "" ? compactText(item, depth + 1) : `,${compactText(item, depth + 1)}`;
  return text;
}

function indentedText(token: JToken, line: string, depth: number): string {
  switch (token.type) {
    case TokenType.Object:
      return `{${indentedItems(token, line, depth)}}`;
    case TokenType.Array:
      return `[${indentedItems(token, line, depth)}]`;
    case TokenType.Constructor:
      return `new ${(token as JToken & { name: string }).name}(${indentedItems(token, line, depth)})`;
    case TokenType.Property: {
      const { name, value } = token as JToken & { name: string; value: JToken };
      return `${quoteJson(name)}: ${indentedText(value, line, depth)}`;
    }
    default:
      return valueText(token);
  }
}

/** The items, each on its line (`line` is a line end and the indentation of the container). */
function indentedItems(token: JToken, line: string, depth: number): string {
  checkDepth(depth);
  if (token.items.length === 0) return "";
  const inner = `${line}  `;
  let text = "";
  for (const item of token.items) text += `${text === "" ? "" : ","}${inner}${indentedText(item, inner, depth + 1)}`;
  return text + line;
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new JsonException(`The JSON is nested deeper than ${MAX_DEPTH} levels.`);
}

function valueText(token: JToken): string {
  const { value } = token as JToken & { value: unknown };
  switch (token.type) {
    case TokenType.Null:
      return "null";
    case TokenType.Undefined:
      return "undefined";
    case TokenType.Raw:
      return boxedToString(value);
    case TokenType.Comment:
      return `/*${boxedToString(value)}*/`;
    default:
      return primitiveText(value);
  }
}

/** JSON text of a boxed value that is no collection. */
export function primitiveText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoteJson(value);
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
  }
  if (value === null || value === undefined) return "null";
  if (value instanceof Box) return boxText(value);
  if (value instanceof Decimal) return withPoint(value.toClrString());
  if (value instanceof EnumValue) return String(value.value);
  if (value instanceof DateTime || value instanceof DateTimeOffset) return `"${isoDate(value)}"`;
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString("base64")}"`;
  if (value instanceof Uri) return quoteJson(value.original);
  const text = boxedToString(value);
  return isNumberText(value) ? text : quoteJson(text);
}

function isNumberText(value: unknown): boolean {
  return (value as { clrName?: string }).clrName === "System.Numerics.BigInteger";
}

function boxText(box: Box): string {
  switch (box.type) {
    case "Char":
      return quoteJson(String.fromCharCode(Number(box.value)));
    case "Double":
      return realText(Number(box.value), doubleToString(Number(box.value)));
    case "Single":
      return realText(Number(box.value), singleToString(Number(box.value)));
    default:
      return String(box.value);
  }
}

/** NaN and the infinities are written as strings. */
function realText(value: number, text: string): string {
  return Number.isFinite(value) ? withPoint(text) : `"${text}"`;
}

/** A real number keeps a sign of being one: `1.0`, but `1E+20`. */
function withPoint(text: string): string {
  return /[.E]/.test(text) ? text : `${text}.0`;
}

const ESCAPED = /["\\\p{Cc}\u2028\u2029]/u;
const EACH_ESCAPED = /["\\\p{Cc}\u2028\u2029]/gu;
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** A JSON string. Only quotes, backslashes, control characters and three line separators are escaped. */
export function quoteJson(text: string): string {
  return ESCAPED.test(text) ? `"${text.replace(EACH_ESCAPED, escaped)}"` : `"${text}"`;
}

function escaped(c: string): string {
  // Of the control characters after the tilde only "next line" is escaped.
  if (c >= "\u007f" && c <= "\u009f" && c !== "\u0085") return c;
  return SHORT[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
