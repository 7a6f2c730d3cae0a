/** One `type=value` of a distinguished name. */
export interface NameAttribute {
  /** As .NET calls it, upper case: `CN`, `S`, `E`. */
  type: string;
  value: string;
}

/** Other names under which people know attribute types; .NET's on the right. */
const SYNONYMS: Readonly<Record<string, string>> = {
  ST: "S",
  SP: "S",
  STATE: "S",
  EMAIL: "E",
  EMAILADDRESS: "E",
  TITLE: "T",
  GN: "G",
  GIVENNAME: "G",
  SURNAME: "SN",
  DOMAINCOMPONENT: "DC",
};

/**
 * Reads a distinguished name as people write it: `CN=client, O="Acme, Inc.", C=NL`. Parts are separated by commas (or
 * semicolons); values in quotes, or with a backslash before a character, may hold them. Several values of one part
 * (`CN=a+OU=b`) count as parts of their own.
 * @returns undefined where it is none. Linear in the text.
 */
export function parseWrittenName(text: string): NameAttribute[] | undefined {
  const attributes: NameAttribute[] = [];
  let at = 0;
  while (at < text.length) {
    const equals = text.indexOf("=", at);
    if (equals < 0) return text.slice(at).trim() === "" && attributes.length > 0 ? attributes : undefined;
    const type = text.slice(at, equals).trim();
    if (!/^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)$/.test(type)) return undefined;
    const { value, end } = readValue(text, equals + 1);
    if (value === undefined) return undefined;
    attributes.push({ type: attributeType(type), value });
    at = end;
  }
  return attributes.length > 0 ? attributes : undefined;
}

/** The type as .NET calls it. */
function attributeType(name: string): string {
  const upper = name.toUpperCase();
  return Object.hasOwn(SYNONYMS, upper) ? (SYNONYMS[upper] as string) : upper;
}

/** Equal parts in the same order; types compare without case, values exactly (unconfirmed). */
export function sameName(a: readonly NameAttribute[], b: readonly NameAttribute[]): boolean {
  return a.length === b.length && a.every(({ type, value }, i) => type === b[i]?.type && value === b[i]?.value);
}

/** The value from `from` to the separator; `end` is behind it. */
function readValue(text: string, from: number): { value: string | undefined; end: number } {
  let at = from;
  while (text[at] === " ") at++;
  if (text[at] === '"') return readQuoted(text, at + 1);
  let value = "";
  /** Length up to the last character that is not a space, or was escaped. */
  let kept = 0;
  for (; at < text.length && !isSeparator(text[at] as string); at++) {
    const character = text[at] as string;
    if (character === "\\" && at + 1 < text.length) {
      const code = /^[0-9A-Fa-f]{2}/.exec(text.slice(at + 1, at + 3))?.[0];
      value += code === undefined ? text[at + 1] : String.fromCharCode(Number.parseInt(code, 16));
      at += code === undefined ? 1 : 2;
      kept = value.length;
    } else {
      value += character;
      if (character !== " ") kept = value.length;
    }
  }
  return { value: value.slice(0, kept), end: at + 1 };
}

function readQuoted(text: string, from: number): { value: string | undefined; end: number } {
  let value = "";
  for (let at = from; at < text.length; at++) {
    const character = text[at] as string;
    if (character === "\\" && at + 1 < text.length) value += text[++at];
    else if (character !== '"') value += character;
    else if (text[at + 1] === '"') value += text[++at];
    else {
      let end = at + 1;
      while (text[end] === " ") end++;
      if (end < text.length && !isSeparator(text[end] as string)) return { value: undefined, end };
      return { value, end: end + 1 };
    }
  }
  return { value: undefined, end: text.length };
}

function isSeparator(character: string): boolean {
  return character === "," || character === ";" || character === "+";
}
