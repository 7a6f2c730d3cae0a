import { spend } from "../budget.ts";
import { ArgumentException, ArgumentNullException, ArgumentOutOfRangeException } from "../exceptions.ts";
import { type ComparisonRule, compareCulture, foldForSearch } from "./string-compare.ts";
import { chargeText, checkTextLength, MAX_TEXT_LENGTH } from "./text-limit.ts";

function requireValue(value: string | null): string {
  if (value === null) throw new ArgumentNullException("value");
  return value;
}

/** Throws unless the range lies within the text. */
export function checkRange(
  length: number,
  start: number,
  count: number,
  startName = "startIndex",
  countName = "count",
): void {
  if (start < 0 || start > length) {
    throw new ArgumentOutOfRangeException(
      startName,
      "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
    );
  }
  if (count < 0 || count > length - start) {
    throw new ArgumentOutOfRangeException(
      countName,
      "Count must be positive and count must refer to a location within the string/array/collection.",
    );
  }
}

/** `IndexOf(value, startIndex, count, comparison)`: -1 when missing; an empty value is found at the start. */
export function indexOf(
  text: string,
  wanted: string | null,
  start: number,
  count: number,
  rule: ComparisonRule,
): number {
  const value = requireValue(wanted);
  checkRange(text.length, start, count);
  chargeText(count);
  const region = foldForSearch(rule, text.slice(start, start + count));
  const found = region.indexOf(foldForSearch(rule, value));
  return found < 0 ? -1 : found + start;
}

/**
 * `LastIndexOf(value, startIndex, count, comparison)`: searches the `count` characters that end at `startIndex`.
 * An empty value is found at the end, as in .NET 5 and later.
 */
export function lastIndexOf(
  text: string,
  wanted: string | null,
  start: number,
  count: number,
  rule: ComparisonRule,
): number {
  const value = requireValue(wanted);
  if (text.length === 0 && (start === -1 || start === 0)) return value === "" ? 0 : -1;
  if (start < 0 || start > text.length) {
    throw new ArgumentOutOfRangeException(
      "startIndex",
      "Index was out of range. Must be non-negative and less than the size of the collection.",
    );
  }
  const end = start === text.length ? text.length : start + 1;
  const size = start === text.length && count > 0 ? Math.min(count, text.length) : count;
  if (count < 0 || end - size < 0) {
    throw new ArgumentOutOfRangeException(
      "count",
      "Count must be positive and count must refer to a location within the string/array/collection.",
    );
  }
  chargeText(size);
  const region = foldForSearch(rule, text.slice(end - size, end));
  const found = region.lastIndexOf(foldForSearch(rule, value));
  return found < 0 ? -1 : found + end - size;
}

/** Index of the first (or last) of several characters in a range, or -1. */
export function indexOfAny(text: string, units: readonly number[], start: number, count: number): number {
  checkRange(text.length, start, count);
  chargeText(count);
  const wanted = new Set(units);
  for (let i = start; i < start + count; i++) if (wanted.has(text.charCodeAt(i))) return i;
  return -1;
}

export function lastIndexOfAny(text: string, units: readonly number[], start: number, count: number): number {
  if (text.length === 0) return -1;
  if (start < 0 || start >= text.length) throw new ArgumentOutOfRangeException("startIndex");
  if (count < 0 || count > start + 1) throw new ArgumentOutOfRangeException("count");
  chargeText(count);
  const wanted = new Set(units);
  for (let i = start; i > start - count; i--) if (wanted.has(text.charCodeAt(i))) return i;
  return -1;
}

export function startsWith(text: string, value: string | null, rule: ComparisonRule): boolean {
  const prefix = requireValue(value);
  if (prefix.length > text.length) return !rule.ordinal && compareCulture(text, prefix, rule.ignoreCase) === 0;
  return foldForSearch(rule, text.slice(0, prefix.length)) === foldForSearch(rule, prefix);
}

export function endsWith(text: string, value: string | null, rule: ComparisonRule): boolean {
  const suffix = requireValue(value);
  if (suffix.length > text.length) return !rule.ordinal && compareCulture(text, suffix, rule.ignoreCase) === 0;
  return foldForSearch(rule, text.slice(text.length - suffix.length)) === foldForSearch(rule, suffix);
}

export function contains(text: string, value: string | null, rule: ComparisonRule): boolean {
  chargeText(text.length);
  return foldForSearch(rule, text).includes(foldForSearch(rule, requireValue(value)));
}

/** Throws unless the text to replace is there to be searched. */
export function requireOldValue(oldValue: string | null): string {
  if (oldValue === null) throw new ArgumentNullException("oldValue");
  if (oldValue === "") throw new ArgumentException("String cannot be of zero length.", "oldValue");
  return oldValue;
}

/** `Replace(oldValue, newValue, comparison)`: all occurrences, left to right; null stands for nothing. */
export function replaceText(
  text: string,
  oldValue: string | null,
  newValue: string | null,
  rule: ComparisonRule,
): string {
  const wanted = foldForSearch(rule, requireOldValue(oldValue));
  const replacement = newValue ?? "";
  chargeText(text.length);
  const folded = foldForSearch(rule, text);
  const parts: string[] = [];
  let length = text.length;
  let from = 0;
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, from)) {
    parts.push(text.slice(from, at));
    // Matches cost more than the characters between them: a text full of them must not be cheap.
    if ((parts.length & 1023) === 0) spend(64);
    from = at + wanted.length;
    length += replacement.length - wanted.length;
    if (length > MAX_TEXT_LENGTH) break;
  }
  if (parts.length === 0) return text;
  checkTextLength(length);
  parts.push(text.slice(from));
  return parts.join(replacement);
}
