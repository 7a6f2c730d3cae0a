import { isIPv4, isIPv6 } from "node:net";

/** Expressions here are run by the JavaScript engine: each one is written so that it cannot backtrack. */
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const URI_CHARACTERS = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/;
const BAD_PERCENT = /%(?![0-9A-Fa-f]{2})/;
const DURATION = /^P(?=.)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (DAYS[month - 1] as number) + (leap ? 1 : 0);
}

function isTime(text: string): boolean {
  const parts = TIME.exec(text);
  if (!parts) return false;
  const [hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  // A leap second may stand at the end of any minute: time zones move it.
  return hour < 24 && minute < 60 && second <= 60 && offsetHour < 24 && offsetMinute < 60;
}

function isDateTime(text: string): boolean {
  const separator = text.charAt(10);
  return /^[Tt ]$/.test(separator) && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}

function isHostname(text: string): boolean {
  return text.length <= 253 && text.split(".").every((label) => LABEL.test(label));
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  const domain = text.slice(at + 1);
  if (at < 1 || local.length > 64 || !/^[\w.!#$%&'*+/=?^`{|}~\-\u0080-\uffff]+$/.test(local)) return false;
  if (local.startsWith(".") || local.endsWith(".") || local.includes("..")) return false;
  return isHostname(domain) || (/^\[.*\]$/.test(domain) && isIPv4(domain.slice(1, -1)));
}

function isUriReference(text: string): boolean {
  return URI_CHARACTERS.test(text) && !BAD_PERCENT.test(text);
}

/**
 * Formats that are checked, by name (JSON Schema's and OpenAPI's; strings only). Others say nothing that could be
 * checked.
 */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = Object.assign(
  Object.create(null) as Record<string, never>,
  {
    date: isDate,
    time: isTime,
    "date-time": isDateTime,
    duration: (text: string) => DURATION.test(text),
    uuid: (text: string) => UUID.test(text),
    email: isEmail,
    hostname: isHostname,
    ipv4: isIPv4,
    ipv6: isIPv6,
    uri: (text: string) => SCHEME.test(text) && isUriReference(text),
    "uri-reference": isUriReference,
    byte: (text: string) => text.length % 4 === 0 && BASE64.test(text),
  },
);

/** Ranges of number formats. */
export const NUMBER_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-2147483648, 2147483647],
  int64: [-(2 ** 63), 2 ** 63 - 1],
};
