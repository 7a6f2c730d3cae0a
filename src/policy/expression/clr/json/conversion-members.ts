import { Box } from "../box.ts";
import type { MemberFunction } from "../declare.ts";
import { boxInteger, INTEGERS } from "../system/integers.ts";
import { CONVERSIONS, castToken } from "./convert.ts";
import type { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { JValue } from "./value.ts";

/** `(T)token` and `(T?)token`. */
function explicitOperators(): Record<string, MemberFunction> {
  const members: Record<string, MemberFunction> = {};
  for (const conversion of CONVERSIONS) {
    const { target, reference } = conversion;
    members[`static explicit operator ${target}(JToken value)`] = (token: JToken | null) =>
      castToken(token, conversion, reference);
    if (reference) continue;
    members[`static explicit operator ${target}?(JToken value)`] = (token: JToken | null) =>
      castToken(token, conversion, true);
  }
  return members;
}

/** One implicit conversion to JToken: the type of token, and how the representation becomes its boxed value. */
type Source = readonly [type: string, token: TokenType, box: (value: never) => unknown];

const same = (value: unknown) => value;
const T = TokenType;

/** `JToken t = value`. Integers become `long`, except ulong; nullable ones keep their own type. */
const SOURCES: readonly Source[] = [
  ["bool", T.Boolean, same],
  ...INTEGERS.map((kind): Source => {
    const box = kind.clr === "UInt64" ? (value: bigint) => boxInteger(kind, value) : (value: number) => BigInt(value);
    return [kind.keyword, T.Integer, box];
  }),
  ["float", T.Float, (value: number) => new Box("Single", value)],
  ["double", T.Float, (value: number) => new Box("Double", value)],
  ["decimal", T.Float, same],
  ["DateTime", T.Date, same],
  ["DateTimeOffset", T.Date, same],
  ["TimeSpan", T.TimeSpan, same],
  ["Guid", T.Guid, same],
];

/** Classes: null makes a token of the type that holds null. */
const REFERENCES: readonly Source[] = [
  ["string", T.String, same],
  ["byte[]", T.Bytes, same],
  ["Uri", T.Uri, same],
];

function implicitOperators(): Record<string, MemberFunction> {
  const members: Record<string, MemberFunction> = {};
  const add = (type: string, convert: (value: never) => JValue) => {
    members[`static implicit operator JToken(${type} value)`] = convert;
  };
  for (const [type, token, box] of [...SOURCES, ...REFERENCES]) add(type, (value) => new JValue(box(value), token));
  for (const [type, token, box] of SOURCES) {
    const integer = INTEGERS.find((kind) => kind.keyword === type);
    const boxed = integer ? (value: never) => boxInteger(integer, value) : box;
    add(`${type}?`, (value) => (value === null ? JValue.createNull() : new JValue(boxed(value), token)));
  }
  return members;
}

/** The conversion operators of JToken. */
export const conversionMembers: Record<string, MemberFunction> = { ...explicitOperators(), ...implicitOperators() };
