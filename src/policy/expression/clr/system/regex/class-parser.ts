import { byCategories, CharSet, type ClassPart, categoriesNamed, complement, shorthand } from "./char-set.ts";
import type { PatternReader } from "./reader.ts";
import { blockNamed } from "./unicode-blocks.ts";

const MAX_NESTING = 50;

/** `\p{Lu}` or `\P{IsGreek}`, the letter already taken. @throws ArgumentException */
export function parseProperty(reader: PatternReader, negated: boolean): ClassPart {
  if (!reader.take("{")) throw reader.error("Incomplete \\p{X} character escape.");
  const start = reader.at;
  while (!reader.done && /[\w-]/.test(reader.peek())) reader.at++;
  const name = reader.text.slice(start, reader.at);
  if (!reader.take("}")) throw reader.error("Incomplete \\p{X} character escape.");
  const mask = categoriesNamed(name);
  if (mask !== null) return byCategories(mask, negated);
  const block = blockNamed(name);
  if (block === null) throw reader.error(`Unknown property '${name}'.`);
  const range: [number, number] = [block[0], block[1]];
  return { ranges: negated ? complement([range]) : [range], categories: 0 };
}

/**
 * A character class, the opening bracket already taken: ranges, escapes, shorthands, properties, negation and
 * subtraction (`[a-z-[aeiou]]`, which must come last). @throws ArgumentException
 */
export function parseClass(reader: PatternReader, ignoreCase: boolean, ecma: boolean, depth = 0): CharSet {
  if (depth > MAX_NESTING) throw reader.error("Character classes are nested too deeply.");
  const ranges: [number, number][] = [];
  let categories = 0;
  let except: CharSet | null = null;
  /** The first character of a range whose dash has been read. */
  let from: number | null = null;
  const negated = reader.take("^");
  const add = (part: ClassPart, shown: string) => {
    if (from !== null) throw reader.error(`Cannot include class ${shown} in character range.`);
    ranges.push(...part.ranges);
    categories |= part.categories;
  };
  const subtract = () => {
    except = parseClass(reader, ignoreCase, ecma, depth + 1);
    if (!reader.done && reader.peek() !== "]")
      throw reader.error("A subtraction must be the last element in a character class.");
  };
  for (let first = true; ; first = false) {
    if (reader.done) throw reader.error("Unterminated [] set.");
    const c = reader.next();
    if (c === "]" && !first) break;
    let unit = c.charCodeAt(0);
    let escaped = false;
    if (c === "\\" && !reader.done) {
      const letter = reader.peek();
      if (/[dDwWsS]/.test(letter)) {
        reader.next();
        add(shorthand(letter, ecma), `\\${letter}`);
        continue;
      }
      if (letter === "p" || letter === "P") {
        reader.next();
        add(parseProperty(reader, letter === "P"), `\\${letter}`);
        continue;
      }
      if (letter === "-" && from === null) {
        reader.next();
        ranges.push([0x2d, 0x2d]);
        continue;
      }
      // Only the end of a range gets here with a dash; it is no escape sequence but a plain character.
      unit = reader.escape(ecma);
      escaped = true;
    }
    if (from !== null) {
      if (c === "[" && !escaped && !first) {
        ranges.push([from, from]);
        subtract();
      } else if (from > unit) {
        throw reader.error("[x-y] range in reverse order.");
      } else {
        ranges.push([from, unit]);
      }
      from = null;
    } else if (reader.left >= 2 && reader.peek() === "-" && reader.peek(1) !== "]") {
      reader.next();
      from = unit;
    } else if (c === "-" && !escaped && !first && reader.peek() === "[") {
      reader.next();
      subtract();
    } else {
      ranges.push([unit, unit]);
    }
  }
  return new CharSet({ ranges, categories, negated, ignoreCase, except });
}
