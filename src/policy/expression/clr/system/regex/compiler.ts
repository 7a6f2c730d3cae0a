import { BudgetExceededError } from "../../exceptions.ts";
import { CharSet } from "./char-set.ts";
import { firstSet, isNullable, literalPrefix } from "./first-set.ts";
import { markMemos } from "./memo-safety.ts";
import { RIGHT_TO_LEFT } from "./options.ts";
import { parsePattern } from "./parser.ts";
import * as op from "./program.ts";
import { Instruction } from "./program.ts";
import type { Anchor, Pattern } from "./syntax.ts";

/** Repetitions of a group up to this many operations are written out; larger ones count. */
const MAX_UNROLLED = 1000;
const MAX_PROGRAM = 60_000;

/** Compiles a pattern. @throws ArgumentException for a malformed one, BudgetExceededError for a monstrous one */
export function compilePattern(text: string, options: number): op.Program {
  const { root, groups } = parsePattern(text, options);
  const rightToLeft = (options & RIGHT_TO_LEFT) !== 0;
  const compiler = new Compiler(new Map(groups.numbers.map((number, slot) => [number, slot])));
  compiler.emit(root, rightToLeft);
  compiler.add(op.MATCH);
  return {
    code: compiler.code,
    registers: compiler.registers,
    slots: groups.numbers.length,
    groupNumbers: groups.numbers,
    groupNames: groups.names,
    rightToLeft,
    memos: markMemos(compiler.code, compiler.unsafe),
    prefix: rightToLeft ? "" : literalPrefix(root),
    first: rightToLeft ? null : firstSet(root),
    leading: rightToLeft ? null : leadingAnchor(root),
  };
}

function leadingAnchor(node: Pattern): Anchor | null {
  if (node.kind === "anchor") return node.anchor;
  if (node.kind === "capture" || node.kind === "atomic") return leadingAnchor(node.body);
  return node.kind === "sequence" && node.items[0] ? leadingAnchor(node.items[0]) : null;
}

/** About how many operations patterns compile to; each is measured once. */
class Sizes {
  readonly #known = new Map<Pattern, number>();

  of(node: Pattern): number {
    let size = this.#known.get(node);
    if (size === undefined) this.#known.set(node, (size = this.#measure(node)));
    return size;
  }

  #measure(node: Pattern): number {
    switch (node.kind) {
      case "sequence":
        return node.items.reduce((sum, item) => sum + this.of(item), 0);
      case "choice":
        return node.items.reduce((sum, item) => sum + this.of(item) + 2, 0);
      case "loop": {
        if (node.body.kind === "unit" || node.body.kind === "set") return 1;
        const turn = this.of(node.body) + 4;
        const turns = node.max === Number.POSITIVE_INFINITY ? node.min + 1 : node.max;
        return turn * turns > MAX_UNROLLED ? turn + 4 : turn * turns;
      }
      case "capture":
      case "atomic":
      case "look":
        return this.of(node.body) + 2;
      case "condition":
        return this.of(node.yes) + this.of(node.no) + 6 + (typeof node.test === "number" ? 0 : 2 * this.of(node.test));
      default:
        return 1;
    }
  }
}

class Compiler {
  readonly code: Instruction[] = [];
  registers = 0;
  /** Stretches of code in which failures must not be remembered. */
  readonly unsafe: [number, number][] = [];
  readonly #slots: ReadonlyMap<number, number>;
  readonly #sizes = new Sizes();
  /** How many atomic groups and look-arounds surround the current place. */
  #submatches = 0;

  constructor(slots: ReadonlyMap<number, number>) {
    this.#slots = slots;
  }

  add(code: number, fields: Partial<Omit<Instruction, "op">> = {}): Instruction {
    if (this.code.length >= MAX_PROGRAM) throw new BudgetExceededError("the regular expression is too large");
    const instruction = new Instruction(code, fields);
    this.code.push(instruction);
    return instruction;
  }

  get #here(): number {
    return this.code.length;
  }

  emit(node: Pattern, back: boolean): void {
    switch (node.kind) {
      case "empty":
        return;
      case "never":
        this.add(op.FAIL);
        return;
      case "unit":
        this.add(op.UNIT, { a: node.unit, back });
        return;
      case "set":
        this.add(op.SET, { set: node.set, back });
        return;
      case "sequence":
        this.#sequence(node.items, back);
        return;
      case "choice":
        this.#choice(node.items, back);
        return;
      case "loop":
        this.#loop(node, back);
        return;
      case "capture":
        this.#capture(node, back);
        return;
      case "atomic":
        this.#atomic(node.body, back);
        return;
      case "look":
        this.#look(node.body, node.behind, node.negative);
        return;
      case "condition":
        this.#condition(node, back);
        return;
      case "reference":
        this.add(op.REFERENCE, { a: this.#slot(node.group), c: node.ignoreCase ? 1 : 0, back });
        return;
      case "anchor":
        this.add(op.ANCHOR, { anchor: node.anchor });
    }
  }

  #slot(group: number): number {
    return group < 0 ? -1 : (this.#slots.get(group) ?? -1);
  }

  #sequence(items: readonly Pattern[], back: boolean): void {
    if (back) {
      for (const item of items.toReversed()) this.emit(item, back);
      return;
    }
    for (let i = 0; i < items.length; ) {
      let text = "";
      for (let item = items[i]; item?.kind === "unit"; item = items[++i]) text += String.fromCharCode(item.unit);
      if (text.length === 1) this.add(op.UNIT, { a: text.charCodeAt(0) });
      else if (text !== "") this.add(op.TEXT, { text });
      else this.emit(items[i++] as Pattern, back);
    }
  }

  #choice(items: readonly Pattern[], back: boolean): void {
    const jumps: Instruction[] = [];
    for (const [i, item] of items.entries()) {
      if (i === items.length - 1) {
        this.emit(item, back);
        break;
      }
      const split = this.add(op.SPLIT, { firstA: back ? null : firstSet(item) });
      split.a = this.#here;
      this.emit(item, back);
      jumps.push(this.add(op.JUMP));
      split.b = this.#here;
    }
    for (const jump of jumps) jump.a = this.#here;
  }

  #loop(node: Pattern & { kind: "loop" }, back: boolean): void {
    const { body, min, max, lazy } = node;
    if (max === 0) return;
    if (min === 1 && max === 1) {
      this.emit(body, back);
      return;
    }
    if (body.kind === "unit" || body.kind === "set") {
      const set = body.kind === "set" ? body.set : new CharSet({ ranges: [[body.unit, body.unit]] });
      this.add(op.REPEAT, { a: min, b: max, c: lazy ? 1 : 0, set, back });
      return;
    }
    if (body.kind === "empty" || body.kind === "anchor") {
      // Repeating what takes no character changes nothing beyond the first time.
      if (min > 0) this.emit(body, back);
      return;
    }
    const turns = max === Number.POSITIVE_INFINITY ? min + 1 : max;
    if (turns > 1 && this.#sizes.of(body) * turns > MAX_UNROLLED) {
      this.#counted(node, back);
      return;
    }
    for (let i = 0; i < min; i++) this.emit(body, back);
    if (max === Number.POSITIVE_INFINITY) this.#star(body, lazy, back);
    else this.#optional(body, max - min, lazy, back);
  }

  /** Splits before a body that may be skipped; the body is `a` unless the loop is lazy. */
  #split(body: Pattern, lazy: boolean, back: boolean): Instruction {
    const first = back ? null : firstSet(body);
    return this.add(op.SPLIT, { lazy, firstA: lazy ? null : first, firstB: lazy ? first : null });
  }

  #target(split: Instruction, bodyAt: number, exitAt: number): void {
    split.a = split.lazy ? exitAt : bodyAt;
    split.b = split.lazy ? bodyAt : exitAt;
  }

  #star(body: Pattern, lazy: boolean, back: boolean): void {
    const head = this.#here;
    const split = this.#split(body, lazy, back);
    const bodyAt = this.#here;
    const check = this.#guarded(body, back);
    this.add(op.JUMP, { a: head });
    this.#target(split, bodyAt, this.#here);
    if (check) {
      check.b = this.#here;
      if (this.#submatches > 0) this.unsafe.push([bodyAt, this.#here]);
    }
  }

  /** `(body(body(…)?)?)?`; an empty turn ends the loop. */
  #optional(body: Pattern, count: number, lazy: boolean, back: boolean): void {
    const splits: [Instruction, number][] = [];
    const checks: Instruction[] = [];
    const start = this.#here;
    for (let i = 0; i < count; i++) {
      const split = this.#split(body, lazy, back);
      splits.push([split, this.#here]);
      const check = this.#guarded(body, back);
      if (check) checks.push(check);
    }
    for (const [split, bodyAt] of splits) this.#target(split, bodyAt, this.#here);
    for (const check of checks) check.b = this.#here;
    if (checks.length > 0 && this.#submatches > 0) this.unsafe.push([start, this.#here]);
  }

  /** The body, watched for an empty turn where one is possible. */
  #guarded(body: Pattern, back: boolean): Instruction | null {
    if (!isNullable(body)) {
      this.emit(body, back);
      return null;
    }
    const register = this.registers++;
    this.add(op.EMPTY_MARK, { a: register });
    this.emit(body, back);
    return this.add(op.EMPTY_CHECK, { a: register });
  }

  #counted(node: Pattern & { kind: "loop" }, back: boolean): void {
    const register = this.registers++;
    this.add(op.COUNT_START, { a: register });
    const headAt = this.#here;
    const head = this.add(op.COUNT_HEAD, { a: register, c: node.min, d: node.max, lazy: node.lazy });
    // One empty turn stands for all that are left, the mandatory ones included.
    const check = this.#guarded(node.body, back);
    this.add(op.JUMP, { a: headAt });
    head.b = this.#here;
    if (check) check.b = this.#here;
    this.unsafe.push([headAt, this.#here]);
  }

  #capture(node: Pattern & { kind: "capture" }, back: boolean): void {
    const register = this.registers++;
    this.add(op.CAPTURE_START, { a: register });
    this.emit(node.body, back);
    this.add(op.CAPTURE_END, { a: this.#slot(node.group), b: this.#slot(node.pops), c: register });
  }

  #atomic(body: Pattern, back: boolean): void {
    const register = this.registers++;
    const start = this.add(op.ATOMIC_START, { a: register });
    this.#submatch(body, back);
    start.c = this.#here;
    this.add(op.ATOMIC_END, { a: register });
  }

  #look(body: Pattern, behind: boolean, negative: boolean): void {
    const height = this.registers++;
    if (negative) {
      const start = this.add(op.NOT_START, { a: height });
      this.#submatch(body, behind);
      this.add(op.NOT_END, { a: height });
      start.b = this.#here;
      return;
    }
    const position = this.registers++;
    const start = this.add(op.LOOK_START, { a: height, b: position });
    this.#submatch(body, behind);
    start.c = this.#here;
    this.add(op.LOOK_END, { a: height, b: position });
  }

  #submatch(body: Pattern, back: boolean): void {
    this.#submatches++;
    this.emit(body, back);
    this.#submatches--;
  }

  /** `(?(test)yes|no)` with an expression is `(?=test)yes|(?!test)no`. */
  #condition(node: Pattern & { kind: "condition" }, back: boolean): void {
    const { test, yes, no } = node;
    if (typeof test === "number") {
      const branch = this.add(op.IF_GROUP, { a: this.#slot(test) });
      this.emit(yes, back);
      const jump = this.add(op.JUMP);
      branch.b = this.#here;
      this.emit(no, back);
      jump.a = this.#here;
      return;
    }
    const look: Pattern & { kind: "look" } =
      test.kind === "look" ? test : { kind: "look", behind: false, negative: false, body: test };
    const split = this.add(op.SPLIT);
    split.a = this.#here;
    this.emit(look, back);
    this.emit(yes, back);
    const jump = this.add(op.JUMP);
    split.b = this.#here;
    this.emit({ ...look, negative: !look.negative }, back);
    this.emit(no, back);
    jump.a = this.#here;
  }
}
