import type { CharSet } from "./char-set.ts";

/** Positions that match without taking a character. */
export type Anchor =
  /** `^` in multiline mode, `$` in multiline mode. */
  | "line-start"
  | "line-end"
  /** `\A` and `^`; `\Z` and `$` (also before a final newline); `\z`. */
  | "start"
  | "end-or-newline"
  | "end"
  /** `\G`: where the search began. */
  | "search-start"
  | "boundary"
  | "not-boundary"
  | "ecma-boundary"
  | "ecma-not-boundary";

/** The syntax tree of a .NET regular expression. Groups are numbered as they are written; see `groups`. */
export type Pattern =
  | { kind: "empty" }
  | { kind: "never" }
  | { kind: "unit"; unit: number }
  | { kind: "set"; set: CharSet }
  | { kind: "sequence"; items: Pattern[] }
  | { kind: "choice"; items: Pattern[] }
  | { kind: "loop"; body: Pattern; min: number; max: number; lazy: boolean }
  /** `group` or `pops` is -1 for none; `pops` is the group that a balancing group takes a capture from. */
  | { kind: "capture"; group: number; pops: number; body: Pattern }
  | { kind: "atomic"; body: Pattern }
  | { kind: "look"; body: Pattern; behind: boolean; negative: boolean }
  | { kind: "condition"; test: number | Pattern; yes: Pattern; no: Pattern }
  | { kind: "reference"; group: number; ignoreCase: boolean }
  | { kind: "anchor"; anchor: Anchor };

/** The groups of a pattern: numbers in ascending order (0 first), and names. */
export interface GroupTable {
  numbers: number[];
  names: Map<string, number>;
}

export interface ParsedPattern {
  root: Pattern;
  groups: GroupTable;
}
