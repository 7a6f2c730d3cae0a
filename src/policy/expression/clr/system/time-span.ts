import type { Cell } from "../declare.ts";
import { declareType } from "../declare.ts";
import { ArgumentException, OverflowException } from "../exceptions.ts";
import {
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MILLISECOND,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from "./calendar.ts";
import { longHashCode } from "./equality.ts";
import { requireText } from "./number-parse.ts";
import type { ClrObject } from "./protocol.ts";
import { formatSpan, parseSpan } from "./time-span-format.ts";
import { parseSpanExact } from "./time-span-parse-exact.ts";
import { tryParse } from "./try-parse.ts";

const TOO_LONG = "TimeSpan overflowed because the duration is too long.";

/** `System.TimeSpan`: a signed duration in ticks of 100 ns, 64 bits. */
export class TimeSpan implements ClrObject {
  readonly clrName = "System.TimeSpan";
  readonly ticks: bigint;

  /** @throws OverflowException when the ticks do not fit 64 bits */
  constructor(ticks: bigint) {
    if (ticks !== BigInt.asIntN(64, ticks)) throw new OverflowException(TOO_LONG);
    this.ticks = ticks;
  }

  static readonly zero = new TimeSpan(0n);

  /** A number of units of `ticksPerUnit`, truncated to whole ticks. @throws OverflowException, ArgumentException for NaN */
  static from(value: number, ticksPerUnit: bigint): TimeSpan {
    if (Number.isNaN(value))
      throw new ArgumentException("TimeSpan does not accept floating point Not-a-Number values.");
    const ticks = value * Number(ticksPerUnit);
    if (!Number.isFinite(ticks)) throw new OverflowException(TOO_LONG);
    return new TimeSpan(BigInt(Math.trunc(ticks)));
  }

  /** Days, hours, minutes, seconds and milliseconds added up; each may be out of its usual range. */
  static ofParts(days: number, hours: number, minutes: number, seconds: number, milliseconds = 0): TimeSpan {
    return new TimeSpan(
      BigInt(days) * TICKS_PER_DAY +
        BigInt(hours) * TICKS_PER_HOUR +
        BigInt(minutes) * TICKS_PER_MINUTE +
        BigInt(seconds) * TICKS_PER_SECOND +
        BigInt(milliseconds) * TICKS_PER_MILLISECOND,
    );
  }

  /** The duration in units of `ticksPerUnit`, with its fraction. */
  total(ticksPerUnit: bigint): number {
    return Number(this.ticks) / Number(ticksPerUnit);
  }

  /** One part of the clock reading: whole units, without those of the next larger unit. */
  part(ticksPerUnit: bigint, unitsInNext: bigint): number {
    return Number((this.ticks / ticksPerUnit) % unitsInNext);
  }

  toClrString(): string {
    return formatSpan(this.ticks, null);
  }

  clrFormat(format: string | null): string {
    return formatSpan(this.ticks, format);
  }

  clrEquals(other: unknown): boolean {
    return other instanceof TimeSpan && other.ticks === this.ticks;
  }

  clrHashCode(): number {
    return longHashCode(this.ticks);
  }

  clrCompareTo(other: unknown): number {
    if (!(other instanceof TimeSpan)) throw new ArgumentException("Object must be of type TimeSpan.");
    return compareSpans(this, other);
  }
}

function compareSpans(a: TimeSpan, b: TimeSpan): number {
  return a.ticks < b.ticks ? -1 : a.ticks > b.ticks ? 1 : 0;
}

function multiply(span: TimeSpan, factor: number): TimeSpan {
  if (Number.isNaN(factor)) throw new ArgumentException("TimeSpan does not accept floating point Not-a-Number values.");
  const ticks = Math.round(Number(span.ticks) * factor);
  if (!Number.isFinite(ticks)) throw new OverflowException(TOO_LONG);
  return new TimeSpan(BigInt(ticks));
}

const add = (a: TimeSpan, b: TimeSpan) => new TimeSpan(a.ticks + b.ticks);
const subtract = (a: TimeSpan, b: TimeSpan) => new TimeSpan(a.ticks - b.ticks);
const negate = (a: TimeSpan) => new TimeSpan(-a.ticks);
const divide = (a: TimeSpan, by: number) => multiply(a, 1 / by);
const ratio = (a: TimeSpan, b: TimeSpan) => Number(a.ticks) / Number(b.ticks);

export const timeSpanType = declareType({
  name: "System.TimeSpan",
  kind: "struct",
  interfaces: ["System.IComparable", "System.IFormattable"],
  is: (value) => value instanceof TimeSpan,
  toString: (value: TimeSpan) => value.toClrString(),
  equals: (a: TimeSpan, b: TimeSpan) => a.ticks === b.ticks,
  members: {
    "new TimeSpan()": () => TimeSpan.zero,
    "new TimeSpan(long ticks)": (ticks: bigint) => new TimeSpan(ticks),
    "new TimeSpan(int hours, int minutes, int seconds)": (h: number, m: number, s: number) =>
      TimeSpan.ofParts(0, h, m, s),
    "new TimeSpan(int days, int hours, int minutes, int seconds)": TimeSpan.ofParts,
    "new TimeSpan(int days, int hours, int minutes, int seconds, int milliseconds)": TimeSpan.ofParts,
    "static TimeSpan MaxValue { get; }": () => new TimeSpan(2n ** 63n - 1n),
    "static TimeSpan MinValue { get; }": () => new TimeSpan(-(2n ** 63n)),
    "static TimeSpan Zero { get; }": () => TimeSpan.zero,
    "static long TicksPerDay { get; }": () => TICKS_PER_DAY,
    "static long TicksPerHour { get; }": () => TICKS_PER_HOUR,
    "static long TicksPerMillisecond { get; }": () => TICKS_PER_MILLISECOND,
    "static long TicksPerMinute { get; }": () => TICKS_PER_MINUTE,
    "static long TicksPerSecond { get; }": () => TICKS_PER_SECOND,
    "int Days { get; }": (t: TimeSpan) => Number(t.ticks / TICKS_PER_DAY),
    "int Hours { get; }": (t: TimeSpan) => t.part(TICKS_PER_HOUR, 24n),
    "int Milliseconds { get; }": (t: TimeSpan) => t.part(TICKS_PER_MILLISECOND, 1000n),
    "int Minutes { get; }": (t: TimeSpan) => t.part(TICKS_PER_MINUTE, 60n),
    "int Seconds { get; }": (t: TimeSpan) => t.part(TICKS_PER_SECOND, 60n),
    "long Ticks { get; }": (t: TimeSpan) => t.ticks,
    "double TotalDays { get; }": (t: TimeSpan) => t.total(TICKS_PER_DAY),
    "double TotalHours { get; }": (t: TimeSpan) => t.total(TICKS_PER_HOUR),
    "double TotalMilliseconds { get; }": (t: TimeSpan) => t.total(TICKS_PER_MILLISECOND),
    "double TotalMinutes { get; }": (t: TimeSpan) => t.total(TICKS_PER_MINUTE),
    "double TotalSeconds { get; }": (t: TimeSpan) => t.total(TICKS_PER_SECOND),
    "TimeSpan Add(TimeSpan ts)": add,
    "TimeSpan Subtract(TimeSpan ts)": subtract,
    "TimeSpan Negate()": negate,
    "TimeSpan Duration()": (t: TimeSpan) => (t.ticks < 0n ? negate(t) : t),
    "TimeSpan Multiply(double factor)": multiply,
    "TimeSpan Divide(double divisor)": divide,
    "double Divide(TimeSpan ts)": ratio,
    "static int Compare(TimeSpan t1, TimeSpan t2)": compareSpans,
    "int CompareTo(TimeSpan value)": compareSpans,
    "int CompareTo(object value)": (t: TimeSpan, other: unknown) => (other === null ? 1 : t.clrCompareTo(other)),
    "bool Equals(TimeSpan obj)": (a: TimeSpan, b: TimeSpan) => a.ticks === b.ticks,
    "bool Equals(object value)": (a: TimeSpan, b: unknown) => a.clrEquals(b),
    "static bool Equals(TimeSpan t1, TimeSpan t2)": (a: TimeSpan, b: TimeSpan) => a.ticks === b.ticks,
    "static TimeSpan FromDays(double value)": (value: number) => TimeSpan.from(value, TICKS_PER_DAY),
    "static TimeSpan FromHours(double value)": (value: number) => TimeSpan.from(value, TICKS_PER_HOUR),
    "static TimeSpan FromMilliseconds(double value)": (value: number) => TimeSpan.from(value, TICKS_PER_MILLISECOND),
    "static TimeSpan FromMinutes(double value)": (value: number) => TimeSpan.from(value, TICKS_PER_MINUTE),
    "static TimeSpan FromSeconds(double value)": (value: number) => TimeSpan.from(value, TICKS_PER_SECOND),
    "static TimeSpan FromTicks(long value)": (ticks: bigint) => new TimeSpan(ticks),
    "static TimeSpan Parse(string s)": (text: string | null) => new TimeSpan(parseSpan(requireText(text))),
    "static bool TryParse(string s, out TimeSpan result)": (text: string | null, result: Cell<TimeSpan>) =>
      tryParse(result, TimeSpan.zero, () => new TimeSpan(parseSpan(requireText(text)))),
    "static TimeSpan ParseExact(string input, string format, IFormatProvider formatProvider)": (
      text: string | null,
      format: string | null,
    ) => new TimeSpan(parseSpanExact(requireText(text, "input"), requireText(format, "format"))),
    "static bool TryParseExact(string input, string format, IFormatProvider formatProvider, out TimeSpan result)": (
      text: string | null,
      format: string | null,
      _provider: null,
      result: Cell<TimeSpan>,
    ) => tryParse(result, TimeSpan.zero, () => new TimeSpan(parseSpanExact(requireText(text), requireText(format)))),
    "string ToString()": (t: TimeSpan) => t.toClrString(),
    "string ToString(string format)": (t: TimeSpan, format: string | null) => t.clrFormat(format),
    "string ToString(string format, IFormatProvider formatProvider)": (t: TimeSpan, format: string | null) =>
      t.clrFormat(format),
    "static TimeSpan operator +(TimeSpan t1, TimeSpan t2)": add,
    "static TimeSpan operator -(TimeSpan t1, TimeSpan t2)": subtract,
    "static TimeSpan operator -(TimeSpan t)": negate,
    "static TimeSpan operator +(TimeSpan t)": (t: TimeSpan) => t,
    "static TimeSpan operator *(TimeSpan timeSpan, double factor)": multiply,
    "static TimeSpan operator *(double factor, TimeSpan timeSpan)": (factor: number, t: TimeSpan) =>
      multiply(t, factor),
    "static TimeSpan operator /(TimeSpan timeSpan, double divisor)": divide,
    "static double operator /(TimeSpan t1, TimeSpan t2)": ratio,
    "static bool operator ==(TimeSpan t1, TimeSpan t2)": (a: TimeSpan, b: TimeSpan) => a.ticks === b.ticks,
    "static bool operator !=(TimeSpan t1, TimeSpan t2)": (a: TimeSpan, b: TimeSpan) => a.ticks !== b.ticks,
    "static bool operator <(TimeSpan t1, TimeSpan t2)": (a: TimeSpan, b: TimeSpan) => a.ticks < b.ticks,
    "static bool operator <=(TimeSpan t1, TimeSpan t2)": (a: TimeSpan, b: TimeSpan) => a.ticks <= b.ticks,
    "static bool operator >(TimeSpan t1, TimeSpan t2)": (a: TimeSpan, b: TimeSpan) => a.ticks > b.ticks,
    "static bool operator >=(TimeSpan t1, TimeSpan t2)": (a: TimeSpan, b: TimeSpan) => a.ticks >= b.ticks,
  },
});
