import { ArgumentException, ArgumentOutOfRangeException, FormatException } from "../exceptions.ts";
import {
  type CivilTime,
  MAX_TICKS,
  TICKS_PER_HOUR,
  TICKS_PER_MILLISECOND,
  TICKS_PER_MINUTE,
  UNIX_EPOCH_TICKS,
} from "./calendar.ts";
import { formatClock } from "./date-format.ts";
import { type ParsedDate, parseDate } from "./date-parse.ts";
import { parseDateExact } from "./date-parse-exact.ts";
import { type DateKind, DateTime } from "./date-time.ts";
import { longHashCode } from "./equality.ts";
import type { ClrObject } from "./protocol.ts";

const NOT_A_DATE = "String was not recognized as a valid DateTime.";

/** `System.DateTimeOffset`: a clock reading and its offset from UTC, in whole minutes up to 14 hours. */
export class DateTimeOffset implements ClrObject {
  readonly clrName = "System.DateTimeOffset";
  /** The clock reading; its kind is unspecified. */
  readonly clock: DateTime;
  /** Offset from UTC in ticks. */
  readonly offset: bigint;

  /** @throws ArgumentException for an offset with seconds; ArgumentOutOfRangeException when the offset or UTC time is out of range */
  constructor(ticks: bigint, offset: bigint) {
    if (offset % TICKS_PER_MINUTE !== 0n) {
      throw new ArgumentException("Offset must be specified in whole minutes.", "offset");
    }
    if (offset < -14n * TICKS_PER_HOUR || offset > 14n * TICKS_PER_HOUR) {
      throw new ArgumentOutOfRangeException("offset", "Offset must be within plus or minus 14 hours.");
    }
    const utc = ticks - offset;
    if (utc < 0n || utc > MAX_TICKS) {
      throw new ArgumentOutOfRangeException(
        "offset",
        "The UTC time represented when the offset is applied must be between year 0 and 10,000.",
      );
    }
    this.clock = new DateTime(ticks);
    this.offset = offset;
  }

  static readonly minValue = new DateTimeOffset(0n, 0n);
  static readonly maxValue = new DateTimeOffset(MAX_TICKS, 0n);

  /** The current time at offset zero (local time is UTC). */
  static now(): DateTimeOffset {
    return new DateTimeOffset(DateTime.now(1).ticks, 0n);
  }

  static fromUnixMilliseconds(milliseconds: bigint): DateTimeOffset {
    const ticks = UNIX_EPOCH_TICKS + milliseconds * TICKS_PER_MILLISECOND;
    if (ticks < 0n || ticks > MAX_TICKS) {
      throw new ArgumentOutOfRangeException(
        "milliseconds",
        "Valid values are between -62135596800000 and 253402300799999, inclusive.",
      );
    }
    return new DateTimeOffset(ticks, 0n);
  }

  /** @throws FormatException */
  static parse(text: string): DateTimeOffset {
    return DateTimeOffset.of(parseDate(text, DateTime.now(0).date().ticks));
  }

  /** @throws FormatException */
  static parseExact(text: string, format: string): DateTimeOffset {
    return DateTimeOffset.of(parseDateExact(text, format, DateTime.now(0).date().ticks));
  }

  private static of(parsed: ParsedDate | null): DateTimeOffset {
    if (parsed === null) throw new FormatException(NOT_A_DATE);
    const offset = parsed.offset ?? 0n;
    const utc = parsed.ticks - offset;
    if (utc < 0n || utc > MAX_TICKS) throw new FormatException(NOT_A_DATE);
    return new DateTimeOffset(parsed.ticks, offset);
  }

  /** Ticks of the clock reading. */
  get ticks(): bigint {
    return this.clock.ticks;
  }

  get utcTicks(): bigint {
    return this.clock.ticks - this.offset;
  }

  civil(): CivilTime {
    return this.clock.civil();
  }

  /** The same instant on another clock. */
  toOffset(offset: bigint): DateTimeOffset {
    return new DateTimeOffset(this.utcTicks + offset, offset);
  }

  /** The clock reading changed, the offset kept. */
  withClock(clock: DateTime): DateTimeOffset {
    return new DateTimeOffset(clock.ticks, this.offset);
  }

  /** The instant as DateTime of a kind. */
  utcDateTime(kind: DateKind): DateTime {
    return new DateTime(this.utcTicks, kind);
  }

  /** Milliseconds since 1970, rounded down. */
  toUnixMilliseconds(): bigint {
    return floorDivide(this.utcTicks - UNIX_EPOCH_TICKS, TICKS_PER_MILLISECOND);
  }

  toClrString(): string {
    return this.clrFormat(null);
  }

  clrFormat(format: string | null): string {
    return formatClock({ ticks: this.ticks, offset: this.offset, zone: "offset", hasOffset: true }, format);
  }

  clrEquals(other: unknown): boolean {
    return other instanceof DateTimeOffset && other.utcTicks === this.utcTicks;
  }

  clrHashCode(): number {
    return longHashCode(this.utcTicks);
  }

  clrCompareTo(other: unknown): number {
    if (!(other instanceof DateTimeOffset)) throw new ArgumentException("Object must be of type DateTimeOffset.");
    return this.utcTicks < other.utcTicks ? -1 : this.utcTicks > other.utcTicks ? 1 : 0;
  }
}

export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
