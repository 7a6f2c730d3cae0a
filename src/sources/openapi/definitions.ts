import { type DataDocument, isRecord, valueAt } from "../document/data-document.ts";
import { setOwn } from "../document/json-document.ts";
import { pointerPath } from "./refs.ts";

/** Where a document keeps the schemas that it names. */
const COLLECTIONS: readonly (readonly [prefix: string, path: readonly string[]])[] = [
  ["#/components/schemas/", ["components", "schemas"]],
  ["#/definitions/", ["definitions"]],
];

/**
 * The schemas of a document by the text of references to them: all that it names, and whatever else `used` schemas
 * refer to, directly or through others. References that lead nowhere are left out; the walk is one pass over the text.
 */
export function readDefinitions(document: DataDocument, used: readonly unknown[]): Record<string, unknown> {
  const definitions: Record<string, unknown> = {};
  const waiting = [...used];
  for (const [prefix, path] of COLLECTIONS) {
    const collection = valueAt(document.value, path);
    if (!isRecord(collection)) continue;
    for (const [name, schema] of Object.entries(collection)) {
      setOwn(definitions, prefix + name.replaceAll("~", "~0").replaceAll("/", "~1"), schema);
      waiting.push(schema);
    }
  }
  const seen = new Set<unknown>();
  for (let value = waiting.pop(); waiting.length > 0 || value !== undefined; value = waiting.pop()) {
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    waiting.push(...Object.values(value).filter((inner) => typeof inner === "object"));
    const reference = (value as Record<string, unknown>).$ref;
    if (typeof reference !== "string" || Object.hasOwn(definitions, reference)) continue;
    const at = pointerPath(reference);
    const target = at && valueAt(document.value, at);
    if (target === undefined) continue;
    setOwn(definitions, reference, target);
    waiting.push(target);
  }
  return definitions;
}
