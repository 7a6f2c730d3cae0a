import { asClrObject } from "../../policy/expression/clr/system/protocol.ts";
import { boxedToString } from "../../policy/expression/clr/system/text.ts";

/** Cost of an object itself, in bytes; an estimate. */
const OBJECT = 64;
/** Objects of JSON and XML trees take several times the room of their text. */
const TREE_FACTOR = 4;
const MOST_ITEMS = 10_000;

/**
 * About how many bytes a cached value takes in memory: enough to bound a cache, not exact. Values that know their
 * size say so by `byteLength` (bytes, cached responses); collections are the sum of their items; other objects are
 * judged by their text. Infinity for what is too large to measure.
 */
export function valueSize(value: unknown): number {
  const budget = { items: MOST_ITEMS };
  try {
    return measure(value, budget);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function measure(value: unknown, budget: { items: number }): number {
  if (typeof value === "string") return 2 * value.length + 16;
  if (typeof value !== "object" || value === null) return 16;
  if (--budget.items < 0) return Number.POSITIVE_INFINITY;
  const own = (value as { byteLength?: unknown }).byteLength;
  if (typeof own === "number") return own + OBJECT;
  const text = asClrObject(value)?.toClrString?.();
  if (text !== undefined) return OBJECT + TREE_FACTOR * text.length;
  if (!(Symbol.iterator in value)) return OBJECT + TREE_FACTOR * boxedToString(value).length;
  let size = OBJECT;
  for (const item of value as Iterable<unknown>) {
    size += measure(item, budget);
    if (size === Number.POSITIVE_INFINITY) break;
  }
  return size;
}
