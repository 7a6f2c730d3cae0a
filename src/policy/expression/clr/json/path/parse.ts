import { Box } from "../../box.ts";
import { JsonException } from "../../exceptions.ts";
import { TokenType } from "../token-type.ts";
import { JValue } from "../value.ts";
import type { Comparison, Condition, Filter, Group, Operator, Side } from "./syntax.ts";

/** Parses a JSONPath in Newtonsoft's dialect. @throws {JsonException} */
export function parsePath(text: string): readonly Filter[] {
  return new PathParser(text).path();
}

/** Longest first, so that a prefix does not hide a longer operator. */
const OPERATORS: readonly (readonly [string, Operator])[] = [
  ["===", "==="],
  ["!==", "!=="],
  ["==", "=="],
  ["=~", "=~"],
  ["!=", "!="],
  ["<>", "!="],
  ["<=", "<="],
  ["<", "<"],
  [">=", ">="],
  [">", ">"],
];

const LITERALS: readonly (readonly [string, unknown, TokenType])[] = [
  ["true", true, TokenType.Boolean],
  ["false", false, TokenType.Boolean],
  ["null", null, TokenType.Null],
];

class PathParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  path(): readonly Filter[] {
    const filters: Filter[] = [];
    this.#space();
    if (this.#at === this.#text.length || this.#text === "$") return filters;
    if (this.#text[this.#at] === "$" && (this.#text[this.#at + 1] === "." || this.#text[this.#at + 1] === "["))
      this.#at++;
    this.#steps(filters, false);
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected("path");
    return filters;
  }

  /** The steps of a path; inside a query it ends at an operator. */
  #steps(filters: Filter[], query: boolean): void {
    let scan = false;
    let after: "start" | "dot" | "indexer" = "start";
    for (;;) {
      const c = this.#text[this.#at];
      if (c === "[" || c === "(") {
        filters.push(this.#indexer(c, scan));
        scan = false;
        after = "indexer";
      } else if (c === ".") {
        this.#at++;
        scan = this.#text[this.#at] === ".";
        if (scan) this.#at++;
        after = "dot";
      } else if (c === undefined || c === "]" || c === ")" || c === " " || (query && "=<!>|&".includes(c))) {
        if (after === "dot" && (c === undefined || query))
          throw new JsonException("Unexpected end while parsing path.");
        return;
      } else {
        if (after === "indexer") throw new JsonException(`Unexpected character following indexer: ${c}`);
        const name = this.#name(query);
        filters.push({ kind: "field", names: [name === "*" ? null : name], scan });
        scan = false;
        after = "start";
      }
    }
  }

  #name(query: boolean): string {
    const start = this.#at;
    while (this.#at < this.#text.length) {
      const c = this.#text[this.#at] as string;
      if ("[(]). ".includes(c) || (query && "=<!>|&".includes(c))) break;
      this.#at++;
    }
    return this.#text.slice(start, this.#at);
  }

  #indexer(open: string, scan: boolean): Filter {
    const close = open === "[" ? "]" : ")";
    this.#at++;
    this.#space();
    this.#more("Path ended with open indexer.");
    const c = this.#text[this.#at];
    const filter = c === "'" ? this.#quotedNames(close, scan) : c === "?" ? this.#query(scan) : this.#indexes(close);
    this.#space();
    this.#more("Path ended with open indexer.");
    if (this.#text[this.#at] !== close) throw this.#unexpected("path indexer");
    this.#at++;
    return filter;
  }

  #quotedNames(close: string, scan: boolean): Filter {
    const names: string[] = [];
    for (;;) {
      if (this.#text[this.#at] !== "'") throw this.#unexpected("path indexer");
      names.push(this.#quoted());
      this.#space();
      this.#more("Path ended with open indexer.");
      if (this.#text[this.#at] === close) return { kind: "field", names, scan };
      if (this.#text[this.#at] !== ",") throw this.#unexpected("path indexer");
      this.#at++;
      this.#space();
      this.#more("Path ended with open indexer.");
    }
  }

  /** `*`, `0`, `0,2` or `start:end:step`. */
  #indexes(close: string): Filter {
    const start = this.#at;
    while (this.#at < this.#text.length && this.#text[this.#at] !== close) {
      if (!/[\d\-*:, ]/.test(this.#text[this.#at] as string)) throw this.#unexpected("path indexer");
      this.#at++;
    }
    this.#more("Path ended with open indexer.");
    const inner = this.#text.slice(start, this.#at).trim();
    if (inner === "") throw new JsonException("Array index expected.");
    if (inner === "*") return { kind: "index", indexes: null };
    const parts = inner.split(":");
    if (parts.length > 3) throw new JsonException("Unexpected character while parsing path indexer: :");
    if (parts.length > 1) {
      const [from, to, step] = parts.map((part) => (part.trim() === "" ? null : indexOf(part)));
      return { kind: "slice", start: from ?? null, end: to ?? null, step: step ?? null };
    }
    return { kind: "index", indexes: inner.split(",").map(indexOf) };
  }

  #query(scan: boolean): Filter {
    this.#at++;
    this.#more("Path ended with open indexer.");
    if (this.#text[this.#at] !== "(") throw this.#unexpected("path indexer");
    this.#at++;
    const condition = this.#condition();
    this.#at++;
    return { kind: "query", condition, scan };
  }

  /**
   * Comparisons joined by `&&` and `||`. A change of the operator opens a group that lasts to the end:
   * `a && b || c` is `a && (b || c)`, as Newtonsoft has it.
   */
  #condition(): Condition {
    let root: Group | null = null;
    let group: Group | null = null;
    while (this.#at < this.#text.length) {
      const comparison = this.#comparison();
      const c = this.#text[this.#at];
      if (c === ")") {
        if (group === null) return comparison;
        group.parts.push(comparison);
        return root ?? comparison;
      }
      const kind = c === "&" ? "and" : "or";
      if (!this.#take(c === "&" ? "&&" : "||")) throw this.#unexpected("path query");
      if (group?.kind !== kind) {
        const inner: Group = { kind, parts: [] };
        group?.parts.push(inner);
        group = inner;
        root ??= inner;
      }
      group.parts.push(comparison);
    }
    throw new JsonException("Path ended with open query.");
  }

  #comparison(): Comparison {
    const left = this.#side();
    const c = this.#text[this.#at] as string;
    if (")|&".includes(c)) return { kind: "compare", left, operator: "exists", right: null };
    const operator = OPERATORS.find(([sign]) => this.#take(sign))?.[1];
    if (operator === undefined) throw new JsonException("Could not read query operator.");
    return { kind: "compare", left, operator, right: this.#side() };
  }

  #side(): Side {
    this.#space();
    const side = this.#operand();
    this.#space();
    this.#more("Path ended with open query.");
    return side;
  }

  #operand(): Side {
    const c = this.#text[this.#at];
    if (c === "$" || c === "@") {
      this.#at++;
      const filters: Filter[] = c === "$" ? [{ kind: "root" }] : [];
      this.#steps(filters, true);
      return filters;
    }
    if (c === "'") return new JValue(this.#quoted(), TokenType.String);
    if (c === "/") return new JValue(this.#regularExpression(), TokenType.String);
    for (const [word, value, type] of LITERALS) if (this.#take(word)) return new JValue(value, type);
    const number = /^-?\d[^ )]*/.exec(this.#text.slice(this.#at, this.#at + 400))?.[0];
    if (number === undefined) throw this.#unexpected("path query");
    this.#at += number.length;
    if (/^-?\d{1,18}$/.test(number)) return new JValue(BigInt(number), TokenType.Integer);
    if (Number.isNaN(Number(number))) throw new JsonException(`Could not read query value '${number}'.`);
    return new JValue(new Box("Double", Number(number)), TokenType.Float);
  }

  /** `'text'` with backslash escapes; the position is at the opening quote. */
  #quoted(): string {
    let text = "";
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at] as string;
      if (c === "'") {
        this.#at++;
        return text;
      }
      if (c !== "\\") {
        text += c;
        continue;
      }
      const escaped = this.#text[++this.#at];
      const plain = escaped === undefined ? undefined : ESCAPES[escaped];
      if (plain === undefined) throw new JsonException(`Unknown escape character: \\${escaped ?? ""}`);
      text += plain;
    }
    throw new JsonException("Path ended with an open string.");
  }

  /** `/pattern/flags`, slashes included. */
  #regularExpression(): string {
    const start = this.#at++;
    while (this.#at < this.#text.length) {
      const c = this.#text[this.#at++];
      if (c === "\\") this.#at++;
      if (c !== "/") continue;
      while (/[a-z]/i.test(this.#text[this.#at] ?? "")) this.#at++;
      return this.#text.slice(start, this.#at);
    }
    throw new JsonException("Path ended with an open regex.");
  }

  #take(sign: string): boolean {
    if (!this.#text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  #space(): void {
    while (this.#text[this.#at] === " ") this.#at++;
  }

  #more(message: string): void {
    if (this.#at >= this.#text.length) throw new JsonException(message);
  }

  #unexpected(where: string): JsonException {
    return new JsonException(`Unexpected character while parsing ${where}: ${this.#text[this.#at] ?? ""}`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "/": "/",
};

function indexOf(text: string): number {
  const digits = text.trim();
  if (!/^-?\d{1,9}$/.test(digits))
    throw new JsonException(`Unexpected character while parsing path indexer: ${digits}`);
  return Number(digits);
}
