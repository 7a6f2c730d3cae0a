import { type Cell, declareType } from "../declare.ts";
import { boxedEquals, combineHashCodes } from "../system/equality.ts";
import type { ClrObject } from "../system/protocol.ts";
import { boxedToString } from "../system/text.ts";

/** `KeyValuePair<TKey, TValue>`; key and value are boxed. */
export class KeyValuePair implements ClrObject {
  readonly clrName = "System.Collections.Generic.KeyValuePair`2";
  readonly key: unknown;
  readonly value: unknown;
  constructor(key: unknown, value: unknown) {
    this.key = key;
    this.value = value;
  }

  toClrString(): string {
    return `[${boxedToString(this.key)}, ${boxedToString(this.value)}]`;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof KeyValuePair && boxedEquals(this.key, other.key) && boxedEquals(this.value, other.value);
  }

  clrHashCode(): number {
    return combineHashCodes([this.key, this.value]);
  }
}

/** What the members read: a KeyValuePair, or an object with the same two properties (a JSON property in a JObject). */
type Pair = Pick<KeyValuePair, "key" | "value">;

export const keyValuePairType = declareType({
  name: "System.Collections.Generic.KeyValuePair<TKey, TValue>",
  kind: "struct",
  is: (value) => value instanceof KeyValuePair,
  members: {
    "new KeyValuePair(TKey key, TValue value)": (key: unknown, value: unknown) => new KeyValuePair(key, value),
    "TKey Key { get; }": (pair: Pair) => pair.key,
    "TValue Value { get; }": (pair: Pair) => pair.value,
    "void Deconstruct(out TKey key, out TValue value)": (pair: Pair, key: Cell<unknown>, value: Cell<unknown>) => {
      key.value = pair.key;
      value.value = pair.value;
    },
  },
  toString: (pair: KeyValuePair) => pair.toClrString(),
  equals: (a: KeyValuePair, b: KeyValuePair) => a.clrEquals(b),
});
