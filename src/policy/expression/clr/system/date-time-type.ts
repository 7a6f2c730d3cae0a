import { type EnumValue, enumValue } from "../box.ts";
import { declareType } from "../declare.ts";
import { ArgumentOutOfRangeException } from "../exceptions.ts";
import { daysInMonth, isLeapYear, TICKS_PER_DAY } from "./calendar.ts";
import { type DateKind, DateTime } from "./date-time.ts";
import { requireText } from "./number-parse.ts";
import { TimeSpan } from "./time-span.ts";

const DAYS: Readonly<Record<string, number>> = {
  Sunday: 0,
  Monday: 1,
  Tuesday: 2,
  Wednesday: 3,
  Thursday: 4,
  Friday: 5,
  Saturday: 6,
};

export const dayOfWeekType = declareType({ name: "System.DayOfWeek", kind: "enum", values: DAYS });

/** The allow-list names one member only; the other kinds exist but have no name in expressions. */
export const dateTimeKindType = declareType({ name: "System.DateTimeKind", kind: "enum", values: { Utc: 1 } });

/** The `DayOfWeek` member of a number, Sunday 0. */
export function dayOfWeek(value: number): EnumValue {
  return enumValue("System.DayOfWeek", DAYS, value);
}

function kindOf(kind: EnumValue): DateKind {
  if (kind.value !== 0 && kind.value !== 1 && kind.value !== 2) {
    throw new ArgumentOutOfRangeException("kind", "Invalid DateTimeKind value.");
  }
  return kind.value;
}

function requireYear(year: number): number {
  if (year < 1 || year > 9999) throw new ArgumentOutOfRangeException("year", "Year must be between 1 and 9999.");
  return year;
}

const subtract = (a: DateTime, b: DateTime) => new TimeSpan(a.ticks - b.ticks);
const minus = (d: DateTime, t: TimeSpan) => d.addTicks(-t.ticks);
const plus = (d: DateTime, t: TimeSpan) => d.addTicks(t.ticks);

/** The members are those of the allow-list: no Kind, TryParse, ParseExact, ToUniversalTime, ToLocalTime. */
export const dateTimeType = declareType({
  name: "System.DateTime",
  kind: "struct",
  interfaces: ["System.IComparable", "System.IFormattable"],
  is: (value) => value instanceof DateTime,
  toString: (value: DateTime) => value.toClrString(),
  equals: (a: DateTime, b: DateTime) => a.ticks === b.ticks,
  members: {
    "new DateTime()": () => DateTime.minValue,
    "new DateTime(long ticks)": (ticks: bigint) => new DateTime(ticks),
    "new DateTime(long ticks, DateTimeKind kind)": (ticks: bigint, kind: EnumValue) =>
      new DateTime(ticks, kindOf(kind)),
    "new DateTime(int year, int month, int day)": (y: number, mo: number, d: number) => DateTime.ofParts(y, mo, d),
    "new DateTime(int year, int month, int day, int hour, int minute, int second)": (
      y: number,
      mo: number,
      d: number,
      h: number,
      m: number,
      s: number,
    ) => DateTime.ofParts(y, mo, d, h, m, s),
    "new DateTime(int year, int month, int day, int hour, int minute, int second, DateTimeKind kind)": (
      y: number,
      mo: number,
      d: number,
      h: number,
      m: number,
      s: number,
      kind: EnumValue,
    ) => DateTime.ofParts(y, mo, d, h, m, s, 0, kindOf(kind)),
    "new DateTime(int year, int month, int day, int hour, int minute, int second, int millisecond)": (
      y: number,
      mo: number,
      d: number,
      h: number,
      m: number,
      s: number,
      ms: number,
    ) => DateTime.ofParts(y, mo, d, h, m, s, ms),
    "new DateTime(int year, int month, int day, int hour, int minute, int second, int millisecond, DateTimeKind kind)":
      (y: number, mo: number, d: number, h: number, m: number, s: number, ms: number, kind: EnumValue) =>
        DateTime.ofParts(y, mo, d, h, m, s, ms, kindOf(kind)),
    "static DateTime MaxValue { get; }": () => DateTime.maxValue,
    "static DateTime MinValue { get; }": () => DateTime.minValue,
    "static DateTime Now { get; }": () => DateTime.now(2),
    "static DateTime Today { get; }": () => DateTime.now(2).date(),
    "static DateTime UtcNow { get; }": () => DateTime.now(1),
    "DateTime Date { get; }": (d: DateTime) => d.date(),
    "int Day { get; }": (d: DateTime) => d.civil().day,
    "DayOfWeek DayOfWeek { get; }": (d: DateTime) => dayOfWeek(d.civil().dayOfWeek),
    "int DayOfYear { get; }": (d: DateTime) => d.civil().dayOfYear,
    "int Hour { get; }": (d: DateTime) => d.civil().hour,
    "int Millisecond { get; }": (d: DateTime) => Math.floor(d.civil().fraction / 10_000),
    "int Minute { get; }": (d: DateTime) => d.civil().minute,
    "int Month { get; }": (d: DateTime) => d.civil().month,
    "int Second { get; }": (d: DateTime) => d.civil().second,
    "long Ticks { get; }": (d: DateTime) => d.ticks,
    "TimeSpan TimeOfDay { get; }": (d: DateTime) => new TimeSpan(d.ticks % TICKS_PER_DAY),
    "int Year { get; }": (d: DateTime) => d.civil().year,
    "DateTime Add(TimeSpan value)": plus,
    "DateTime AddDays(double value)": (d: DateTime, value: number) => d.addUnits(value, 86_400_000),
    "DateTime AddHours(double value)": (d: DateTime, value: number) => d.addUnits(value, 3_600_000),
    "DateTime AddMilliseconds(double value)": (d: DateTime, value: number) => d.addUnits(value, 1),
    "DateTime AddMinutes(double value)": (d: DateTime, value: number) => d.addUnits(value, 60_000),
    "DateTime AddMonths(int months)": (d: DateTime, months: number) => d.addMonths(months),
    "DateTime AddSeconds(double value)": (d: DateTime, value: number) => d.addUnits(value, 1000),
    "DateTime AddTicks(long value)": (d: DateTime, ticks: bigint) => d.addTicks(ticks),
    "DateTime AddYears(int value)": (d: DateTime, years: number) => d.addMonths(years * 12),
    "static int DaysInMonth(int year, int month)": (year: number, month: number) => {
      if (month < 1 || month > 12) {
        throw new ArgumentOutOfRangeException("month", "Month must be between one and twelve.");
      }
      return daysInMonth(requireYear(year), month);
    },
    "static bool IsLeapYear(int year)": (year: number) => isLeapYear(requireYear(year)),
    "bool IsDaylightSavingTime()": () => false,
    "static DateTime Parse(string s)": (text: string | null) => DateTime.parse(requireText(text)),
    "static DateTime Parse(string s, IFormatProvider provider)": (text: string | null) =>
      DateTime.parse(requireText(text)),
    "TimeSpan Subtract(DateTime value)": subtract,
    "DateTime Subtract(TimeSpan value)": minus,
    "bool Equals(DateTime value)": (a: DateTime, b: DateTime) => a.ticks === b.ticks,
    "bool Equals(object value)": (a: DateTime, b: unknown) => a.clrEquals(b),
    "string ToString()": (d: DateTime) => d.toClrString(),
    "string ToString(string format)": (d: DateTime, format: string | null) => d.clrFormat(format),
    "string ToString(string format, IFormatProvider provider)": (d: DateTime, format: string | null) =>
      d.clrFormat(format),
    "static DateTime operator +(DateTime d, TimeSpan t)": plus,
    "static DateTime operator -(DateTime d, TimeSpan t)": minus,
    "static TimeSpan operator -(DateTime d1, DateTime d2)": subtract,
    "static bool operator ==(DateTime d1, DateTime d2)": (a: DateTime, b: DateTime) => a.ticks === b.ticks,
    "static bool operator !=(DateTime d1, DateTime d2)": (a: DateTime, b: DateTime) => a.ticks !== b.ticks,
    "static bool operator <(DateTime t1, DateTime t2)": (a: DateTime, b: DateTime) => a.ticks < b.ticks,
    "static bool operator <=(DateTime t1, DateTime t2)": (a: DateTime, b: DateTime) => a.ticks <= b.ticks,
    "static bool operator >(DateTime t1, DateTime t2)": (a: DateTime, b: DateTime) => a.ticks > b.ticks,
    "static bool operator >=(DateTime t1, DateTime t2)": (a: DateTime, b: DateTime) => a.ticks >= b.ticks,
  },
});
