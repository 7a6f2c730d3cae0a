import { type DataPath, isRecord } from "../document/data-document.ts";
import { setOwn } from "../document/json-document.ts";
import type { References } from "./refs.ts";

/** Values that one sample may hold: schemas refer to one another, and three lines can describe an endless tree. */
const MAX_VALUES = 1000;
const MAX_DEPTH = 12;
/** Values that all samples of a document may hold together. */
const MAX_ALL_VALUES = 2_000_000;

const FORMATS: Readonly<Record<string, string>> = {
  "date-time": "2025-01-31T12:00:00Z",
  date: "2025-01-31",
  time: "12:00:00Z",
  duration: "PT1M",
  uuid: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
  email: "user@example.com",
  uri: "https://example.com",
  url: "https://example.com",
  "uri-reference": "/example",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  byte: "c3RyaW5n",
  binary: "",
  password: "********",
};

/**
 * Makes sample values from schemas (OpenAPI 3.0, 3.1 and Swagger 2.0). Existing generators follow every reference as
 * deep as they are told; this one counts what it makes, so that a hostile document costs no more than a large one.
 */
export class SampleMaker {
  readonly #references: References;
  readonly #made = new WeakMap<object, unknown>();
  #left = MAX_ALL_VALUES;

  constructor(references: References) {
    this.#references = references;
  }

  /** A value that fits the schema; undefined where the schema says nothing. */
  make(schema: unknown, at: DataPath): unknown {
    const located = this.#references.resolve(schema, at, "warning");
    if (!located) return undefined;
    if (!this.#made.has(located.value)) {
      const making = new Making(this.#references, Math.min(MAX_VALUES, this.#left));
      this.#made.set(located.value, making.value(located.value, located.at, 0));
      this.#left -= making.made;
    }
    return this.#made.get(located.value);
  }
}

class Making {
  readonly #references: References;
  /** Objects that are being made, so that a schema inside itself is left out. */
  readonly #open = new Set<object>();
  readonly #limit: number;
  made = 0;

  constructor(references: References, limit: number) {
    this.#references = references;
    this.#limit = limit;
  }

  value(written: unknown, at: DataPath, depth: number): unknown {
    if (depth > MAX_DEPTH || this.made >= this.#limit) return undefined;
    this.made++;
    const located = this.#references.resolve(written, at, "warning");
    if (!located || this.#open.has(located.value)) return undefined;
    const given = givenSample(located.value);
    if (given !== undefined) return given;
    this.#open.add(located.value);
    try {
      return this.#fromSchema(located.value, located.at, depth);
    } finally {
      this.#open.delete(located.value);
    }
  }

  #fromSchema(schema: Record<string, unknown>, at: DataPath, depth: number): unknown {
    const parts = this.#parts(schema, at, depth);
    const own = this.#own(schema, at, depth);
    const objects = [...parts, own].filter(isRecord);
    if (objects.length > 0) {
      const merged: Record<string, unknown> = {};
      for (const part of objects) for (const [name, value] of Object.entries(part)) setOwn(merged, name, value);
      return merged;
    }
    return own ?? parts.find((part) => part !== undefined);
  }

  /** Samples of all of `allOf`, and of the first alternative that gives one. */
  #parts(schema: Record<string, unknown>, at: DataPath, depth: number): unknown[] {
    const parts: unknown[] = [];
    for (const [index, part] of list(schema.allOf).entries()) {
      parts.push(this.value(part, [...at, "allOf", index], depth + 1));
    }
    for (const name of ["oneOf", "anyOf"]) {
      for (const [index, part] of list(schema[name]).entries()) {
        const sample = this.value(part, [...at, name, index], depth + 1);
        if (sample === undefined || sample === null) continue;
        parts.push(sample);
        break;
      }
    }
    return parts;
  }

  #own(schema: Record<string, unknown>, at: DataPath, depth: number): unknown {
    switch (typeOf(schema)) {
      case "object":
        return this.#object(schema, at, depth);
      case "array":
        return this.#array(schema, at, depth);
      case "string":
        return text(schema);
      case "integer":
      case "number":
        return number(schema);
      case "boolean":
        return true;
      case "null":
        return null;
      default:
        return undefined;
    }
  }

  #object(schema: Record<string, unknown>, at: DataPath, depth: number): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    const properties = isRecord(schema.properties) ? schema.properties : {};
    for (const [name, property] of Object.entries(properties)) {
      if (isRecord(property) && property.writeOnly === true) continue;
      const value = this.value(property, [...at, "properties", name], depth + 1);
      if (value !== undefined) setOwn(made, name, value);
    }
    if (Object.keys(properties).length === 0 && isRecord(schema.additionalProperties)) {
      const value = this.value(schema.additionalProperties, [...at, "additionalProperties"], depth + 1);
      if (value !== undefined) made.property = value;
    }
    return made;
  }

  #array(schema: Record<string, unknown>, at: DataPath, depth: number): unknown[] {
    const value = this.value(schema.items, [...at, "items"], depth + 1);
    return value === undefined ? [] : [value];
  }
}

/** What the schema itself gives as a sample. */
function givenSample(schema: Record<string, unknown>): unknown {
  const candidates = [schema.example, list(schema.examples)[0], schema.default, schema.const, list(schema.enum)[0]];
  return candidates.find((candidate) => candidate !== undefined);
}

function typeOf(schema: Record<string, unknown>): string | undefined {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return type.find((item): item is string => typeof item === "string" && item !== "null");
  if (schema.properties !== undefined || isRecord(schema.additionalProperties)) return "object";
  if (schema.items !== undefined) return "array";
  return undefined;
}

function text(schema: Record<string, unknown>): string {
  const { format, minLength, maxLength } = schema;
  const formatted = typeof format === "string" && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  let sample = formatted ?? "string";
  if (typeof minLength === "number" && sample.length < minLength) sample = sample.padEnd(Math.min(minLength, 256), "x");
  return typeof maxLength === "number" && sample.length > maxLength ? sample.slice(0, Math.max(0, maxLength)) : sample;
}

function number(schema: Record<string, unknown>): number {
  const { minimum, maximum, exclusiveMinimum } = schema;
  if (typeof exclusiveMinimum === "number" && exclusiveMinimum >= 0) return exclusiveMinimum + 1;
  if (typeof minimum === "number" && minimum > 0) return exclusiveMinimum === true ? minimum + 1 : minimum;
  if (typeof maximum === "number" && maximum < 0) return maximum;
  return 0;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
