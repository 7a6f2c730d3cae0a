import { chargeText } from "./text-limit.ts";

/**
 * One-to-one case mapping of the invariant culture: the length never changes, "ß" stays, and the mapping of a
 * character does not depend on its neighbours (JavaScript has final sigma and "SS").
 */
const NON_ASCII = /[^\0-\x7f]/u;

/** `ToUpperInvariant()`. */
export function toUpperText(text: string): string {
  chargeText(text.length);
  return NON_ASCII.test(text) ? mapCodePoints(text, upperOf) : text.toUpperCase();
}

/** `ToLowerInvariant()`. */
export function toLowerText(text: string): string {
  chargeText(text.length);
  return NON_ASCII.test(text) ? mapCodePoints(text, lowerOf) : text.toLowerCase();
}

/** `char.ToUpperInvariant` of a UTF-16 code unit. */
export function toUpperUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x61 && unit <= 0x7a ? unit - 32 : unit;
  return upperOf(String.fromCharCode(unit)).charCodeAt(0);
}

/** `char.ToLowerInvariant` of a UTF-16 code unit. */
export function toLowerUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit;
  return lowerOf(String.fromCharCode(unit)).charCodeAt(0);
}

function mapCodePoints(text: string, map: (c: string) => string): string {
  let out = "";
  for (const c of text) out += map(c);
  return out;
}

/** The dotless i and the long s keep their case: only they would turn into an ASCII letter. */
function upperOf(c: string): string {
  if (c === "ı" || c === "ſ") return c;
  const mapped = c.toUpperCase();
  return mapped.length === c.length ? mapped : c;
}

function lowerOf(c: string): string {
  if (c === "İ") return c;
  const mapped = c.toLowerCase();
  return mapped.length === c.length ? (mapped === "ς" && c === "Σ" ? "σ" : mapped) : c;
}
