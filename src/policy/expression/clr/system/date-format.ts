import { FormatException } from "../exceptions.ts";
import { type CivilTime, civilTime, TICKS_PER_MINUTE } from "./calendar.ts";
import { checkTextLength } from "./text-limit.ts";

export const DAY_NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
export const MONTH_NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A point in time as formats see it: the clock reading, and what `K` and `zzz` print. */
export interface ClockReading {
  /** Ticks of the clock reading (not of UTC). */
  ticks: bigint;
  /** Offset from UTC in ticks. */
  offset: bigint;
  /** `K`: nothing, `Z` or the offset. */
  zone: "none" | "utc" | "offset";
  /** True for DateTimeOffset, whose `R` and `u` forms print UTC. */
  hasOffset: boolean;
}

/** Standard formats of the invariant culture in terms of custom ones. */
const STANDARD: Readonly<Record<string, string>> = {
  d: "MM/dd/yyyy",
  D: "dddd, dd MMMM yyyy",
  f: "dddd, dd MMMM yyyy HH:mm",
  F: "dddd, dd MMMM yyyy HH:mm:ss",
  g: "MM/dd/yyyy HH:mm",
  G: "MM/dd/yyyy HH:mm:ss",
  m: "MMMM dd",
  M: "MMMM dd",
  o: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  O: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: "HH:mm",
  T: "HH:mm:ss",
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  U: "dddd, dd MMMM yyyy HH:mm:ss",
  y: "yyyy MMMM",
  Y: "yyyy MMMM",
};

/**
 * `ToString(format)` of DateTime and DateTimeOffset.
 * @throws FormatException for a single letter that is no standard format, and for malformed custom formats
 */
export function formatClock(reading: ClockReading, format: string | null): string {
  if (format === null || format === "") {
    const general = formatCustomDate(reading, STANDARD.G ?? "");
    return reading.hasOffset ? `${general} ${offsetText(reading.offset, 3)}` : general;
  }
  if (format.length > 1) return formatCustomDate(reading, format);
  const pattern = STANDARD[format];
  if (pattern === undefined || (format === "U" && reading.hasOffset)) throw new FormatException();
  const universal = reading.hasOffset && (format === "r" || format === "R" || format === "u");
  return formatCustomDate(universal ? { ...reading, ticks: reading.ticks - reading.offset } : reading, pattern);
}

/** The custom pattern that a standard format stands for; null when there is none. */
export function standardPattern(format: string): string | null {
  return STANDARD[format] ?? null;
}

function formatCustomDate(reading: ClockReading, format: string): string {
  checkTextLength(format.length);
  const time = civilTime(reading.ticks);
  let out = "";
  for (const token of dateTokens(format)) {
    out += token.literal ?? fieldText(token.letter, token.count, time, reading);
  }
  return out;
}

/** A piece of a custom format: literal text, or a letter repeated `count` times. */
export type DateToken =
  | { literal: string; letter: ""; count: 0 }
  | { literal?: undefined; letter: string; count: number };

/** Splits a custom date format. @throws FormatException for an open quote or a lone backslash or percent sign */
export function dateTokens(format: string): DateToken[] {
  const tokens: DateToken[] = [];
  const literal = (text: string) => tokens.push({ literal: text, letter: "", count: 0 });
  for (let i = 0; i < format.length; ) {
    const c = format[i] ?? "";
    if (c === "'" || c === '"') {
      const [text, end] = quoted(format, i);
      literal(text);
      i = end;
    } else if (c === "\\") {
      if (i + 1 >= format.length) throw new FormatException();
      literal(format[i + 1] ?? "");
      i += 2;
    } else if (c === "%") {
      // `%d` makes a single custom letter; the letter itself is read by the next turn.
      if (i + 1 >= format.length || format[i + 1] === "%") throw new FormatException();
      i++;
    } else if ("dfFghHKmMstyz".includes(c)) {
      let end = i + 1;
      while (c !== "K" && format[end] === c) end++;
      tokens.push({ letter: c, count: end - i });
      i = end;
    } else {
      literal(c);
      i++;
    }
  }
  return tokens;
}

/** The text between quotes, where a backslash takes the next character as it is, and the index after the quote. */
function quoted(format: string, start: number): [text: string, end: number] {
  const quote = format[start];
  let text = "";
  let i = start + 1;
  while (i < format.length && format[i] !== quote) {
    if (format[i] === "\\") i++;
    if (i >= format.length) throw new FormatException();
    text += format[i++];
  }
  if (i >= format.length) throw new FormatException();
  return [text, i + 1];
}

function fieldText(letter: string, count: number, time: CivilTime, reading: ClockReading): string {
  switch (letter) {
    case "d":
      if (count <= 2) return padded(time.day, count);
      return count === 3 ? (DAY_NAMES[time.dayOfWeek] ?? "").slice(0, 3) : (DAY_NAMES[time.dayOfWeek] ?? "");
    case "M":
      if (count <= 2) return padded(time.month, count);
      return count === 3 ? (MONTH_NAMES[time.month - 1] ?? "").slice(0, 3) : (MONTH_NAMES[time.month - 1] ?? "");
    case "y":
      return count <= 2 ? padded(time.year % 100, count) : padded(time.year, count);
    case "g":
      return "A.D.";
    case "h":
      return padded(time.hour % 12 === 0 ? 12 : time.hour % 12, Math.min(count, 2));
    case "H":
      return padded(time.hour, Math.min(count, 2));
    case "m":
      return padded(time.minute, Math.min(count, 2));
    case "s":
      return padded(time.second, Math.min(count, 2));
    case "f":
    case "F":
      return fractionText(time.fraction, count, letter === "F");
    case "t":
      return (time.hour < 12 ? "AM" : "PM").slice(0, count);
    case "z":
      return offsetText(reading.offset, count);
    default:
      if (reading.zone === "none") return "";
      return reading.zone === "utc" ? "Z" : offsetText(reading.offset, 3);
  }
}

function padded(value: number, width: number): string {
  checkTextLength(width);
  return String(value).padStart(width, "0");
}

/** `fff` prints all digits, `FFF` none of the trailing zeros. @throws FormatException beyond seven digits */
export function fractionText(fraction: number, count: number, trim: boolean): string {
  if (count > 7) throw new FormatException();
  const digits = String(fraction).padStart(7, "0").slice(0, count);
  return trim ? digits.replace(/0+$/, "") : digits;
}

/** `z` is `+1`, `zz` is `+01`, `zzz` is `+01:00`. */
export function offsetText(offset: bigint, count: number): string {
  const minutes = Math.abs(Number(offset / TICKS_PER_MINUTE));
  const hours = String(Math.floor(minutes / 60)).padStart(count === 1 ? 1 : 2, "0");
  const text = count < 3 ? hours : `${hours}:${String(minutes % 60).padStart(2, "0")}`;
  return (offset < 0n ? "-" : "+") + text;
}
