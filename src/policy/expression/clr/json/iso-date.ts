import {
  dateToTicks,
  MAX_TICKS,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from "../system/calendar.ts";
import { type DateKind, DateTime } from "../system/date-time.ts";
import { DateTimeOffset } from "../system/date-time-offset.ts";

const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?(Z|[+-]\d{2}(?::?\d{2})?)?$/;
const MICROSOFT = /^\/Date\((-?\d{1,15})([+-]\d{4})?\)\/$/;

/** Could the string be a date? A cheap test before {@link parseIsoDate}. */
export function looksLikeDate(text: string): boolean {
  return (text.length >= 19 && text.length <= 40 && text.charCodeAt(10) === 0x54) || text.startsWith("/Date(");
}

/** A parsed date: the clock reading in UTC (or as written, without a zone), and the offset that was written. */
interface Reading {
  ticks: bigint;
  kind: DateKind;
  offset: bigint;
}

/**
 * A string that the JSON reader turns into a date: full ISO 8601 date and time, or `/Date(ms)/`. `Z` gives UTC, an
 * offset gives local time (which is UTC), nothing gives an unspecified kind.
 * @returns null when the string is no such date
 */
export function parseIsoDate(text: string): DateTime | null {
  const reading = read(text);
  return reading === null ? null : new DateTime(reading.ticks, reading.kind);
}

/** The same as a DateTimeOffset that keeps the offset written. */
export function parseIsoDateOffset(text: string): DateTimeOffset | null {
  const reading = read(text);
  if (reading === null) return null;
  const clock = reading.ticks + reading.offset;
  return clock < 0n || clock > MAX_TICKS ? null : new DateTimeOffset(clock, reading.offset);
}

function read(text: string): Reading | null {
  const match = ISO.exec(text);
  if (match === null) return readMicrosoft(text);
  const [, year, month, day, hours, minutes, seconds, fraction = "", zone] = match;
  const date = dateToTicks(Number(year), Number(month), Number(day));
  const time = timeTicks(Number(hours), Number(minutes), Number(seconds), fraction);
  if (date === null || time === null) return null;
  const offset = zone === undefined || zone === "Z" ? 0n : offsetTicks(zone);
  if (offset === null) return null;
  const ticks = date + time - offset;
  if (ticks < 0n || ticks > MAX_TICKS) return null;
  return { ticks, kind: zone === undefined ? 0 : zone === "Z" ? 1 : 2, offset };
}

function readMicrosoft(text: string): Reading | null {
  const match = MICROSOFT.exec(text);
  if (match === null) return null;
  const offset = match[2] === undefined ? 0n : offsetTicks(match[2]);
  const milliseconds = Number(match[1]);
  if (offset === null || milliseconds < -62_135_596_800_000 || milliseconds > 253_402_300_799_999) return null;
  const kind = match[2] === undefined ? 1 : 2;
  return { ticks: DateTime.fromUnixMilliseconds(milliseconds).ticks, kind, offset };
}

/** Ticks since midnight; 24:00:00 is the next midnight. */
function timeTicks(hours: number, minutes: number, seconds: number, fraction: string): bigint | null {
  const parts = BigInt(fraction.padEnd(7, "0"));
  if (hours === 24 && minutes === 0 && seconds === 0 && parts === 0n) return TICKS_PER_DAY;
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  return BigInt(hours * 3600 + minutes * 60 + seconds) * TICKS_PER_SECOND + parts;
}

function offsetTicks(zone: string): bigint | null {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", "") || "0");
  if (hours > 14 || minutes > 59) return null;
  const size = BigInt(hours) * TICKS_PER_HOUR + BigInt(minutes) * TICKS_PER_MINUTE;
  return zone.startsWith("-") ? -size : size;
}

/** ISO 8601 with as many decimals as needed; `Z` for UTC, an offset for local times, neither for unspecified ones. */
export function isoDate(date: DateTime | DateTimeOffset): string {
  const { year, month, day, hour, minute, second, fraction } = date.civil();
  const decimals = fraction === 0 ? "" : `.${pad(fraction, 7).replace(/0+$/, "")}`;
  const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}${decimals}`;
  if (date instanceof DateTime) return text + (date.kind === 0 ? "" : date.kind === 1 ? "Z" : "+00:00");
  const minutes = Number(date.offset / TICKS_PER_MINUTE);
  const size = Math.abs(minutes);
  return `${text}${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60), 2)}:${pad(size % 60, 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
