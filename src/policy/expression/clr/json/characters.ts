/** Classes of characters in JSON text, by UTF-16 code unit (NaN: the end) or by text and index. */
export function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

/** `char.IsWhiteSpace`. */
export function isWhite(c: number): boolean {
  if (c < 0x80) return c === 0x20 || (c >= 9 && c <= 13);
  return c === 0x85 || (c !== 0xfeff && /\s/.test(String.fromCharCode(c)));
}

export function isLetterOrDigit(text: string, at: number): boolean {
  const c = text[at];
  return c !== undefined && /[\p{L}\p{Nd}]/u.test(c);
}

export function isIdentifier(text: string, at: number): boolean {
  const c = text[at];
  return c === "_" || c === "$" || isLetterOrDigit(text, at);
}

/** Characters that belong to a number as long as they follow one another; whether they make sense shows later. */
export function isNumberPart(c: number): boolean {
  return (
    isDigit(c) ||
    c === 0x2e ||
    c === 0x2d ||
    c === 0x2b ||
    c === 0x78 ||
    c === 0x58 ||
    (c >= 0x61 && c <= 0x66) ||
    (c >= 0x41 && c <= 0x46)
  );
}

export function endsNumber(c: number): boolean {
  return Number.isNaN(c) || c === 0x2c || c === 0x7d || c === 0x5d || c === 0x29 || c === 0x2f || isWhite(c);
}

export function endsWord(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c === 0x2f) return text[at + 1] === "*" || text[at + 1] === "/";
  return endsNumber(c);
}
