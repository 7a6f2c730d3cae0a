/** XML 1.0 names and characters, over UTF-16 code units (a surrogate counts as a name character, as all of planes 1 to 14 do). */

const START =
  "A-Za-z_:\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D" +
  "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uDFFF\\uF900-\\uFDCF\\uFDF0-\\uFFFD";
const NAME = new RegExp(`[${START}][${START}0-9.\\u00B7\\u0300-\\u036F\\u203F\\u2040-]*`, "y");

/** The XML name that begins at `at`; empty when none does. */
export function nameAt(text: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0] ?? "";
}

/** White space as XML knows it: space, tab, line feed, carriage return. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13;
}

/** The first offset from `at` on that holds no white space; at most `end`. */
export function skipSpace(text: string, at: number, end = text.length): number {
  let i = at;
  while (i < end && isSpace(text.charCodeAt(i))) i++;
  return i;
}

/** Whether XML allows the character: no control characters but tab and line ends, no lone surrogates, no non-characters. */
export function isXmlCharacter(code: number): boolean {
  if (code < 32) return code === 9 || code === 10 || code === 13;
  return code < 0xd800 || (code > 0xdfff && code !== 0xfffe && code !== 0xffff && code <= 0x10ffff);
}

/** Where the first character stands that XML forbids, and how many there are; undefined in a clean text. */
export function forbiddenCharacters(text: string): { first: number; count: number } | undefined {
  let first = -1;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 32 && code < 0xd800) continue;
    const at = i;
    if (code >= 0xd800 && code <= 0xdbff) {
      code = text.codePointAt(i) as number;
      if (code > 0xffff) i++;
    }
    if (isXmlCharacter(code)) continue;
    if (first < 0) first = at;
    count++;
  }
  return first < 0 ? undefined : { first, count };
}
