import { spend } from "../../budget.ts";
import { BudgetExceededError } from "../../exceptions.ts";
import { toLowerText } from "../casing.ts";
import { holdsAt } from "./anchors.ts";
import { Failures } from "./failures.ts";
import * as op from "./program.ts";
import * as stack from "./stack.ts";

/** Steps a search may take: some for each character and operation, but only so many in all, or for a long input. */
const BASE_LIMIT = 200_000;
const MOST_STEPS = 8_000_000;
const MOST_STEPS_PER_UNIT = 24;
const NEWLINE = 10;

/** Captures of one match by slot: `[start, end]` of each repetition, one after the other. Slot 0 is the match. */
export type Captures = number[][];

/**
 * Searches one input for matches of one program. Backtracking, with failures remembered where that is sound, so that
 * most patterns take time proportional to the input; the others stop at a budget that is proportional to it.
 */
export class Matcher {
  readonly #program: op.Program;
  readonly #code: readonly op.Instruction[];
  readonly #input: string;
  readonly #registers: Int32Array;
  readonly #captures: Captures;
  readonly #failures: Failures;
  readonly #limit: number;
  /** From this step on failures are remembered; short searches never pay for it. */
  readonly #memoFrom: number;
  #steps = 0;
  #searchStart = 0;

  /** @param memoFrom from which step on to remember failures; the result is the same for every value */
  constructor(program: op.Program, input: string, memoFrom = 1000 + 4 * (input.length + 1)) {
    this.#program = program;
    this.#code = program.code;
    this.#input = input;
    this.#registers = new Int32Array(program.registers);
    this.#captures = Array.from({ length: program.slots }, () => []);
    this.#failures = new Failures(program.memos, input.length);
    const size = input.length + 1;
    this.#limit = Math.min(
      BASE_LIMIT + size * (64 + 16 * program.code.length),
      Math.max(MOST_STEPS, MOST_STEPS_PER_UNIT * size),
    );
    this.#memoFrom = memoFrom;
  }

  /**
   * The captures of the first match that begins at or after `from` (right to left: ends at or before).
   * @throws BudgetExceededError when the search takes too long
   */
  search(from: number): Captures | null {
    this.#searchStart = from;
    const before = this.#steps;
    try {
      return this.#program.rightToLeft ? this.#searchBack(from) : this.#searchForward(from);
    } finally {
      stack.reset();
      spend((this.#steps - before) >> 6);
    }
  }

  #searchForward(from: number): Captures | null {
    const { prefix, first, leading } = this.#program;
    const input = this.#input;
    for (let at = from; at <= input.length; at++) {
      if (leading === "start" && at > 0) return null;
      if (leading === "search-start" && at > from) return null;
      if (leading === "line-start" && at > 0 && input.charCodeAt(at - 1) !== NEWLINE) {
        at = input.indexOf("\n", at) + 1;
        if (at === 0) return null;
      }
      if (prefix !== "") {
        at = input.indexOf(prefix, at);
        if (at < 0) return null;
      } else if (first !== null) {
        while (at < input.length && !first.has(input.charCodeAt(at))) at++;
        if (at === input.length) return null;
      }
      const end = this.#run(at);
      if (end >= 0) return this.#result(at, end);
    }
    return null;
  }

  #searchBack(from: number): Captures | null {
    for (let at = from; at >= 0; at--) {
      const end = this.#run(at);
      if (end >= 0) return this.#result(end, at);
    }
    return null;
  }

  /** Hands the captures over and starts afresh. */
  #result(start: number, end: number): Captures {
    const captures = this.#captures.map((list) => list.slice());
    captures[0] = [start, end];
    for (const list of this.#captures) list.length = 0;
    return captures;
  }

  #exceeded(): never {
    throw new BudgetExceededError("a regular expression takes too long on this input");
  }

  /** Sets a register so that backtracking restores it. */
  #set(register: number, value: number): void {
    stack.push(stack.RESTORE_REGISTER, register, this.#registers[register] as number, 0, 0);
    this.#registers[register] = value;
  }

  /** Runs the program from a position; where the match ends, or -1. Captures and registers are as before on failure. */
  #run(start: number): number {
    const code = this.#code;
    const input = this.#input;
    const length = input.length;
    const registers = this.#registers;
    stack.clear();
    let pc = 0;
    let at = start;
    for (;;) {
      if (++this.#steps > this.#limit) this.#exceeded();
      const now = code[pc] as op.Instruction;
      let ok = true;
      switch (now.op) {
        case op.UNIT:
          if (now.back ? at > 0 && input.charCodeAt(at - 1) === now.a : input.charCodeAt(at) === now.a) {
            at += now.back ? -1 : 1;
            pc++;
          } else ok = false;
          break;
        case op.SET:
          if (now.back) {
            if (at > 0 && now.set?.has(input.charCodeAt(at - 1))) at--;
            else ok = false;
          } else if (at < length && now.set?.has(input.charCodeAt(at))) at++;
          else ok = false;
          pc++;
          break;
        case op.TEXT:
          if (input.startsWith(now.text, at)) {
            at += now.text.length;
            pc++;
          } else ok = false;
          break;
        case op.SPLIT:
          if (now.firstA !== null && !(at < length && now.firstA.has(input.charCodeAt(at)))) pc = now.b;
          else if (now.firstB !== null && !(at < length && now.firstB.has(input.charCodeAt(at)))) pc = now.a;
          else {
            if (now.memo >= 0 && this.#steps > this.#memoFrom) {
              if (this.#failures.has(now.memo, at)) {
                ok = false;
                break;
              }
              stack.push(stack.MARK, now.memo, at, 0, 0);
            }
            stack.push(stack.BRANCH, now.b, at, 0, 0);
            pc = now.a;
          }
          break;
        case op.JUMP:
          pc = now.a;
          break;
        case op.CAPTURE_START:
          this.#set(now.a, at);
          pc++;
          break;
        case op.CAPTURE_END:
          ok = this.#capture(now, at);
          pc++;
          break;
        case op.REPEAT:
          at = now.back ? this.#repeatBack(now, pc, at) : this.#repeat(now, pc, at);
          ok = at >= 0;
          pc++;
          break;
        case op.EMPTY_MARK:
          this.#set(now.a, at);
          pc++;
          break;
        case op.EMPTY_CHECK:
          pc = registers[now.a] === at ? now.b : pc + 1;
          break;
        case op.COUNT_START:
          this.#set(now.a, 0);
          pc++;
          break;
        case op.COUNT_HEAD: {
          const count = registers[now.a] as number;
          if (count >= now.d) pc = now.b;
          else if (count < now.c) {
            this.#set(now.a, count + 1);
            pc++;
          } else if (now.lazy) {
            // The turn that may still come: back to this operation with the count one below the minimum.
            stack.push(stack.BRANCH, pc + 1, at, 1, now.a);
            pc = now.b;
          } else {
            stack.push(stack.BRANCH, now.b, at, 0, 0);
            this.#set(now.a, count + 1);
            pc++;
          }
          break;
        }
        case op.ATOMIC_START:
          this.#set(now.a, stack.height());
          pc++;
          break;
        case op.ATOMIC_END:
          stack.cut(registers[now.a] as number);
          pc++;
          break;
        case op.LOOK_START:
          this.#set(now.b, at);
          this.#set(now.a, stack.height());
          pc++;
          break;
        case op.LOOK_END:
          stack.cut(registers[now.a] as number);
          at = registers[now.b] as number;
          pc++;
          break;
        case op.NOT_START:
          this.#set(now.a, stack.height());
          stack.push(stack.NEGATIVE, now.b, at, 0, 0);
          pc++;
          break;
        case op.NOT_END:
          this.#unwind(registers[now.a] as number);
          ok = false;
          break;
        case op.REFERENCE:
          at = this.#reference(now, at);
          ok = at >= 0;
          pc++;
          break;
        case op.IF_GROUP:
          pc = (this.#captures[now.a]?.length ?? 0) > 0 ? pc + 1 : now.b;
          break;
        case op.ANCHOR:
          ok = holdsAt(now.anchor, input, at, this.#searchStart);
          pc++;
          break;
        case op.MATCH:
          return at;
        default:
          ok = false;
      }
      if (ok) continue;

      // Back to the last way not tried, undoing on the way.
      for (;;) {
        const place = stack.pop();
        if (place < 0) return -1;
        const index = stack.indexAt(place);
        const x = stack.valueAt(place, 1);
        const kind = stack.kindAt(place);
        if (kind === stack.BRANCH) {
          pc = index;
          at = x;
          if (stack.valueAt(place, 2) === 1) {
            const counter = stack.valueAt(place, 3);
            this.#set(counter, (registers[counter] as number) + 1);
          }
          break;
        }
        if (kind === stack.GIVE_BACK || kind === stack.TAKE_MORE) {
          at = kind === stack.GIVE_BACK ? this.#giveBack(place, index) : this.#takeMore(place, index);
          if (at >= 0) {
            pc = index + 1;
            break;
          }
          continue;
        }
        if (kind === stack.NEGATIVE) {
          pc = index;
          at = x;
          break;
        }
        this.#undo(kind, index, x, place);
      }
    }
  }

  #undo(kind: number, index: number, x: number, place: number): void {
    if (kind === stack.RESTORE_REGISTER) this.#registers[index] = x;
    else if (kind === stack.MARK) this.#failures.add(index, x);
    else if (kind === stack.MARK_RANGE) {
      const end = stack.valueAt(place, 2);
      this.#steps += (end - x) >> 3;
      for (let position = x; position <= end; position++) this.#failures.add(index, position);
    } else if (kind === stack.DROP_CAPTURE) {
      const list = this.#captures[index] as number[];
      list.length -= 2;
    } else if (kind === stack.RESTORE_CAPTURE) {
      (this.#captures[index] as number[]).push(x, stack.valueAt(place, 2));
    }
  }

  /** Back to a height, undoing everything above it; nothing is remembered as failed. */
  #unwind(to: number): void {
    while (stack.height() > to) {
      const place = stack.pop();
      const kind = stack.kindAt(place);
      if (kind !== stack.MARK && kind !== stack.MARK_RANGE) {
        this.#undo(kind, stack.indexAt(place), stack.valueAt(place, 1), place);
      }
    }
  }

  #capture(now: op.Instruction, at: number): boolean {
    let start = Math.min(this.#registers[now.c] as number, at);
    let end = Math.max(this.#registers[now.c] as number, at);
    if (now.b >= 0) {
      const popped = this.#captures[now.b] as number[];
      if (popped.length === 0) return false;
      const lastEnd = popped.pop() as number;
      const lastStart = popped.pop() as number;
      stack.push(stack.RESTORE_CAPTURE, now.b, lastStart, lastEnd, 0);
      // A balancing group captures what lies between the group it pops and itself.
      if (start >= lastEnd) [start, end] = [lastEnd, start];
      else if (end <= lastStart) [start, end] = [end, lastStart];
      else [start, end] = [Math.max(start, lastStart), Math.min(end, lastEnd)];
    }
    if (now.a >= 0) {
      (this.#captures[now.a] as number[]).push(start, end);
      stack.push(stack.DROP_CAPTURE, now.a, 0, 0, 0);
    }
    return true;
  }

  /** A set repeated, left to right. Returns the position behind it, -1 when the minimum is not there. */
  #repeat(now: op.Instruction, pc: number, from: number): number {
    const input = this.#input;
    const set = now.set;
    let at = from;
    const least = from + now.a;
    if (least > input.length) return -1;
    while (at < least) if (!set?.has(input.charCodeAt(at++))) return -1;
    const memo = this.#steps > this.#memoFrom ? now.memo : -1;
    const known = memo >= 0 && this.#failures.any(memo);
    if (known && this.#failures.has(memo, at)) return -1;
    this.#steps += now.a >> 3;
    if (now.c === 1) {
      if (now.b > now.a) stack.push(stack.TAKE_MORE, pc, at, at, memo);
      return at;
    }
    const most = Math.min(input.length, from + now.b);
    const low = at;
    while (at < most && set?.has(input.charCodeAt(at))) {
      // What is known to fail from here on needs no trying.
      if (known && this.#failures.has(memo, at + 1)) break;
      at++;
    }
    this.#steps += (at - low) >> 3;
    if (at > low || memo >= 0) stack.push(stack.GIVE_BACK, pc, low, at, at);
    return at;
  }

  /** The next shorter way of a greedy repetition, -1 when there is none. */
  #giveBack(place: number, pc: number): number {
    const low = stack.valueAt(place, 1);
    const end = stack.valueAt(place, 3);
    const now = this.#code[pc] as op.Instruction;
    if (now.back) {
      const high = low;
      const at = stack.valueAt(place, 2) + 1;
      if (at > high) return -1;
      if (at < high) stack.keep(place, at);
      return at;
    }
    const next = this.#code[pc + 1] as op.Instruction;
    const input = this.#input;
    let at = stack.valueAt(place, 2) - 1;
    if (next.op === op.UNIT && !next.back) {
      const before = at;
      while (at >= low && input.charCodeAt(at) !== next.a) at--;
      this.#steps += (before - at) >> 3;
    }
    const memo = this.#steps > this.#memoFrom ? now.memo : -1;
    if (at > low || (at === low && memo >= 0)) stack.keep(place, at);
    if (at >= low) return at;
    if (memo >= 0) this.#undo(stack.MARK_RANGE, memo, low, this.#rangeFrame(end));
    return -1;
  }

  /** Writes a range's end where {@link #undo} reads it: just above the stack. */
  #rangeFrame(end: number): number {
    stack.push(stack.MARK_RANGE, 0, 0, end, 0);
    return stack.pop();
  }

  /** The next longer way of a lazy repetition, -1 when there is none. */
  #takeMore(place: number, pc: number): number {
    const low = stack.valueAt(place, 1);
    const now = this.#code[pc] as op.Instruction;
    const input = this.#input;
    const taken = stack.valueAt(place, 2);
    if (now.back) {
      if (low - taken + now.a >= now.b || taken <= 0 || !now.set?.has(input.charCodeAt(taken - 1))) return -1;
      stack.keep(place, taken - 1);
      return taken - 1;
    }
    const next = this.#code[pc + 1] as op.Instruction;
    const memo = this.#steps > this.#memoFrom ? now.memo : -1;
    const most = Math.min(input.length, low - now.a + now.b);
    let at = taken;
    let more = false;
    while (at < most && now.set?.has(input.charCodeAt(at))) {
      at++;
      if (memo >= 0 && this.#failures.has(memo, at)) break;
      more = next.op !== op.UNIT || next.back || input.charCodeAt(at) === next.a;
      if (more) break;
    }
    this.#steps += (at - taken) >> 3;
    if (more) {
      stack.keep(place, at);
      return at;
    }
    if (memo >= 0) this.#undo(stack.MARK_RANGE, memo, low, this.#rangeFrame(at));
    return -1;
  }

  /** A set repeated, right to left; the frames hold positions as the other direction does. */
  #repeatBack(now: op.Instruction, pc: number, from: number): number {
    const input = this.#input;
    let at = from;
    const least = from - now.a;
    if (least < 0) return -1;
    while (at > least) if (!now.set?.has(input.charCodeAt(--at))) return -1;
    const high = at;
    if (now.c === 1) {
      if (now.b > now.a) stack.push(stack.TAKE_MORE, pc, high, at, 0);
      return at;
    }
    const most = Math.max(0, from - now.b);
    while (at > most && now.set?.has(input.charCodeAt(at - 1))) at--;
    this.#steps += (from - at) >> 3;
    if (at < high) stack.push(stack.GIVE_BACK, pc, high, at, at);
    return at;
  }

  /** Behind the text of a group's last capture, -1 when it is not there. A group without capture never matches. */
  #reference(now: op.Instruction, at: number): number {
    const list = this.#captures[now.a];
    if (list === undefined || list.length === 0) return -1;
    const text = this.#input.slice(list[list.length - 2], list[list.length - 1]);
    const from = now.back ? at - text.length : at;
    const found = this.#input.slice(Math.max(from, 0), from + text.length);
    this.#steps += text.length >> 3;
    if (from < 0 || (found !== text && (now.c === 0 || toLowerText(found) !== toLowerText(text)))) return -1;
    return now.back ? from : at + text.length;
  }
}
