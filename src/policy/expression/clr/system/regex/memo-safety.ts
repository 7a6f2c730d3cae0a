import * as op from "./program.ts";

/**
 * Decides where failures may be remembered. "Operation p failed at position x" holds for ever only when the way on
 * from p depends on nothing but the position. It does not
 * - where a back reference, a group condition, a balancing group or `\G` may follow: they look at captures or at the start;
 * - inside a counted loop: the count matters;
 * - inside a loop whose body may be empty, within an atomic group or look-around: the turn's start matters, and
 *   a success of the inner match may leave failures behind that hold for that start only.
 */
export function markMemos(
  code: readonly op.Instruction[],
  unsafeRanges: readonly (readonly [from: number, to: number])[],
): number {
  const unsafe = reachers(code);
  for (const [from, to] of unsafeRanges) for (let pc = from; pc < to; pc++) unsafe[pc] = 1;
  let memos = 0;
  for (const [pc, instruction] of code.entries()) {
    if (unsafe[pc] === 1) continue;
    const repeat = instruction.op === op.REPEAT && instruction.b === Number.POSITIVE_INFINITY && !instruction.back;
    if (instruction.op === op.SPLIT || repeat) instruction.memo = memos++;
  }
  return memos;
}

/** Operations from which one that depends on more than the position can be reached within the same sub-match. */
function reachers(code: readonly op.Instruction[]): Uint8Array {
  const sources: number[][] = code.map(() => []);
  for (const [pc, instruction] of code.entries())
    for (const next of successors(pc, instruction)) sources[next]?.push(pc);
  const reached = new Uint8Array(code.length);
  const open = [...code.keys()].filter((pc) => isDependent(code[pc] as op.Instruction));
  for (const pc of open) reached[pc] = 1;
  for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
    for (const source of sources[pc] ?? []) {
      if (reached[source] === 1) continue;
      reached[source] = 1;
      open.push(source);
    }
  }
  return reached;
}

function isDependent(instruction: op.Instruction): boolean {
  switch (instruction.op) {
    case op.REFERENCE:
    case op.IF_GROUP:
      return true;
    case op.CAPTURE_END:
      return instruction.b >= 0;
    case op.ANCHOR:
      return instruction.anchor === "search-start";
    default:
      return false;
  }
}

/** The ends of sub-matches lead nowhere: what is inside fails or not whatever comes behind. */
function successors(pc: number, { op: code, a, b, c }: op.Instruction): number[] {
  switch (code) {
    case op.SPLIT:
      return [a, b];
    case op.JUMP:
      return [a];
    case op.EMPTY_CHECK:
    case op.COUNT_HEAD:
    case op.IF_GROUP:
      return [pc + 1, b];
    case op.ATOMIC_START:
    case op.LOOK_START:
      return [pc + 1, c + 1];
    case op.NOT_START:
      return [pc + 1, b];
    case op.ATOMIC_END:
    case op.LOOK_END:
    case op.NOT_END:
    case op.FAIL:
    case op.MATCH:
      return [];
    default:
      return [pc + 1];
  }
}
