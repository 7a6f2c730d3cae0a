import type { SchemaDocument } from "../../../../model/contract.ts";
import { MissingDefinitionError } from "./schema-error.ts";

/** Where references inside a schema lead: to its document, and to others by `/schemas/{id}`. */
export interface SchemaBase {
  /** The document that `#…` means; undefined where there is none. */
  document: SchemaDocument | undefined;
  /** Other schema resources by id. */
  others(id: string): SchemaDocument | undefined;
}

/** A schema found by reference, with the base for the references in it. */
export interface Found {
  schema: unknown;
  base: SchemaBase;
}

const OTHER = /^(?:https?:\/\/[^/#]+)?\/schemas\/([^/#?]+)(#.*)?$/;

/** Places where a bare type name may stand (`typeName` of a representation). */
const NAMED = ["#/components/schemas/", "#/definitions/", "#/$defs/", "#/"];

/** Looks a reference up. @throws {MissingDefinitionError} where it leads nowhere */
export function resolveReference(reference: string, base: SchemaBase): Found {
  const found = find(reference, base);
  if (found === undefined) throw new MissingDefinitionError(reference);
  return found;
}

function find(reference: string, base: SchemaBase): Found | undefined {
  const other = OTHER.exec(reference);
  if (other) {
    const document = base.others(decode(other[1] as string));
    if (!document) return undefined;
    return find(other[2] ?? "#", { document, others: base.others });
  }
  const { document } = base;
  if (!document || document.kind === "xml") return undefined;
  if (!reference.startsWith("#")) return findNamed(reference, base);
  if (document.kind === "definitions") {
    if (Object.hasOwn(document.definitions, reference)) return { schema: document.definitions[reference], base };
    return longestDefinition(reference, document.definitions, base);
  }
  const schema = atPointer(document.root, reference.slice(1));
  return schema === undefined ? undefined : { schema, base };
}

/** A type by its name alone, or a whole document by its `$id`. */
function findNamed(name: string, base: SchemaBase): Found | undefined {
  const { document } = base;
  const id = document?.kind === "json" ? (document.root as { $id?: unknown } | null)?.$id : undefined;
  if (typeof id === "string" && (name === id || name.startsWith(`${id}#`))) {
    return find(name.slice(id.length) || "#", base);
  }
  if (/[#:]/.test(name)) return undefined;
  for (const prefix of NAMED) {
    const found = find(prefix + escapePointer(name), base);
    if (found) return found;
  }
  return undefined;
}

/** A place inside a definition: `#/components/schemas/order/properties/id`. */
function longestDefinition(
  reference: string,
  definitions: Readonly<Record<string, unknown>>,
  base: SchemaBase,
): Found | undefined {
  for (let cut = reference.lastIndexOf("/"); cut > 1; cut = reference.lastIndexOf("/", cut - 1)) {
    const definition = reference.slice(0, cut);
    if (!Object.hasOwn(definitions, definition)) continue;
    const schema = atPointer(definitions[definition], reference.slice(cut));
    return schema === undefined ? undefined : { schema, base };
  }
  return undefined;
}

/** The value at a JSON pointer (RFC 6901); `""` is the whole. Only own properties count. */
function atPointer(root: unknown, pointer: string): unknown {
  if (pointer === "" || pointer === "/") return root;
  if (!pointer.startsWith("/")) return undefined;
  let value = root;
  for (const segment of pointer.slice(1).split("/")) {
    const name = decode(segment).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
