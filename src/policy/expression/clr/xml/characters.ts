import { ArgumentException } from "../exceptions.ts";

const START =
  "A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}";
const PART = `${START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040`;

/** A name without a colon (NCName), whole. */
const NC_NAME = new RegExp(`^[${START}][${PART}]*$`, "u");

/** A name with at most one colon, at `lastIndex`. */
const QNAME = new RegExp(`([${START}][${PART}]*)(?::([${START}][${PART}]*))?`, "uy");

/** For ASCII: 1 may stand in a name, 2 may begin one. */
const ASCII_NAME = Uint8Array.from({ length: 128 }, (_, code) => {
  const c = String.fromCharCode(code);
  return isNcName(c) ? 2 : isNcName(`a${c}`) ? 1 : 0;
});

/** Where a name and its prefix end. */
export interface NameEnd {
  /** Index of the colon, -1 without a prefix. */
  colon: number;
  end: number;
}

/** Finds the end of the name (with at most one colon) that begins at an index; null when none begins there. */
export function scanName(text: string, start: number): NameEnd | null {
  let colon = -1;
  let at = start;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c >= 128) return scanAnyName(text, start);
    const first = at === start || at === colon + 1;
    if ((ASCII_NAME[c] ?? 0) > (first ? 1 : 0)) {
      at++;
    } else if (c === 0x3a && colon < 0 && at > start && startsName(text, at + 1)) {
      colon = at++;
    } else {
      return at === start ? null : { colon, end: at };
    }
  }
}

function startsName(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c >= 128 || ASCII_NAME[c] === 2;
}

function scanAnyName(text: string, start: number): NameEnd | null {
  QNAME.lastIndex = start;
  const match = QNAME.exec(text);
  if (match === null) return null;
  const [name, first = "", second] = match;
  return { colon: second === undefined ? -1 : start + first.length, end: start + name.length };
}

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
