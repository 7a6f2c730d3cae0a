import type { EnumValue } from "../box.ts";
import { ArgumentException } from "../exceptions.ts";
import { toUpperText } from "./casing.ts";
import { stringHashCode } from "./equality.ts";
import { chargeText } from "./text-limit.ts";

/** The members of `System.StringComparison`. */
export const STRING_COMPARISON: Readonly<Record<string, number>> = {
  CurrentCulture: 0,
  CurrentCultureIgnoreCase: 1,
  InvariantCulture: 2,
  InvariantCultureIgnoreCase: 3,
  Ordinal: 4,
  OrdinalIgnoreCase: 5,
};

/** The two questions a `StringComparison` answers: which order, and whether case counts. The only culture is the invariant one. */
export interface ComparisonRule {
  readonly ordinal: boolean;
  readonly ignoreCase: boolean;
}

/** What an instance of `StringComparison` means. @throws ArgumentException for a number that is no member. */
export function ruleOf(comparison: EnumValue): ComparisonRule {
  if (comparison.value < 0 || comparison.value > 5) {
    throw new ArgumentException("The string comparison type passed in is currently not supported.", "comparisonType");
  }
  return { ordinal: comparison.value >= 4, ignoreCase: comparison.value % 2 === 1 };
}

const collator = new Intl.Collator("en");
const caselessCollator = new Intl.Collator("en", { sensitivity: "accent" });

/** Linguistic order of the invariant culture: "_" before "1" before "a" before "A" before "b". -1, 0 or 1; null first. */
export function compareCulture(a: string | null, b: string | null, ignoreCase: boolean): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  chargeText(Math.min(a.length, b.length));
  return Math.sign((ignoreCase ? caselessCollator : collator).compare(a, b));
}

/** Order of the code units: the difference at the first difference, else of the lengths; null first. */
export function compareOrdinal(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  const shared = Math.min(a.length, b.length);
  chargeText(shared);
  for (let i = 0; i < shared; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** `string.Compare(a, b, comparisonType)`. */
export function compareBy(rule: ComparisonRule, a: string | null, b: string | null): number {
  if (!rule.ordinal) return compareCulture(a, b, rule.ignoreCase);
  if (!rule.ignoreCase || a === null || b === null) return compareOrdinal(a, b);
  return compareOrdinal(toUpperText(a), toUpperText(b));
}

/** `string.Equals(a, b, comparisonType)`. */
export function equalBy(rule: ComparisonRule, a: string | null, b: string | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (!rule.ordinal) return compareCulture(a, b, rule.ignoreCase) === 0;
  return rule.ignoreCase && a.length === b.length && toUpperText(a) === toUpperText(b);
}

/** A hash code that agrees with {@link equalBy}. */
export function hashBy(rule: ComparisonRule, text: string): number {
  // Collation-equal strings must share a code, whatever marks and invisible characters they carry.
  if (!rule.ordinal) return stringHashCode(baseLetters(text));
  return stringHashCode(rule.ignoreCase ? toUpperText(text) : text);
}

function baseLetters(text: string): string {
  return text.normalize("NFKD").toUpperCase().replace(/\P{L}/gu, "");
}

/**
 * The text to search and the text to find, brought to a form in which plain search answers the comparison.
 * Searching is ordinal also for the culture kinds: they differ only for combining and invisible characters.
 */
export function foldForSearch(rule: ComparisonRule, text: string): string {
  return rule.ignoreCase ? toUpperText(text) : text;
}
