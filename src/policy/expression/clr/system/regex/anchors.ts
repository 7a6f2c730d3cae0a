import { isWordUnit } from "./char-set.ts";
import type { Anchor } from "./syntax.ts";

const NEWLINE = 10;

/** True when an anchor holds at a position. @param searchStart where the search began, for `\G` */
export function holdsAt(anchor: Anchor, input: string, at: number, searchStart: number): boolean {
  const end = input.length;
  switch (anchor) {
    case "start":
      return at === 0;
    case "line-start":
      return at === 0 || input.charCodeAt(at - 1) === NEWLINE;
    case "end":
      return at === end;
    case "end-or-newline":
      return at === end || (at === end - 1 && input.charCodeAt(at) === NEWLINE);
    case "line-end":
      return at === end || input.charCodeAt(at) === NEWLINE;
    case "search-start":
      return at === searchStart;
    case "boundary":
    case "not-boundary":
      return atBoundary(input, at, false) === (anchor === "boundary");
    default:
      return atBoundary(input, at, true) === (anchor === "ecma-boundary");
  }
}

function atBoundary(input: string, at: number, ecma: boolean): boolean {
  const before = at > 0 && isWordUnit(input.charCodeAt(at - 1), ecma);
  const after = at < input.length && isWordUnit(input.charCodeAt(at), ecma);
  return before !== after;
}
