import type { ClrArray } from "../box.ts";
import { type Cell, declareType, withTypes } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";
import type { EqualityComparer } from "../system/protocol.ts";
import { checkCapacity } from "./dictionary.ts";
import { Enumerator } from "./enumerator.ts";
import { HashSet } from "./hash-set.ts";
import { copyTo } from "./list.ts";
import { type Enumerable, enumerate } from "./protocol.ts";

function itemsOf(collection: Enumerable | null): Iterable<unknown> {
  if (collection === null) throw new ArgumentNullException("collection");
  return enumerate(collection);
}

/** Compares sets by their items; what `HashSet<T>.CreateSetComparer()` gives. */
const setComparer: EqualityComparer = {
  equals: (a, b) => a === b || (a instanceof HashSet && b instanceof HashSet && a.setEquals(b)),
  hashCode: (value) => (value instanceof HashSet ? value.count : 0),
};

export const hashSetType = declareType({
  name: "System.Collections.Generic.HashSet<T>",
  kind: "class",
  interfaces: ["System.Collections.Generic.ISet<T>", "System.Collections.Generic.IReadOnlyCollection<T>"],
  is: (value) => value instanceof HashSet,
  members: {
    "new HashSet()": withTypes((types) => new HashSet(types[0]?.name ?? "object")),
    "new HashSet(IEqualityComparer<T> comparer)": withTypes(
      (types, comparer: EqualityComparer | null) => new HashSet(types[0]?.name ?? "object", [], comparer),
    ),
    "new HashSet(int capacity)": withTypes((types, capacity: number) => {
      checkCapacity(capacity);
      return new HashSet(types[0]?.name ?? "object");
    }),
    "new HashSet(IEnumerable<T> collection)": withTypes(
      (types, collection: Enumerable | null) => new HashSet(types[0]?.name ?? "object", itemsOf(collection)),
    ),
    "new HashSet(IEnumerable<T> collection, IEqualityComparer<T> comparer)": withTypes(
      (types, collection: Enumerable | null, comparer: EqualityComparer | null) =>
        new HashSet(types[0]?.name ?? "object", itemsOf(collection), comparer),
    ),
    "new HashSet(int capacity, IEqualityComparer<T> comparer)": withTypes(
      (types, capacity: number, comparer: EqualityComparer | null) => {
        checkCapacity(capacity);
        return new HashSet(types[0]?.name ?? "object", [], comparer);
      },
    ),
    "static IEqualityComparer<HashSet<T>> CreateSetComparer()": () => setComparer,
    "IEqualityComparer<T> Comparer { get; }": (set: HashSet) => set.comparer,
    "int Count { get; }": (set: HashSet) => set.count,
    "bool Add(T item)": (set: HashSet, item: unknown) => set.add(item),
    "void Clear()": (set: HashSet) => set.clear(),
    "bool Contains(T item)": (set: HashSet, item: unknown) => set.contains(item),
    "void CopyTo(T[] array)": (set: HashSet, array: ClrArray) => copyTo([...set], array),
    "void CopyTo(T[] array, int arrayIndex)": (set: HashSet, array: ClrArray, at: number) =>
      copyTo([...set], array, at),
    "void CopyTo(T[] array, int arrayIndex, int count)": (set: HashSet, array: ClrArray, at: number, count: number) =>
      copyTo([...set].slice(0, count), array, at),
    "int EnsureCapacity(int capacity)": (set: HashSet, capacity: number) => {
      checkCapacity(capacity);
      return Math.max(capacity, set.count);
    },
    "void ExceptWith(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.exceptWith(other),
    "IEnumerator<T> GetEnumerator()": (set: HashSet) => new Enumerator(set),
    "void IntersectWith(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.intersectWith(other),
    "bool IsProperSubsetOf(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) =>
      set.isProperSubsetOf(other),
    "bool IsProperSupersetOf(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) =>
      set.isProperSupersetOf(other),
    "bool IsSubsetOf(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.isSubsetOf(other),
    "bool IsSupersetOf(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.isSupersetOf(other),
    "bool Overlaps(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.overlaps(other),
    "bool Remove(T item)": (set: HashSet, item: unknown) => set.remove(item),
    "int RemoveWhere(Predicate<T> match)": (set: HashSet, match: (item: unknown) => boolean) => {
      const matches = [...set].filter((item) => match(item));
      for (const item of matches) set.remove(item);
      return matches.length;
    },
    "bool SetEquals(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.setEquals(other),
    "void SymmetricExceptWith(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) =>
      set.symmetricExceptWith(other),
    "void TrimExcess()": () => undefined,
    "bool TryGetValue(T equalValue, out T actualValue)": withTypes(
      (types, set: HashSet, equal: unknown, actual: Cell<unknown>) => {
        const found = set.find(equal);
        actual.value = found === undefined ? (types[0]?.default ?? null) : found;
        return found !== undefined;
      },
    ),
    "void UnionWith(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.unionWith(other),
  },
});
