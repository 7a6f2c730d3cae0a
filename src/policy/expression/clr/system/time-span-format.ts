import { FormatException, OverflowException } from "../exceptions.ts";
import { TICKS_PER_DAY, TICKS_PER_SECOND } from "./calendar.ts";
import { fractionText } from "./date-format.ts";
import { checkTextLength } from "./text-limit.ts";

interface SpanParts {
  negative: boolean;
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
  fraction: number;
}

function partsOf(ticks: bigint): SpanParts {
  const size = ticks < 0n ? -ticks : ticks;
  const seconds = Number((size % TICKS_PER_DAY) / TICKS_PER_SECOND);
  return {
    negative: ticks < 0n,
    days: Number(size / TICKS_PER_DAY),
    hours: Math.floor(seconds / 3600),
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
    fraction: Number(size % TICKS_PER_SECOND),
  };
}

const two = (value: number) => String(value).padStart(2, "0");

/** `TimeSpan.ToString(format)`: `c` (default), `g`, `G`, and custom formats. @throws FormatException */
export function formatSpan(ticks: bigint, format: string | null): string {
  const parts = partsOf(ticks);
  const { negative, days, hours, minutes, seconds, fraction } = parts;
  const sign = negative ? "-" : "";
  switch (format) {
    case null:
    case "":
    case "c":
    case "t":
    case "T": {
      const tail = fraction === 0 ? "" : `.${fractionText(fraction, 7, false)}`;
      return `${sign}${days === 0 ? "" : `${days}.`}${two(hours)}:${two(minutes)}:${two(seconds)}${tail}`;
    }
    case "g": {
      const tail = fraction === 0 ? "" : `.${fractionText(fraction, 7, true)}`;
      return `${sign}${days === 0 ? "" : `${days}:`}${hours}:${two(minutes)}:${two(seconds)}${tail}`;
    }
    case "G":
      return `${sign}${days}:${two(hours)}:${two(minutes)}:${two(seconds)}.${fractionText(fraction, 7, false)}`;
  }
  if (format.length === 1) throw new FormatException();
  return formatCustomSpan(parts, format);
}

const FIELD = /^(?:d{1,8}|hh?|mm?|ss?|f{1,7}|F{1,7})/;

/** Custom formats never print the sign; every literal must be quoted or escaped. */
function formatCustomSpan(parts: SpanParts, format: string): string {
  checkTextLength(format.length);
  let out = "";
  for (let i = 0; i < format.length; ) {
    const c = format[i] ?? "";
    const field = FIELD.exec(format.slice(i, i + 8))?.[0];
    if (field) {
      if (format[i + field.length] === c) throw new FormatException();
      out += spanField(parts, field);
      i += field.length;
    } else if (c === "'" || c === '"') {
      const end = format.indexOf(c, i + 1);
      if (end < 0) throw new FormatException();
      out += format.slice(i + 1, end);
      i = end + 1;
    } else if (c === "\\" && i + 1 < format.length) {
      out += format[i + 1];
      i += 2;
    } else if (c === "%" && i + 1 < format.length && format[i + 1] !== "%") {
      i++;
    } else {
      throw new FormatException();
    }
  }
  return out;
}

function spanField(parts: SpanParts, field: string): string {
  const width = field.length;
  switch (field[0]) {
    case "d":
      return String(parts.days).padStart(width, "0");
    case "h":
      return String(parts.hours).padStart(width, "0");
    case "m":
      return String(parts.minutes).padStart(width, "0");
    case "s":
      return String(parts.seconds).padStart(width, "0");
    default:
      return fractionText(parts.fraction, width, field[0] === "F");
  }
}

const WITH_COLON = /^\s*(-?)(?:(\d+)[.:](?=\d+:\d+:\d)|(\d+)\.(?=\d+:))?(\d+):(\d+)(?::(\d+)(?:\.(\d+))?)?\s*$/;
const DAYS_ONLY = /^\s*(-?)(\d+)\s*$/;

/**
 * `TimeSpan.Parse`: `d`, `[d.]hh:mm[:ss[.fffffff]]` or `d:hh:mm:ss[.fffffff]`, a minus sign in front.
 * @returns ticks
 * @throws FormatException, and OverflowException when a part is out of its range
 */
export function parseSpan(text: string): bigint {
  const only = DAYS_ONLY.exec(text);
  if (only) return build(only[1] === "-", only[2] ?? "0", "0", "0", "0", "");
  const match = WITH_COLON.exec(text);
  if (!match) throw new FormatException("String was not recognized as a valid TimeSpan.");
  const [, sign, d1, d2, hours = "0", minutes = "0", seconds = "0", fraction = ""] = match;
  return build(sign === "-", d1 ?? d2 ?? "0", hours, minutes, seconds, fraction);
}

function build(negative: boolean, d: string, h: string, m: string, s: string, fraction: string): bigint {
  const [days, hours, minutes, seconds] = [d, h, m, s].map(partValue) as [number, number, number, number];
  if (days > 10_675_199 || hours > 23 || minutes > 59 || seconds > 59 || fraction.length > 7) {
    throw new OverflowException(
      "The TimeSpan string could not be parsed because at least one of the numeric components is out of range or contains too many digits.",
    );
  }
  const time = BigInt(hours * 3600 + minutes * 60 + seconds) * TICKS_PER_SECOND + BigInt(fraction.padEnd(7, "0"));
  const size = BigInt(days) * TICKS_PER_DAY + time;
  const ticks = negative ? -size : size;
  if (ticks !== BigInt.asIntN(64, ticks))
    throw new OverflowException("TimeSpan overflowed because the duration is too long.");
  return ticks;
}

function partValue(text: string): number {
  return Number(text.replace(/^0+(?=\d)/, "").slice(0, 12));
}
