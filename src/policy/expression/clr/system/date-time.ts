import { ArgumentException, ArgumentOutOfRangeException, FormatException } from "../exceptions.ts";
import {
  addMonthsToTicks,
  type CivilTime,
  civilTime,
  dateToTicks,
  MAX_TICKS,
  TICKS_PER_DAY,
  TICKS_PER_MILLISECOND,
  timeToTicks,
  UNIX_EPOCH_TICKS,
} from "./calendar.ts";
import { formatClock } from "./date-format.ts";
import { parseDate } from "./date-parse.ts";
import { longHashCode } from "./equality.ts";
import type { ClrObject } from "./protocol.ts";

/** `DateTimeKind`: 0 unspecified, 1 UTC, 2 local. The gateway's local time is UTC. */
export type DateKind = 0 | 1 | 2;

const OUT_OF_RANGE = "The added or subtracted value results in an un-representable DateTime.";

/** `System.DateTime`: ticks of 100 ns since 0001-01-01, 0 to {@link MAX_TICKS}, and a kind. */
export class DateTime implements ClrObject {
  readonly clrName = "System.DateTime";
  readonly ticks: bigint;
  readonly kind: DateKind;

  /** @throws ArgumentOutOfRangeException outside years 1 to 9999 */
  constructor(ticks: bigint, kind: DateKind = 0) {
    if (ticks < 0n || ticks > MAX_TICKS) {
      throw new ArgumentOutOfRangeException(
        "ticks",
        "Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.",
      );
    }
    this.ticks = ticks;
    this.kind = kind;
  }

  static readonly minValue = new DateTime(0n);
  static readonly maxValue = new DateTime(MAX_TICKS);

  /** The current time, to the millisecond. */
  static now(kind: DateKind): DateTime {
    return DateTime.fromUnixMilliseconds(Date.now(), kind);
  }

  /** Milliseconds since 1970 UTC, as `Date.getTime()` gives them. */
  static fromUnixMilliseconds(milliseconds: number, kind: DateKind = 1): DateTime {
    return new DateTime(UNIX_EPOCH_TICKS + BigInt(Math.round(milliseconds)) * TICKS_PER_MILLISECOND, kind);
  }

  /** @throws ArgumentOutOfRangeException when there is no such date or time */
  static ofParts(
    year: number,
    month: number,
    day: number,
    hour = 0,
    minute = 0,
    second = 0,
    millisecond = 0,
    kind: DateKind = 0,
  ): DateTime {
    const date = dateToTicks(year, month, day);
    const time = timeToTicks(hour, minute, second, millisecond);
    if (date === null || time === null) {
      throw new ArgumentOutOfRangeException(
        null,
        date === null
          ? "Year, Month, and Day parameters describe an un-representable DateTime."
          : "Hour, Minute, and Second parameters describe an un-representable DateTime.",
      );
    }
    return new DateTime(date + time, kind);
  }

  /** `DateTime.Parse`: with a zone in the text the result is local, else of no kind. @throws FormatException */
  static parse(text: string): DateTime {
    const date = DateTime.tryParse(text);
    if (date === null) throw new FormatException("String was not recognized as a valid DateTime.");
    return date;
  }

  /** {@link parse}, or null when the text is no date. */
  static tryParse(text: string): DateTime | null {
    const parsed = parseDate(text, DateTime.now(0).date().ticks);
    if (parsed === null) return null;
    const ticks = parsed.ticks - (parsed.offset ?? 0n);
    if (ticks < 0n || ticks > MAX_TICKS) return null;
    return new DateTime(ticks, parsed.offset === null ? 0 : 2);
  }

  civil(): CivilTime {
    return civilTime(this.ticks);
  }

  /** Midnight of the same day. */
  date(): DateTime {
    return new DateTime(this.ticks - (this.ticks % TICKS_PER_DAY), this.kind);
  }

  /** @throws ArgumentOutOfRangeException outside years 1 to 9999 */
  addTicks(ticks: bigint): DateTime {
    const sum = this.ticks + ticks;
    if (sum < 0n || sum > MAX_TICKS) throw new ArgumentOutOfRangeException("value", OUT_OF_RANGE);
    return new DateTime(sum, this.kind);
  }

  /** A number of units, rounded to the millisecond as .NET Framework does. @throws ArgumentOutOfRangeException */
  addUnits(value: number, millisecondsPerUnit: number): DateTime {
    const milliseconds = value * millisecondsPerUnit + (value >= 0 ? 0.5 : -0.5);
    if (!(Math.abs(milliseconds) < 3.2e14))
      throw new ArgumentOutOfRangeException("value", "Value to add was out of range.");
    return this.addTicks(BigInt(Math.trunc(milliseconds)) * TICKS_PER_MILLISECOND);
  }

  /** @throws ArgumentOutOfRangeException beyond 120000 months or outside years 1 to 9999 */
  addMonths(months: number): DateTime {
    if (Math.abs(months) > 120_000) {
      throw new ArgumentOutOfRangeException("months", "Months value must be between +/-120000.");
    }
    const ticks = addMonthsToTicks(this.ticks, months);
    if (ticks === null) throw new ArgumentOutOfRangeException("months", OUT_OF_RANGE);
    return new DateTime(ticks, this.kind);
  }

  /** Milliseconds since 1970 of the clock reading (exact for UTC and local, which is UTC). */
  toUnixMilliseconds(): number {
    return Number((this.ticks - UNIX_EPOCH_TICKS) / TICKS_PER_MILLISECOND);
  }

  toClrString(): string {
    return this.clrFormat(null);
  }

  /** @throws FormatException */
  clrFormat(format: string | null): string {
    const zone = this.kind === 0 ? "none" : this.kind === 1 ? "utc" : "offset";
    return formatClock({ ticks: this.ticks, offset: 0n, zone, hasOffset: false }, format);
  }

  clrEquals(other: unknown): boolean {
    return other instanceof DateTime && other.ticks === this.ticks;
  }

  clrHashCode(): number {
    return longHashCode(this.ticks);
  }

  clrCompareTo(other: unknown): number {
    if (!(other instanceof DateTime)) throw new ArgumentException("Object must be of type DateTime.");
    return this.ticks < other.ticks ? -1 : this.ticks > other.ticks ? 1 : 0;
  }
}
