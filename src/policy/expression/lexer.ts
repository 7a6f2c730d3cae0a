import { scanNumber } from "./lexer-numbers.ts";
import {
  isDigit,
  isNewLine,
  isSpecial,
  misplacedSecret,
  printable,
  rawString,
  scanEscape,
  scanSecret,
  tooManyCharacters,
  unterminated,
} from "./lexer-text.ts";
import {
  ExpressionSyntaxError,
  type HolePart,
  keywords,
  type SecretPart,
  type StringPart,
  secretStart,
  type Token,
} from "./tokens.ts";

/** Interpolated strings may stand inside holes of interpolated strings, but not without end. */
const maxHoleDepth = 16;

const punctuation = [
  // Longest first. `>>` is left as two `>` so that `List<List<int>>` needs no splitting; the parser joins shifts.
  ...["??=", "<<=", "...", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/="],
  ...["%=", "&=", "|=", "^=", "<<", "->", "::", ".."],
  ...["{", "}", "(", ")", "[", "]", "<", ">", ",", ";", ":", ".", "?", "+", "-", "*", "/", "%", "&", "|", "^", "!"],
  ...["~", "="],
];
const byFirst = new Map<string, string[]>();
for (const p of punctuation) {
  const list = byFirst.get(p[0] as string);
  if (list) list.push(p);
  else byFirst.set(p[0] as string, [p]);
}

const identifierStart = /[\p{L}\p{Nl}_]/u;
const identifierRun = /[\p{L}\p{Nl}_\p{Mn}\p{Mc}\p{Nd}\p{Pc}\p{Cf}]*/uy;

const asciiStart: boolean[] = [];
for (let c = 0; c < 128; c++) asciiStart.push(/[A-Za-z_]/.test(String.fromCharCode(c)));

/**
 * Cuts C# text into tokens, from `start` to the end of the text.
 * @throws {ExpressionSyntaxError} at the first character that no token can begin with, or in a broken literal.
 */
export function tokenize(text: string, start = 0, end = text.length): Token[] {
  const lexer = new Lexer(text, start, end);
  const tokens: Token[] = [];
  for (;;) {
    const token = lexer.next();
    tokens.push(token);
    if (token.kind === "end") return tokens;
  }
}

class Lexer {
  readonly #text: string;
  readonly #end: number;
  #at: number;
  #holeDepth = 0;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#at = start;
    this.#end = end;
  }

  next(): Token {
    this.#skipTrivia();
    const text = this.#text;
    const start = this.#at;
    if (start >= this.#end) return { kind: "end", text: "", start: this.#end, end: this.#end };
    const code = text.charCodeAt(start);
    const char = text[start] as string;
    if (code < 128 ? asciiStart[code] : identifierStart.test(char)) return this.#identifier(start, false);
    if ((code >= 48 && code <= 57) || (char === "." && isDigit(text.charCodeAt(start + 1)))) {
      const number = scanNumber(text, start);
      this.#at = number.end;
      return number;
    }
    if (char === '"') return this.#plainString(start);
    if (char === "'") return this.#char(start);
    if (char === "@" || char === "$") {
      const token = this.#prefixed(start, char);
      if (token) return token;
    }
    if (char === secretStart) {
      throw misplacedSecret(start);
    }
    if (char === "#") {
      throw new ExpressionSyntaxError(
        "expression-syntax",
        start,
        "preprocessor directives cannot stand in an expression",
      );
    }
    for (const p of byFirst.get(char) ?? []) {
      if (text.startsWith(p, start)) {
        // `x?.5:y` is a conditional with the number .5, not a null-conditional access.
        if (p === "?." && isDigit(text.charCodeAt(start + 2))) continue;
        this.#at = start + p.length;
        return { kind: "punctuation", text: p, start, end: this.#at };
      }
    }
    throw new ExpressionSyntaxError("expression-syntax", start, `Unexpected character '${printable(char)}'`);
  }

  #prefixed(start: number, char: string): Token | undefined {
    const text = this.#text;
    const second = text[start + 1];
    if (char === "@") {
      if (second === '"') {
        const parts = this.#verbatimParts(start + 2) as (string | SecretPart)[];
        return { kind: "string", text: text.slice(start, this.#at), parts, start, end: this.#at };
      }
      if (second === "$" && text[start + 2] === '"') return this.#interpolated(start, 3, true);
      if (second !== undefined && identifierStart.test(second)) return this.#identifier(start + 1, true);
      return undefined;
    }
    if (second === '"') {
      if (text.startsWith('""', start + 2) && text[start + 4] !== undefined && text.startsWith('$"""', start)) {
        throw rawString(start);
      }
      return this.#interpolated(start, 2, false);
    }
    if (second === "@" && text[start + 2] === '"') return this.#interpolated(start, 3, true);
    return undefined;
  }

  #skipTrivia(): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (this.#at >= this.#end) return;
      if (code === 32 || (code >= 9 && code <= 13) || code === 0xfeff || code === 0xa0 || code === 0x85) {
        this.#at++;
      } else if (code === 47 && text.charCodeAt(this.#at + 1) === 47) {
        while (this.#at < this.#end && !isNewLine(text.charCodeAt(this.#at))) this.#at++;
      } else if (code === 47 && text.charCodeAt(this.#at + 1) === 42) {
        const close = text.indexOf("*/", this.#at + 2);
        if (close < 0 || close + 2 > this.#end) {
          throw new ExpressionSyntaxError("expression-syntax", this.#at, "End-of-file found, '*/' expected");
        }
        this.#at = close + 2;
      } else if (code > 127 && /\p{Zs}|[\u2028\u2029]/u.test(text[this.#at] as string)) {
        this.#at++;
      } else {
        return;
      }
    }
  }

  #identifier(from: number, escaped: boolean): Token {
    const text = this.#text;
    let at = from;
    while (at < this.#end) {
      const code = text.charCodeAt(at);
      if (code < 128 ? asciiStart[code] || isDigit(code) : false) {
        at++;
        continue;
      }
      if (code < 128) break;
      identifierRun.lastIndex = at;
      const run = identifierRun.exec(text)?.[0].length ?? 0;
      if (run === 0) break;
      at += run;
    }
    this.#at = at;
    const word = text.slice(from, at);
    const start = escaped ? from - 1 : from;
    if (!escaped && keywords.has(word)) return { kind: "keyword", text: word, start, end: at };
    return { kind: "identifier", text: word, escaped, start, end: at };
  }

  #char(start: number): Token {
    const text = this.#text;
    let at = start + 1;
    let value: number;
    const code = text.charCodeAt(at);
    if (at >= this.#end || isNewLine(code))
      throw new ExpressionSyntaxError("expression-syntax", start, "Newline in constant");
    if (code === 39) throw new ExpressionSyntaxError("expression-syntax", start, "Empty character literal");
    if (code === secretStart.charCodeAt(0)) throw misplacedSecret(at);
    if (code === 92) {
      const sequence = scanEscape(this.#text, at);
      at = sequence.end;
      value = sequence.text.charCodeAt(0);
      if (sequence.text.length > 1) throw tooManyCharacters(start);
    } else {
      value = code;
      at++;
    }
    if (text[at] !== "'") throw tooManyCharacters(start);
    this.#at = at + 1;
    return { kind: "char", text: text.slice(start, at + 1), value, start, end: at + 1 };
  }

  #plainString(start: number): Token {
    const text = this.#text;
    if (
      text.startsWith('"""', start) &&
      text[start + 3] !== undefined &&
      !/[\s)\],;+]/.test(text[start + 3] as string)
    ) {
      throw rawString(start);
    }
    const parts: (string | SecretPart)[] = [];
    let run = "";
    let at = start + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (at >= this.#end || isNewLine(code)) throw unterminated(start);
      if (code === 34) break;
      if (code === 92) {
        const sequence = scanEscape(this.#text, at);
        run += sequence.text;
        at = sequence.end;
      } else if (code === 0xe000) {
        const secret = scanSecret(this.#text, this.#end, at);
        if (run !== "") parts.push(run);
        run = "";
        parts.push(secret.part);
        at = secret.end;
      } else {
        // Whole runs of plain characters at once: long literals are common.
        const from = at;
        while (at < this.#end && !isSpecial(text.charCodeAt(at))) at++;
        if (at === from) at++;
        run += text.slice(from, at);
      }
    }
    if (run !== "" || parts.length === 0) parts.push(run);
    this.#at = at + 1;
    return { kind: "string", text: text.slice(start, this.#at), parts, start, end: this.#at };
  }

  /** The inside of a verbatim string from `at`; leaves the position after the closing quote. */
  #verbatimParts(at: number): (string | SecretPart)[] {
    const text = this.#text;
    const opened = at - 2;
    const parts: (string | SecretPart)[] = [];
    let run = "";
    for (;;) {
      if (at >= this.#end) throw new ExpressionSyntaxError("expression-syntax", opened, "Unterminated string literal");
      const char = text[at] as string;
      if (char === '"') {
        if (text[at + 1] !== '"') break;
        run += '"';
        at += 2;
      } else if (char === secretStart) {
        const secret = scanSecret(this.#text, this.#end, at);
        if (run !== "") parts.push(run);
        run = "";
        parts.push(secret.part);
        at = secret.end;
      } else {
        run += char;
        at++;
      }
    }
    if (run !== "" || parts.length === 0) parts.push(run);
    this.#at = at + 1;
    return parts;
  }

  #interpolated(start: number, prefix: number, verbatim: boolean): Token {
    const text = this.#text;
    if (++this.#holeDepth > maxHoleDepth)
      throw new ExpressionSyntaxError("expression-too-deep", start, "Interpolated strings are nested too deeply");
    const parts: StringPart[] = [];
    let run = "";
    let at = start + prefix;
    const flush = (): void => {
      if (run !== "") parts.push(run);
      run = "";
    };
    for (;;) {
      const char = text[at];
      if (at >= this.#end || char === undefined || (!verbatim && isNewLine(text.charCodeAt(at))))
        throw unterminated(start);
      if (char === '"') {
        if (!verbatim || text[at + 1] !== '"') break;
        run += '"';
        at += 2;
      } else if (char === "\\" && !verbatim) {
        const sequence = scanEscape(this.#text, at);
        run += sequence.text;
        at = sequence.end;
      } else if (char === secretStart) {
        const secret = scanSecret(this.#text, this.#end, at);
        flush();
        parts.push(secret.part);
        at = secret.end;
      } else if (char === "{") {
        if (text[at + 1] === "{") {
          run += "{";
          at += 2;
        } else {
          flush();
          parts.push(this.#hole(at, verbatim));
          at = this.#at;
        }
      } else if (char === "}") {
        if (text[at + 1] !== "}") {
          throw new ExpressionSyntaxError(
            "expression-syntax",
            at,
            "A '}' character must be escaped (by doubling) in an interpolated string",
          );
        }
        run += "}";
        at += 2;
      } else {
        run += char;
        at++;
      }
    }
    flush();
    this.#holeDepth--;
    this.#at = at + 1;
    return { kind: "interpolated", text: text.slice(start, this.#at), parts, start, end: this.#at };
  }

  /** One hole, from its `{`; leaves the position after its `}`. */
  #hole(open: number, verbatim: boolean): HolePart {
    const text = this.#text;
    const tokens: Token[] = [];
    let depth = 0;
    this.#at = open + 1;
    for (;;) {
      this.#skipTrivia();
      const at = this.#at;
      const char = text[at];
      if (at >= this.#end)
        throw new ExpressionSyntaxError(
          "expression-syntax",
          open,
          "Missing close delimiter '}' for interpolated expression started with '{'",
        );
      if (depth === 0 && char === "}") {
        this.#at = at + 1;
        return this.#finishHole(tokens, undefined, open, at);
      }
      if (depth === 0 && char === ":" && text[at + 1] !== ":") {
        const format = this.#formatText(at + 1, verbatim);
        return this.#finishHole(tokens, format, open, at);
      }
      const token = this.next();
      tokens.push(token);
      if (token.kind !== "punctuation") continue;
      if (token.text === "(" || token.text === "[" || token.text === "{") depth++;
      else if (token.text === ")" || token.text === "]" || token.text === "}") depth--;
    }
  }

  #finishHole(tokens: Token[], format: string | undefined, start: number, end: number): HolePart {
    if (tokens.length === 0) throw new ExpressionSyntaxError("expression-syntax", start, "Expression expected");
    tokens.push({ kind: "end", text: "", start: end, end });
    return { tokens, format, start, end };
  }

  /** The format of a hole, from after its `:` to its `}`; leaves the position after that. */
  #formatText(from: number, verbatim: boolean): string {
    const text = this.#text;
    let format = "";
    let at = from;
    for (;;) {
      const char = text[at];
      if (at >= this.#end || char === undefined || char === '"' || (!verbatim && isNewLine(text.charCodeAt(at)))) {
        throw new ExpressionSyntaxError(
          "expression-syntax",
          from - 1,
          "Missing close delimiter '}' for interpolated expression started with '{'",
        );
      }
      if (char === secretStart) throw misplacedSecret(at);
      if (char === "}") {
        if (text[at + 1] !== "}") break;
        format += "}";
        at += 2;
      } else if (char === "{" && text[at + 1] === "{") {
        format += "{";
        at += 2;
      } else if (char === "\\" && !verbatim) {
        const sequence = scanEscape(this.#text, at);
        format += sequence.text;
        at = sequence.end;
      } else {
        format += char;
        at++;
      }
    }
    if (format === "") throw new ExpressionSyntaxError("expression-syntax", from, "Empty format specifier");
    this.#at = at + 1;
    return format;
  }
}
