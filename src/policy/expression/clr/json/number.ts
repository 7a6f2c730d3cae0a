import { Box } from "../box.ts";
import { BigInteger } from "./big-integer.ts";
import { TokenType } from "./token-type.ts";
import { JValue } from "./value.ts";

/** Longer integers are refused: reading them takes more than linear time. */
const MAX_INTEGER_LENGTH = 380;

const INTEGER = /^-?\d+$/;
const REAL = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEX = /^0[xX][0-9a-fA-F]{1,16}$/;
const OCTAL = /^0[0-7]{1,22}$/;

/** The token of a number as written, or the message of the error. Integers beyond 64 bits become BigInteger. */
export function parseNumber(text: string): JValue | string {
  if (text.length > 1 && text[0] === "0" && !/[.eE]/.test(text[1] as string)) return parseOtherBase(text);
  if (INTEGER.test(text)) {
    if (text.length > MAX_INTEGER_LENGTH) return `JSON integer ${text} is too large to parse.`;
    const value = BigInt(text);
    const fits = value === BigInt.asIntN(64, value);
    return new JValue(fits ? value : new BigInteger(value), TokenType.Integer);
  }
  if (!REAL.test(text)) return invalid(text);
  return new JValue(new Box("Double", Number(text)), TokenType.Float);
}

/** A leading zero means hexadecimal or octal; the bits are those of a signed 64-bit integer. */
function parseOtherBase(text: string): JValue | string {
  if (!HEX.test(text) && !OCTAL.test(text)) return invalid(text);
  const value = BigInt(HEX.test(text) ? text : `0o${text.slice(1)}`);
  if (value >= 1n << 64n) return invalid(text);
  return new JValue(BigInt.asIntN(64, value), TokenType.Integer);
}

function invalid(text: string): string {
  return `Input string '${text}' is not a valid number.`;
}
