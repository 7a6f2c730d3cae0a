const DIMENSIONS = 64;
/** Numbers that a word changes. */
const SPREAD = 4;

/**
 * A vector for a text, of length 1: equal words give equal vectors whatever their case and punctuation, and the more words two texts
 * share, the nearer they are.
 */
export function embedding(text: string, dimensions = DIMENSIONS): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [""]) {
    for (let i = 0; i < SPREAD; i++) {
      const hash = fnv1a(`${i}${word}`);
      const at = hash % dimensions;
      vector[at] = (vector[at] as number) + (hash & 0x1_0000 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  // Numbers that took each other away: any direction will do.
  return length === 0 ? vector.map((_, i) => (i === 0 ? 1 : 0)) : vector.map((number) => number / length);
}

/** A hash of 32 bits (Fowler, Noll, Vo). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
