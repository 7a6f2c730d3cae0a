import { civilTime, dateToTicks, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, timeToTicks } from "./calendar.ts";
import { DAY_NAMES, MONTH_NAMES } from "./date-format.ts";

/** A date and time as written: the clock reading and the offset, null when the text names none. */
export interface ParsedDate {
  ticks: bigint;
  offset: bigint | null;
}

/** Longer texts are never dates; the bound keeps hostile input cheap. */
const MAX_LENGTH = 256;

/**
 * Reads a date as `DateTime.Parse` does in the invariant culture: ISO 8601, month/day/year, month names, RFC 1123,
 * a time with or without AM and PM, and a zone (`Z`, `GMT`, `+01:00`). Parts that are missing come from `today`.
 * @param today midnight of the current day, in ticks
 * @returns null when the text is no date
 */
export function parseDate(text: string, today: bigint): ParsedDate | null {
  if (text.length > MAX_LENGTH) return null;
  const state: ReadState = { numbers: [], month: 0, weekday: -1, time: null, half: "", offset: null, utc: false };
  if (!readParts(text.trim(), state)) return null;
  const day = resolveDay(state, today);
  if (day === null) return null;
  if (state.weekday >= 0 && Number(day / TICKS_PER_DAY + 1n) % 7 !== state.weekday) return null;
  const time = resolveTime(state);
  if (time === null) return null;
  return { ticks: day + time, offset: state.utc ? 0n : state.offset };
}

interface ReadState {
  /** Numbers of the date in the order written, as text (their length tells years). */
  numbers: string[];
  month: number;
  weekday: number;
  time: { hour: number; minute: number; second: number; fraction: string } | null;
  half: string;
  offset: bigint | null;
  utc: boolean;
}

const TIME = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,32}))?)?/;
const HOUR_ONLY = /^(\d{1,2})\s?(?=[AP]M\b)/i;
const OFFSET = /^([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)/;
const NUMBER = /^\d{1,8}/;
const WORD = /^[A-Za-z]+\.?/;

function readParts(text: string, state: ReadState): boolean {
  let rest = text;
  if (rest === "") return false;
  while (rest !== "") {
    const time = TIME.exec(rest);
    if (time) {
      if (state.time) return false;
      const [all, hour, minute, second = "0", fraction = ""] = time;
      state.time = { hour: Number(hour), minute: Number(minute), second: Number(second), fraction };
      rest = rest.slice(all.length);
      continue;
    }
    const hour = HOUR_ONLY.exec(rest);
    if (hour && !state.time) {
      state.time = { hour: Number(hour[1]), minute: 0, second: 0, fraction: "" };
      rest = rest.slice(hour[0].length);
      continue;
    }
    const offset = state.time ? OFFSET.exec(rest) : null;
    if (offset) {
      if (state.offset !== null || state.utc || !readOffset(offset, state)) return false;
      rest = rest.slice(offset[0].length);
      continue;
    }
    const number = NUMBER.exec(rest);
    if (number) {
      state.numbers.push(number[0]);
      rest = rest.slice(number[0].length);
      if (state.numbers.length > 3 || /^\d/.test(rest)) return false;
      continue;
    }
    const word = WORD.exec(rest);
    if (word) {
      if (!readWord(word[0], state)) return false;
      rest = rest.slice(word[0].length);
      continue;
    }
    const separator = /^(?:[\s,]+|[-/.](?=[\sA-Za-z0-9]))/.exec(rest);
    if (!separator) return false;
    rest = rest.slice(separator[0].length);
  }
  return true;
}

function readOffset(match: RegExpExecArray, state: ReadState): boolean {
  const hours = Number(match[2]);
  const minutes = Number(match[3] ?? "0");
  if (hours > 14 || minutes > 59) return false;
  const size = BigInt(hours) * TICKS_PER_HOUR + BigInt(minutes) * TICKS_PER_MINUTE;
  state.offset = match[1] === "-" ? -size : size;
  return true;
}

function readWord(text: string, state: ReadState): boolean {
  const word = text.replace(".", "").toLowerCase();
  // The T of ISO 8601 stands between date and time.
  if (word === "t") return state.numbers.length > 0 && !state.time;
  if (word === "z" || word === "gmt" || word === "utc") {
    if (state.utc || state.offset !== null || (word === "z" && !state.time)) return false;
    state.utc = true;
    return true;
  }
  if (word === "am" || word === "pm" || word === "a" || word === "p") {
    if (!state.time || state.half !== "") return false;
    state.half = word[0] ?? "";
    return true;
  }
  const matches = (name: string) =>
    name.toLowerCase() === word || (word.length === 3 && name.toLowerCase().startsWith(word));
  const month = MONTH_NAMES.findIndex(matches);
  if (month >= 0) {
    if (state.month !== 0) return false;
    state.month = month + 1;
    return true;
  }
  const weekday = DAY_NAMES.findIndex(matches);
  if (weekday < 0 || state.weekday >= 0) return false;
  state.weekday = weekday;
  return true;
}

/** Midnight of the day meant, in ticks. */
function resolveDay(state: ReadState, today: bigint): bigint | null {
  const { numbers, month } = state;
  const thisYear = civilTime(today).year;
  const [a = "", b = "", c = ""] = numbers;
  if (month > 0) {
    if (numbers.length === 1) {
      return isYear(a) ? dateToTicks(Number(a), month, 1) : dateToTicks(thisYear, month, Number(a));
    }
    if (numbers.length !== 2) return null;
    return isYear(a) ? dateToTicks(Number(a), month, Number(b)) : dateToTicks(yearOf(b), month, Number(a));
  }
  switch (numbers.length) {
    case 0:
      return state.time || state.weekday >= 0 ? today : null;
    case 1:
      return null;
    case 2:
      if (isYear(a)) return dateToTicks(Number(a), Number(b), 1);
      return isYear(b) ? dateToTicks(Number(b), Number(a), 1) : dateToTicks(thisYear, Number(a), Number(b));
    default:
      if (isYear(a)) return dateToTicks(Number(a), Number(b), Number(c));
      return dateToTicks(yearOf(c), Number(a), Number(b));
  }
}

function isYear(digits: string): boolean {
  return digits.length > 2;
}

/** Two digits mean 1930 to 2029. */
function yearOf(digits: string): number {
  const value = Number(digits);
  if (isYear(digits)) return value;
  return value < 30 ? 2000 + value : 1900 + value;
}

/** The time of day in ticks; 0 when the text names none. */
function resolveTime(state: ReadState): bigint | null {
  if (!state.time) return 0n;
  let { hour } = state.time;
  const { minute, second, fraction } = state.time;
  if (state.half !== "") {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (state.half === "p" ? 12 : 0);
  }
  const ticks = timeToTicks(hour, minute, second);
  return ticks === null ? null : ticks + BigInt(Math.round(Number(`0.${fraction || "0"}`) * 1e7));
}
