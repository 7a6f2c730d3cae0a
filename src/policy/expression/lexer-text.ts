import { ExpressionSyntaxError, type SecretPart, secretEnd } from "./tokens.ts";

/** The parts that string, character and interpolated literals share, and their errors. */

/** The secret named value that begins at `at`. */
export function scanSecret(text: string, limit: number, at: number): { part: SecretPart; end: number } {
  const close = text.indexOf(secretEnd, at + 1);
  if (close < 0 || close >= limit) throw new ExpressionSyntaxError("expression-syntax", at, "Unterminated named value");
  return { part: { secret: text.slice(at + 1, close) }, end: close + 1 };
}

/** A secret named value where only plain text can stand. */
export function misplacedSecret(at: number): ExpressionSyntaxError {
  return new ExpressionSyntaxError(
    "expression-secret-position",
    at,
    "a secret named value can stand in an expression only inside a string literal",
  );
}

/** The escape sequence at a backslash. */
export function scanEscape(text: string, at: number): { text: string; end: number } {
  const letter = text[at + 1];
  const simple = letter === undefined ? undefined : simpleEscapes[letter];
  if (simple !== undefined) return { text: simple, end: at + 2 };
  const digits = letter === "u" ? 4 : letter === "U" ? 8 : letter === "x" ? 4 : 0;
  if (digits > 0) {
    let end = at + 2;
    while (end < at + 2 + digits && /[0-9A-Fa-f]/.test(text[end] ?? "")) end++;
    const hex = text.slice(at + 2, end);
    if (hex.length > 0 && (letter === "x" || hex.length === digits)) {
      const value = Number.parseInt(hex, 16);
      if (value <= 0x10ffff)
        return { text: letter === "U" ? String.fromCodePoint(value) : String.fromCharCode(value), end };
    }
  }
  throw new ExpressionSyntaxError(
    "expression-syntax",
    at,
    "Unrecognized escape sequence",
    'write \\\\ for a backslash, or use a verbatim string @"..."',
  );
}

const simpleEscapes: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  n: "\n",
  t: "\t",
  r: "\r",
  "0": "\0",
  "\\": "\\",
  '"': '"',
  "'": "'",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
});

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isNewLine(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029 || code === 0x85;
}

/** Ends a run of plain characters in a regular string: a quote, an escape, a secret, a line end. */
export function isSpecial(code: number): boolean {
  return code === 34 || code === 92 || code === 0xe000 || isNewLine(code);
}

/** A character as a message can show it. */
export function printable(char: string): string {
  const code = char.charCodeAt(0);
  return code < 32 || code === 127 ? `\\u${code.toString(16).padStart(4, "0")}` : char;
}

export function unterminated(index: number): ExpressionSyntaxError {
  return new ExpressionSyntaxError(
    "expression-syntax",
    index,
    'Unterminated string literal. A regular string must end on the line where it begins; a verbatim string (@"...") may span lines',
  );
}

export function tooManyCharacters(index: number): ExpressionSyntaxError {
  return new ExpressionSyntaxError(
    "expression-syntax",
    index,
    "Too many characters in character literal",
    "a string is written in double quotes",
  );
}

export function rawString(index: number): ExpressionSyntaxError {
  return new ExpressionSyntaxError("expression-syntax", index, "Raw string literals need C# 11; expressions are C# 7");
}
