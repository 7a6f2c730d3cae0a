import { type SourceFile, SourceText, SourceTextBuilder } from "../../model/source-text.ts";
import { isXmlCharacter } from "./characters.ts";

const PREDEFINED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,16})|#x([0-9A-Fa-f]{1,16}));/y;

/**
 * The character that the reference at `at` (an ampersand) stands for and the length of the reference.
 * Only the five predefined entities and numeric references count; undefined for anything else.
 */
export function referenceAt(text: string, at: number): { character: string; length: number } | undefined {
  REFERENCE.lastIndex = at;
  const match = REFERENCE.exec(text);
  if (!match) return undefined;
  const [whole, name, decimal, hexadecimal] = match;
  if (name) return { character: PREDEFINED[name] as string, length: whole.length };
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal as string, 16);
  return isXmlCharacter(code) ? { character: String.fromCodePoint(code), length: whole.length } : undefined;
}

/** What happens to line ends: `keep` makes each a line feed (XML 2.11), `space` each white space character a space (XML 3.3.3). */
export type Whitespace = "keep" | "space";

/**
 * The characters that `start` to `end` of the file stand for: references decoded, line ends normalised.
 * An ampersand that begins no reference stays; `onAmpersand` hears of it.
 */
export function decode(
  file: SourceFile,
  start: number,
  end: number,
  whitespace: Whitespace,
  onAmpersand?: (offset: number) => void,
): SourceText {
  const { text } = file;
  let builder: SourceTextBuilder | undefined;
  let from = start;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code > 38) continue;
    if (code === 38) {
      const reference = referenceAt(text, i);
      if (!reference || i + reference.length > end) {
        onAmpersand?.(i);
        continue;
      }
      builder ??= new SourceTextBuilder(file);
      builder.verbatim(from, i);
      builder.mapped(reference.character, i);
      from = i + reference.length;
      i = from - 1;
    } else if (code === 13 || (whitespace === "space" && (code === 10 || code === 9))) {
      const paired = code === 13 && i + 1 < end && text.charCodeAt(i + 1) === 10;
      builder ??= new SourceTextBuilder(file);
      builder.verbatim(from, i);
      if (whitespace === "space" || !paired) builder.mapped(whitespace === "space" ? " " : "\n", i);
      from = i + 1;
      if (paired && whitespace === "space") from = ++i + 1;
    }
  }
  if (!builder) return SourceText.verbatim(file, start, end);
  builder.verbatim(from, end);
  return builder.build();
}
