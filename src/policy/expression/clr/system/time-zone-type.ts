import { ClrArray } from "../box.ts";
import { List } from "../collections/list.ts";
import { declareType, type MemberFunction } from "../declare.ts";
import { ArgumentException, ArgumentNullException } from "../exceptions.ts";
import { DateTime } from "./date-time.ts";
import type { DateTimeOffset } from "./date-time-offset.ts";
import { TimeSpan } from "./time-span.ts";
import { ruleSource, TimeZoneInfo } from "./time-zone.ts";
import type { AdjustmentRule } from "./time-zone-rules.ts";

type Zone = TimeZoneInfo | null;

function require(zone: Zone, name = "destinationTimeZone"): TimeZoneInfo {
  if (zone === null) throw new ArgumentNullException(name);
  return zone;
}

/** UTC ticks of a clock reading in a zone. @throws ArgumentException where the clock skips it */
function toUtc(date: DateTime, zone: TimeZoneInfo): bigint {
  const offset = zone.offsetsOfClock(date.ticks)[0];
  if (offset === undefined) {
    throw new ArgumentException(
      "The supplied DateTime represents an invalid time. For example, when the clock is adjusted forward, any time in the period that is skipped is invalid.",
      "dateTime",
    );
  }
  return date.ticks - offset;
}

function fromUtc(ticks: bigint, zone: TimeZoneInfo): DateTime {
  return new DateTime(ticks + zone.offsetAtUtc(ticks), zone === TimeZoneInfo.utc ? 1 : 0);
}

function convert(date: DateTime, from: TimeZoneInfo, to: TimeZoneInfo): DateTime {
  if (date.kind !== 0 && from !== TimeZoneInfo.utc) {
    throw new ArgumentException(
      "The conversion could not be completed because the supplied DateTime did not have the Kind property set correctly. For example, when the Kind property is DateTimeKind.Local, the source time zone must be TimeZoneInfo.Local.",
      "sourceTimeZone",
    );
  }
  return fromUtc(toUtc(date, from), to);
}

function convertOffset(date: DateTimeOffset, zone: TimeZoneInfo): DateTimeOffset {
  return date.toOffset(zone.offsetAtUtc(date.utcTicks));
}

function custom(
  id: string | null,
  base: TimeSpan,
  display: string | null,
  names: [standard: string | null, daylight: string | null],
  rules: ClrArray | null,
): TimeZoneInfo {
  if (id === null) throw new ArgumentNullException("id");
  if (id === "") throw new ArgumentException("The specified ID parameter '' is not supported.", "id");
  const list = (rules?.items ?? []) as (AdjustmentRule | null)[];
  if (list.includes(null))
    throw new ArgumentException("The AdjustmentRule array cannot contain null elements.", "adjustmentRules");
  const source = ruleSource(base.ticks, [names[0] ?? "", names[1] ?? ""], list as AdjustmentRule[]);
  return new TimeZoneInfo(id, display ?? "", () => source, list as AdjustmentRule[]);
}

/** A clock reading of no kind is on the zone's clock, any other on that of UTC. */
function utcTicks(zone: TimeZoneInfo, date: DateTime): bigint {
  return date.kind === 0 ? date.ticks - zone.offsetOfClock(date.ticks) : date.ticks;
}

const clockOf = (zone: TimeZoneInfo, date: DateTime) =>
  date.kind === 0 ? date.ticks : date.ticks + zone.offsetAtUtc(date.ticks);
const spans = (offsets: bigint[]) =>
  new ClrArray(
    "System.TimeSpan",
    offsets.map((offset) => new TimeSpan(offset)),
  );

function ambiguousOffsets(zone: TimeZoneInfo, clock: bigint): ClrArray {
  const offsets = zone.offsetsOfClock(clock);
  if (offsets.length < 2) {
    throw new ArgumentException("The supplied DateTime is not in an ambiguous time range.", "dateTime");
  }
  return spans(offsets);
}

const conversions: Record<string, MemberFunction> = {
  "static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo destinationTimeZone)": (date: DateTime, zone: Zone) =>
    fromUtc(date.ticks, require(zone)),
  "static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo sourceTimeZone, TimeZoneInfo destinationTimeZone)": (
    date: DateTime,
    from: Zone,
    to: Zone,
  ) => convert(date, require(from, "sourceTimeZone"), require(to)),
  "static DateTimeOffset ConvertTime(DateTimeOffset dateTimeOffset, TimeZoneInfo destinationTimeZone)": (
    date: DateTimeOffset,
    zone: Zone,
  ) => convertOffset(date, require(zone)),
  "static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string destinationTimeZoneId)": (
    date: DateTime,
    id: string | null,
  ) => fromUtc(date.ticks, TimeZoneInfo.find(id)),
  "static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string sourceTimeZoneId, string destinationTimeZoneId)":
    (date: DateTime, from: string | null, to: string | null) =>
      convert(date, TimeZoneInfo.find(from), TimeZoneInfo.find(to)),
  "static DateTimeOffset ConvertTimeBySystemTimeZoneId(DateTimeOffset dateTimeOffset, string destinationTimeZoneId)": (
    date: DateTimeOffset,
    id: string | null,
  ) => convertOffset(date, TimeZoneInfo.find(id)),
  "static DateTime ConvertTimeFromUtc(DateTime dateTime, TimeZoneInfo destinationTimeZone)": (
    date: DateTime,
    zone: Zone,
  ) => fromUtc(date.ticks, require(zone)),
  "static DateTime ConvertTimeToUtc(DateTime dateTime)": (date: DateTime) => new DateTime(date.ticks, 1),
  "static DateTime ConvertTimeToUtc(DateTime dateTime, TimeZoneInfo sourceTimeZone)": (date: DateTime, zone: Zone) =>
    convert(date, require(zone, "sourceTimeZone"), TimeZoneInfo.utc),
};

const factories: Record<string, MemberFunction> = {
  "static TimeZoneInfo FindSystemTimeZoneById(string id)": (id: string | null) => TimeZoneInfo.find(id),
  "static System.Collections.ObjectModel.ReadOnlyCollection<TimeZoneInfo> GetSystemTimeZones()": () =>
    new List("System.TimeZoneInfo", TimeZoneInfo.all()),
  "static void ClearCachedData()": () => undefined,
  "static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName)":
    (id: string | null, base: TimeSpan, display: string | null, standard: string | null) =>
      custom(id, base, display, [standard, standard], null),
  "static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName, string daylightDisplayName, TimeZoneInfo.AdjustmentRule[] adjustmentRules)":
    (
      id: string | null,
      base: TimeSpan,
      display: string | null,
      standard: string | null,
      daylight: string | null,
      rules: ClrArray | null,
    ) => custom(id, base, display, [standard, daylight], rules),
  "static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName, string daylightDisplayName, TimeZoneInfo.AdjustmentRule[] adjustmentRules, bool disableDaylightSavingTime)":
    (
      id: string | null,
      base: TimeSpan,
      display: string | null,
      standard: string | null,
      daylight: string | null,
      rules: ClrArray | null,
      disabled: boolean,
    ) => custom(id, base, display, [standard, daylight], disabled ? null : rules),
};

export const timeZoneInfoType = declareType({
  name: "System.TimeZoneInfo",
  kind: "class",
  is: (value) => value instanceof TimeZoneInfo,
  toString: (zone: TimeZoneInfo) => zone.displayName,
  members: {
    ...conversions,
    ...factories,
    "static TimeZoneInfo Local { get; }": () => TimeZoneInfo.utc,
    "static TimeZoneInfo Utc { get; }": () => TimeZoneInfo.utc,
    "TimeSpan BaseUtcOffset { get; }": (zone: TimeZoneInfo) => new TimeSpan(zone.source.base),
    "string DaylightName { get; }": (zone: TimeZoneInfo) => zone.source.daylightName,
    "string DisplayName { get; }": (zone: TimeZoneInfo) => zone.displayName,
    "string Id { get; }": (zone: TimeZoneInfo) => zone.id,
    "string StandardName { get; }": (zone: TimeZoneInfo) => zone.source.standardName,
    "bool SupportsDaylightSavingTime { get; }": (zone: TimeZoneInfo) => zone.source.hasDaylight,
    "TimeZoneInfo.AdjustmentRule[] GetAdjustmentRules()": (zone: TimeZoneInfo) =>
      new ClrArray("System.TimeZoneInfo.AdjustmentRule", [...zone.rules]),
    "TimeSpan[] GetAmbiguousTimeOffsets(DateTime dateTime)": (zone: TimeZoneInfo, date: DateTime) =>
      ambiguousOffsets(zone, clockOf(zone, date)),
    "TimeSpan[] GetAmbiguousTimeOffsets(DateTimeOffset dateTimeOffset)": (zone: TimeZoneInfo, date: DateTimeOffset) =>
      ambiguousOffsets(zone, convertOffset(date, zone).ticks),
    "TimeSpan GetUtcOffset(DateTime dateTime)": (zone: TimeZoneInfo, date: DateTime) =>
      new TimeSpan(date.kind === 0 ? zone.offsetOfClock(date.ticks) : zone.offsetAtUtc(date.ticks)),
    "TimeSpan GetUtcOffset(DateTimeOffset dateTimeOffset)": (zone: TimeZoneInfo, date: DateTimeOffset) =>
      new TimeSpan(zone.offsetAtUtc(date.utcTicks)),
    "bool IsAmbiguousTime(DateTime dateTime)": (zone: TimeZoneInfo, date: DateTime) =>
      zone.offsetsOfClock(clockOf(zone, date)).length > 1,
    "bool IsAmbiguousTime(DateTimeOffset dateTimeOffset)": (zone: TimeZoneInfo, date: DateTimeOffset) =>
      zone.offsetsOfClock(convertOffset(date, zone).ticks).length > 1,
    "bool IsDaylightSavingTime(DateTime dateTime)": (zone: TimeZoneInfo, date: DateTime) =>
      zone.isDaylightAt(utcTicks(zone, date)),
    "bool IsDaylightSavingTime(DateTimeOffset dateTimeOffset)": (zone: TimeZoneInfo, date: DateTimeOffset) =>
      zone.isDaylightAt(date.utcTicks),
    "bool IsInvalidTime(DateTime dateTime)": (zone: TimeZoneInfo, date: DateTime) =>
      date.kind === 0 && zone.offsetsOfClock(date.ticks).length === 0,
    "bool HasSameRules(TimeZoneInfo other)": (zone: TimeZoneInfo, other: Zone) => {
      const { source, rules } = require(other, "other");
      if (source.base !== zone.source.base || rules.length !== zone.rules.length) return false;
      if (rules.length > 0) return rules.every((rule, i) => rule.clrEquals(zone.rules[i]));
      return source === zone.source || !(source.hasDaylight || zone.source.hasDaylight);
    },
    "bool Equals(TimeZoneInfo other)": (zone: TimeZoneInfo, other: Zone) => zone.clrEquals(other),
    "bool Equals(object obj)": (zone: TimeZoneInfo, other: unknown) => zone.clrEquals(other),
    "string ToString()": (zone: TimeZoneInfo) => zone.displayName,
  },
});

/** The older `System.TimeZone`, of which there is only the current one: UTC. */
export const timeZoneType = declareType({
  name: "System.TimeZone",
  kind: "class",
  is: () => false,
  members: {
    "static TimeZone CurrentTimeZone { get; }": () => ({ clrName: "System.CurrentSystemTimeZone" }),
    "string StandardName { get; }": () => TimeZoneInfo.utc.source.standardName,
    "string DaylightName { get; }": () => TimeZoneInfo.utc.source.daylightName,
    "TimeSpan GetUtcOffset(DateTime time)": () => TimeSpan.zero,
    "bool IsDaylightSavingTime(DateTime time)": () => false,
    "DateTime ToLocalTime(DateTime time)": (_: unknown, time: DateTime) => new DateTime(time.ticks, 2),
    "DateTime ToUniversalTime(DateTime time)": (_: unknown, time: DateTime) => new DateTime(time.ticks, 1),
  },
});
