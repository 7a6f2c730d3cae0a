import type { JValue } from "../value.ts";

/** One step of a parsed JSONPath. A null name stands for `*`. */
export type Filter =
  | { kind: "root" }
  | { kind: "field"; names: readonly (string | null)[]; scan: boolean }
  | { kind: "index"; indexes: readonly number[] | null }
  | { kind: "slice"; start: number | null; end: number | null; step: number | null }
  | { kind: "query"; condition: Condition; scan: boolean };

export type Operator = "===" | "!==" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "=~" | "exists";

/** One side of a comparison: a path from the item or the root, or a literal. */
export type Side = readonly Filter[] | JValue;

/** Conditions that must all hold, or of which one must. */
export interface Group {
  kind: "and" | "or";
  parts: Condition[];
}

export interface Comparison {
  kind: "compare";
  left: Side;
  operator: Operator;
  /** Null for the operator "exists". */
  right: Side | null;
}

/** What stands in `[?( … )]`. */
export type Condition = Comparison | Group;
