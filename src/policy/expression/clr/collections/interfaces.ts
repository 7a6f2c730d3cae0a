import { ClrArray } from "../box.ts";
import { type Cell, declareType, type TypeDeclaration, withTypes } from "../declare.ts";
import { NotSupportedException } from "../exceptions.ts";
import type { Comparer, EqualityComparer } from "../system/protocol.ts";
import { keyNotFound } from "./dictionary.ts";
import { Enumerator } from "./enumerator.ts";
import { HashSet } from "./hash-set.ts";
import { copyTo, includes, List } from "./list.ts";
import {
  type Enumerable,
  isEnumerable,
  knownCount,
  type MutableCollection,
  type MutableDictionary,
  type MutableList,
  type ReadOnlyDictionary,
  toItems,
} from "./protocol.ts";

/** A receiver of an interface's member: one of the classes here, a class of another library, or an array. */
type Collection = MutableCollection | ClrArray | Uint8Array;
type ListLike = MutableList | ClrArray | Uint8Array;

function isArray(value: unknown): value is ClrArray | Uint8Array {
  return value instanceof ClrArray || value instanceof Uint8Array;
}

function has(value: unknown, method: string): boolean {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, method) === "function";
}

/** Arrays, views and read-only classes have these interfaces, but not the members that change the contents. */
function changeable<T extends object>(receiver: T | ClrArray | Uint8Array, method: string): T {
  if (isArray(receiver)) throw new NotSupportedException("Collection was of a fixed size.");
  if (!has(receiver, method)) throw new NotSupportedException("Collection is read-only.");
  return receiver;
}

/** An array as a list: reads and writes go to the array. */
function asList(receiver: ListLike): Pick<MutableList, "getItem" | "setItem" | "indexOf"> {
  if (receiver instanceof ClrArray) return new List(receiver.elementType, receiver.items);
  if (!(receiver instanceof Uint8Array)) return receiver;
  const copy = new List("byte", toItems(receiver));
  return {
    getItem: (index) => copy.getItem(index),
    indexOf: (item) => copy.indexOf(item),
    setItem: (index, item) => {
      copy.setItem(index, item);
      copyTo([item], receiver, index);
    },
  };
}

function contains(receiver: Collection, item: unknown): boolean {
  return !isArray(receiver) && has(receiver, "contains") ? receiver.contains(item) : includes(toItems(receiver), item);
}

function getEntry(dictionary: ReadOnlyDictionary, key: unknown): unknown {
  const value = dictionary.lookup(key);
  if (value !== undefined) return value;
  if (dictionary.missing) return dictionary.missing(key);
  throw keyNotFound(key);
}

const tryGetValue = withTypes((types, dictionary: ReadOnlyDictionary, key: unknown, value: Cell<unknown>) => {
  const known = dictionary.lookup(key);
  value.value = known === undefined ? (types[1]?.default ?? null) : known;
  return known !== undefined;
});

const isList = (value: unknown) => isArray(value) || has(value, "getItem");
const isCollection = (value: unknown) => isArray(value) || (isEnumerable(value) && has(value, "add"));
const isDictionary = (value: unknown) => has(value, "lookup");
const count = (receiver: Enumerable) => knownCount(receiver) ?? toItems(receiver).length;

const GENERIC = "System.Collections.Generic";

/** The interfaces of System.Collections.Generic and the parts of System.Collections that they build on. */
export const interfaceTypes: TypeDeclaration[] = [
  declareType({
    name: "System.Collections.IEnumerable",
    kind: "interface",
    is: isEnumerable,
    members: { "System.Collections.IEnumerator GetEnumerator()": (source: Enumerable) => new Enumerator(source) },
  }),
  declareType({
    name: "System.Collections.IEnumerator",
    kind: "interface",
    is: (value) => value instanceof Enumerator,
    members: {
      "object Current { get; }": (enumerator: Enumerator) => enumerator.current,
      "bool MoveNext()": (enumerator: Enumerator) => enumerator.moveNext(),
      "void Reset()": (enumerator: Enumerator) => enumerator.reset(),
    },
  }),
  declareType({
    name: "System.Collections.ICollection",
    kind: "interface",
    interfaces: ["System.Collections.IEnumerable"],
    is: (value) => typeof value === "object" && isEnumerable(value) && knownCount(value) !== undefined,
    members: { "int Count { get; }": count },
  }),
  declareType({
    name: "System.Collections.IList",
    kind: "interface",
    interfaces: ["System.Collections.ICollection"],
    is: isList,
    members: {
      "object this[int index] { get; set; }": {
        get: (list: ListLike, index: number) => asList(list).getItem(index),
        set: (list: ListLike, index: number, item: unknown) => asList(list).setItem(index, item),
      },
      "bool Contains(object value)": contains,
      "int IndexOf(object value)": (list: ListLike, item: unknown) => asList(list).indexOf(item),
    },
  }),
  declareType({
    name: "System.Collections.IDictionary",
    kind: "interface",
    interfaces: ["System.Collections.ICollection"],
    is: isDictionary,
    members: {
      "System.Collections.ICollection Keys { get; }": (dictionary: ReadOnlyDictionary) => dictionary.keys,
      "System.Collections.ICollection Values { get; }": (dictionary: ReadOnlyDictionary) => dictionary.values,
      "bool Contains(object key)": (dictionary: ReadOnlyDictionary, key: unknown) =>
        dictionary.lookup(key) !== undefined,
    },
  }),
  declareType({
    name: "System.Collections.IComparer",
    kind: "interface",
    is: (value) => has(value, "compare"),
    members: {
      "int Compare(object x, object y)": (comparer: Comparer, x: unknown, y: unknown) => comparer.compare(x, y),
    },
  }),
  declareType({
    name: `${GENERIC}.IEnumerable<T>`,
    kind: "interface",
    interfaces: ["System.Collections.IEnumerable"],
    is: isEnumerable,
    members: { "IEnumerator<T> GetEnumerator()": (source: Enumerable) => new Enumerator(source) },
  }),
  declareType({
    name: `${GENERIC}.IEnumerator<T>`,
    kind: "interface",
    interfaces: ["System.Collections.IEnumerator", "System.IDisposable"],
    is: (value) => value instanceof Enumerator,
    members: {
      "T Current { get; }": (enumerator: Enumerator) => enumerator.current,
      "void Dispose()": (enumerator: Enumerator) => enumerator.dispose(),
    },
  }),
  declareType({
    name: `${GENERIC}.ICollection<T>`,
    kind: "interface",
    interfaces: [`${GENERIC}.IEnumerable<T>`],
    is: isCollection,
    members: {
      "int Count { get; }": count,
      "bool IsReadOnly { get; }": isArray,
      "void Add(T item)": (collection: Collection, item: unknown) => {
        changeable<MutableCollection>(collection, "add").add(item);
      },
      "void Clear()": (collection: Collection) => changeable<MutableCollection>(collection, "clear").clear(),
      "bool Contains(T item)": contains,
      "void CopyTo(T[] array, int arrayIndex)": (collection: Collection, array: ClrArray, at: number) =>
        copyTo(toItems(collection), array, at),
      "bool Remove(T item)": (collection: Collection, item: unknown) =>
        changeable<MutableCollection>(collection, "remove").remove(item),
    },
  }),
  declareType({
    name: `${GENERIC}.IReadOnlyCollection<T>`,
    kind: "interface",
    interfaces: [`${GENERIC}.IEnumerable<T>`],
    is: (value) => typeof value === "object" && isEnumerable(value) && knownCount(value) !== undefined,
    members: { "int Count { get; }": count },
  }),
  declareType({
    name: `${GENERIC}.IList<T>`,
    kind: "interface",
    interfaces: [`${GENERIC}.ICollection<T>`],
    is: isList,
    members: {
      "T this[int index] { get; set; }": {
        get: (list: ListLike, index: number) => asList(list).getItem(index),
        set: (list: ListLike, index: number, item: unknown) => asList(list).setItem(index, item),
      },
      "int IndexOf(T item)": (list: ListLike, item: unknown) => asList(list).indexOf(item),
      "void Insert(int index, T item)": (list: ListLike, index: number, item: unknown) =>
        changeable<MutableList>(list, "insert").insert(index, item),
      "void RemoveAt(int index)": (list: ListLike, index: number) =>
        changeable<MutableList>(list, "removeAt").removeAt(index),
    },
  }),
  declareType({
    name: `${GENERIC}.IReadOnlyList<T>`,
    kind: "interface",
    interfaces: [`${GENERIC}.IReadOnlyCollection<T>`],
    is: isList,
    members: { "T this[int index] { get; }": (list: ListLike, index: number) => asList(list).getItem(index) },
  }),
  declareType({
    name: "System.Collections.ObjectModel.ReadOnlyCollection<T>",
    kind: "class",
    interfaces: [`${GENERIC}.IReadOnlyList<T>`],
    is: (value) => value instanceof List,
    members: {
      "bool Contains(T value)": (list: List, item: unknown) => list.contains(item),
      "int IndexOf(T value)": (list: List, item: unknown) => list.indexOf(item),
    },
  }),
  declareType({
    name: `${GENERIC}.ISet<T>`,
    kind: "interface",
    interfaces: [`${GENERIC}.ICollection<T>`],
    is: (value) => value instanceof HashSet,
    members: {
      "bool Add(T item)": (set: HashSet, item: unknown) => set.add(item),
      "void ExceptWith(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.exceptWith(other),
      "void IntersectWith(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.intersectWith(other),
      "bool IsProperSubsetOf(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) =>
        set.isProperSubsetOf(other),
      "bool IsProperSupersetOf(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) =>
        set.isProperSupersetOf(other),
      "bool IsSubsetOf(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.isSubsetOf(other),
      "bool IsSupersetOf(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.isSupersetOf(other),
      "bool Overlaps(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.overlaps(other),
      "bool SetEquals(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.setEquals(other),
      "void SymmetricExceptWith(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) =>
        set.symmetricExceptWith(other),
      "void UnionWith(IEnumerable<T> other)": (set: HashSet, other: Enumerable | null) => set.unionWith(other),
    },
  }),
  declareType({
    name: `${GENERIC}.IReadOnlyDictionary<TKey, TValue>`,
    kind: "interface",
    interfaces: [`${GENERIC}.IReadOnlyCollection<${GENERIC}.KeyValuePair<TKey, TValue>>`],
    is: isDictionary,
    members: {
      "TValue this[TKey key] { get; }": getEntry,
      "IEnumerable<TKey> Keys { get; }": (dictionary: ReadOnlyDictionary) => dictionary.keys,
      "IEnumerable<TValue> Values { get; }": (dictionary: ReadOnlyDictionary) => dictionary.values,
      "bool ContainsKey(TKey key)": (dictionary: ReadOnlyDictionary, key: unknown) =>
        dictionary.lookup(key) !== undefined,
      "bool TryGetValue(TKey key, out TValue value)": tryGetValue,
    },
  }),
  declareType({
    name: `${GENERIC}.IDictionary<TKey, TValue>`,
    kind: "interface",
    interfaces: [`${GENERIC}.ICollection<${GENERIC}.KeyValuePair<TKey, TValue>>`],
    is: (value) => has(value, "setEntry"),
    members: {
      "TValue this[TKey key] { get; set; }": {
        get: getEntry,
        set: (dictionary: MutableDictionary, key: unknown, value: unknown) => dictionary.setEntry(key, value),
      },
      "ICollection<TKey> Keys { get; }": (dictionary: MutableDictionary) => dictionary.keys,
      "ICollection<TValue> Values { get; }": (dictionary: MutableDictionary) => dictionary.values,
      "void Add(TKey key, TValue value)": (dictionary: MutableDictionary, key: unknown, value: unknown) =>
        dictionary.addEntry(key, value),
      "bool ContainsKey(TKey key)": (dictionary: MutableDictionary, key: unknown) =>
        dictionary.lookup(key) !== undefined,
      "bool Remove(TKey key)": (dictionary: MutableDictionary, key: unknown) => dictionary.removeKey(key),
      "bool TryGetValue(TKey key, out TValue value)": tryGetValue,
    },
  }),
  declareType({
    name: `${GENERIC}.IEqualityComparer<T>`,
    kind: "interface",
    is: (value) => has(value, "equals") && has(value, "hashCode"),
    members: {
      "bool Equals(T x, T y)": (comparer: EqualityComparer, x: unknown, y: unknown) => comparer.equals(x, y),
      "int GetHashCode(T obj)": (comparer: EqualityComparer, value: unknown) => comparer.hashCode(value),
    },
  }),
  declareType({
    name: `${GENERIC}.IComparer<T>`,
    kind: "interface",
    is: (value) => has(value, "compare"),
    members: { "int Compare(T x, T y)": (comparer: Comparer, x: unknown, y: unknown) => comparer.compare(x, y) },
  }),
];
