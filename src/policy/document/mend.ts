import { isSpace, nameAt, skipSpace } from "./characters.ts";
import { MEND_WINDOW } from "./reading.ts";

/**
 * Guesses where a broken attribute value or text was meant to end. Each function looks at one window of the text and
 * is called only after an error.
 */

const NEXT_ATTRIBUTE = /\s+[\w:.-]+\s*=\s*["']/y;
const TAG_END = /\s*[/?]?>/y;
const TAG_END_BEFORE_MARKUP = /\s*\/?>\s*(?:<|$)/y;

/** Whether what stands at `at` could follow an attribute: the end of the tag, or white space and another attribute. */
export function canFollowAttribute(text: string, at: number): boolean {
  if (endsTag(text, at)) return true;
  NEXT_ATTRIBUTE.lastIndex = at;
  return NEXT_ATTRIBUTE.test(text);
}

function endsTag(text: string, at: number): boolean {
  TAG_END.lastIndex = at;
  return TAG_END.test(text);
}

/** Whether the tag goes on or ends at `at`, so surely that a delimiter before it must be missing. */
export function tagGoesOn(text: string, at: number): boolean {
  NEXT_ATTRIBUTE.lastIndex = at;
  TAG_END_BEFORE_MARKUP.lastIndex = at;
  return NEXT_ATTRIBUTE.test(text) || TAG_END_BEFORE_MARKUP.test(text);
}

/** Whether an attribute begins at `at`, without white space before it. */
export function beginsAttribute(text: string, at: number): boolean {
  const name = nameAt(text, at);
  if (!name) return false;
  const equals = skipSpace(text, at + name.length);
  const quote = text.charCodeAt(equals) === 61 ? text[skipSpace(text, equals + 1)] : undefined;
  return quote === '"' || quote === "'";
}

export interface MendedValue {
  /** End of the value. */
  valueEnd: number;
  /** Where reading goes on: behind the delimiter, or at `valueEnd` where there is none. */
  end: number;
}

/**
 * The likely end of an attribute value: the first delimiter from `from` on that something follows which can follow an
 * attribute, as long as no markup begins before it. Otherwise the delimiter is taken to be missing, and the value ends
 * with its tag.
 *
 * `bracket`: the value holds C# that should end with this bracket. Then a `<` is no sign of markup unless it begins a
 * line, and in the same tag a delimiter behind such a bracket is the better guess: code has things like `x = "a" y = "b"`.
 */
export function mendedValue(text: string, from: number, delimiter: string, bracket?: string): MendedValue {
  const boundary = bracket ? nextMarkupLine(text, from) : nextOf(text, "<", from);
  let found = -1;
  for (let i = nextOf(text, delimiter, from, boundary); i < boundary; i = nextOf(text, delimiter, i + 1, boundary)) {
    if (!canFollowAttribute(text, i + 1)) continue;
    const bracketed = bracket !== undefined && text[backOverSpace(text, from, i) - 1] === bracket;
    if (found < 0 || bracketed) found = i;
    if (!bracket || bracketed || endsTag(text, i + 1)) break;
  }
  if (found >= 0) return { valueEnd: found, end: found + 1 };
  let end = backOverSpace(text, from, boundary);
  if (end > from && text.charCodeAt(end - 1) === 62) {
    end--;
    if (end > from && text.charCodeAt(end - 1) === 47) end--;
    end = backOverSpace(text, from, end);
  }
  return { valueEnd: end, end };
}

/**
 * Where white space and `name=` begin that stand right before `at`, a quote: then this quote opens another attribute's
 * value, and the one before lacks its closing quote. -1 if something else stands there; looks back no further than `from`.
 */
export function attributeBefore(text: string, from: number, at: number): number {
  const equals = backOverSpace(text, from, at) - 1;
  if (equals <= from || text.charCodeAt(equals) !== 61) return -1;
  const nameEnd = backOverSpace(text, from, equals);
  let nameStart = nameEnd;
  while (nameStart > from && /[\w:.-]/.test(text[nameStart - 1] as string)) nameStart--;
  const before = backOverSpace(text, from, nameStart);
  return nameStart < nameEnd && before < nameStart ? before : -1;
}

/** The first line from `from` on that begins with a tag or a comment: its `<`, or the end of the window. */
export function nextMarkupLine(text: string, from: number): number {
  const window = text.slice(from, from + MEND_WINDOW);
  for (let i = window.indexOf("\n"); i >= 0; i = window.indexOf("\n", i + 1)) {
    const at = skipSpace(window, i + 1);
    if (window.charCodeAt(at) === 60 && (/[/!?]/.test(window[at + 1] ?? "") || nameAt(window, at + 1)))
      return from + at;
    i = Math.max(i, at - 1);
  }
  return from + window.length;
}

/** The end tag of an element of that name from `from` on, or -1. */
export function nextEndTag(text: string, name: string, from: number): number {
  const window = text.slice(from, from + MEND_WINDOW);
  const wanted = `</${name}`;
  for (let i = window.indexOf(wanted); i >= 0; i = window.indexOf(wanted, i + 1)) {
    const after = skipSpace(window, i + wanted.length);
    if (window.charCodeAt(after) === 62) return from + i;
  }
  return -1;
}

function nextOf(text: string, wanted: string, from: number, end = from + MEND_WINDOW): number {
  const found = text.slice(from, end).indexOf(wanted);
  return found < 0 ? Math.min(end, text.length) : from + found;
}

function backOverSpace(text: string, from: number, end: number): number {
  let i = end;
  while (i > from && isSpace(text.charCodeAt(i - 1))) i--;
  return i;
}
