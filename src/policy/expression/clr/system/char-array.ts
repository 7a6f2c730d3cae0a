import { Box, ClrArray } from "../box.ts";
import { spend } from "../budget.ts";
import { ArgumentNullException } from "../exceptions.ts";
import { checkRange } from "./string-search.ts";

/** The text of a `char[]`. */
export function textOfChars(chars: ClrArray | null): string {
  return unitsOfChars(chars)
    .map((unit) => String.fromCharCode(unit))
    .join("");
}

/** The code units of a `char[]`; null has none. */
export function unitsOfChars(chars: ClrArray | null): number[] {
  return chars === null ? [] : chars.items.map((item) => (item instanceof Box ? Number(item.value) : 0));
}

/** A `char[]` with the characters of a text. */
export function charsOfText(text: string): ClrArray {
  spend(text.length);
  const items: Box[] = new Array(text.length);
  for (let i = 0; i < text.length; i++) items[i] = new Box("Char", text.charCodeAt(i));
  return new ClrArray("char", items);
}

/** The text of a part of a `char[]`. @throws ArgumentNullException, ArgumentOutOfRangeException */
export function textOfCharRange(chars: ClrArray | null, start: number, count: number, name = "value"): string {
  if (chars === null) throw new ArgumentNullException(name);
  checkRange(chars.items.length, start, count, "startIndex", "length");
  return textOfChars(new ClrArray("char", chars.items.slice(start, start + count)));
}

/** Writes part of a text into a `char[]`, as the `CopyTo` methods do. */
export function copyToChars(text: string, source: number, chars: ClrArray | null, target: number, count: number): void {
  if (chars === null) throw new ArgumentNullException("destination");
  checkRange(text.length, source, count, "sourceIndex", "count");
  checkRange(chars.items.length, target, count, "destinationIndex", "count");
  for (let i = 0; i < count; i++) chars.items[target + i] = new Box("Char", text.charCodeAt(source + i));
}
