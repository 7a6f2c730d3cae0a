import { isSpace, nameAt, skipSpace } from "./characters.ts";
import { referenceAt } from "./entities.ts";

/**
 * Finds where an expression ends, by the rules of the C# lexer and without understanding the code: the end is the
 * bracket that balances the opening one, where brackets inside strings, character literals and comments do not count.
 * In a policy document a reference (`&quot;`) counts as the character it stands for.
 */

/**
 * Longest expression that is looked at, in UTF-16 code units. More than twice the service's limit for a whole
 * document; it keeps the work on a broken document small.
 */
export const EXPRESSION_LIMIT = 512 * 1024;

export type ExpressionScan =
  | { readonly closed: true /** Offset after the closing bracket. */; readonly end: number }
  | {
      readonly closed: false;
      /** Where the scan gave up. */
      readonly stop: number;
      /** `markup`: a `</name` or `/>` stands where C# has no use for one. */
      readonly cause: "end" | "markup" | "too-long";
      /** The first string or character literal that ran into the end of its line or of the text: the likely culprit. */
      readonly brokenLiteral: number | undefined;
    };

/** A named value token; `@{{name}}` is such a token after an at sign and not the beginning of a block. */
const NAMED_VALUE = /\{\{[A-Za-z0-9._-]+\}\}(?!\})/y;

/** Offset of the `@` if what follows `at` is, after white space, the beginning of an expression; else -1. */
export function expressionStart(text: string, at = 0, end = text.length): number {
  const start = skipEncodedSpace(text, at, end);
  return start < end && opensExpression(text, start) ? start : -1;
}

/** Whether decoded text is an expression, which is to say that it begins as one. */
export function isExpression(decoded: string): boolean {
  return opensExpression(decoded, skipSpace(decoded, 0));
}

/** Whether decoded text is one whole expression with nothing but white space around it. */
export function isWholeExpression(decoded: string): boolean {
  const start = skipSpace(decoded, 0);
  if (!opensExpression(decoded, start)) return false;
  const scan = scanExpression(decoded, start, { references: false });
  return scan.closed && skipSpace(decoded, scan.end) === decoded.length;
}

/** The offset in decoded text of the first `@(` or `@{` that stands behind other text; -1 when there is none. */
export function embeddedExpression(decoded: string): number {
  for (let i = decoded.indexOf("@"); i >= 0; i = decoded.indexOf("@", i + 1)) {
    if (opensExpression(decoded, i)) return i;
  }
  return -1;
}

function opensExpression(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 64) return false;
  const bracket = text.charCodeAt(at + 1);
  if (bracket === 40) return true;
  if (bracket !== 123) return false;
  NAMED_VALUE.lastIndex = at + 1;
  return !NAMED_VALUE.test(text);
}

/** Like skipSpace, but a numeric reference to white space (`&#xA;` in exported documents) is white space too. */
export function skipEncodedSpace(text: string, at: number, end = text.length): number {
  let i = at;
  while (i < end) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) {
      i++;
    } else if (code === 38) {
      const reference = referenceAt(text, i);
      if (!reference || !isSpace(reference.character.charCodeAt(0))) break;
      i += reference.length;
    } else break;
  }
  return Math.min(i, end);
}

/**
 * Scans the expression whose `@` stands at `start`. `references: false` reads text that is already decoded.
 * Linear in the length of the expression; looks at no more than {@link EXPRESSION_LIMIT} characters.
 */
export function scanExpression(text: string, start: number, options: { references: boolean }): ExpressionScan {
  return new Scanner(text, start, options.references).scan();
}

const END = -1;

/** A hole of an interpolated string: `{` seen, its `}` not yet. `nesting` counts the brackets opened inside it. */
interface Hole {
  readonly verbatim: boolean;
  /** Where the string began. */
  readonly start: number;
  nesting: number;
}

class Scanner {
  readonly #text: string;
  readonly #limit: number;
  readonly #references: boolean;
  /** The character at hand (decoded), where it stands and where the next one does. */
  #code = END;
  #at: number;
  #next: number;
  readonly #holes: Hole[] = [];
  #brokenLiteral: number | undefined;

  constructor(text: string, start: number, references: boolean) {
    this.#text = text;
    this.#limit = Math.min(text.length, start + EXPRESSION_LIMIT);
    this.#references = references;
    this.#at = start + 1;
    this.#next = start + 1;
    this.#step();
  }

  scan(): ExpressionScan {
    const open = this.#code;
    const close = open === 40 ? 41 : 125;
    let depth = 0;
    while (this.#code !== END) {
      const code = this.#code;
      if (this.#isMarkup()) return this.#failed("markup");
      if (this.#skipUnit()) continue;
      if (this.#holes.length > 0) {
        this.#inHole(code);
        continue;
      }
      this.#step();
      if (code === open) depth++;
      else if (code === close && --depth === 0) return { closed: true, end: this.#at };
    }
    return this.#failed(this.#at < this.#text.length ? "too-long" : "end");
  }

  #failed(cause: "end" | "markup" | "too-long"): ExpressionScan {
    return { closed: false, stop: this.#at, cause, brokenLiteral: this.#brokenLiteral ?? this.#holes.at(0)?.start };
  }

  #step(): void {
    this.#at = this.#next;
    if (this.#at >= this.#limit) {
      this.#code = END;
      return;
    }
    this.#code = this.#text.charCodeAt(this.#at);
    this.#next = this.#at + 1;
    if (this.#code === 38 && this.#references) {
      const reference = referenceAt(this.#text, this.#at);
      if (!reference) return;
      this.#code = reference.character.codePointAt(0) as number;
      this.#next = this.#at + reference.length;
    }
  }

  /** The character after the one at hand. */
  #peek(): number {
    if (this.#next >= this.#limit) return END;
    const code = this.#text.charCodeAt(this.#next);
    if (code !== 38 || !this.#references) return code;
    return referenceAt(this.#text, this.#next)?.character.codePointAt(0) ?? code;
  }

  /** `</name` and `/>` occur in no C# outside strings and comments: the author forgot the closing bracket. */
  #isMarkup(): boolean {
    const text = this.#text;
    if (this.#code === 60) {
      return text.startsWith("</", this.#at) && nameAt(text, this.#at + 2) !== "";
    }
    return this.#code === 47 && text.startsWith("/>", this.#at);
  }

  /** Skips a string, a character literal or a comment; false when none begins here. */
  #skipUnit(): boolean {
    switch (this.#code) {
      case 34: // "
        this.#skipLiteral(34);
        return true;
      case 39: // '
        this.#skipLiteral(39);
        return true;
      case 47: // /
        return this.#skipComment();
      case 64: // @
        return this.#skipPrefixed(36);
      case 36: // $
        return this.#skipPrefixed(64);
      default:
        return false;
    }
  }

  /** `@"…"`, `$"…"`, `@$"…"`, `$@"…"`. `partner` is the other of the two prefix characters. */
  #skipPrefixed(partner: number): boolean {
    const start = this.#at;
    const prefix = this.#code;
    const next = this.#peek();
    if (next === 34) {
      this.#step();
      this.#step();
      if (prefix === 64) this.#skipVerbatim(start);
      else this.#skipInterpolated(false, start);
      return true;
    }
    if (next !== partner) return false;
    this.#step();
    if (this.#peek() === 34) {
      this.#step();
      this.#step();
      this.#skipInterpolated(true, start);
    }
    return true;
  }

  /**
   * A regular string or a character literal: both end at the quote or, broken, at the end of the line. So the C# lexer
   * reads 'pseudo strings' too, and an apostrophe never runs away further than its line.
   */
  #skipLiteral(quote: number): void {
    const start = this.#at;
    this.#step();
    while (this.#code !== END) {
      if (this.#code === quote) {
        this.#step();
        return;
      }
      if (isNewline(this.#code)) break;
      if (this.#code === 92) this.#step();
      if (this.#code !== END && !isNewline(this.#code)) this.#step();
    }
    this.#brokenLiteral ??= start;
  }

  #skipVerbatim(start: number): void {
    while (this.#code !== END) {
      const closing = this.#code === 34;
      this.#step();
      if (!closing) continue;
      if (this.#code !== 34) return;
      this.#step();
    }
    this.#brokenLiteral ??= start;
  }

  /** The text of an interpolated string up to its end or to the next hole, which is then code like any other. */
  #skipInterpolated(verbatim: boolean, start: number): void {
    while (this.#code !== END) {
      const code = this.#code;
      if (!verbatim && isNewline(code)) break;
      this.#step();
      if (code === 34) {
        if (!verbatim || this.#code !== 34) return;
        this.#step();
      } else if (code === 123) {
        if (this.#code !== 123) {
          this.#holes.push({ verbatim, start, nesting: 0 });
          return;
        }
        this.#step();
      } else if (code === 92 && !verbatim && this.#code !== END && !isNewline(this.#code)) {
        this.#step();
      }
    }
    this.#brokenLiteral ??= start;
  }

  #inHole(code: number): void {
    const hole = this.#holes.at(-1) as Hole;
    this.#step();
    if (code === 40 || code === 91 || code === 123) {
      hole.nesting++;
    } else if (code === 125 && hole.nesting === 0) {
      this.#holes.pop();
      this.#skipInterpolated(hole.verbatim, hole.start);
    } else if (code === 41 || code === 93 || code === 125) {
      if (hole.nesting > 0) hole.nesting--;
    } else if (code === 58 && hole.nesting === 0) {
      if (this.#code === 58) this.#step();
      else this.#skipFormat(hole);
    }
  }

  /** The format of a hole (`{value:N2}`): text up to the closing brace; doubled braces stand for themselves. */
  #skipFormat(hole: Hole): void {
    while (this.#code !== END && this.#code !== 34) {
      const code = this.#code;
      if (!hole.verbatim && isNewline(code)) break;
      this.#step();
      if (code !== 125 && code !== 123) continue;
      if (this.#code === code) {
        this.#step();
      } else if (code === 125) {
        this.#holes.pop();
        this.#skipInterpolated(hole.verbatim, hole.start);
        return;
      }
    }
    this.#brokenLiteral ??= hole.start;
    this.#holes.pop();
    if (this.#code === 34) this.#step();
  }

  #skipComment(): boolean {
    const kind = this.#peek();
    if (kind !== 47 && kind !== 42) return false;
    this.#step();
    this.#step();
    let previous = 0;
    while (this.#code !== END) {
      const code = this.#code;
      if (kind === 47 && isNewline(code)) break;
      this.#step();
      if (kind === 42 && previous === 42 && code === 47) break;
      previous = code;
    }
    return true;
  }
}

/** What ends a line in C#. */
function isNewline(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}
