import { Box } from "../box.ts";
import { JArray } from "./array.ts";
import { BigInteger } from "./big-integer.ts";
import { checkDepth } from "./container.ts";
import { JObject } from "./object.ts";
import { JProperty } from "./property.ts";
import type { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { JValue } from "./value.ts";
import { writeJson } from "./write.ts";

/** A plain JavaScript value, as JSON has it. */
export type PlainJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly PlainJson[]
  | { readonly [name: string]: PlainJson | undefined };

/**
 * The token of a plain JavaScript value. Whole numbers become integers, others reals; undefined members are left out.
 * @throws {JsonException} when the value is nested too deep
 */
export function tokenFromPlain(value: PlainJson, depth = 0): JToken {
  switch (typeof value) {
    case "string":
      return new JValue(value, TokenType.String);
    case "boolean":
      return new JValue(value, TokenType.Boolean);
    case "bigint":
      return new JValue(value, TokenType.Integer);
    case "number":
      if (Number.isSafeInteger(value)) return new JValue(BigInt(value), TokenType.Integer);
      return new JValue(new Box("Double", value), TokenType.Float);
  }
  checkDepth(depth);
  if (value === null || value === undefined) return JValue.createNull();
  if (Array.isArray(value)) {
    const array = new JArray();
    for (const item of value as readonly PlainJson[]) array.append(tokenFromPlain(item, depth + 1));
    return array;
  }
  const object = new JObject();
  for (const [name, item] of Object.entries(value as { readonly [name: string]: PlainJson | undefined })) {
    if (item !== undefined) object.append(new JProperty(name, tokenFromPlain(item, depth + 1)));
  }
  return object;
}

/**
 * The plain JavaScript value of a token, as `JSON.parse` would give it for the token's text: dates, GUIDs and bytes
 * become strings, integers beyond 2^53 lose digits.
 */
export function tokenToPlain(token: JToken, depth = 0): PlainJson {
  checkDepth(depth);
  if (token instanceof JObject) {
    const object: Record<string, PlainJson> = Object.create(null) as Record<string, PlainJson>;
    for (const property of token.properties) object[property.name] = tokenToPlain(property.value, depth + 1);
    return object;
  }
  if (token instanceof JArray) return token.items.map((item) => tokenToPlain(item, depth + 1));
  if (!(token instanceof JValue)) return null;
  const { value } = token;
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number")
    return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof BigInteger) return Number(value.value);
  if (value instanceof Box && value.type !== "Char") return Number(value.value);
  if (token.type === TokenType.Undefined) return null;
  if (token.type === TokenType.Float) return Number(token.toClrString());
  return unquoted(token);
}

/** The text of a value that is written as a JSON string. */
function unquoted(token: JValue): string {
  const text = writeJson(token, false);
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}
