import { CharSet, caseVariants, shorthand } from "./char-set.ts";
import { parseClass, parseProperty } from "./class-parser.ts";
import {
  ECMA_SCRIPT,
  EXPLICIT_CAPTURE,
  IGNORE_CASE,
  IGNORE_WHITE_SPACE,
  MULTILINE,
  OPTION_LETTERS,
  SINGLELINE,
} from "./options.ts";
import { PatternReader } from "./reader.ts";
import type { Anchor, GroupTable, ParsedPattern, Pattern } from "./syntax.ts";

/** Deeper nesting serves no pattern and would exhaust the stack. */
const MAX_DEPTH = 200;
const MAX_LENGTH = 20_000;

/** Reads a .NET pattern. @throws ArgumentException for a malformed one */
export function parsePattern(text: string, options: number): ParsedPattern {
  // References may come before the groups they name, so a first pass only collects the groups.
  const survey = new PatternParser(text, options, null);
  survey.parse();
  const groups = survey.groups();
  return { root: new PatternParser(text, options, groups).parse(), groups };
}

const EMPTY: Pattern = { kind: "empty" };

class PatternParser {
  readonly #reader: PatternReader;
  readonly #groups: GroupTable | null;
  #options: number;
  #depth = 0;
  #unnamed = 0;
  readonly #numbers = new Set<number>([0]);
  readonly #names: string[] = [];

  constructor(text: string, options: number, groups: GroupTable | null) {
    this.#reader = new PatternReader(text);
    this.#groups = groups;
    this.#options = options;
  }

  parse(): Pattern {
    const reader = this.#reader;
    if (reader.text.length > MAX_LENGTH) throw reader.error("The pattern is too long.");
    const root = this.#choice();
    if (!reader.done) throw reader.error("Too many )'s.");
    return root;
  }

  /** Named groups take the numbers that are left, after all unnamed ones. */
  groups(): GroupTable {
    const names = new Map<string, number>();
    let next = this.#unnamed + 1;
    for (const name of this.#names) {
      while (this.#numbers.has(next)) next++;
      this.#numbers.add(next);
      names.set(name, next);
    }
    return { numbers: [...this.#numbers].sort((a, b) => a - b), names };
  }

  #has(option: number): boolean {
    return (this.#options & option) !== 0;
  }

  /** Alternatives up to a closing parenthesis or the end. Options set inside end with it. */
  #choice(): Pattern {
    if (++this.#depth > MAX_DEPTH) throw this.#reader.error("The pattern is nested too deeply.");
    const outer = this.#options;
    const items = [this.#sequence()];
    while (this.#reader.take("|")) items.push(this.#sequence());
    this.#options = outer;
    this.#depth--;
    return items.length === 1 ? (items[0] ?? EMPTY) : { kind: "choice", items };
  }

  #sequence(): Pattern {
    const reader = this.#reader;
    const items: Pattern[] = [];
    for (;;) {
      this.#skipBlank();
      if (reader.done || reader.peek() === "|" || reader.peek() === ")") break;
      const atom = this.#atom();
      // Inline options such as (?i) are no atom.
      if (atom === null) {
        if (this.#atQuantifier()) throw reader.error("Quantifier {x,y} following nothing.");
        continue;
      }
      items.push(this.#quantified(atom));
    }
    if (items.length === 0) return EMPTY;
    return items.length === 1 ? (items[0] ?? EMPTY) : { kind: "sequence", items };
  }

  /** White space and comments of the x option, and `(?#…)`. */
  #skipBlank(): void {
    const reader = this.#reader;
    for (;;) {
      if (this.#has(IGNORE_WHITE_SPACE) && /[ \t-\r]/.test(reader.peek())) reader.at++;
      else if (this.#has(IGNORE_WHITE_SPACE) && reader.peek() === "#") {
        while (!reader.done && reader.peek() !== "\n") reader.at++;
      } else if (reader.text.startsWith("(?#", reader.at)) {
        const end = reader.text.indexOf(")", reader.at);
        if (end < 0) throw reader.error("Unterminated (?#...) comment.");
        reader.at = end + 1;
      } else return;
    }
  }

  #atQuantifier(): boolean {
    const c = this.#reader.peek();
    if (c === "*" || c === "+" || c === "?") return true;
    return (
      c === "{" && /^\{\d{1,10}(?:,\d{0,10})?\}/.test(this.#reader.text.slice(this.#reader.at, this.#reader.at + 24))
    );
  }

  #quantified(atom: Pattern): Pattern {
    const reader = this.#reader;
    this.#skipBlank();
    if (!this.#atQuantifier()) return atom;
    let min = 0;
    let max = Number.POSITIVE_INFINITY;
    const c = reader.next();
    if (c === "+") min = 1;
    else if (c === "?") max = 1;
    else if (c === "{") {
      min = reader.number();
      max = reader.take(",") ? (/[0-9]/.test(reader.peek()) ? reader.number() : Number.POSITIVE_INFINITY) : min;
      reader.next();
      if (min > max) throw reader.error("Illegal {x,y} with x > y.");
    }
    this.#skipBlank();
    const lazy = reader.take("?");
    this.#skipBlank();
    if (this.#atQuantifier()) throw reader.error(`Nested quantifier ${reader.peek()}.`);
    return { kind: "loop", body: atom, min, max, lazy };
  }

  /** One character, class, group or anchor; null for what only sets options. */
  #atom(): Pattern | null {
    const reader = this.#reader;
    const c = reader.next();
    switch (c) {
      case "(":
        return this.#group();
      case "[":
        return { kind: "set", set: parseClass(reader, this.#has(IGNORE_CASE), this.#has(ECMA_SCRIPT)) };
      case "\\":
        return this.#backslash();
      case ".":
        return {
          kind: "set",
          set: new CharSet(this.#has(SINGLELINE) ? { ranges: [[0, 0xffff]] } : { ranges: [[10, 10]], negated: true }),
        };
      case "^":
        return anchor(this.#has(MULTILINE) ? "line-start" : "start");
      case "$":
        return anchor(this.#has(MULTILINE) ? "line-end" : "end-or-newline");
      case "*":
      case "+":
      case "?":
        throw reader.error("Quantifier {x,y} following nothing.");
      case "{":
        reader.at--;
        if (this.#atQuantifier()) throw reader.error("Quantifier {x,y} following nothing.");
        reader.at++;
    }
    return this.#literal(c.charCodeAt(0));
  }

  #literal(unit: number): Pattern {
    if (!this.#has(IGNORE_CASE)) return { kind: "unit", unit };
    const variants = caseVariants(unit);
    if (variants.length === 1) return { kind: "unit", unit };
    return { kind: "set", set: new CharSet({ ranges: variants.map((variant) => [variant, variant]) }) };
  }

  #backslash(): Pattern {
    const reader = this.#reader;
    const ecma = this.#has(ECMA_SCRIPT);
    const c = reader.peek();
    const fixed = ANCHORS[c];
    if (fixed !== undefined) {
      reader.next();
      return anchor(
        ecma && fixed === "boundary" ? "ecma-boundary" : ecma && fixed === "not-boundary" ? "ecma-not-boundary" : fixed,
      );
    }
    if (/^[dDwWsS]$/.test(c)) {
      reader.next();
      return { kind: "set", set: new CharSet(shorthand(c, ecma)) };
    }
    if (c === "p" || c === "P") {
      reader.next();
      return {
        kind: "set",
        set: new CharSet({ ...parseProperty(reader, c === "P"), ignoreCase: this.#has(IGNORE_CASE) }),
      };
    }
    return this.#reference() ?? this.#literal(reader.escape(ecma));
  }

  /** `\1`, `\k<name>`, `\<name>`; null when the escape is a character. */
  #reference(): Pattern | null {
    const reader = this.#reader;
    const start = reader.at;
    const keyed = reader.peek() === "k";
    if (keyed) reader.next();
    const open = reader.peek();
    if (open === "<" || open === "'") {
      const close = open === "<" ? ">" : "'";
      reader.next();
      const name = reader.name();
      if (name !== "" && reader.take(close)) return this.#referenceTo(name);
      if (keyed) throw reader.error("Malformed \\k<...> named back reference.");
    } else if (keyed) {
      throw reader.error("Malformed \\k<...> named back reference.");
    } else if (/[1-9]/.test(open)) {
      const number = reader.number();
      if (this.#knows(number)) return { kind: "reference", group: number, ignoreCase: this.#has(IGNORE_CASE) };
      if (number <= 9) throw reader.error(`Reference to undefined group number ${number}.`);
    }
    reader.at = start;
    return null;
  }

  #referenceTo(name: string): Pattern {
    const group = this.#groupNamed(name);
    if (group === null) {
      throw this.#reader.error(
        /^[0-9]/.test(name)
          ? `Reference to undefined group number ${name}.`
          : `Reference to undefined group name '${name}'.`,
      );
    }
    return { kind: "reference", group, ignoreCase: this.#has(IGNORE_CASE) };
  }

  /** True for a group of the pattern; the first pass does not know them yet and takes every number for one. */
  #knows(number: number): boolean {
    return this.#groups === null || this.#groups.numbers.includes(number);
  }

  #groupNamed(name: string): number | null {
    if (this.#groups === null) return 0;
    if (/^[0-9]+$/.test(name)) return this.#knows(Number(name)) ? Number(name) : null;
    return this.#groups.names.get(name) ?? null;
  }

  /** What follows an opening parenthesis, up to and with the closing one. */
  #group(): Pattern | null {
    const reader = this.#reader;
    if (!reader.take("?")) {
      if (this.#has(EXPLICIT_CAPTURE)) return this.#body();
      const number = ++this.#unnamed;
      this.#numbers.add(number);
      return { kind: "capture", group: number, pops: -1, body: this.#body() };
    }
    switch (reader.peek()) {
      case ":":
        reader.next();
        return this.#body();
      case "=":
      case "!":
        return { kind: "look", negative: reader.next() === "!", behind: false, body: this.#body() };
      case ">":
        reader.next();
        return { kind: "atomic", body: this.#body() };
      case "(":
        return this.#condition();
      case "'":
        reader.next();
        return this.#named("'");
      case "<":
        reader.next();
        if (reader.peek() === "=" || reader.peek() === "!") {
          return { kind: "look", negative: reader.next() === "!", behind: true, body: this.#body() };
        }
        return this.#named(">");
    }
    return this.#inlineOptions();
  }

  #body(): Pattern {
    const body = this.#choice();
    if (!this.#reader.take(")")) throw this.#reader.error("Not enough )'s.");
    return body;
  }

  /** `(?<name>…)`, `(?<1>…)`, and balancing groups `(?<name-other>…)` and `(?<-other>…)`. */
  #named(close: string): Pattern {
    const reader = this.#reader;
    const name = reader.name();
    let group = -1;
    if (name !== "") group = this.#declare(name);
    let pops = -1;
    if (reader.take("-")) {
      const other = reader.name();
      const found = other === "" ? null : this.#groupNamed(other);
      if (found === null) throw reader.error(`Reference to undefined group name '${other}'.`);
      pops = found;
    }
    if ((group === -1 && pops === -1) || !reader.take(close)) {
      throw reader.error("Invalid group name: Group names must begin with a word character.");
    }
    return { kind: "capture", group, pops, body: this.#body() };
  }

  #declare(name: string): number {
    if (/^[0-9]/.test(name)) {
      const number = Number(name);
      if (!/^[0-9]{1,9}$/.test(name) || number === 0) {
        throw this.#reader.error(
          number === 0
            ? "Capture number cannot be zero."
            : "Invalid group name: Group names must begin with a word character.",
        );
      }
      this.#numbers.add(number);
      return number;
    }
    if (!this.#names.includes(name)) this.#names.push(name);
    return this.#groupNamed(name) ?? 0;
  }

  /** `(?(1)yes|no)`, `(?(name)yes|no)`, `(?(expression)yes|no)`; the reader stands at the inner parenthesis. */
  #condition(): Pattern {
    const reader = this.#reader;
    const start = reader.at;
    reader.next();
    const name = reader.name();
    let test: number | Pattern | null = null;
    if (name !== "" && reader.peek() === ")") {
      test = this.#groupNamed(name);
      if (test === null && /^[0-9]+$/.test(name)) throw reader.error(`(?(${name}) ) reference to undefined group.`);
      // The first pass cannot tell a name from an expression, and both read the same here.
      if (test !== null) reader.next();
    }
    if (test === null) {
      reader.at = start + 1;
      if (reader.peek() === "?" && reader.peek(1) === "#")
        throw reader.error("Alternation conditions cannot be comments.");
      if (
        reader.peek() === "?" &&
        (reader.peek(1) === "'" || (reader.peek(1) === "<" && !/[!=]/.test(reader.peek(2))))
      ) {
        throw reader.error("Alternation conditions do not capture and cannot be named.");
      }
      const inner = reader.peek() === "?" ? this.#group() : null;
      test = inner ?? { kind: "look", behind: false, negative: false, body: this.#body() };
    }
    const branches = this.#choice();
    if (!reader.take(")")) throw reader.error("Not enough )'s.");
    const items = branches.kind === "choice" ? branches.items : [branches];
    if (items.length > 2) throw reader.error("Too many | in (?()|).");
    return { kind: "condition", test, yes: items[0] ?? EMPTY, no: items[1] ?? EMPTY };
  }

  /** `(?i)` for the rest of the group, `(?i:…)` for a group of its own. */
  #inlineOptions(): Pattern | null {
    const reader = this.#reader;
    const outer = this.#options;
    let off = false;
    for (; !reader.done; reader.at++) {
      const c = reader.peek();
      const option = OPTION_LETTERS[c.toLowerCase()];
      if (c === "-") off = true;
      else if (c === "+") off = false;
      else if (option === undefined) break;
      else this.#options = off ? this.#options & ~option : this.#options | option;
    }
    if (reader.take(")")) return null;
    if (!reader.take(":")) throw reader.error(reader.done ? "Not enough )'s." : "Unrecognized grouping construct.");
    const body = this.#body();
    this.#options = outer;
    return body;
  }
}

const ANCHORS: Readonly<Record<string, Anchor>> = {
  A: "start",
  Z: "end-or-newline",
  z: "end",
  G: "search-start",
  b: "boundary",
  B: "not-boundary",
};

function anchor(name: Anchor): Pattern {
  return { kind: "anchor", anchor: name };
}
