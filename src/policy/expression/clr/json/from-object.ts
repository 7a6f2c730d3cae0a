import { AnonymousObject, ValueTuple } from "../anonymous.ts";
import { Box, EnumValue } from "../box.ts";
import { KeyValuePair } from "../collections/key-value-pair.ts";
import { isEnumerable } from "../collections/protocol.ts";
import { ArgumentException, ArgumentNullException, ClrException, JsonSerializationException } from "../exceptions.ts";
import { DateTime } from "../system/date-time.ts";
import { DateTimeOffset } from "../system/date-time-offset.ts";
import { boxedToString } from "../system/text.ts";
import { Tuple } from "../system/tuple.ts";
import { JArray } from "./array.ts";
import { checkDepth } from "./container.ts";
import { isoDate } from "./iso-date.ts";
import { JObject } from "./object.ts";
import { JProperty } from "./property.ts";
import { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { JValue, valueType } from "./value.ts";

/** An object that tells its public properties, so that it can be serialised: names and boxed values, in order. */
export interface ClrSerializable {
  clrProperties(): Iterable<readonly [name: string, value: unknown]>;
}

/**
 * The token that Newtonsoft's serialiser makes of a boxed value: dictionaries and objects become objects,
 * sequences arrays, the rest values. A token is copied, unless it is the value itself.
 * @throws {JsonSerializationException} when a collection contains itself
 */
export function tokenFromObject(value: unknown): JToken {
  return value instanceof JToken ? value : convert(value, [], 0);
}

/** `JToken.FromObject`. @throws {ArgumentNullException} */
export function copyFromObject(value: unknown): JToken {
  if (value === null) throw new ArgumentNullException("o");
  return convert(value, [], 0);
}

/** `JObject.FromObject`. @throws {ArgumentException} when the value is not serialised as an object */
export function objectFrom(value: unknown): JObject {
  const token = copyFromObject(value);
  if (token instanceof JObject) return token;
  throw notOf(token, "JObject");
}

/** `JArray.FromObject`. @throws {ArgumentException} when the value is not serialised as an array */
export function arrayFrom(value: unknown): JArray {
  const token = copyFromObject(value);
  if (token instanceof JArray) return token;
  throw notOf(token, "JArray");
}

function notOf(token: JToken, wanted: string): ArgumentException {
  const found = token.clrName.slice(token.clrName.lastIndexOf(".") + 1);
  const what = found === "JValue" ? boxedToString(token) : found;
  return new ArgumentException(`Object serialized to ${what}. ${wanted} instance expected.`);
}

/** `open` holds the collections around the value. */
function convert(value: unknown, open: readonly object[], depth: number): JToken {
  if (value instanceof JToken) return value.deepClone(depth);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return JValue.of(value ?? null);
  if (value instanceof EnumValue) return new JValue(BigInt(value.value), TokenType.Integer);
  if (value instanceof Box && value.type === "Char") return JValue.ofString(boxedToString(value));
  const properties = propertiesOf(value);
  const items = properties === null && isEnumerable(value) ? (value as Iterable<unknown>) : null;
  if (properties === null && items === null) return new JValue(value, valueType(value));
  checkDepth(depth);
  if (open.includes(value)) throw new JsonSerializationException("Self referencing loop detected.");
  const inside = [...open, value];
  if (properties === null) return arrayOf(items ?? [], inside, depth);
  const object = new JObject();
  for (const [name, part] of properties) object.append(new JProperty(name, convert(part, inside, depth + 1)));
  return object;
}

function arrayOf(items: Iterable<unknown>, inside: readonly object[], depth: number): JArray {
  const array = new JArray();
  for (const item of items) array.append(convert(item, inside, depth + 1));
  return array;
}

/** Names and values of what is serialised as an object; null for anything else. */
function propertiesOf(value: object): Iterable<readonly [string, unknown]> | null {
  if (value instanceof AnonymousObject) return value.names.map((name, i) => [name, value.values[i]] as const);
  if (value instanceof ValueTuple) return value.values.map((item, i) => [`Item${i + 1}`, item] as const);
  if (value instanceof Tuple) return value.items.map((item, i) => [`Item${i + 1}`, item] as const);
  if (value instanceof KeyValuePair) return [["Key", value.key] as const, ["Value", value.value] as const];
  if (value instanceof ClrException) return exceptionProperties(value);
  if (typeof (value as Partial<ClrSerializable>).clrProperties === "function") {
    return (value as ClrSerializable).clrProperties();
  }
  if (typeof (value as { lookup?: unknown }).lookup === "function" && isEnumerable(value)) {
    return pairsOf(value as Iterable<KeyValuePair>);
  }
  return null;
}

function* pairsOf(dictionary: Iterable<KeyValuePair>): Generator<readonly [string, unknown]> {
  for (const { key, value } of dictionary) yield [keyText(key), value];
}

function keyText(key: unknown): string {
  return key instanceof DateTime || key instanceof DateTimeOffset ? isoDate(key) : boxedToString(key);
}

function exceptionProperties(error: ClrException): readonly (readonly [string, unknown])[] {
  return [
    ["ClassName", error.clrName],
    ["Message", error.message],
    ["Data", null],
    ["InnerException", error.innerException],
    ["StackTraceString", null],
    ["Source", null],
  ];
}
