import { FormatException } from "../exceptions.ts";
import { dateToTicks, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, timeToTicks } from "./calendar.ts";
import { DAY_NAMES, dateTokens, MONTH_NAMES, standardPattern } from "./date-format.ts";
import type { ParsedDate } from "./date-parse.ts";

interface Fields {
  year: number | null;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  fraction: string;
  half: string;
  weekday: number;
  offset: bigint | null;
}

/**
 * `ParseExact`: the text must have exactly the form of the format (standard letter or custom).
 * @param today midnight of the current day, for a text with a time only
 * @returns null when the text has another form or names no date
 * @throws FormatException when the format itself is malformed
 */
export function parseDateExact(text: string, format: string, today: bigint): ParsedDate | null {
  const pattern = format.length === 1 ? standardPattern(format) : format;
  if (pattern === null || format === "") throw new FormatException();
  const fields: Fields = {
    year: null,
    month: 0,
    day: 0,
    hour: 0,
    minute: 0,
    second: 0,
    fraction: "",
    half: "",
    weekday: -1,
    offset: null,
  };
  let at = 0;
  for (const token of dateTokens(pattern)) {
    if (token.literal !== undefined) {
      if (!text.startsWith(token.literal, at)) return null;
      at += token.literal.length;
      continue;
    }
    const used = readField(fields, token.letter, token.count, text.slice(at, at + 32));
    if (used < 0) return null;
    at += used;
  }
  if (at !== text.length) return null;
  if (format === "r" || format === "R" || format === "u") fields.offset = 0n;
  return assemble(fields, today);
}

function assemble(fields: Fields, today: bigint): ParsedDate | null {
  let hour = fields.hour;
  if (fields.half !== "") {
    if (hour > 12) return null;
    hour = (hour % 12) + (fields.half === "P" ? 12 : 0);
  }
  const time = timeToTicks(hour, fields.minute, fields.second);
  const timeOnly = fields.year === null && fields.month === 0 && fields.day === 0;
  const year = fields.year ?? Number(today / TICKS_PER_DAY / 146_097n) * 400 + 1;
  const day = timeOnly ? today : dateToTicks(year, fields.month || 1, fields.day || 1);
  if (day === null || time === null) return null;
  if (fields.weekday >= 0 && Number((day / TICKS_PER_DAY + 1n) % 7n) !== fields.weekday) return null;
  return { ticks: day + time + BigInt(fields.fraction.padEnd(7, "0").slice(0, 7)), offset: fields.offset };
}

const OFFSET = /^([+-])(\d{1,2})(?::?(\d{2}))?/;

/** How many characters the field takes, or -1 when it is not there. */
function readField(fields: Fields, letter: string, count: number, rest: string): number {
  switch (letter) {
    case "y": {
      const digits = readDigits(rest, count <= 2 ? count : 4, count <= 2 ? 2 : Math.max(count, 4));
      if (digits === "") return -1;
      const value = Number(digits);
      fields.year = count > 2 ? value : value < 30 ? 2000 + value : 1900 + value;
      return digits.length;
    }
    case "M":
      if (count > 2) return readName(rest, MONTH_NAMES, count === 3, (index) => (fields.month = index + 1));
      return readNumber(rest, count, (value) => (fields.month = value));
    case "d":
      if (count > 2) return readName(rest, DAY_NAMES, count === 3, (index) => (fields.weekday = index));
      return readNumber(rest, count, (value) => (fields.day = value));
    case "h":
    case "H":
      return readNumber(rest, count, (value) => (fields.hour = value));
    case "m":
      return readNumber(rest, count, (value) => (fields.minute = value));
    case "s":
      return readNumber(rest, count, (value) => (fields.second = value));
    case "f":
    case "F": {
      const digits = readDigits(rest, letter === "f" ? count : 0, count);
      if (digits.length < count && letter === "f") return -1;
      fields.fraction = digits;
      return digits.length;
    }
    case "t": {
      const half = /^[AP]/i.exec(rest)?.[0];
      if (!half || (count > 1 && !/^[AP]M/i.test(rest))) return -1;
      fields.half = half.toUpperCase();
      return Math.min(count, 2);
    }
    case "g":
      return rest.startsWith("A.D.") ? 4 : -1;
    case "K":
      if (/^Z/.test(rest)) {
        fields.offset = 0n;
        return 1;
      }
      return OFFSET.test(rest) ? readOffset(fields, rest) : 0;
    default:
      return readOffset(fields, rest);
  }
}

function readOffset(fields: Fields, rest: string): number {
  const match = OFFSET.exec(rest);
  if (!match) return -1;
  const hours = Number(match[2]);
  const minutes = Number(match[3] ?? "0");
  if (hours > 14 || minutes > 59) return -1;
  const size = BigInt(hours) * TICKS_PER_HOUR + BigInt(minutes) * TICKS_PER_MINUTE;
  fields.offset = match[1] === "-" ? -size : size;
  return match[0].length;
}

/** `dd` takes exactly two digits, `d` one or two. */
function readNumber(rest: string, count: number, set: (value: number) => void): number {
  const digits = readDigits(rest, Math.min(count, 2), 2);
  if (digits === "") return -1;
  set(Number(digits));
  return digits.length;
}

function readDigits(rest: string, least: number, most: number): string {
  let end = 0;
  while (end < most && /[0-9]/.test(rest[end] ?? "")) end++;
  return end < least ? "" : rest.slice(0, end);
}

function readName(rest: string, names: readonly string[], short: boolean, set: (index: number) => void): number {
  const lower = rest.toLowerCase();
  for (const [index, name] of names.entries()) {
    const text = short ? name.slice(0, 3) : name;
    if (lower.startsWith(text.toLowerCase())) {
      set(index);
      return text.length;
    }
  }
  return -1;
}
