import { Box, type ClrArray, type EnumValue } from "../box.ts";
import { declareType, type MemberFunction } from "../declare.ts";
import { ArgumentNullException, InvalidCastException } from "../exceptions.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import { copyToChars, textOfCharRange } from "./char-array.ts";
import { parseInBase, printInBase } from "./convert-base.ts";
import {
  convertToBoolean,
  convertToChar,
  convertToDateTime,
  convertToDecimal,
  convertToFloating,
  convertToInteger,
  noConversion,
} from "./convert-number.ts";
import { boxInteger, INTEGERS } from "./integers.ts";
import { asClrObject } from "./protocol.ts";
import { checkRange } from "./string-search.ts";
import { boxedToString } from "./text.ts";
import { ClrType } from "./type.ts";

type Boxing = (value: never) => unknown;
const same: Boxing = (value: unknown) => value;

/** The value to convert: a JSON value converts as what it holds. */
function convertibleOf(value: unknown): unknown {
  const own = asClrObject(value);
  return own?.clrConvertible ? own.clrConvertible() : value;
}

/** Every type that `Convert` converts from, and how its representation is boxed. */
const SOURCES: readonly [keyword: string, box: Boxing][] = [
  ["object", convertibleOf],
  ["bool", same],
  ["char", (value: number) => new Box("Char", value)],
  ...INTEGERS.map((kind): [string, Boxing] => [kind.keyword, (value: number | bigint) => boxInteger(kind, value)]),
  ["string", same],
  ["float", (value: number) => new Box("Single", value)],
  ["double", (value: number) => new Box("Double", value)],
  ["decimal", same],
  ["DateTime", same],
];

/** `ToX` from every source type, by one conversion of boxed values. */
function fromAll(keyword: string, name: string, convert: (value: unknown) => unknown): Record<string, MemberFunction> {
  const members: Record<string, MemberFunction> = {};
  for (const [source, box] of SOURCES) {
    members[`static ${keyword} To${name}(${source} value)`] = (value: never) => convert(box(value));
    if (source === "object" || source === "string") {
      members[`static ${keyword} To${name}(${source} value, IFormatProvider provider)`] = (value: never) =>
        convert(box(value));
    }
  }
  return members;
}

function integerMembers(): Record<string, MemberFunction> {
  const members: Record<string, MemberFunction> = {};
  for (const kind of INTEGERS) {
    Object.assign(
      members,
      fromAll(kind.keyword, kind.clr, (value) => convertToInteger(kind, value)),
    );
    members[`static ${kind.keyword} To${kind.clr}(string value, int fromBase)`] = (text: string | null, base: number) =>
      parseInBase(kind, text, base);
  }
  for (const [keyword, bits] of [
    ["byte", 8],
    ["short", 16],
    ["int", 32],
    ["long", 64],
  ] as const) {
    members[`static string ToString(${keyword} value, int toBase)`] = (value: number | bigint, base: number) =>
      printInBase(value, bits, base);
  }
  return members;
}

/** `ToString(string)` gives the argument itself, so null stays null; `ToString((object)null)` is empty. */
const stringMembers: Record<string, MemberFunction> = {
  ...fromAll("string", "String", boxedToString),
  "static string ToString(string value)": (value: string | null) => value,
  "static string ToString(string value, IFormatProvider provider)": (value: string | null) => value,
};

/** Conversions by the target's full name, for `ChangeType`. Results are boxed. */
const TARGETS: Readonly<Record<string, (value: unknown) => unknown>> = {
  "System.Boolean": convertToBoolean,
  "System.Char": (value) => new Box("Char", convertToChar(value)),
  "System.DateTime": convertToDateTime,
  "System.Decimal": convertToDecimal,
  "System.Double": (value) => new Box("Double", convertToFloating(value, "Double")),
  "System.Single": (value) => new Box("Single", convertToFloating(value, "Single")),
  "System.String": boxedToString,
  ...Object.fromEntries(
    INTEGERS.map((kind) => [`System.${kind.clr}`, (value: unknown) => boxInteger(kind, convertToInteger(kind, value))]),
  ),
};

/** `Convert.ChangeType`. Takes and gives boxed values. @throws {InvalidCastException} where there is no conversion */
export function changeType(source: unknown, type: ClrType | null): unknown {
  if (type === null) throw new ArgumentNullException("conversionType");
  if (source !== null && type.fullName === "System.Object") return source;
  const value = convertibleOf(source);
  if (value === null) {
    if (TARGETS[type.fullName] && type.fullName !== "System.String") {
      throw new InvalidCastException("Null object cannot be converted to a value type.");
    }
    return null;
  }
  if (type === ClrType.of(value)) return value;
  const convert = TARGETS[type.fullName];
  if (!convert) throw noConversion(value, type.fullName);
  return convert(value);
}

function requireBytes(bytes: Uint8Array | null): Uint8Array {
  if (bytes === null) throw new ArgumentNullException("inArray");
  return bytes;
}

function toBase64Range(bytes: Uint8Array | null, offset: number, length: number): string {
  const all = requireBytes(bytes);
  checkRange(all.length, offset, length, "offset", "length");
  return toBase64(all.subarray(offset, offset + length));
}

/** Not on the allow-list, but members of Convert take it. */
export const base64FormattingOptionsType = declareType({
  name: "System.Base64FormattingOptions",
  kind: "enum",
  values: { None: 0, InsertLineBreaks: 1 },
});

/** Lines of 76 characters where the option asks for them. */
function lines(text: string, options: EnumValue): string {
  return options.value === 1 ? text.replace(/.{76}(?=.)/g, "$&\r\n") : text;
}

export const convertType = declareType({
  name: "System.Convert",
  kind: "static",
  members: {
    ...fromAll("bool", "Boolean", convertToBoolean),
    ...fromAll("char", "Char", convertToChar),
    ...fromAll("DateTime", "DateTime", convertToDateTime),
    ...fromAll("decimal", "Decimal", convertToDecimal),
    ...fromAll("double", "Double", (value) => convertToFloating(value, "Double")),
    ...fromAll("float", "Single", (value) => convertToFloating(value, "Single")),
    ...integerMembers(),
    ...stringMembers,
    "static object ChangeType(object value, Type conversionType)": changeType,
    "static object ChangeType(object value, Type conversionType, IFormatProvider provider)": changeType,
    "static bool IsDBNull(object value)": () => false,
    "static byte[] FromBase64String(string s)": fromBase64,
    "static byte[] FromBase64CharArray(char[] inArray, int offset, int length)": (
      chars: ClrArray | null,
      offset: number,
      length: number,
    ) => fromBase64(textOfCharRange(chars, offset, length, "inArray")),
    "static string ToBase64String(byte[] inArray)": (bytes: Uint8Array | null) => toBase64(requireBytes(bytes)),
    "static string ToBase64String(byte[] inArray, Base64FormattingOptions options)": (
      bytes: Uint8Array | null,
      options: EnumValue,
    ) => lines(toBase64(requireBytes(bytes)), options),
    "static string ToBase64String(byte[] inArray, int offset, int length)": toBase64Range,
    "static string ToBase64String(byte[] inArray, int offset, int length, Base64FormattingOptions options)": (
      bytes: Uint8Array | null,
      offset: number,
      length: number,
      options: EnumValue,
    ) => lines(toBase64Range(bytes, offset, length), options),
    "static int ToBase64CharArray(byte[] inArray, int offsetIn, int length, char[] outArray, int offsetOut)": (
      bytes: Uint8Array | null,
      offset: number,
      length: number,
      chars: ClrArray | null,
      target: number,
    ) => {
      const text = toBase64Range(bytes, offset, length);
      copyToChars(text, 0, chars, target, text.length);
      return text.length;
    },
  },
});
