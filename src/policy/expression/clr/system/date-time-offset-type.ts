import { type Cell, declareType } from "../declare.ts";
import { ArgumentException, ArgumentOutOfRangeException } from "../exceptions.ts";
import { TICKS_PER_DAY, TICKS_PER_SECOND, UNIX_EPOCH_TICKS } from "./calendar.ts";
import { DateTime } from "./date-time.ts";
import { DateTimeOffset, floorDivide } from "./date-time-offset.ts";
import { dayOfWeek } from "./date-time-type.ts";
import { requireText } from "./number-parse.ts";
import { TimeSpan } from "./time-span.ts";
import { tryParse } from "./try-parse.ts";

/** 1601-01-01, where file times begin. */
const FILE_EPOCH_TICKS = 504_911_232_000_000_000n;

const plus = (d: DateTimeOffset, t: TimeSpan) => d.withClock(d.clock.addTicks(t.ticks));
const minus = (d: DateTimeOffset, t: TimeSpan) => d.withClock(d.clock.addTicks(-t.ticks));
const subtract = (a: DateTimeOffset, b: DateTimeOffset) => new TimeSpan(a.utcTicks - b.utcTicks);
const compare = (a: DateTimeOffset, b: DateTimeOffset) => a.clrCompareTo(b);
const equal = (a: DateTimeOffset, b: DateTimeOffset) => a.utcTicks === b.utcTicks;
const addUnits = (milliseconds: number) => (d: DateTimeOffset, value: number) =>
  d.withClock(d.clock.addUnits(value, milliseconds));

function ofParts(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond: number,
  offset: TimeSpan,
): DateTimeOffset {
  return new DateTimeOffset(DateTime.ofParts(year, month, day, hour, minute, second, millisecond).ticks, offset.ticks);
}

function fromDateTime(date: DateTime): DateTimeOffset {
  return new DateTimeOffset(date.ticks, 0n);
}

function fromUnixSeconds(seconds: bigint): DateTimeOffset {
  if (seconds < -62_135_596_800n || seconds > 253_402_300_799n) {
    throw new ArgumentOutOfRangeException(
      "seconds",
      "Valid values are between -62135596800 and 253402300799, inclusive.",
    );
  }
  return new DateTimeOffset(UNIX_EPOCH_TICKS + seconds * TICKS_PER_SECOND, 0n);
}

export const dateTimeOffsetType = declareType({
  name: "System.DateTimeOffset",
  kind: "struct",
  interfaces: ["System.IComparable", "System.IFormattable"],
  is: (value) => value instanceof DateTimeOffset,
  toString: (value: DateTimeOffset) => value.toClrString(),
  equals: equal,
  members: {
    "new DateTimeOffset()": () => DateTimeOffset.minValue,
    "new DateTimeOffset(long ticks, TimeSpan offset)": (ticks: bigint, offset: TimeSpan) =>
      new DateTimeOffset(ticks, offset.ticks),
    "new DateTimeOffset(DateTime dateTime)": fromDateTime,
    "new DateTimeOffset(DateTime dateTime, TimeSpan offset)": (date: DateTime, offset: TimeSpan) => {
      if (date.kind !== 0 && offset.ticks !== 0n) {
        throw new ArgumentException("The UTC Offset for Utc DateTime instances must be 0.", "offset");
      }
      return new DateTimeOffset(date.ticks, offset.ticks);
    },
    "new DateTimeOffset(int year, int month, int day, int hour, int minute, int second, TimeSpan offset)": (
      y: number,
      mo: number,
      d: number,
      h: number,
      m: number,
      s: number,
      offset: TimeSpan,
    ) => ofParts(y, mo, d, h, m, s, 0, offset),
    "new DateTimeOffset(int year, int month, int day, int hour, int minute, int second, int millisecond, TimeSpan offset)":
      ofParts,
    "static DateTimeOffset MaxValue { get; }": () => DateTimeOffset.maxValue,
    "static DateTimeOffset MinValue { get; }": () => DateTimeOffset.minValue,
    "static DateTimeOffset UnixEpoch { get; }": () => new DateTimeOffset(UNIX_EPOCH_TICKS, 0n),
    "static DateTimeOffset Now { get; }": () => DateTimeOffset.now(),
    "static DateTimeOffset UtcNow { get; }": () => DateTimeOffset.now(),
    "DateTime Date { get; }": (d: DateTimeOffset) => d.clock.date(),
    "DateTime DateTime { get; }": (d: DateTimeOffset) => d.clock,
    "DateTime LocalDateTime { get; }": (d: DateTimeOffset) => d.utcDateTime(2),
    "DateTime UtcDateTime { get; }": (d: DateTimeOffset) => d.utcDateTime(1),
    "int Day { get; }": (d: DateTimeOffset) => d.civil().day,
    "DayOfWeek DayOfWeek { get; }": (d: DateTimeOffset) => dayOfWeek(d.civil().dayOfWeek),
    "int DayOfYear { get; }": (d: DateTimeOffset) => d.civil().dayOfYear,
    "int Hour { get; }": (d: DateTimeOffset) => d.civil().hour,
    "int Millisecond { get; }": (d: DateTimeOffset) => Math.floor(d.civil().fraction / 10_000),
    "int Minute { get; }": (d: DateTimeOffset) => d.civil().minute,
    "int Month { get; }": (d: DateTimeOffset) => d.civil().month,
    "int Second { get; }": (d: DateTimeOffset) => d.civil().second,
    "int Year { get; }": (d: DateTimeOffset) => d.civil().year,
    "long Ticks { get; }": (d: DateTimeOffset) => d.ticks,
    "long UtcTicks { get; }": (d: DateTimeOffset) => d.utcTicks,
    "TimeSpan Offset { get; }": (d: DateTimeOffset) => new TimeSpan(d.offset),
    "TimeSpan TimeOfDay { get; }": (d: DateTimeOffset) => new TimeSpan(d.ticks % TICKS_PER_DAY),
    "DateTimeOffset Add(TimeSpan timeSpan)": plus,
    "DateTimeOffset AddDays(double days)": addUnits(86_400_000),
    "DateTimeOffset AddHours(double hours)": addUnits(3_600_000),
    "DateTimeOffset AddMilliseconds(double milliseconds)": addUnits(1),
    "DateTimeOffset AddMinutes(double minutes)": addUnits(60_000),
    "DateTimeOffset AddMonths(int months)": (d: DateTimeOffset, months: number) =>
      d.withClock(d.clock.addMonths(months)),
    "DateTimeOffset AddSeconds(double seconds)": addUnits(1000),
    "DateTimeOffset AddTicks(long ticks)": (d: DateTimeOffset, ticks: bigint) => d.withClock(d.clock.addTicks(ticks)),
    "DateTimeOffset AddYears(int years)": (d: DateTimeOffset, years: number) =>
      d.withClock(d.clock.addMonths(years * 12)),
    "static int Compare(DateTimeOffset first, DateTimeOffset second)": compare,
    "int CompareTo(DateTimeOffset other)": compare,
    "bool Equals(DateTimeOffset other)": equal,
    "bool Equals(object obj)": (a: DateTimeOffset, b: unknown) => a.clrEquals(b),
    "static bool Equals(DateTimeOffset first, DateTimeOffset second)": equal,
    "bool EqualsExact(DateTimeOffset other)": (a: DateTimeOffset, b: DateTimeOffset) =>
      a.ticks === b.ticks && a.offset === b.offset,
    "static DateTimeOffset FromFileTime(long fileTime)": (time: bigint) =>
      new DateTimeOffset(FILE_EPOCH_TICKS + time, 0n),
    "static DateTimeOffset FromUnixTimeMilliseconds(long milliseconds)": (ms: bigint) =>
      DateTimeOffset.fromUnixMilliseconds(ms),
    "static DateTimeOffset FromUnixTimeSeconds(long seconds)": fromUnixSeconds,
    "static DateTimeOffset Parse(string input)": (text: string | null) =>
      DateTimeOffset.parse(requireText(text, "input")),
    "static DateTimeOffset Parse(string input, IFormatProvider formatProvider)": (text: string | null) =>
      DateTimeOffset.parse(requireText(text, "input")),
    "static DateTimeOffset ParseExact(string input, string format, IFormatProvider formatProvider)": (
      text: string | null,
      format: string | null,
    ) => DateTimeOffset.parseExact(requireText(text, "input"), requireText(format, "format")),
    "static bool TryParse(string input, out DateTimeOffset result)": (
      text: string | null,
      result: Cell<DateTimeOffset>,
    ) => tryParse(result, DateTimeOffset.minValue, () => DateTimeOffset.parse(requireText(text))),
    "TimeSpan Subtract(DateTimeOffset value)": subtract,
    "DateTimeOffset Subtract(TimeSpan value)": minus,
    "long ToFileTime()": (d: DateTimeOffset) => d.utcTicks - FILE_EPOCH_TICKS,
    "DateTimeOffset ToLocalTime()": (d: DateTimeOffset) => d.toOffset(0n),
    "DateTimeOffset ToOffset(TimeSpan offset)": (d: DateTimeOffset, offset: TimeSpan) => d.toOffset(offset.ticks),
    "DateTimeOffset ToUniversalTime()": (d: DateTimeOffset) => d.toOffset(0n),
    "long ToUnixTimeMilliseconds()": (d: DateTimeOffset) => d.toUnixMilliseconds(),
    "long ToUnixTimeSeconds()": (d: DateTimeOffset) => floorDivide(d.utcTicks - UNIX_EPOCH_TICKS, TICKS_PER_SECOND),
    "string ToString()": (d: DateTimeOffset) => d.toClrString(),
    "string ToString(string format)": (d: DateTimeOffset, format: string | null) => d.clrFormat(format),
    "string ToString(string format, IFormatProvider formatProvider)": (d: DateTimeOffset, format: string | null) =>
      d.clrFormat(format),
    "static implicit operator DateTimeOffset(DateTime dateTime)": fromDateTime,
    "static DateTimeOffset operator +(DateTimeOffset dateTimeOffset, TimeSpan timeSpan)": plus,
    "static DateTimeOffset operator -(DateTimeOffset dateTimeOffset, TimeSpan timeSpan)": minus,
    "static TimeSpan operator -(DateTimeOffset left, DateTimeOffset right)": subtract,
    "static bool operator ==(DateTimeOffset left, DateTimeOffset right)": equal,
    "static bool operator !=(DateTimeOffset left, DateTimeOffset right)": (a: DateTimeOffset, b: DateTimeOffset) =>
      !equal(a, b),
    "static bool operator <(DateTimeOffset left, DateTimeOffset right)": (a: DateTimeOffset, b: DateTimeOffset) =>
      a.utcTicks < b.utcTicks,
    "static bool operator <=(DateTimeOffset left, DateTimeOffset right)": (a: DateTimeOffset, b: DateTimeOffset) =>
      a.utcTicks <= b.utcTicks,
    "static bool operator >(DateTimeOffset left, DateTimeOffset right)": (a: DateTimeOffset, b: DateTimeOffset) =>
      a.utcTicks > b.utcTicks,
    "static bool operator >=(DateTimeOffset left, DateTimeOffset right)": (a: DateTimeOffset, b: DateTimeOffset) =>
      a.utcTicks >= b.utcTicks,
  },
});
