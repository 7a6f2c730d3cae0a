/**
 * The proleptic Gregorian calendar in ticks: units of 100 ns since 0001-01-01T00:00:00, as bigint.
 */
export const TICKS_PER_MILLISECOND = 10_000n;
export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_MINUTE = 600_000_000n;
export const TICKS_PER_HOUR = 36_000_000_000n;
export const TICKS_PER_DAY = 864_000_000_000n;
/** 9999-12-31T23:59:59.9999999. */
export const MAX_TICKS = 3_155_378_975_999_999_999n;
/** 1970-01-01T00:00:00. */
export const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n;

const DAYS_TO_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** Day and time of day of a tick count; `fraction` is the ticks within the second. */
export interface CivilTime {
  year: number;
  month: number;
  day: number;
  dayOfYear: number;
  /** Sunday is 0. */
  dayOfWeek: number;
  hour: number;
  minute: number;
  second: number;
  fraction: number;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_TO_MONTH[month] ?? 0) - (DAYS_TO_MONTH[month - 1] ?? 0);
}

/** Ticks at midnight of a day, or null when there is no such day in years 1 to 9999. */
export function dateToTicks(year: number, month: number, day: number): bigint | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const before = year - 1;
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  const days =
    before * 365 +
    Math.floor(before / 4) -
    Math.floor(before / 100) +
    Math.floor(before / 400) +
    (DAYS_TO_MONTH[month - 1] ?? 0) +
    leapDay +
    day -
    1;
  return BigInt(days) * TICKS_PER_DAY;
}

/** Ticks of a time of day, or null when a part is out of its range. */
export function timeToTicks(hour: number, minute: number, second: number, millisecond = 0): bigint | null {
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  if (millisecond < 0 || millisecond > 999) return null;
  return BigInt((hour * 3600 + minute * 60 + second) * 1000 + millisecond) * TICKS_PER_MILLISECOND;
}

/** The calendar parts of a tick count between 0 and {@link MAX_TICKS}. */
export function civilTime(ticks: bigint): CivilTime {
  const days = Number(ticks / TICKS_PER_DAY);
  const time = Number(ticks % TICKS_PER_DAY);
  const seconds = Math.floor(time / 1e7);
  const [year, dayOfYear] = yearOf(days);
  let month = 1;
  while (month < 12 && dayOfYear > monthEnd(year, month)) month++;
  return {
    year,
    month,
    day: dayOfYear - (month === 1 ? 0 : monthEnd(year, month - 1)),
    dayOfYear,
    dayOfWeek: (days + 1) % 7,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    fraction: time % 1e7,
  };
}

/** Year and day of the year (from 1) of a day number (from 0 for 0001-01-01). */
function yearOf(days: number): [year: number, dayOfYear: number] {
  const cycles = Math.floor(days / 146_097);
  let rest = days % 146_097;
  const centuries = Math.min(Math.floor(rest / 36_524), 3);
  rest -= centuries * 36_524;
  const fours = Math.floor(rest / 1461);
  rest -= fours * 1461;
  const years = Math.min(Math.floor(rest / 365), 3);
  return [cycles * 400 + centuries * 100 + fours * 4 + years + 1, rest - years * 365 + 1];
}

function monthEnd(year: number, month: number): number {
  return (DAYS_TO_MONTH[month] ?? 365) + (month >= 2 && isLeapYear(year) ? 1 : 0);
}

/** The same day of the month some months on, clamped to the month's length; null outside years 1 to 9999. */
export function addMonthsToTicks(ticks: bigint, months: number): bigint | null {
  const { year, month, day } = civilTime(ticks);
  const index = year * 12 + month - 1 + months;
  const newYear = Math.floor(index / 12);
  const newMonth = (index % 12) + 1;
  if (newYear < 1 || newYear > 9999) return null;
  const date = dateToTicks(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
  return date === null ? null : date + (ticks % TICKS_PER_DAY);
}
