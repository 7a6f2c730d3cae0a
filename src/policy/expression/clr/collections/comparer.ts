import { AnonymousObject, ValueTuple } from "../anonymous.ts";
import { Box, EnumValue } from "../box.ts";
import { boxedEquals, compareBoxed, defaultEqualityComparer } from "../system/equality.ts";
import { asClrObject, type Comparer, type EqualityComparer } from "../system/protocol.ts";

/**
 * A comparer that can name a Map key, the same for two values exactly when `equals` holds. Tables prefer it, because
 * the hash codes of hostile strings may collide.
 */
export interface KeyedComparer extends EqualityComparer {
  hashKey?(value: unknown): unknown;
}

/** A function that gives equal values, and only those, the same JavaScript Map key. One keyer serves one table. */
export type Keyer = (value: unknown) => unknown;

/** Equality by a comparer; null means the default one. */
export function equalityOf(comparer: EqualityComparer | null): (a: unknown, b: unknown) => boolean {
  return comparer ? (a, b) => comparer.equals(a, b) : boxedEquals;
}

/** Order by a comparer; null means the default one. */
export function orderOf(comparer: Comparer | null): (a: unknown, b: unknown) => number {
  return comparer ? (a, b) => comparer.compare(a, b) : compareBoxed;
}

/** The keyer of a comparer; null means the default one. */
export function keyerOf(comparer: KeyedComparer | null): Keyer {
  if (comparer === null || comparer === defaultEqualityComparer) return defaultKeyer();
  if (comparer.hashKey) return (value) => comparer.hashKey?.(value);
  return representatives(comparer);
}

/** Strings, numbers and objects with reference equality are their own key; so hostile strings cannot collide. */
function defaultKeyer(): Keyer {
  let byContent: Keyer | undefined;
  return (value) => {
    if (typeof value === "string") return value.charCodeAt(0) === 0 ? `\0s${value}` : value;
    if (typeof value !== "object" || value === null || value instanceof EnumValue) return value;
    if (value instanceof Box) return `\0${value.type}:${value.value}`;
    if (!hasContentEquality(value)) return value;
    byContent ??= representatives(defaultEqualityComparer);
    return byContent(value);
  };
}

function hasContentEquality(value: object): boolean {
  return value instanceof AnonymousObject || value instanceof ValueTuple || asClrObject(value)?.clrEquals !== undefined;
}

/** With nothing but Equals and GetHashCode, the first of several equal values stands for all. */
function representatives(comparer: EqualityComparer): Keyer {
  const buckets = new Map<number, { value: unknown }[]>();
  return (value) => {
    const hash = comparer.hashCode(value);
    const bucket = buckets.get(hash);
    const known = bucket?.find((candidate) => comparer.equals(candidate.value, value));
    if (known) return known;
    const fresh = { value };
    if (bucket) bucket.push(fresh);
    else buckets.set(hash, [fresh]);
    return fresh;
  };
}
