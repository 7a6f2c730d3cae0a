import { Regex } from "../../../expression/clr/system/regex/regex.ts";
import { FORMATS } from "../json-schema/formats.ts";
import { SchemaError } from "../json-schema/schema-error.ts";
import type { SimpleType } from "./model.ts";

/** Orders values of a type for its bounds; NaN where they cannot be compared. */
type Order = (a: string, b: string) => number;

/** A primitive type, or one of those derived from it that the standard names. */
interface BuiltIn {
  base: string | undefined;
  /** White space: kept, each character a space, or runs of it one space and none at the ends. */
  white?: "preserve" | "replace" | "collapse";
  test?(text: string): boolean;
  order?: Order;
  canonical?(text: string): string;
  list?: string;
  identity?: SimpleType["identity"];
  /** How `length` counts; undefined where the facet has no meaning. */
  length?(text: string): number;
}

const NAME = /^[\p{L}_:][\p{L}\p{M}\p{N}._:·-]*$/u;
const NC_NAME = /^[\p{L}_][\p{L}\p{M}\p{N}._·-]*$/u;
const NM_TOKEN = /^[\p{L}\p{M}\p{N}._:·-]+$/u;
const ZONE = "(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d|[+-]14:00)?";
const pattern = (text: string) => {
  const regex = new RegExp(`^(?:${text})$`);
  return (value: string) => regex.test(value);
};
const decimal = pattern("[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)");
const whole = pattern("[+-]?\\d+");
const float = pattern("[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?|-?INF|NaN");
const isDuration = pattern(
  "-?P(?=.)(?:\\d+Y)?(?:\\d+M)?(?:\\d+D)?(?:T(?=.)(?:\\d+H)?(?:\\d+M)?(?:\\d+(?:\\.\\d+)?S)?)?",
);
const zoned = (text: string) => text.replace(new RegExp(`${ZONE}$`), "");

const isDate = (text: string) => {
  const date = /^-?(\d{4,})(-\d\d-\d\d)/.exec(text);
  const zone = pattern(ZONE);
  return (
    date !== null && Boolean(FORMATS.date?.(`${date[1]?.slice(-4)}${date[2]}`)) && zone(text.slice(date[0].length))
  );
};
const isTime = (text: string) => /^24:00:00(?:\.0+)?/.test(zoned(text)) || isClock(text);
const isClock = pattern(`(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?${ZONE}`);
const isDateTime = (text: string) => {
  const at = text.indexOf("T");
  return (
    at > 0 &&
    isDate(text.slice(0, at)) &&
    !/[Z+]|\d-\d\d:/.test(text.slice(1, at).slice(10)) &&
    isTime(text.slice(at + 1))
  );
};

/** Digits with the point moved to the end of both, so that numbers of any length compare. */
function compareDecimals(a: string, b: string): number {
  const [left, right] = [scaled(a), scaled(b)];
  const digits = Math.max(left.scale, right.scale);
  const difference =
    left.value * 10n ** BigInt(digits - left.scale) - right.value * 10n ** BigInt(digits - right.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Longest number whose digits are looked at one by one. */
const MAX_DIGITS = 400;

function scaled(text: string): { value: bigint; scale: number } {
  const [whole = "0", fraction = ""] = text.split(".");
  if (whole.length + fraction.length > MAX_DIGITS) throw new RangeError("The number has too many digits.");
  const value = BigInt(`${whole.replace(/^[+-]/, "")}${fraction}` || "0");
  return { value: text.startsWith("-") ? -value : value, scale: fraction.length };
}

const compareFloats: Order = (a, b) => floatOf(a) - floatOf(b);
const floatOf = (text: string) => Number(text.replace("INF", "Infinity"));
const compareTimes: Order = (a, b) => instant(a) - instant(b);
const instant = (text: string) =>
  Date.parse(text.includes("T") ? (/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`) : text);

function canonicalDecimal(text: string): string {
  const negative = text.startsWith("-");
  const [whole = "", fraction = ""] = text.replace(/^[+-]/, "").split(".");
  const digits = `${whole.replace(/^0+/, "") || "0"}.${trimEnd(fraction, "0")}`;
  return digits === "0." || !negative ? digits : `-${digits}`;
}

function trimEnd(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end--;
  return text.slice(0, end);
}

const between = (low: string | undefined, high: string | undefined) => (text: string) =>
  whole(text) &&
  text.length <= MAX_DIGITS &&
  (low === undefined || compareDecimals(text, low) >= 0) &&
  (high === undefined || compareDecimals(text, high) <= 0);

const characters = (text: string) => [...text].length;
const text = (base: string, test: (text: string) => boolean, more: Partial<BuiltIn> = {}): BuiltIn => ({
  base,
  test,
  ...more,
});
const number = (base: string, low?: string, high?: string): BuiltIn => ({ base, test: between(low, high) });
const calendar = (test: (text: string) => boolean, order?: Order): BuiltIn => ({
  base: "anySimpleType",
  white: "collapse",
  test,
  ...(order ? { order } : {}),
});

const BUILT_IN: Readonly<Record<string, BuiltIn>> = {
  anySimpleType: { base: undefined, white: "preserve" },
  anyAtomicType: { base: "anySimpleType" },
  string: { base: "anySimpleType", length: characters },
  normalizedString: { base: "string", white: "replace" },
  token: { base: "normalizedString", white: "collapse" },
  language: text("token", pattern("[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")),
  Name: text("token", (value) => NAME.test(value)),
  NCName: text("Name", (value) => NC_NAME.test(value)),
  NMTOKEN: text("token", (value) => NM_TOKEN.test(value)),
  NMTOKENS: { base: "anySimpleType", white: "collapse", list: "NMTOKEN" },
  ID: { base: "NCName", identity: "id" },
  IDREF: { base: "NCName", identity: "idref" },
  IDREFS: { base: "anySimpleType", white: "collapse", list: "IDREF", identity: "idrefs" },
  anyURI: { base: "anySimpleType", white: "collapse", length: characters },
  QName: text(
    "anySimpleType",
    (value) => value.split(":").length <= 2 && value.split(":").every((part) => NC_NAME.test(part)),
    {
      white: "collapse",
    },
  ),
  boolean: {
    base: "anySimpleType",
    white: "collapse",
    test: pattern("true|false|1|0"),
    canonical: (value) => (value === "1" ? "true" : value === "0" ? "false" : value),
  },
  decimal: {
    base: "anySimpleType",
    white: "collapse",
    test: decimal,
    order: compareDecimals,
    canonical: canonicalDecimal,
  },
  integer: number("decimal"),
  nonPositiveInteger: number("integer", undefined, "0"),
  negativeInteger: number("integer", undefined, "-1"),
  nonNegativeInteger: number("integer", "0"),
  positiveInteger: number("integer", "1"),
  long: number("integer", "-9223372036854775808", "9223372036854775807"),
  int: number("integer", "-2147483648", "2147483647"),
  short: number("integer", "-32768", "32767"),
  byte: number("integer", "-128", "127"),
  unsignedLong: number("integer", "0", "18446744073709551615"),
  unsignedInt: number("integer", "0", "4294967295"),
  unsignedShort: number("integer", "0", "65535"),
  unsignedByte: number("integer", "0", "255"),
  float: {
    base: "anySimpleType",
    white: "collapse",
    test: float,
    order: compareFloats,
    canonical: (v) => String(floatOf(v)),
  },
  double: {
    base: "anySimpleType",
    white: "collapse",
    test: float,
    order: compareFloats,
    canonical: (v) => String(floatOf(v)),
  },
  date: calendar(isDate, compareTimes),
  dateTime: calendar(isDateTime, compareTimes),
  time: calendar(isTime, (a, b) => compareTimes(`1970-01-01T${a}`, `1970-01-01T${b}`)),
  gYear: calendar(pattern(`-?\\d{4,}${ZONE}`)),
  gYearMonth: calendar(pattern(`-?\\d{4,}-(?:0[1-9]|1[0-2])${ZONE}`)),
  gMonth: calendar(pattern(`--(?:0[1-9]|1[0-2])${ZONE}`)),
  gMonthDay: calendar((value) => value.startsWith("--") && isDate(`2000-${value.slice(2)}`)),
  gDay: calendar(pattern(`---(?:0[1-9]|[12]\\d|3[01])${ZONE}`)),
  duration: calendar(isDuration),
  base64Binary: {
    base: "anySimpleType",
    white: "collapse",
    test: (value) => Boolean(FORMATS.byte?.(value.replaceAll(" ", ""))),
    length: (value) => Buffer.from(value.replaceAll(" ", ""), "base64").length,
    canonical: (value) => value.replaceAll(" ", ""),
  },
  hexBinary: {
    base: "anySimpleType",
    white: "collapse",
    test: (value) => value.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(value),
    length: (value) => value.length / 2,
    canonical: (value) => value.toUpperCase(),
  },
};

/** A simple type with what its restrictions need to know. */
export interface Restrictable extends SimpleType {
  white: "preserve" | "replace" | "collapse";
  order: Order | undefined;
  length: ((text: string) => number) | undefined;
}

const known = new Map<string, Restrictable>();

/** A built-in type by its local name in the XML Schema namespace. */
export function builtInType(name: string): Restrictable | undefined {
  const found = known.get(name);
  if (found) return found;
  const definition = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  if (!definition) return undefined;
  const base = definition.base === undefined ? undefined : builtInType(definition.base);
  const item = definition.list === undefined ? undefined : builtInType(definition.list);
  const white = definition.white ?? base?.white ?? "preserve";
  const { test } = definition;
  const type: Restrictable = {
    kind: "simple",
    name: `xs:${name}`,
    base,
    white,
    order: definition.order ?? base?.order,
    length: item ? (value) => words(value).length : (definition.length ?? base?.length),
    normalize: (value) => normalizeSpace(value, white),
    canonical: definition.canonical ?? base?.canonical ?? ((value) => value),
    ...((definition.identity ?? base?.identity) ? { identity: definition.identity ?? base?.identity } : {}),
    check(value) {
      const normal = normalizeSpace(value, white);
      if (item)
        return words(normal).length === 0 ? `is no xs:${name}` : firstOf(words(normal), (word) => item.check(word));
      if (test && !test(normal)) return `'${shorten(normal)}' is not a valid value for xs:${name}`;
      return base?.check(normal);
    },
  } as Restrictable;
  known.set(name, type);
  return type;
}

export function normalizeSpace(value: string, white: Restrictable["white"]): string {
  if (white === "preserve") return value;
  const replaced = value.replace(/[\t\r\n]/g, " ");
  return white === "replace" ? replaced : words(replaced).join(" ");
}

/** The items of a list. */
export function words(value: string): string[] {
  return value.split(/[ \t\r\n]/).filter((word) => word !== "");
}

export function firstOf(values: readonly string[], check: (value: string) => string | undefined): string | undefined {
  for (const value of values) {
    const problem = check(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

export function shorten(value: string): string {
  return value.length > 100 ? `${value.slice(0, 100)}…` : value;
}

/**
 * A pattern facet: it covers the whole value, `^` and `$` are ordinary characters, and `\i` and `\c` are those of
 * names. @throws {SchemaError}
 */
export function patternFacet(written: string): Regex {
  let translated = "";
  let depth = 0;
  for (let i = 0; i < written.length; i++) {
    const c = written.charAt(i);
    if (c === "\\") {
      const next = written.charAt(++i);
      translated +=
        NAME_CLASSES[next] === undefined ? c + next : depth > 0 ? NAME_CLASSES[next] : `[${NAME_CLASSES[next]}]`;
      if (next === "I" || next === "C") throw new SchemaError(`\\${next} in a pattern is not supported.`);
    } else if ((c === "^" || c === "$") && depth === 0) translated += `\\${c}`;
    else {
      if (c === "[") depth++;
      if (c === "]") depth--;
      translated += c;
    }
  }
  try {
    return Regex.of(`^(?:${translated})\\z`);
  } catch (error) {
    throw new SchemaError(
      `The pattern '${shorten(written)}' is not valid. ${error instanceof Error ? error.message : error}`,
    );
  }
}

const NAME_CLASSES: Readonly<Record<string, string>> = { i: "\\p{L}_:", c: "\\p{L}\\p{M}\\p{N}._:·\\-" };
