import { ArgumentNullException, ArgumentOutOfRangeException } from "../exceptions.ts";
import { checkTextLength } from "./text-limit.ts";
import { isWhiteSpace } from "./unicode.ts";

/** `Substring(startIndex, length)`. Nothing is clamped. @throws ArgumentOutOfRangeException */
export function substring(text: string, start: number, length = text.length - start): string {
  if (start < 0) throw new ArgumentOutOfRangeException("startIndex", "StartIndex cannot be less than zero.");
  if (start > text.length) {
    throw new ArgumentOutOfRangeException("startIndex", "startIndex cannot be larger than length of string.");
  }
  if (length < 0) throw new ArgumentOutOfRangeException("length", "Length cannot be less than zero.");
  if (start + length > text.length) {
    throw new ArgumentOutOfRangeException("length", "Index and length must refer to a location within the string.");
  }
  return text.slice(start, start + length);
}

export function insert(text: string, index: number, value: string | null): string {
  if (value === null) throw new ArgumentNullException("value");
  if (index < 0 || index > text.length) {
    throw new ArgumentOutOfRangeException("startIndex", "Specified argument was out of the range of valid values.");
  }
  checkTextLength(text.length + value.length);
  return text.slice(0, index) + value + text.slice(index);
}

/** `Remove(startIndex)`: the end goes. */
export function removeFrom(text: string, start: number): string {
  if (start < 0) throw new ArgumentOutOfRangeException("startIndex", "StartIndex cannot be less than zero.");
  if (start > text.length || (start === text.length && start > 0)) {
    throw new ArgumentOutOfRangeException("startIndex", "startIndex must be less than length of string.");
  }
  return text.slice(0, start);
}

export function remove(text: string, start: number, count: number): string {
  if (start < 0) throw new ArgumentOutOfRangeException("startIndex", "StartIndex cannot be less than zero.");
  if (count < 0) throw new ArgumentOutOfRangeException("count", "Count cannot be less than zero.");
  if (start + count > text.length) {
    throw new ArgumentOutOfRangeException("count", "Index and count must refer to a location within the string.");
  }
  return text.slice(0, start) + text.slice(start + count);
}

function checkWidth(width: number): void {
  if (width < 0) throw new ArgumentOutOfRangeException("totalWidth", "Non-negative number required.");
  checkTextLength(width);
}

export function padLeft(text: string, width: number, unit = 0x20): string {
  checkWidth(width);
  return text.padStart(width, String.fromCharCode(unit));
}

export function padRight(text: string, width: number, unit = 0x20): string {
  checkWidth(width);
  return text.padEnd(width, String.fromCharCode(unit));
}

/** `new string(c, count)`. */
export function repeatUnit(unit: number, count: number): string {
  if (count < 0) throw new ArgumentOutOfRangeException("count", "'count' must be non-negative.");
  checkTextLength(count);
  return String.fromCharCode(unit).repeat(count);
}

/** Which ends `Trim`, `TrimStart` and `TrimEnd` work on. */
export type TrimEnds = "both" | "start" | "end";

/** Removes characters of a set from the ends; without a set (null or empty) white space. */
export function trim(text: string, ends: TrimEnds, units: readonly number[] | null): string {
  const set = units !== null && units.length > 0 ? new Set(units) : null;
  const goes = (index: number) => (set ? set.has(text.charCodeAt(index)) : isWhiteSpace(text.charCodeAt(index)));
  let start = 0;
  let end = text.length;
  if (ends !== "end") while (start < end && goes(start)) start++;
  if (ends !== "start") while (end > start && goes(end - 1)) end--;
  return text.slice(start, end);
}

export function trimWhiteSpace(text: string): string {
  return trim(text, "both", null);
}

/** `string.IsNullOrWhiteSpace`. */
export function isBlank(text: string | null): boolean {
  return text === null || trim(text, "start", null) === "";
}
