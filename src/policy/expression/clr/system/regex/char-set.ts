import { toLowerUnit, toUpperUnit } from "../casing.ts";
import { CATEGORIES, categoryMask, categoryOf } from "../unicode.ts";

/** All thirty general categories. */
const EVERY_CATEGORY = 2 ** CATEGORIES.length - 1;

/** What a class is made of: ranges of code units (pairs of first and last) and general categories (a bit mask). */
export interface CharSetParts {
  ranges: readonly (readonly [first: number, last: number])[];
  categories?: number;
  negated?: boolean;
  ignoreCase?: boolean;
  /** Class subtraction: `[a-z-[aeiou]]`. */
  except?: CharSet | null;
}

/** A set of UTF-16 code units. Membership of ASCII is a table; the rest is looked up. */
export class CharSet {
  readonly #ascii = new Uint8Array(128);
  readonly #ranges: readonly (readonly [number, number])[];
  readonly #categories: number;
  readonly #negated: boolean;
  readonly #ignoreCase: boolean;
  readonly #except: CharSet | null;

  constructor(parts: CharSetParts) {
    this.#ranges = mergeRanges(parts.ranges);
    this.#categories = parts.categories ?? 0;
    this.#negated = parts.negated ?? false;
    this.#ignoreCase = parts.ignoreCase ?? false;
    this.#except = parts.except ?? null;
    for (let unit = 0; unit < 128; unit++) this.#ascii[unit] = this.#find(unit) ? 1 : 0;
  }

  has(unit: number): boolean {
    return unit < 128 ? this.#ascii[unit] === 1 : this.#find(unit);
  }

  #find(unit: number): boolean {
    let found = this.#listed(unit);
    if (!found && this.#ignoreCase) {
      const lower = toLowerUnit(unit);
      found = (lower !== unit && this.#listed(lower)) || this.#listed(toUpperUnit(lower));
    }
    return found !== this.#negated && !this.#except?.has(unit);
  }

  #listed(unit: number): boolean {
    if (this.#categories !== 0 && ((this.#categories >>> categoryOf(unit)) & 1) === 1) return true;
    let low = 0;
    let high = this.#ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [first, last] = this.#ranges[middle] as readonly [number, number];
      if (unit < first) high = middle - 1;
      else if (unit > last) low = middle + 1;
      else return true;
    }
    return false;
  }
}

function mergeRanges(ranges: CharSetParts["ranges"]): [number, number][] {
  const sorted = ranges.map(([first, last]): [number, number] => [first, last]).sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const range of sorted) {
    const previous = merged.at(-1);
    if (previous && range[0] <= previous[1] + 1) previous[1] = Math.max(previous[1], range[1]);
    else merged.push(range);
  }
  return merged;
}

/** The ranges that the given ones leave out. */
export function complement(ranges: CharSetParts["ranges"]): [number, number][] {
  const out: [number, number][] = [];
  let next = 0;
  for (const [first, last] of mergeRanges(ranges)) {
    if (first > next) out.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= 0xffff) out.push([next, 0xffff]);
  return out;
}

/** Part of a class: what `\d`, `\W` or `\p{Lu}` adds. */
export interface ClassPart {
  ranges: [number, number][];
  categories: number;
}

const WORD = categoryMask("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Nd", "Pc");
const DIGIT = categoryMask("Nd");
const SPACE_RANGES: [number, number][] = [
  [9, 13],
  [32, 32],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
];
const ECMA_WORD: [number, number][] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
  [0x130, 0x130],
];
const ECMA_DIGIT: [number, number][] = [[0x30, 0x39]];
const ECMA_SPACE: [number, number][] = [
  [9, 13],
  [32, 32],
];

/** What `\d \D \w \W \s \S` stand for. */
export function shorthand(letter: string, ecma: boolean): ClassPart {
  const negated = letter === letter.toUpperCase();
  const kind = letter.toLowerCase();
  if (kind === "s") return byRanges(ecma ? ECMA_SPACE : SPACE_RANGES, negated);
  if (ecma) return byRanges(kind === "w" ? ECMA_WORD : ECMA_DIGIT, negated);
  return byCategories(kind === "w" ? WORD : DIGIT, negated);
}

function byRanges(ranges: [number, number][], negated: boolean): ClassPart {
  return { ranges: negated ? complement(ranges) : ranges, categories: 0 };
}

/** A set of categories, or all others. */
export function byCategories(mask: number, negated: boolean): ClassPart {
  return { ranges: [], categories: negated ? EVERY_CATEGORY & ~mask : mask };
}

/** `\p{L}`, `\p{Lu}`: the categories of a name of one or two letters, null when there is none. */
export function categoriesNamed(name: string): number | null {
  const names = CATEGORIES.filter((category) => category === name || (name.length === 1 && category.startsWith(name)));
  return names.length === 0 ? null : categoryMask(...names);
}

const wordSet = new CharSet({ ranges: [[0x200c, 0x200d]], categories: WORD });
const ecmaWordSet = new CharSet({ ranges: ECMA_WORD });

/** Word characters as `\b` sees them: the joiners count as well. */
export function isWordUnit(unit: number, ecma: boolean): boolean {
  return (ecma ? ecmaWordSet : wordSet).has(unit);
}

/** Every code unit that a literal matches without regard to case. */
export function caseVariants(unit: number): number[] {
  const lower = toLowerUnit(unit);
  const variants = new Set([unit, lower, toUpperUnit(unit), toUpperUnit(lower)]);
  // The Kelvin and Angstrom signs have the letters k and å as their lower case.
  if (lower === 0x6b) variants.add(0x212a);
  if (lower === 0xe5) variants.add(0x212b);
  return [...variants].filter((variant) => toLowerUnit(variant) === lower);
}
