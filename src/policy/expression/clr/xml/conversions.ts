import type { MemberFunction } from "../declare.ts";
import { ArgumentNullException, FormatException } from "../exceptions.ts";
import { parseIsoDate, parseIsoDateOffset } from "../json/iso-date.ts";
import { DateTime } from "../system/date-time.ts";
import { DateTimeOffset } from "../system/date-time-offset.ts";
import { Decimal } from "../system/decimal.ts";
import { Guid } from "../system/guid.ts";
import { INTEGERS, parseInteger } from "../system/integers.ts";
import { readDouble } from "../system/number-parse.ts";
import type { XAttribute } from "./attribute.ts";
import type { XElement } from "./element.ts";
import { parseDuration } from "./value-text.ts";

/** `(bool)element`: also 1 and 0, in any case. */
function toBoolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (word === "true" || word === "1") return true;
  if (word === "false" || word === "0") return false;
  throw new FormatException(`The string '${text}' is not a valid Boolean value.`);
}

function toDouble(text: string): number {
  const word = text.trim();
  if (word === "INF") return Number.POSITIVE_INFINITY;
  if (word === "-INF") return Number.NEGATIVE_INFINITY;
  const outcome = readDouble(word);
  if (!outcome.ok || word.includes(",")) throw new FormatException();
  return outcome.value;
}

/** Each target of the conversion operators of XElement and XAttribute, from the text of the value. */
const TARGETS: readonly (readonly [type: string, convert: (text: string) => unknown])[] = [
  ["bool", toBoolean],
  ...INTEGERS.filter((kind) => /32|64/.test(kind.clr)).map(
    (kind) => [kind.keyword, (text: string) => parseInteger(kind, text.trim())] as const,
  ),
  ["float", (text) => Math.fround(toDouble(text))],
  ["double", toDouble],
  ["decimal", (text) => Decimal.parse(text.trim())],
  ["DateTime", (text) => parseIsoDate(text.trim()) ?? DateTime.parse(text)],
  ["DateTimeOffset", (text) => parseIsoDateOffset(text.trim()) ?? DateTimeOffset.parse(text)],
  ["TimeSpan", parseDuration],
  ["Guid", (text) => Guid.parse(text)],
];

type Valued = XElement | XAttribute | null;

/** The explicit operators of a class with a text value. @param source `XElement` or `XAttribute` */
export function conversionsFrom(source: "XElement" | "XAttribute"): Record<string, MemberFunction> {
  const parameter = source === "XElement" ? "element" : "attribute";
  const members: Record<string, MemberFunction> = {
    [`static explicit operator string(${source} ${parameter})`]: (from: Valued) => from?.value ?? null,
  };
  for (const [type, convert] of TARGETS) {
    members[`static explicit operator ${type}(${source} ${parameter})`] = (from: Valued) => {
      if (from === null) throw new ArgumentNullException(parameter);
      return convert(from.value);
    };
    members[`static explicit operator ${type}?(${source} ${parameter})`] = (from: Valued) =>
      from === null ? null : convert(from.value);
  }
  return members;
}
