import { FormatException, OverflowException } from "../exceptions.ts";
import { TICKS_PER_DAY, TICKS_PER_SECOND } from "./calendar.ts";
import { parseSpan } from "./time-span-format.ts";

const FIELD = /^(?:d{1,8}|hh?|mm?|ss?|f{1,7}|F{1,7})/;
const BAD = "String was not recognized as a valid TimeSpan.";

/**
 * `TimeSpan.ParseExact` with a standard (`c`, `g`, `G`) or a custom format.
 * @returns ticks
 * @throws FormatException when the text does not have exactly that form
 */
export function parseSpanExact(text: string, format: string): bigint {
  if (/^[ctTgG]$/.test(format)) return parseSpan(text);
  if (format.length < 2) throw new FormatException(BAD);
  const fields = { d: 0, h: 0, m: 0, s: 0, f: "" };
  let at = 0;
  for (let i = 0; i < format.length; ) {
    const c = format[i] ?? "";
    const field = FIELD.exec(format.slice(i, i + 8))?.[0];
    if (field) {
      const digits = readDigits(text, at, field);
      at += digits.length;
      i += field.length;
      if (c === "f" || c === "F") fields.f = digits;
      else fields[c as "d" | "h" | "m" | "s"] = Number(digits);
      continue;
    }
    const [literal, end] = readLiteral(format, i);
    if (!text.startsWith(literal, at)) throw new FormatException(BAD);
    at += literal.length;
    i = end;
  }
  if (at !== text.length) throw new FormatException(BAD);
  if (fields.h > 23 || fields.m > 59 || fields.s > 59 || fields.d > 10_675_199) throw new OverflowException(BAD);
  const time = BigInt(fields.h * 3600 + fields.m * 60 + fields.s) * TICKS_PER_SECOND;
  return BigInt(fields.d) * TICKS_PER_DAY + time + BigInt(fields.f.padEnd(7, "0"));
}

/** The digits of one field: `hh` exactly two, `h` one or two, `fff` exactly three, `FFF` up to three. */
function readDigits(text: string, at: number, field: string): string {
  const letter = field[0] ?? "";
  const most = letter === "d" ? Math.max(field.length, 8) : letter === "f" || letter === "F" ? field.length : 2;
  const least = letter === "F" ? 0 : letter === "d" && field.length === 1 ? 1 : field.length;
  let end = at;
  while (end - at < most && /[0-9]/.test(text[end] ?? "")) end++;
  if (end - at < least) throw new FormatException(BAD);
  return text.slice(at, end);
}

function readLiteral(format: string, i: number): [text: string, end: number] {
  const c = format[i] ?? "";
  if (c === "'" || c === '"') {
    const end = format.indexOf(c, i + 1);
    if (end < 0) throw new FormatException(BAD);
    return [format.slice(i + 1, end), end + 1];
  }
  if (c === "\\" && i + 1 < format.length) return [format[i + 1] ?? "", i + 2];
  if (c === "%" && i + 1 < format.length) return ["", i + 1];
  throw new FormatException(BAD);
}
