/**
 * Unicode general categories, in the order and with the numbers of `System.Globalization.UnicodeCategory`.
 */
export const CATEGORIES = [
  "Lu",
  "Ll",
  "Lt",
  "Lm",
  "Lo",
  "Mn",
  "Mc",
  "Me",
  "Nd",
  "Nl",
  "No",
  "Zs",
  "Zl",
  "Zp",
  "Cc",
  "Cf",
  "Cs",
  "Co",
  "Pc",
  "Pd",
  "Ps",
  "Pe",
  "Pi",
  "Pf",
  "Po",
  "Sm",
  "Sc",
  "Sk",
  "So",
  "Cn",
] as const;

const CATEGORY_TESTS = CATEGORIES.map((name) => new RegExp(`^\\p{${name}}$`, "u"));

/** Categories of the code units seen so far, plus one; 0 where unknown. */
const known = new Uint8Array(0x1_0000);

/** Category number of a code point or of a single UTF-16 code unit. */
export function categoryOf(codePoint: number): number {
  if (codePoint > 0xffff) return findCategory(codePoint);
  const cached = known[codePoint] ?? 0;
  if (cached > 0) return cached - 1;
  const category = codePoint >= 0xd800 && codePoint <= 0xdfff ? 16 : findCategory(codePoint);
  known[codePoint] = category + 1;
  return category;
}

function findCategory(codePoint: number): number {
  const text = String.fromCodePoint(codePoint);
  const found = CATEGORY_TESTS.findIndex((test) => test.test(text));
  return found < 0 ? 29 : found;
}

/** A set of categories as a bit mask. */
export function categoryMask(...names: (typeof CATEGORIES)[number][]): number {
  return names.reduce((mask, name) => mask | (1 << CATEGORIES.indexOf(name)), 0);
}

export function hasCategory(codePoint: number, mask: number): boolean {
  return ((mask >>> categoryOf(codePoint)) & 1) === 1;
}

export const LETTER = categoryMask("Lu", "Ll", "Lt", "Lm", "Lo");
export const DIGIT = categoryMask("Nd");
export const NUMBER = categoryMask("Nd", "Nl", "No");
export const PUNCTUATION = categoryMask("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po");
export const SYMBOL = categoryMask("Sm", "Sc", "Sk", "So");
export const SEPARATOR = categoryMask("Zs", "Zl", "Zp");
export const UPPER = categoryMask("Lu");
export const LOWER = categoryMask("Ll");
export const CONTROL = categoryMask("Cc");

/** `char.IsWhiteSpace`. */
export function isWhiteSpace(unit: number): boolean {
  if (unit <= 0xff) return unit === 0x20 || (unit >= 9 && unit <= 13) || unit === 0x85 || unit === 0xa0;
  return hasCategory(unit, SEPARATOR);
}

/** `char.GetNumericValue`: -1 for characters that are no number. */
export function numericValue(codePoint: number): number {
  if (hasCategory(codePoint, DIGIT)) {
    let zero = codePoint;
    while (hasCategory(zero - 1, DIGIT)) zero--;
    // Decimal digits stand in runs of ten.
    return (codePoint - zero) % 10;
  }
  const plain = String.fromCodePoint(codePoint).normalize("NFKC").replace("⁄", "/");
  const fraction = /^(\d+)\/(\d+)$/.exec(plain);
  if (fraction) return Number(fraction[1]) / Number(fraction[2]);
  return /^\d+$/.test(plain) ? Number(plain) : -1;
}
