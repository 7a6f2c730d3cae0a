import { ArgumentOutOfRangeException } from "../exceptions.ts";
import { trimWhiteSpace } from "./string-edit.ts";
import { chargeText } from "./text-limit.ts";
import { isWhiteSpace } from "./unicode.ts";

/** What ends an item: returns the separator's length at an index, 0 where there is none. */
export type Separator = (text: string, index: number) => number;

/** White space, as `Split()` and `Split(null)` use it. */
export const whiteSpaceSeparator: Separator = (text, index) => (isWhiteSpace(text.charCodeAt(index)) ? 1 : 0);

/** Any of some characters; without any, white space. */
export function charSeparator(units: readonly number[] | null): Separator {
  if (units === null || units.length === 0) return whiteSpaceSeparator;
  if (units.length === 1) {
    const only = units[0];
    return (text, index) => (text.charCodeAt(index) === only ? 1 : 0);
  }
  const set = new Set(units);
  return (text, index) => (set.has(text.charCodeAt(index)) ? 1 : 0);
}

/** Any of some strings, the first that fits; without any, white space. Empty and null ones never fit. */
export function textSeparator(values: readonly (string | null)[] | null): Separator {
  if (values === null || values.length === 0) return whiteSpaceSeparator;
  const separators = values.filter((value) => value !== null && value !== "") as string[];
  return (text, index) => {
    for (const value of separators) if (text.startsWith(value, index)) return value.length;
    return 0;
  };
}

export const SPLIT_OPTIONS: Readonly<Record<string, number>> = { None: 0, RemoveEmptyEntries: 1, TrimEntries: 2 };

/**
 * `Split(separator, count, options)`: the last item keeps the rest when there are more than `count`.
 * @param options bits: 1 removes empty items, 2 trims items
 */
export function split(text: string, separator: Separator, count: number, options: number): string[] {
  if (count < 0) throw new ArgumentOutOfRangeException("count", "Count cannot be less than zero.");
  const omitEmpty = (options & 1) !== 0;
  const trim = (options & 2) !== 0;
  const item = (part: string) => (trim ? trimWhiteSpace(part) : part);
  const items: string[] = [];
  if (count === 0) return items;
  chargeText(text.length);
  let start = 0;
  let i = 0;
  while (i < text.length && items.length < count - 1) {
    const length = separator(text, i);
    if (length === 0) {
      i++;
      continue;
    }
    const part = item(text.slice(start, i));
    if (part !== "" || !omitEmpty) items.push(part);
    start = i += length;
  }
  if (omitEmpty && items.length === count - 1) start = skipEmpty(text, separator, start, trim);
  const rest = item(text.slice(start));
  if (rest !== "" || !omitEmpty) items.push(rest);
  return items;
}

/** Past the separators (and white space between them) ahead of the last item. */
function skipEmpty(text: string, separator: Separator, from: number, trim: boolean): number {
  let i = from;
  for (;;) {
    let next = i;
    while (trim && next < text.length && isWhiteSpace(text.charCodeAt(next)) && separator(text, next) === 0) next++;
    const length = next < text.length ? separator(text, next) : 0;
    if (length === 0) return i;
    i = next + length;
  }
}
