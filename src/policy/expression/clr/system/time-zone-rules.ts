import type { EnumValue } from "../box.ts";
import { declareType } from "../declare.ts";
import { ArgumentException, ArgumentOutOfRangeException } from "../exceptions.ts";
import { civilTime, dateToTicks, daysInMonth, TICKS_PER_DAY } from "./calendar.ts";
import { DateTime } from "./date-time.ts";
import { dayOfWeek } from "./date-time-type.ts";
import type { ClrObject } from "./protocol.ts";
import type { TimeSpan } from "./time-span.ts";

/** `TimeZoneInfo.TransitionTime`: a day of the year, fixed or as "second Sunday of March", and a time of day. */
export class TransitionTime implements ClrObject {
  readonly clrName = "System.TimeZoneInfo+TransitionTime";
  readonly timeOfDay: DateTime;
  readonly month: number;
  /** Day of the month of a fixed date; else the week (5 is the last) and the weekday. */
  readonly day: number;
  readonly week: number;
  readonly weekday: number;
  readonly isFixed: boolean;

  constructor(timeOfDay: DateTime, month: number, rule: { day: number } | { week: number; weekday: number }) {
    if (month < 1 || month > 12)
      throw new ArgumentOutOfRangeException("month", "The Month parameter must be in the range 1 through 12.");
    if (timeOfDay.ticks >= TICKS_PER_DAY) {
      throw new ArgumentException(
        "The supplied DateTime must have the Year, Month, and Day properties set to 1.",
        "timeOfDay",
      );
    }
    this.timeOfDay = timeOfDay;
    this.month = month;
    this.isFixed = "day" in rule;
    this.day = "day" in rule ? rule.day : 1;
    this.week = "week" in rule ? rule.week : 1;
    this.weekday = "week" in rule ? rule.weekday : 0;
    if (this.day < 1 || this.day > 31)
      throw new ArgumentOutOfRangeException("day", "The Day parameter must be in the range 1 through 31.");
    if (this.week < 1 || this.week > 5)
      throw new ArgumentOutOfRangeException("week", "The Week parameter must be in the range 1 through 5.");
  }

  /** Ticks of the transition in a year, on the clock. */
  in(year: number): bigint {
    const length = daysInMonth(year, this.month);
    if (this.isFixed) return (dateToTicks(year, this.month, Math.min(this.day, length)) ?? 0n) + this.timeOfDay.ticks;
    const first = dateToTicks(year, this.month, 1) ?? 0n;
    const offset = (this.weekday - civilTime(first).dayOfWeek + 7) % 7;
    let day = 1 + offset + (this.week - 1) * 7;
    if (day > length) day -= 7;
    return (dateToTicks(year, this.month, day) ?? 0n) + this.timeOfDay.ticks;
  }

  clrEquals(other: unknown): boolean {
    if (!(other instanceof TransitionTime)) return false;
    const { timeOfDay, month, day, week, weekday, isFixed } = this;
    const same = other.timeOfDay.ticks === timeOfDay.ticks && other.month === month && other.isFixed === isFixed;
    return same && other.day === day && other.week === week && other.weekday === weekday;
  }
}

/** `TimeZoneInfo.AdjustmentRule`: daylight saving time of a zone between two dates. */
export class AdjustmentRule implements ClrObject {
  readonly clrName = "System.TimeZoneInfo+AdjustmentRule";
  readonly start: DateTime;
  readonly end: DateTime;
  readonly delta: TimeSpan;
  readonly from: TransitionTime;
  readonly to: TransitionTime;

  constructor(start: DateTime, end: DateTime, delta: TimeSpan, from: TransitionTime, to: TransitionTime) {
    if (start.ticks > end.ticks) {
      throw new ArgumentOutOfRangeException("dateStart", "The date of the start of a rule must not be after its end.");
    }
    this.start = start;
    this.end = end;
    this.delta = delta;
    this.from = from;
    this.to = to;
  }

  /** True when a standard-time clock reading lies in daylight saving time. */
  covers(standardTicks: bigint): boolean {
    if (standardTicks < this.start.ticks || standardTicks >= this.end.ticks + TICKS_PER_DAY) return false;
    const { year } = civilTime(standardTicks);
    const begins = this.from.in(year);
    // The end is written on the daylight clock.
    const ends = this.to.in(year) - this.delta.ticks;
    return begins < ends
      ? standardTicks >= begins && standardTicks < ends
      : standardTicks >= begins || standardTicks < ends;
  }

  clrEquals(other: unknown): boolean {
    if (!(other instanceof AdjustmentRule)) return false;
    const same = other.start.ticks === this.start.ticks && other.end.ticks === this.end.ticks;
    return (
      same && other.delta.ticks === this.delta.ticks && this.from.clrEquals(other.from) && this.to.clrEquals(other.to)
    );
  }
}

export const transitionTimeType = declareType({
  name: "System.TimeZoneInfo.TransitionTime",
  kind: "struct",
  is: (value) => value instanceof TransitionTime,
  toString: () => "System.TimeZoneInfo+TransitionTime",
  equals: (a: TransitionTime, b: TransitionTime) => a.clrEquals(b),
  members: {
    "new TransitionTime()": () => new TransitionTime(DateTime.minValue, 1, { day: 1 }),
    "static TransitionTime CreateFixedDateRule(DateTime timeOfDay, int month, int day)": (
      time: DateTime,
      month: number,
      day: number,
    ) => new TransitionTime(time, month, { day }),
    "static TransitionTime CreateFloatingDateRule(DateTime timeOfDay, int month, int week, DayOfWeek dayOfWeek)": (
      time: DateTime,
      month: number,
      week: number,
      weekday: EnumValue,
    ) => new TransitionTime(time, month, { week, weekday: weekday.value }),
    "DateTime TimeOfDay { get; }": (time: TransitionTime) => time.timeOfDay,
    "int Month { get; }": (time: TransitionTime) => time.month,
    "int Week { get; }": (time: TransitionTime) => time.week,
    "int Day { get; }": (time: TransitionTime) => time.day,
    "DayOfWeek DayOfWeek { get; }": (time: TransitionTime) => dayOfWeek(time.weekday),
    "bool IsFixedDateRule { get; }": (time: TransitionTime) => time.isFixed,
    "bool Equals(TransitionTime other)": (a: TransitionTime, b: TransitionTime) => a.clrEquals(b),
    "static bool operator ==(TransitionTime t1, TransitionTime t2)": (a: TransitionTime, b: TransitionTime) =>
      a.clrEquals(b),
    "static bool operator !=(TransitionTime t1, TransitionTime t2)": (a: TransitionTime, b: TransitionTime) =>
      !a.clrEquals(b),
  },
});

export const adjustmentRuleType = declareType({
  name: "System.TimeZoneInfo.AdjustmentRule",
  kind: "class",
  is: (value) => value instanceof AdjustmentRule,
  members: {
    "static AdjustmentRule CreateAdjustmentRule(DateTime dateStart, DateTime dateEnd, TimeSpan daylightDelta, System.TimeZoneInfo.TransitionTime daylightTransitionStart, System.TimeZoneInfo.TransitionTime daylightTransitionEnd)":
      (start: DateTime, end: DateTime, delta: TimeSpan, from: TransitionTime, to: TransitionTime) =>
        new AdjustmentRule(start, end, delta, from, to),
    "DateTime DateStart { get; }": (rule: AdjustmentRule) => rule.start,
    "DateTime DateEnd { get; }": (rule: AdjustmentRule) => rule.end,
    "TimeSpan DaylightDelta { get; }": (rule: AdjustmentRule) => rule.delta,
    "System.TimeZoneInfo.TransitionTime DaylightTransitionStart { get; }": (rule: AdjustmentRule) => rule.from,
    "System.TimeZoneInfo.TransitionTime DaylightTransitionEnd { get; }": (rule: AdjustmentRule) => rule.to,
    "bool Equals(AdjustmentRule other)": (a: AdjustmentRule, b: unknown) => a.clrEquals(b),
  },
});
