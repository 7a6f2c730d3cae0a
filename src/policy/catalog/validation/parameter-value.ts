import type { DescribedHeader } from "../../../model/contract.ts";
import type { Contract } from "../../exchange/contract.ts";
import { resolveReference, type SchemaBase } from "./json-schema/references.ts";
import { isObject } from "./json-schema/run.ts";

/** A text that is no value of its type; the message says of which. */
export class ValueParseError extends Error {}

/** A parameter with several values where its definition takes one. */
export class SeveralValuesError extends Error {}

/**
 * The value that texts of a parameter stand for, typed as its schema says.
 * @param texts one for each line or pair, in order; at least one.
 * @throws {ValueParseError} {SeveralValuesError} {SchemaError}
 */
export function parameterValue(texts: readonly string[], described: DescribedHeader, contract: Contract): unknown {
  const base = baseOf(described, contract);
  const [text = ""] = texts;
  if (described.json) {
    if (texts.length > 1) throw new SeveralValuesError();
    return parseJson(text);
  }
  const types = typesOf(described.schema, base);
  if (types.has("array")) {
    if (texts.length > 1 && described.list !== "multi" && described.list !== ",") throw new SeveralValuesError();
    return arrayValue(texts, described, base, types);
  }
  if (texts.length > 1) throw new SeveralValuesError();
  if (types.has("object")) return objectValue(text, described.schema, base);
  return scalar(text, types);
}

/** An object from `name[property]=value` pairs, or the pairs of an exploded one. */
export function objectOf(
  pairs: readonly (readonly [string, string])[],
  described: DescribedHeader,
  contract: Contract,
): Record<string, unknown> {
  const base = baseOf(described, contract);
  const properties = propertiesOf(described.schema, base, 0);
  const entries = new Map<string, unknown>();
  for (const [name, text] of pairs) {
    if (entries.has(name)) throw new SeveralValuesError();
    entries.set(name, scalar(text, typesOf(properties[name], base)));
  }
  return Object.fromEntries(entries);
}

/** Types that a schema allows, through references and alternatives; empty where it says nothing. */
export function typesOf(schema: unknown, base: SchemaBase, depth = 0): Set<string> {
  const types = new Set<string>();
  if (!isObject(schema) || depth > 20) return types;
  for (const type of Array.isArray(schema.type) ? schema.type : [schema.type])
    if (typeof type === "string") types.add(type);
  if (schema.nullable === true) types.add("null");
  if (types.size === 0 && (Array.isArray(schema.enum) || schema.const !== undefined)) {
    for (const value of Array.isArray(schema.enum) ? schema.enum : [schema.const]) types.add(typeName(value));
  }
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((keyword) =>
    Array.isArray(schema[keyword]) ? schema[keyword] : [],
  );
  for (const part of parts) for (const type of typesOf(part, base, depth + 1)) types.add(type);
  if (typeof schema.$ref === "string") {
    const found = resolveReference(schema.$ref, base);
    for (const type of typesOf(found.schema, found.base, depth + 1)) types.add(type);
  }
  return types;
}

export function baseOf(described: DescribedHeader, contract: Contract): SchemaBase {
  const document = contract.schemas.get(described.resource ?? "#json");
  return { document, others: (id) => contract.schemas.get(id) };
}

/** Names of an object schema's properties, with their schemas. */
export function propertiesOf(schema: unknown, base: SchemaBase, depth = 0): Record<string, unknown> {
  if (!isObject(schema) || depth > 20) return {};
  const parts = Array.isArray(schema.allOf) ? schema.allOf : [];
  const inherited = parts.map((part) => propertiesOf(part, base, depth + 1));
  if (typeof schema.$ref === "string") {
    const found = resolveReference(schema.$ref, base);
    inherited.push(propertiesOf(found.schema, found.base, depth + 1));
  }
  return Object.assign(Object.create(null), ...inherited, isObject(schema.properties) ? schema.properties : {});
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Items that one parameter may list. */
const MAX_ITEMS = 10_000;

function arrayValue(
  texts: readonly string[],
  described: DescribedHeader,
  base: SchemaBase,
  types: Set<string>,
): unknown {
  const { list } = described;
  const separated = list === "multi" ? texts : texts.flatMap((text) => text.split(list));
  const items = list === "," ? separated.map((item) => item.trim()) : separated;
  if (items.length > MAX_ITEMS) throw new ValueParseError(`More than ${MAX_ITEMS} items.`);
  if (list !== "multi" && texts.length === 1 && texts[0] === "") return types.has("null") ? null : [];
  const itemTypes = typesOf(itemSchema(described.schema, base, 0), base);
  return items.map((item) => scalar(item, itemTypes));
}

function itemSchema(schema: unknown, base: SchemaBase, depth: number): unknown {
  if (!isObject(schema) || depth > 20) return undefined;
  if (isObject(schema.items)) return schema.items;
  if (typeof schema.$ref === "string") {
    const found = resolveReference(schema.$ref, base);
    return itemSchema(found.schema, found.base, depth + 1);
  }
  for (const keyword of ["allOf", "anyOf", "oneOf"]) {
    const parts = Array.isArray(schema[keyword]) ? schema[keyword] : [];
    for (const part of parts) {
      const items = itemSchema(part, base, depth + 1);
      if (items !== undefined) return items;
    }
  }
  return undefined;
}

/** `name,value,name,value`, or `name=value,name=value`. */
function objectValue(text: string, schema: unknown, base: SchemaBase): Record<string, unknown> {
  const properties = propertiesOf(schema, base, 0);
  const parts = text.split(",");
  const exploded = parts.every((part) => part.includes("="));
  if (!exploded && parts.length % 2 !== 0) throw new ValueParseError("The list of names and values is incomplete.");
  const pairs = exploded
    ? parts.map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)] as const)
    : parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? ""] as const] : []));
  return Object.fromEntries(pairs.map(([name, value]) => [name, scalar(value, typesOf(properties[name], base))]));
}

/** The text as the most specific of its types. @throws {ValueParseError} where it is none */
function scalar(text: string, types: ReadonlySet<string>): unknown {
  if (types.has("boolean") && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  const numeric = types.has("integer") || types.has("number");
  if (numeric && /^[+-]?\d{1,300}$/.test(text)) return Number(text);
  if (types.has("number") && text.length < 400 && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/.test(text))
    return Number(text);
  if (types.has("null") && (text === "" || text === "null")) return null;
  if (types.size === 0 || types.has("string") || types.has("file")) return text;
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  throw new ValueParseError(`'${shown}' is not a value of type ${[...types].join(", ")}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ValueParseError("The value is not valid JSON.");
  }
}
