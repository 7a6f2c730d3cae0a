import { ArgumentException } from "../exceptions.ts";

const START =
  "A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}";
const PART = `${START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040`;

/** A name without a colon (NCName), whole. */
const NC_NAME = new RegExp(`^[${START}][${PART}]*$`, "u");

/** For readers: a name with at most one colon, at `lastIndex`. */
export const QNAME = new RegExp(`([${START}][${PART}]*)(?::([${START}][${PART}]*))?`, "uy");

/** Why a text is no name, as .NET says it. */
export function nameProblem(text: string): string {
  if (text === "") return "The empty string '' is not a valid local name.";
  const characters = [...text];
  const bad = characters.findIndex((_, i) => !isNcName(characters.slice(0, i + 1).join("")));
  const described = describeCharacter(characters[bad]?.codePointAt(0) ?? 0, " character");
  return bad === 0 ? `Name cannot begin with the ${described}.` : `The ${described}, cannot be included in a name.`;
}

/** Is the text a name without a colon? */
export function isNcName(text: string): boolean {
  return NC_NAME.test(text);
}

const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Index of the first character that XML 1.0 does not allow (control characters, lone surrogates), or -1. */
export function forbiddenAt(text: string): number {
  return text.search(FORBIDDEN);
}

/** @throws {ArgumentException} when the text cannot stand in an XML document */
export function checkCharacters(text: string): void {
  const at = forbiddenAt(text);
  if (at < 0) return;
  throw new ArgumentException(`${describeCharacter(text.charCodeAt(at))}, is an invalid character.`);
}

/** `'x', hexadecimal value 0x78`, as messages show a character; `noun` comes after the quotes. */
export function describeCharacter(code: number, noun = ""): string {
  const shown = code < 0x20 || (code >= 0xd800 && code <= 0xdfff) ? "." : String.fromCodePoint(code);
  return `'${shown}'${noun}, hexadecimal value 0x${code.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** Only XML's own white space? True for the empty string. */
export function isXmlSpace(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}
