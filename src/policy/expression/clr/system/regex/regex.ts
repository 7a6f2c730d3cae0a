import { spend } from "../../budget.ts";
import { ArgumentNullException, ArgumentOutOfRangeException } from "../../exceptions.ts";
import type { ClrObject } from "../protocol.ts";
import { checkTextLength, MAX_TEXT_LENGTH } from "../text-limit.ts";
import { compilePattern } from "./compiler.ts";
import { Match } from "./match.ts";
import { Matcher } from "./matcher.ts";
import { ECMA_SCRIPT, IGNORE_CASE, MULTILINE } from "./options.ts";
import type { Program } from "./program.ts";
import { expandReplacement } from "./replacement.ts";

/** Operations of all compiled patterns that are kept; a few hundred ordinary patterns, or one enormous one. */
const CACHE_SIZE = 60_000;
const cache = new Map<string, Regex>();
let cached = 0;

/** Replaces one match; its result is inserted as it is. */
export type Evaluator = (match: Match) => string | null;

/** `System.Text.RegularExpressions.Regex`: a compiled pattern. */
export class Regex implements ClrObject {
  readonly clrName = "System.Text.RegularExpressions.Regex";
  readonly pattern: string;
  readonly options: number;
  readonly #program: Program;

  private constructor(pattern: string, options: number) {
    this.pattern = pattern;
    this.options = options;
    this.#program = compilePattern(pattern, options);
  }

  /** Compiled patterns are kept, the least recently used ones let go. @throws ArgumentException */
  static of(pattern: string | null, options = 0): Regex {
    if (pattern === null) throw new ArgumentNullException("pattern");
    checkOptions(options);
    const key = `${options}:${pattern}`;
    let regex = cache.get(key);
    if (regex) cache.delete(key);
    else {
      regex = new Regex(pattern, options);
      // Compiling is charged for, so that patterns made from input cannot be compiled without end.
      spend(10 + regex.#program.code.length);
      cached += regex.#program.code.length + 1;
    }
    cache.set(key, regex);
    for (const [oldest, old] of cache) {
      if (cached <= CACHE_SIZE || old === regex) break;
      cache.delete(oldest);
      cached -= old.#program.code.length + 1;
    }
    return regex;
  }

  get rightToLeft(): boolean {
    return this.#program.rightToLeft;
  }

  isMatch(input: string | null, from?: number): boolean {
    const text = requireInput(input);
    return new Matcher(this.#program, text).search(this.#from(text, from)) !== null;
  }

  match(input: string | null, from?: number): Match {
    const text = requireInput(input);
    const captures = new Matcher(this.#program, text).search(this.#from(text, from));
    return captures === null ? Match.empty : new Match(this.#program, text, captures);
  }

  /** The first match within a part of the input, which is searched as if it were all; places are those of the input. */
  matchWithin(input: string | null, start: number, length: number): Match {
    const text = requireInput(input);
    if (start < 0 || start > text.length) throw new ArgumentOutOfRangeException("beginning");
    if (length < 0 || length > text.length - start) throw new ArgumentOutOfRangeException("length");
    const part = text.slice(start, start + length);
    const captures = new Matcher(this.#program, part).search(this.rightToLeft ? part.length : 0);
    if (captures === null) return Match.empty;
    return new Match(
      this.#program,
      text,
      captures.map((places) => places.map((place) => place + start)),
    );
  }

  /** All matches, in the direction of the search. */
  matches(input: string | null, from?: number, count = Number.POSITIVE_INFINITY): Match[] {
    const text = requireInput(input);
    const matcher = new Matcher(this.#program, text);
    const found: Match[] = [];
    const step = this.rightToLeft ? -1 : 1;
    let at = this.#from(text, from);
    while (found.length < count && at >= 0 && at <= text.length) {
      const captures = matcher.search(at);
      if (captures === null) break;
      spend();
      const match = new Match(this.#program, text, captures);
      found.push(match);
      at = this.rightToLeft ? match.index : match.end;
      if (match.length === 0) at += step;
    }
    return found;
  }

  /** @param count most replacements, -1 for all. @throws ArgumentNullException, ArgumentOutOfRangeException */
  replace(input: string | null, replacement: string | Evaluator | null, count = -1, from?: number): string {
    const text = requireInput(input);
    if (replacement === null)
      throw new ArgumentNullException(typeof replacement === "function" ? "evaluator" : "replacement");
    if (count < -1) throw new ArgumentOutOfRangeException("count", "Count cannot be less than -1.");
    const limit = count === -1 ? Number.POSITIVE_INFINITY : count;
    const matches = this.matches(text, from, limit).map((match) => ({
      match,
      text:
        typeof replacement === "string"
          ? expandReplacement(this.#program, replacement, match)
          : (replacement(match) ?? ""),
    }));
    if (matches.length === 0) return text;
    if (this.rightToLeft) matches.reverse();
    const parts: string[] = [];
    let length = 0;
    let at = 0;
    for (const { match, text: inserted } of matches) {
      parts.push(text.slice(at, match.index), inserted);
      length += match.index - at + inserted.length;
      if (length > MAX_TEXT_LENGTH) break;
      at = match.end;
    }
    checkTextLength(length + text.length - at);
    return parts.join("") + text.slice(at);
  }

  /** What lies between the matches, and what their groups captured. @param count most parts, 0 for all */
  split(input: string | null, count = 0, from?: number): string[] {
    const text = requireInput(input);
    if (count < 0) throw new ArgumentOutOfRangeException("count", "Count cannot be less than -1.");
    if (count === 1) return [text];
    const matches = this.matches(text, from, count === 0 ? Number.POSITIVE_INFINITY : count - 1);
    if (this.rightToLeft) matches.reverse();
    const parts: string[] = [];
    let at = 0;
    for (const match of matches) {
      parts.push(text.slice(at, match.index));
      for (const group of match.groups.items.slice(1)) if (group.success) parts.push(group.value);
      at = match.end;
    }
    parts.push(text.slice(at));
    return parts;
  }

  toClrString(): string {
    return this.pattern;
  }

  #from(text: string, from?: number): number {
    if (from === undefined) return this.rightToLeft ? text.length : 0;
    if (from < 0 || from > text.length) {
      throw new ArgumentOutOfRangeException(
        "startat",
        "Start index cannot be less than 0 or greater than input length.",
      );
    }
    return from;
  }
}

function requireInput(input: string | null): string {
  if (input === null) throw new ArgumentNullException("input");
  return input;
}

/** ECMAScript goes with IgnoreCase, Multiline and Compiled only. */
function checkOptions(options: number): void {
  const known = options >= 0 && options < 1024;
  const ecma = (options & ECMA_SCRIPT) === 0 || (options & ~(ECMA_SCRIPT | IGNORE_CASE | MULTILINE | 8)) === 0;
  if (!known || !ecma) throw new ArgumentOutOfRangeException("options");
}
