import { type Cell, declareType, type RuntimeType, withTypes } from "../declare.ts";
import type { EqualityComparer } from "../system/protocol.ts";
import { checkCapacity, Dictionary } from "./dictionary.ts";
import { Enumerator } from "./enumerator.ts";
import type { Enumerable } from "./protocol.ts";

type Types = readonly RuntimeType[];

function create(types: Types, comparer: EqualityComparer | null = null): Dictionary {
  return new Dictionary(types[0]?.name ?? "object", types[1]?.name ?? "object", comparer);
}

export const dictionaryType = declareType({
  name: "System.Collections.Generic.Dictionary<TKey, TValue>",
  kind: "class",
  interfaces: [
    "System.Collections.Generic.IDictionary<TKey, TValue>",
    "System.Collections.Generic.IReadOnlyDictionary<TKey, TValue>",
    "System.Collections.IDictionary",
  ],
  is: (value) => value instanceof Dictionary,
  members: {
    "new Dictionary()": withTypes((types) => create(types)),
    "new Dictionary(int capacity)": withTypes((types, capacity: number) => {
      checkCapacity(capacity);
      return create(types);
    }),
    "new Dictionary(IEqualityComparer<TKey> comparer)": withTypes((types, comparer: EqualityComparer | null) =>
      create(types, comparer),
    ),
    "new Dictionary(int capacity, IEqualityComparer<TKey> comparer)": withTypes(
      (types, capacity: number, comparer: EqualityComparer | null) => {
        checkCapacity(capacity);
        return create(types, comparer);
      },
    ),
    "new Dictionary(IDictionary<TKey, TValue> dictionary)": withTypes((types, source: Enumerable | null) =>
      create(types).addAll(source, "dictionary"),
    ),
    "new Dictionary(IDictionary<TKey, TValue> dictionary, IEqualityComparer<TKey> comparer)": withTypes(
      (types, source: Enumerable | null, comparer: EqualityComparer | null) =>
        create(types, comparer).addAll(source, "dictionary"),
    ),
    "new Dictionary(IEnumerable<KeyValuePair<TKey, TValue>> collection)": withTypes(
      (types, source: Enumerable | null) => create(types).addAll(source, "collection"),
    ),
    "new Dictionary(IEnumerable<KeyValuePair<TKey, TValue>> collection, IEqualityComparer<TKey> comparer)": withTypes(
      (types, source: Enumerable | null, comparer: EqualityComparer | null) =>
        create(types, comparer).addAll(source, "collection"),
    ),
    "IEqualityComparer<TKey> Comparer { get; }": (dictionary: Dictionary) => dictionary.comparer,
    "int Count { get; }": (dictionary: Dictionary) => dictionary.count,
    "TValue this[TKey key] { get; set; }": {
      get: (dictionary: Dictionary, key: unknown) => dictionary.getEntry(key),
      set: (dictionary: Dictionary, key: unknown, value: unknown) => dictionary.setEntry(key, value),
    },
    "ICollection<TKey> Keys { get; }": (dictionary: Dictionary) => dictionary.keys,
    "ICollection<TValue> Values { get; }": (dictionary: Dictionary) => dictionary.values,
    "void Add(TKey key, TValue value)": (dictionary: Dictionary, key: unknown, value: unknown) =>
      dictionary.addEntry(key, value),
    "void Clear()": (dictionary: Dictionary) => dictionary.clear(),
    "bool ContainsKey(TKey key)": (dictionary: Dictionary, key: unknown) => dictionary.lookup(key) !== undefined,
    "bool ContainsValue(TValue value)": (dictionary: Dictionary, value: unknown) => dictionary.containsValue(value),
    "int EnsureCapacity(int capacity)": (dictionary: Dictionary, capacity: number) => {
      checkCapacity(capacity);
      return Math.max(capacity, dictionary.count);
    },
    "IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()": (dictionary: Dictionary) => new Enumerator(dictionary),
    "bool Remove(TKey key)": (dictionary: Dictionary, key: unknown) => dictionary.removeKey(key),
    "bool Remove(TKey key, out TValue value)": withTypes(
      (types, dictionary: Dictionary, key: unknown, value: Cell<unknown>) => {
        const known = dictionary.lookup(key);
        value.value = known === undefined ? (types[1]?.default ?? null) : known;
        return dictionary.removeKey(key);
      },
    ),
    "void TrimExcess()": () => undefined,
    "void TrimExcess(int capacity)": (_: Dictionary, capacity: number) => checkCapacity(capacity),
    "bool TryAdd(TKey key, TValue value)": (dictionary: Dictionary, key: unknown, value: unknown) =>
      dictionary.tryAdd(key, value),
    "bool TryGetValue(TKey key, out TValue value)": withTypes(
      (types, dictionary: Dictionary, key: unknown, value: Cell<unknown>) => {
        const known = dictionary.lookup(key);
        value.value = known === undefined ? (types[1]?.default ?? null) : known;
        return known !== undefined;
      },
    ),
  },
});
