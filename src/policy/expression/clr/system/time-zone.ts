import { spend } from "../budget.ts";
import { ArgumentNullException, ClrException } from "../exceptions.ts";
import { MAX_TICKS, TICKS_PER_DAY, TICKS_PER_MILLISECOND, UNIX_EPOCH_TICKS } from "./calendar.ts";
import { offsetText } from "./date-format.ts";
import { stringHashCode } from "./equality.ts";
import type { ClrObject } from "./protocol.ts";
import type { AdjustmentRule } from "./time-zone-rules.ts";
import { WINDOWS_ZONES } from "./windows-zones.ts";

export class TimeZoneNotFoundException extends ClrException {
  static override readonly clrName: string = "System.TimeZoneNotFoundException";
}

/** Where the offsets of a zone come from. Ticks are of UTC; offsets are in ticks. */
interface OffsetSource {
  /** Offset without daylight saving time. */
  base: bigint;
  offsetAt(utcTicks: bigint): bigint;
  hasDaylight: boolean;
  standardName: string;
  daylightName: string;
}

/** `System.TimeZoneInfo`. */
export class TimeZoneInfo implements ClrObject {
  readonly clrName = "System.TimeZoneInfo";
  readonly id: string;
  readonly rules: readonly AdjustmentRule[];
  readonly #displayName: string | null;
  readonly #makeSource: () => OffsetSource;
  #source: OffsetSource | undefined;

  /** @param displayName null for the name that the offset and the standard name make */
  constructor(
    id: string,
    displayName: string | null,
    source: () => OffsetSource,
    rules: readonly AdjustmentRule[] = [],
  ) {
    this.id = id;
    this.#displayName = displayName;
    this.#makeSource = source;
    this.rules = rules;
  }

  /** Made when first needed: the platform takes its time, and a list of all zones needs none of them. */
  get source(): OffsetSource {
    this.#source ??= this.#makeSource();
    return this.#source;
  }

  get displayName(): string {
    if (this.#displayName !== null) return this.#displayName;
    const { base, standardName } = this.source;
    return `(UTC${base === 0n ? "" : offsetText(base, 3)}) ${standardName}`;
  }

  static readonly utc = new TimeZoneInfo("UTC", "(UTC) Coordinated Universal Time", () => ({
    base: 0n,
    offsetAt: () => 0n,
    hasDaylight: false,
    standardName: "Coordinated Universal Time",
    daylightName: "Coordinated Universal Time",
  }));

  /** By IANA or Windows id, in any case. @throws ArgumentNullException, TimeZoneNotFoundException */
  static find(id: string | null): TimeZoneInfo {
    if (id === null) throw new ArgumentNullException("id");
    if (/^(?:utc|etc\/utc|gmt|z)$/i.test(id)) return TimeZoneInfo.utc;
    const known = zones.get(id.toLowerCase());
    if (known) return known;
    const windows = Object.keys(WINDOWS_ZONES).find((name) => name.toLowerCase() === id.toLowerCase());
    const iana = windows === undefined ? id : (WINDOWS_ZONES[windows] ?? id);
    if (!isZone(iana)) {
      throw new TimeZoneNotFoundException(`The time zone ID '${id}' was not found on the local computer.`);
    }
    return remembered(windows ?? id, iana);
  }

  /** Every zone of the platform. */
  static all(): TimeZoneInfo[] {
    return [TimeZoneInfo.utc, ...Intl.supportedValuesOf("timeZone").map((id) => remembered(id, id))];
  }

  /** Offset of an instant, in ticks. */
  offsetAtUtc(utcTicks: bigint): bigint {
    return this.source.offsetAt(utcTicks);
  }

  /**
   * What a clock reading in this zone may mean: one offset, two where the clock was put back (ambiguous), none where
   * it was put forward (invalid). Standard time comes first.
   */
  offsetsOfClock(ticks: bigint): bigint[] {
    const around = new Set([this.#near(ticks - TICKS_PER_DAY), this.#near(ticks + TICKS_PER_DAY), this.source.base]);
    const valid = [...around].filter((offset) => this.#near(ticks - offset) === offset);
    return valid.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Offset of a clock reading: standard time where it is ambiguous or does not exist. */
  offsetOfClock(ticks: bigint): bigint {
    return this.offsetsOfClock(ticks)[0] ?? this.source.base;
  }

  isDaylightAt(utcTicks: bigint): boolean {
    return this.offsetAtUtc(utcTicks) !== this.source.base;
  }

  #near(utcTicks: bigint): bigint {
    return this.offsetAtUtc(utcTicks < 0n ? 0n : utcTicks > MAX_TICKS ? MAX_TICKS : utcTicks);
  }

  toClrString(): string {
    return this.displayName;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof TimeZoneInfo && other.id.toLowerCase() === this.id.toLowerCase();
  }

  clrHashCode(): number {
    return stringHashCode(this.id.toLowerCase());
  }
}

const zones = new Map<string, TimeZoneInfo>();

/** The one object of a zone. There are as many as the platform and the table of Windows names have. */
function remembered(id: string, iana: string): TimeZoneInfo {
  const key = id.toLowerCase();
  let zone = zones.get(key);
  if (!zone) zones.set(key, (zone = new TimeZoneInfo(id, null, () => intlSource(iana))));
  return zone;
}

/** Offsets such as +01:23 are no zone ids; there are too many to keep a zone for each. */
function isZone(id: string): boolean {
  if (id.length > 100 || /^[+-]/.test(id)) return false;
  spend(100);
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: id }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Offsets of a platform zone, remembered by quarter of an hour; no zone changes within one. */
function intlSource(id: string): OffsetSource {
  spend(1000);
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: id,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const known = new Map<number, bigint>();
  const offsetAtMilliseconds = (ms: number): bigint => {
    const quarter = Math.floor(ms / 900_000);
    let offset = known.get(quarter);
    if (offset === undefined) {
      if (known.size > 500) known.clear();
      known.set(quarter, (offset = clockOffset(format, quarter * 900_000)));
    }
    return offset;
  };
  const year = new Date().getUTCFullYear();
  const winter = offsetAtMilliseconds(Date.UTC(year, 0, 1));
  const summer = offsetAtMilliseconds(Date.UTC(year, 6, 1));
  const northern = winter <= summer;
  const base = northern ? winter : summer;
  const nameAt = (ms: number) => {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone: id, timeZoneName: "long" }).formatToParts(ms);
    return parts.find((part) => part.type === "timeZoneName")?.value ?? id;
  };
  const [standardAt, daylightAt] = northern ? [0, 6] : [6, 0];
  return {
    base,
    offsetAt: (ticks) => offsetAtMilliseconds(Number((ticks - UNIX_EPOCH_TICKS) / TICKS_PER_MILLISECOND)),
    hasDaylight: winter !== summer,
    standardName: nameAt(Date.UTC(year, standardAt, 1)),
    daylightName: nameAt(Date.UTC(year, daylightAt, 1)),
  };
}

/** Difference between the zone's clock and UTC at an instant, to the minute. */
function clockOffset(format: Intl.DateTimeFormat, ms: number): bigint {
  const fields: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(ms)) fields[type] = value;
  const year = fields.era?.startsWith("B") ? 1 - Number(fields.year) : Number(fields.year);
  const clock = new Date(0);
  clock.setUTCFullYear(year, Number(fields.month) - 1, Number(fields.day));
  clock.setUTCHours(Number(fields.hour), Number(fields.minute), Number(fields.second));
  return BigInt(Math.round((clock.getTime() - Math.floor(ms / 1000) * 1000) / 60_000)) * 600_000_000n;
}

/** Offsets of a zone made from rules, as `CreateCustomTimeZone` makes it. */
export function ruleSource(
  base: bigint,
  names: [standard: string, daylight: string],
  rules: readonly AdjustmentRule[],
): OffsetSource {
  return {
    base,
    offsetAt: (ticks) => {
      const standard = ticks + base;
      const rule = rules.find((candidate) => candidate.covers(standard));
      return rule ? base + rule.delta.ticks : base;
    },
    hasDaylight: rules.length > 0,
    standardName: names[0],
    daylightName: names[1],
  };
}
