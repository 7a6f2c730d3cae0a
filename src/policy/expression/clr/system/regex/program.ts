import type { UnitSet } from "./first-set.ts";
import type { Anchor } from "./syntax.ts";

/** Operations of the matcher. */
export const UNIT = 0;
export const SET = 1;
export const TEXT = 2;
/** Try `a`, then `b`. */
export const SPLIT = 3;
export const JUMP = 4;
export const CAPTURE_START = 5;
/** `a`: the slot captured (-1 none); `b`: the slot popped (-1 none); `c`: the register with the start. */
export const CAPTURE_END = 6;
/** A set repeated `a` to `b` times, lazily if `c` is 1. */
export const REPEAT = 7;
/** Remembers the position in register `a`. */
export const EMPTY_MARK = 8;
/** Leaves the loop for `b` when the position is that of register `a`. */
export const EMPTY_CHECK = 9;
export const COUNT_START = 10;
/** Counts register `a` from `c` to `d` turns of the body that follows; `b` is behind the loop. */
export const COUNT_HEAD = 11;
/** Sub-matches: `a` is the register of the stack's height, `b` of the position, `c` the end's place. */
export const ATOMIC_START = 12;
export const ATOMIC_END = 13;
export const LOOK_START = 14;
export const LOOK_END = 15;
/** A negative look-around: goes on at `b` when its body fails. */
export const NOT_START = 16;
export const NOT_END = 17;
export const REFERENCE = 18;
export const IF_GROUP = 19;
export const ANCHOR = 20;
export const FAIL = 21;
export const MATCH = 22;

/** One operation; every field is always there, so that the matcher's loop sees one shape. */
export class Instruction {
  readonly op: number;
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  /** Matching from right to left. */
  back = false;
  /** Of SPLIT: the second way is the body of a loop that prefers to end. */
  lazy = false;
  set: UnitSet | null = null;
  /** Of SPLIT: what the way `a` or the way `b` must begin with, where that is known. */
  firstA: UnitSet | null = null;
  firstB: UnitSet | null = null;
  text = "";
  anchor: Anchor = "start";
  /** Index of the table of positions where this is known to fail, -1 where that must not be remembered. */
  memo = -1;

  constructor(op: number, fields: Partial<Omit<Instruction, "op">> = {}) {
    this.op = op;
    Object.assign(this, fields);
  }
}

/** A compiled pattern. */
export interface Program {
  code: readonly Instruction[];
  registers: number;
  /** Slots of captures; slot 0 is the whole match. */
  slots: number;
  /** Group number of each slot, ascending. */
  groupNumbers: readonly number[];
  groupNames: ReadonlyMap<string, number>;
  rightToLeft: boolean;
  memos: number;
  /** What a match must begin with, to skip over what cannot. */
  prefix: string;
  first: UnitSet | null;
  /** An anchor that every match begins with. */
  leading: Anchor | null;
}
