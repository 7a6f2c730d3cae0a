import { Box } from "../box.ts";
import { Dictionary } from "../collections/dictionary.ts";
import { HashSet } from "../collections/hash-set.ts";
import { KeyValuePair } from "../collections/key-value-pair.ts";
import { List } from "../collections/list.ts";
import { toArray } from "../collections/protocol.ts";
import { Queue } from "../collections/queue.ts";
import { Stack } from "../collections/stack.ts";
import type { RuntimeType } from "../declare.ts";
import { ArgumentException, ClrException, JsonSerializationException } from "../exceptions.ts";
import { clrNameOf } from "../system/clr-names.ts";
import { boxInteger, INTEGERS } from "../system/integers.ts";
import { JArray } from "./array.ts";
import { checkDepth } from "./container.ts";
import { CONVERSIONS, type Conversion, castToken } from "./convert.ts";
import { looksLikeDate, parseIsoDate } from "./iso-date.ts";
import { JObject } from "./object.ts";
import type { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { JValue } from "./value.ts";
import { primitiveText } from "./write.ts";

/** Where the tokens come from decides how text is read: freshly parsed text has kept its dates as strings. */
export interface Source {
  readonly parsed: boolean;
}

const GENERIC = "System.Collections.Generic.";

/** Collections by the name of the type asked for, without arguments. */
const COLLECTIONS: Readonly<Record<string, (type: RuntimeType, items: unknown[]) => unknown>> = {
  [`${GENERIC}List`]: listOf,
  [`${GENERIC}IList`]: listOf,
  [`${GENERIC}ICollection`]: listOf,
  [`${GENERIC}IEnumerable`]: listOf,
  [`${GENERIC}IReadOnlyList`]: listOf,
  [`${GENERIC}IReadOnlyCollection`]: listOf,
  [`${GENERIC}HashSet`]: (type, items) => new HashSet(argumentName(type), items),
  [`${GENERIC}ISet`]: (type, items) => new HashSet(argumentName(type), items),
  [`${GENERIC}Queue`]: (type, items) => new Queue(argumentName(type), items),
  [`${GENERIC}Stack`]: (type, items) => new Stack(argumentName(type), items),
};

const DICTIONARIES = new Set([`${GENERIC}Dictionary`, `${GENERIC}IDictionary`, `${GENERIC}IReadOnlyDictionary`]);

function listOf(type: RuntimeType, items: unknown[]): List {
  return new List(argumentName(type), items);
}

function argumentName(type: RuntimeType): string {
  return type.args[0]?.name ?? "object";
}

/**
 * The value of a token as a type, boxed: what `ToObject<T>()` and `DeserializeObject<T>()` give.
 * @throws {JsonSerializationException} where the token does not fit
 */
export function deserialize(token: JToken, type: RuntimeType, source: Source, depth = 0): unknown {
  checkDepth(depth);
  const name = type.name.includes("<") ? type.name.slice(0, type.name.indexOf("<")) : type.name;
  if (isTokenType(name)) return asToken(token, type, source);
  if (name === "object") return asObject(token, source);
  const conversion = conversionOf(type.nullable ? (type.args[0]?.name ?? "") : name);
  if (conversion !== undefined) return asPrimitive(token, type, conversion, source, depth);
  if (token.type === TokenType.Null || token.type === TokenType.Undefined) return null;
  if (DICTIONARIES.has(name)) return asDictionary(token, type, source, depth);
  if (name.endsWith("[]")) return toArray(argumentName(type), itemsOf(token, type, source, depth) ?? []);
  const collection = COLLECTIONS[name];
  if (collection !== undefined) return collection(type, itemsOf(token, type, source, depth));
  if (name === `${GENERIC}KeyValuePair` && token instanceof JObject) return asPair(token, type, source, depth);
  throw new JsonSerializationException(
    `Could not create an instance of type ${clrNameOf(type.name)}. Path '${token.path}'.`,
  );
}

function isTokenType(name: string): boolean {
  return name.startsWith("Newtonsoft.Json.Linq.J");
}

function asToken(token: JToken, type: RuntimeType, source: Source): unknown {
  if (token.type === TokenType.Null && !/\.J(Token|Value)$/.test(type.name)) return null;
  if (!type.is(token)) {
    throw new JsonSerializationException(
      `Deserialized JSON type '${token.clrName}' is not compatible with expected type '${type.name}'. Path '${token.path}'.`,
    );
  }
  return withDates(token.deepClone(), source);
}

/** `object` takes collections as tokens, and values as what they hold. */
function asObject(token: JToken, source: Source): unknown {
  const copy = withDates(token.deepClone(), source);
  return copy instanceof JValue ? copy.value : copy;
}

/** Turns strings that are dates into dates, in a tree that was read without. */
function withDates(token: JToken, source: Source): JToken {
  if (!source.parsed) return token;
  const strings = token instanceof JValue ? [token] : [...descendants(token)];
  for (const value of strings) {
    if (!(value instanceof JValue) || typeof value.value !== "string" || !looksLikeDate(value.value)) continue;
    const date = parseIsoDate(value.value);
    if (date !== null) value.value = date;
  }
  return token;
}

function descendants(token: JToken): Iterable<JToken> {
  return (token as JToken & { descendants(): Iterable<JToken> }).descendants();
}

function conversionOf(name: string): Conversion | undefined {
  const simple = name.startsWith("System.") ? name.slice("System.".length) : name;
  return CONVERSIONS.find((conversion) => conversion.target === simple);
}

function asPrimitive(token: JToken, type: RuntimeType, conversion: Conversion, source: Source, depth: number): unknown {
  const nullable = type.nullable || conversion.reference;
  // An element of a collection or a fresh text that is null does not become a zero.
  if (token.type === TokenType.Null && !nullable && (source.parsed || depth > 0)) {
    throw new JsonSerializationException(
      `Error converting value {null} to type '${clrNameOf(type.name)}'. Path '${token.path}'.`,
    );
  }
  if (conversion.target === "string" && source.parsed && token instanceof JValue && token.type !== TokenType.String) {
    return token.value === null ? null : primitiveText(token.value);
  }
  try {
    return box(conversion, castToken(token, conversion, nullable));
  } catch (error) {
    if (!source.parsed || !(error instanceof ClrException)) throw error;
    throw new JsonSerializationException(
      `Error converting value ${shown(token)} to type '${clrNameOf(type.name)}'. Path '${token.path}'.`,
      error,
    );
  }
}

function shown(token: JToken): string {
  const text = token.toClrString();
  return token.type === TokenType.String ? `"${text}"` : text;
}

/** Boxes the representation that a conversion gave. */
function box(conversion: Conversion, value: unknown): unknown {
  if (value === null) return null;
  const integer = INTEGERS.find((kind) => kind.keyword === conversion.target);
  if (integer) return boxInteger(integer, value as number | bigint);
  if (conversion.target === "double") return new Box("Double", value as number);
  if (conversion.target === "float") return new Box("Single", value as number);
  return conversion.target === "char" ? new Box("Char", value as number) : value;
}

function itemsOf(token: JToken, type: RuntimeType, source: Source, depth: number): unknown[] {
  const item = type.args[0];
  if (!(token instanceof JArray) || item === undefined) {
    throw new JsonSerializationException(
      `Cannot deserialize the current JSON ${kindOf(token)} into type '${clrNameOf(type.name)}' because the type requires a JSON array. Path '${token.path}'.`,
    );
  }
  return token.items.map((part) => deserialize(part, item, source, depth + 1));
}

function asDictionary(token: JToken, type: RuntimeType, source: Source, depth: number): Dictionary {
  const [keyType, valueType] = type.args;
  if (!(token instanceof JObject) || keyType === undefined || valueType === undefined) {
    throw new JsonSerializationException(
      `Cannot deserialize the current JSON ${kindOf(token)} into type '${clrNameOf(type.name)}' because the type requires a JSON object. Path '${token.path}'.`,
    );
  }
  const dictionary = new Dictionary(keyType.name, valueType.name);
  for (const { name, value } of token.properties) {
    const key = deserialize(JValue.ofString(name), keyType, source, depth + 1);
    dictionary.setEntry(key, deserialize(value, valueType, source, depth + 1));
  }
  return dictionary;
}

function asPair(token: JObject, type: RuntimeType, source: Source, depth: number): KeyValuePair {
  const part = (name: string, of: RuntimeType | undefined) => {
    if (of === undefined) throw new ArgumentException("A type argument is missing.");
    const value = token.get(name) ?? token.get(name.toLowerCase());
    return value === null ? of.default : deserialize(value, of, source, depth + 1);
  };
  return new KeyValuePair(part("Key", type.args[0]), part("Value", type.args[1]));
}

function kindOf(token: JToken): string {
  if (token instanceof JObject) return "object";
  return token instanceof JArray ? "array" : "value";
}
