import { BudgetExceededError } from "../../exceptions.ts";

/** Kinds of frames of the backtracking stack. */
export const BRANCH = 0;
export const GIVE_BACK = 1;
export const TAKE_MORE = 2;
export const MARK = 3;
export const MARK_RANGE = 4;
export const DROP_CAPTURE = 5;
export const RESTORE_CAPTURE = 6;
export const RESTORE_REGISTER = 7;
export const NEGATIVE = 8;

/** Frames are four integers: kind with operation or register (shifted by four bits), and three values. */
const WIDTH = 4;
const MAX_FRAMES = 6_000_000;
const KEPT = 1 << 18;

/**
 * The backtracking stack: ways not yet tried, and how to undo what was done since. One buffer serves every match,
 * because a match runs to its end without calling anything that could start another.
 */
let buffer = new Int32Array(1 << 12);
let top = 0;

export function height(): number {
  return top;
}

/** Empties the stack and lets a buffer go that one large match has blown up. */
export function reset(): void {
  top = 0;
  if (buffer.length > KEPT) buffer = new Int32Array(1 << 12);
}

export function clear(): void {
  top = 0;
}

export function push(kind: number, index: number, x: number, y: number, z: number): void {
  if (top + WIDTH > buffer.length) grow();
  buffer[top] = kind | (index << 4);
  buffer[top + 1] = x;
  buffer[top + 2] = y;
  buffer[top + 3] = z;
  top += WIDTH;
}

function grow(): void {
  if (buffer.length >= MAX_FRAMES * WIDTH) throw new BudgetExceededError("a regular expression needs too much memory");
  const larger = new Int32Array(buffer.length * 2);
  larger.set(buffer);
  buffer = larger;
}

/** Takes the top frame away and returns its place; false (-1) on an empty stack. */
export function pop(): number {
  if (top === 0) return -1;
  top -= WIDTH;
  return top;
}

export function kindAt(place: number): number {
  return (buffer[place] as number) & 15;
}

export function indexAt(place: number): number {
  return (buffer[place] as number) >> 4;
}

export function valueAt(place: number, field: 1 | 2 | 3): number {
  return buffer[place + field] as number;
}

/** Puts a popped frame back with another middle value. */
export function keep(place: number, y: number): void {
  buffer[place + 2] = y;
  top = place + WIDTH;
}

/**
 * Forgets the ways not tried above a height, but keeps what undoes captures and registers: an atomic group is left
 * for good, yet what it captured must be undone when the match goes back beyond it.
 */
export function cut(to: number): void {
  let write = to;
  for (let read = to; read < top; read += WIDTH) {
    const kind = (buffer[read] as number) & 15;
    if (kind !== DROP_CAPTURE && kind !== RESTORE_CAPTURE && kind !== RESTORE_REGISTER) continue;
    if (write !== read) buffer.copyWithin(write, read, read + WIDTH);
    write += WIDTH;
  }
  top = write;
}
