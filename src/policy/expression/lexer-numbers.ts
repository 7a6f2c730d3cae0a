import { ExpressionSyntaxError, type NumberType, type Token } from "./tokens.ts";

const number =
  /0[xX](?<hex>[0-9A-Fa-f_]+)|0[bB](?<bin>[01_]+)|(?<real>(?:[0-9][0-9_]*)?\.[0-9][0-9_]*(?:[eE][+-]?[0-9][0-9_]*)?|[0-9][0-9_]*[eE][+-]?[0-9][0-9_]*)|(?<int>[0-9][0-9_]*)/y;
const suffix = /[uU][lL]?|[lL][uU]?|[fFdDmM]/y;

/**
 * The numeric literal at `start`: decimal, hexadecimal or binary, with digit separators and type suffixes.
 * Its value is a number for int, uint, double and float, a bigint for long and ulong, the digits for decimal.
 * @throws {ExpressionSyntaxError} where the digits fit no type.
 */
export function scanNumber(text: string, start: number): Extract<Token, { kind: "number" }> {
  number.lastIndex = start;
  const match = number.exec(text);
  if (!match) throw new ExpressionSyntaxError("expression-syntax", start, "Invalid number");
  let end = start + match[0].length;
  suffix.lastIndex = end;
  const mark = match.groups?.hex
    ? (/[uU][lL]?|[lL][uU]?/y.exec(text.slice(end))?.[0] ?? "")
    : (suffix.exec(text)?.[0] ?? "");
  end += mark.length;
  if (/[\p{L}\p{Nd}_]/u.test(text[end] ?? "")) {
    throw new ExpressionSyntaxError("expression-syntax", start, `Invalid number '${text.slice(start, end + 1)}'`);
  }
  const raw = text.slice(start, end);
  if (match[0].endsWith("_")) throw new ExpressionSyntaxError("expression-syntax", start, `Invalid number '${raw}'`);
  const digits = match[0].replaceAll("_", "");
  const kind = mark.toLowerCase();
  const token = (type: NumberType, value: number | bigint | string) =>
    ({ kind: "number", text: raw, type, value, start, end }) as const;
  if (digits.length > 400) throw new ExpressionSyntaxError("expression-syntax", start, "Number too long");
  if (kind === "m") return token("decimal", digits);
  if (kind === "d" || kind === "f" || match.groups?.real !== undefined) {
    const value = Number(digits);
    if (!Number.isFinite(value)) {
      throw new ExpressionSyntaxError(
        "expression-syntax",
        start,
        "Floating-point constant is outside the range of type 'double'",
      );
    }
    return kind === "f" ? token("float", Math.fround(value)) : token("double", value);
  }
  const value = BigInt(digits);
  const unsigned = kind.includes("u");
  const long = kind.includes("l");
  if (value >= 1n << 64n) throw new ExpressionSyntaxError("expression-syntax", start, "Integral constant is too large");
  if (!unsigned && !long && value < 1n << 31n) return token("int", Number(value));
  if (!long && value < 1n << 32n) return token("uint", Number(value));
  if (!unsigned && value < 1n << 63n) return token("long", value);
  return token("ulong", value);
}
