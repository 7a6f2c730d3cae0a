import { Box } from "../box.ts";
import { ArgumentException, ArgumentNullException, FormatException } from "../exceptions.ts";
import { isoDate } from "../json/iso-date.ts";
import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND } from "../system/calendar.ts";
import { DateTime } from "../system/date-time.ts";
import { DateTimeOffset } from "../system/date-time-offset.ts";
import { boxedToString } from "../system/text.ts";
import { TimeSpan } from "../system/time-span.ts";
import { XObject } from "./xobject.ts";

/** The text that a boxed value has inside XML. @throws {ArgumentException} for a node */
export function xmlText(value: unknown): string {
  if (value === null) throw new ArgumentNullException("value");
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value instanceof XObject) throw new ArgumentException("An XObject cannot be used as a value.");
  if (value instanceof DateTime) return isoDate(value);
  if (value instanceof DateTimeOffset) return isoDate(value).replace("+00:00", "Z");
  if (value instanceof TimeSpan) return durationText(value);
  if (value instanceof Box && (value.type === "Double" || value.type === "Single")) {
    if (value.value === Number.POSITIVE_INFINITY) return "INF";
    if (value.value === Number.NEGATIVE_INFINITY) return "-INF";
  }
  return boxedToString(value);
}

/** `P1DT2H3M4.5S`. */
function durationText(span: TimeSpan): string {
  const ticks = span.ticks < 0n ? -span.ticks : span.ticks;
  const sign = span.ticks < 0n ? "-" : "";
  if (ticks === 0n) return "PT0S";
  const days = ticks / TICKS_PER_DAY;
  const hours = (ticks / TICKS_PER_HOUR) % 24n;
  const minutes = (ticks / TICKS_PER_MINUTE) % 60n;
  const seconds = (ticks / TICKS_PER_SECOND) % 60n;
  const fraction = String(ticks % TICKS_PER_SECOND)
    .padStart(7, "0")
    .replace(/0+$/, "");
  const second = seconds > 0n || fraction !== "" ? `${seconds}${fraction === "" ? "" : `.${fraction}`}S` : "";
  const time = `${hours > 0n ? `${hours}H` : ""}${minutes > 0n ? `${minutes}M` : ""}${second}`;
  return `${sign}P${days > 0n ? `${days}D` : ""}${time === "" ? "" : `T${time}`}`;
}

const DURATION =
  /^(-?)P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,7})\d*)?S)?)?$/;

/** Reads an XML Schema duration; a year is 365 days, a month 30. @throws {FormatException} */
export function parseDuration(text: string): TimeSpan {
  const match = DURATION.exec(text.trim());
  if (match === null || !/\d/.test(text) || text.trim().endsWith("T")) {
    throw new FormatException(`The string '${text}' is not a valid TimeSpan value.`);
  }
  const part = (index: number) => BigInt(match[index] ?? "0");
  const ticks =
    (part(2) * 365n + part(3) * 30n + part(4)) * TICKS_PER_DAY +
    part(5) * TICKS_PER_HOUR +
    part(6) * TICKS_PER_MINUTE +
    part(7) * TICKS_PER_SECOND +
    BigInt((match[8] ?? "").padEnd(7, "0") || "0");
  return new TimeSpan(match[1] === "-" ? -ticks : ticks);
}
