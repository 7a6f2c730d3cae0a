import type { RuntimeType } from "../declare.ts";
import {
  ArgumentException,
  ArgumentNullException,
  InvalidCastException,
  InvalidOperationException,
} from "../exceptions.ts";
import { fromBase64, toBase64 } from "../system/base64.ts";
import { changeType } from "../system/convert.ts";
import {
  convertToBoolean,
  convertToChar,
  convertToDateTime,
  convertToDecimal,
  convertToFloating,
  convertToInteger,
} from "../system/convert-number.ts";
import { DateTimeOffset } from "../system/date-time-offset.ts";
import { Guid } from "../system/guid.ts";
import { INTEGERS } from "../system/integers.ts";
import { boxedToString } from "../system/text.ts";
import { TimeSpan } from "../system/time-span.ts";
import { parseSpan } from "../system/time-span-format.ts";
import { ClrType } from "../system/type.ts";
import { Uri } from "../system/uri.ts";
import { BigInteger } from "./big-integer.ts";
import { JProperty } from "./property.ts";
import type { JToken } from "./token.ts";
import { TokenType, tokenTypeName } from "./token-type.ts";
import { JValue } from "./value.ts";

/** One target of the conversion operators of JToken. */
export interface Conversion {
  /** C# keyword or simple name, as the operator's signature has it. */
  readonly target: string;
  /** Name in the message of a failed conversion. */
  readonly clr: string;
  /** Types of token that convert. */
  readonly from: ReadonlySet<TokenType>;
  /** True for classes, whose plain form already takes null. */
  readonly reference: boolean;
  /** From the boxed value of a token (never null) to the representation of the target. */
  convert(value: unknown): unknown;
}

const T = TokenType;
const TEXT = [T.String, T.Comment, T.Raw];
const NUMBERS = new Set<TokenType>([...TEXT, T.Integer, T.Float, T.Boolean]);
const CHARS = new Set<TokenType>([...TEXT, T.Integer, T.Float]);
const DATES = new Set<TokenType>([...TEXT, T.Date]);
const STRINGS = new Set<TokenType>([...NUMBERS, T.Date, T.Bytes, T.Guid, T.TimeSpan, T.Uri]);

/** A BigInteger converts as its plain number. */
const plain = (value: unknown) => (value instanceof BigInteger ? value.value : value);

function struct(
  target: string,
  clr: string,
  from: ReadonlySet<TokenType>,
  convert: (v: unknown) => unknown,
): Conversion {
  return { target, clr, from, reference: false, convert };
}

/** The explicit operators. */
export const CONVERSIONS: readonly Conversion[] = [
  struct("bool", "Boolean", NUMBERS, (value) => convertToBoolean(plain(value))),
  ...INTEGERS.map((kind) => struct(kind.keyword, kind.clr, NUMBERS, (value) => convertToInteger(kind, plain(value)))),
  struct("float", "Single", NUMBERS, (value) => convertToFloating(plain(value), "Single")),
  struct("double", "Double", NUMBERS, (value) => convertToFloating(plain(value), "Double")),
  struct("decimal", "Decimal", NUMBERS, (value) => convertToDecimal(plain(value))),
  struct("char", "Char", CHARS, (value) => convertToChar(plain(value))),
  struct("DateTime", "DateTime", DATES, (value) =>
    value instanceof DateTimeOffset ? value.clock : convertToDateTime(value),
  ),
  struct("DateTimeOffset", "DateTimeOffset", DATES, toDateTimeOffset),
  struct("Guid", "Guid", new Set<TokenType>([...TEXT, T.Guid, T.Bytes]), toGuid),
  struct("TimeSpan", "TimeSpan", new Set<TokenType>([...TEXT, T.TimeSpan]), (value) =>
    value instanceof TimeSpan ? value : new TimeSpan(parseSpan(boxedToString(value))),
  ),
  {
    target: "string",
    clr: "String",
    from: STRINGS,
    reference: true,
    convert: (value) => (value instanceof Uint8Array ? toBase64(value) : boxedToString(value)),
  },
  {
    target: "byte[]",
    clr: "byte array",
    from: new Set<TokenType>([...TEXT, T.Bytes]),
    reference: true,
    convert: (value) => (value instanceof Uint8Array ? value : fromBase64(boxedToString(value))),
  },
  {
    target: "Uri",
    clr: "Uri",
    from: new Set<TokenType>([...TEXT, T.Uri]),
    reference: true,
    convert: (value) => (value instanceof Uri ? value : Uri.parse(boxedToString(value))),
  },
];

function toDateTimeOffset(value: unknown): DateTimeOffset {
  if (value instanceof DateTimeOffset) return value;
  if (typeof value === "string") return DateTimeOffset.parse(value);
  return new DateTimeOffset(convertToDateTime(value).ticks, 0n);
}

function toGuid(value: unknown): Guid {
  if (value instanceof Guid) return value;
  return value instanceof Uint8Array ? Guid.fromBytes(value) : Guid.parse(boxedToString(value));
}

/**
 * `(T)token`, in the representation of T.
 * @param nullable JSON null, and no token at all, give null
 * @throws {ArgumentNullException} for no token; {@link ArgumentException} where the token's type does not convert
 */
export function castToken(token: JToken | null, conversion: Conversion, nullable: boolean): unknown {
  if (token === null) {
    if (nullable) return null;
    throw new ArgumentNullException("value");
  }
  const value = token instanceof JProperty ? token.value : token;
  if (nullable && (value.type === T.Null || value.type === T.Undefined)) return null;
  if (nullable && value instanceof JValue && value.value === null && conversion.from.has(value.type)) return null;
  if (!(value instanceof JValue) || !conversion.from.has(value.type)) {
    throw new ArgumentException(`Can not convert ${tokenTypeName(value.type)} to ${conversion.clr}.`);
  }
  return conversion.convert(value.value);
}

/**
 * What `Value<T>()` gives: the token itself when it is a T, else its value, converted. Boxed.
 * @throws {InvalidCastException} where it cannot be converted
 */
export function valueAs(token: JToken | null, type: RuntimeType | undefined): unknown {
  if (type === undefined) throw new InvalidOperationException("A type argument is missing.");
  if (token === null) return type.default;
  if (type.is(token)) return token;
  if (!(token instanceof JValue)) {
    throw new InvalidCastException(`Cannot cast ${token.clrName} to Newtonsoft.Json.Linq.JToken.`);
  }
  const { value } = token;
  if (value === null && type.nullable) return null;
  if (value !== null && type.is(value)) return value;
  const target = type.nullable ? (type.args[0]?.name ?? "object") : type.name;
  return changeType(plain(value), ClrType.named(target));
}
