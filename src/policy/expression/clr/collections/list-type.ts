import type { ClrArray } from "../box.ts";
import { declareType, withTypes } from "../declare.ts";
import { ArgumentNullException, ArgumentOutOfRangeException } from "../exceptions.ts";
import type { Comparer } from "../system/protocol.ts";
import { orderOf } from "./comparer.ts";
import { Enumerator } from "./enumerator.ts";
import { copyTo, List } from "./list.ts";
import { type Enumerable, toArray, toItems } from "./protocol.ts";

type Predicate = (item: unknown) => boolean;

/** Index of the first match in a range, or -1. */
function findIndex(list: List, start: number, count: number, match: Predicate): number {
  if (start < 0 || start > list.count) throw new ArgumentOutOfRangeException("startIndex");
  if (count < 0 || start + count > list.count) throw new ArgumentOutOfRangeException("count");
  for (let i = start; i < start + count; i++) if (match(list.items[i])) return i;
  return -1;
}

/** Index of the last match in the `count` items that end at `start`, or -1. */
function findLastIndex(list: List, start: number, count: number, match: Predicate): number {
  if (list.count === 0 ? start !== -1 : start < 0 || start >= list.count) {
    throw new ArgumentOutOfRangeException("startIndex");
  }
  if (count < 0 || start - count + 1 < 0) throw new ArgumentOutOfRangeException("count");
  for (let i = start; i > start - count; i--) if (match(list.items[i])) return i;
  return -1;
}

/** Index of an item of a sorted range, or the complement of where it belongs. */
export function binarySearch(
  items: readonly unknown[],
  index: number,
  count: number,
  item: unknown,
  comparer: Comparer | null,
): number {
  const order = orderOf(comparer);
  let low = index;
  let high = index + count - 1;
  while (low <= high) {
    const middle = low + ((high - low) >> 1);
    const found = order(items[middle], item);
    if (found === 0) return middle;
    if (found < 0) low = middle + 1;
    else high = middle - 1;
  }
  return ~low;
}

export const listType = declareType({
  name: "System.Collections.Generic.List<T>",
  kind: "class",
  interfaces: [
    "System.Collections.Generic.IList<T>",
    "System.Collections.Generic.IReadOnlyList<T>",
    "System.Collections.IList",
  ],
  is: (value) => value instanceof List,
  members: {
    "new List()": withTypes((types) => new List(types[0]?.name ?? "object")),
    "new List(int capacity)": withTypes(
      (types, capacity: number) => new List(types[0]?.name ?? "object", [], capacity),
    ),
    "new List(IEnumerable<T> collection)": withTypes((types, collection: Enumerable | null) => {
      if (collection === null) throw new ArgumentNullException("collection");
      return new List(types[0]?.name ?? "object", toItems(collection));
    }),
    "int Capacity { get; set; }": {
      get: (list: List) => Math.max(list.capacity, list.count),
      set: (list: List, value: number) => {
        if (value < list.count) {
          throw new ArgumentOutOfRangeException("value", "capacity was less than the current size.");
        }
        list.capacity = value;
      },
    },
    "int Count { get; }": (list: List) => list.items.length,
    "T this[int index] { get; set; }": {
      get: (list: List, index: number) => list.getItem(index),
      set: (list: List, index: number, value: unknown) => list.setItem(index, value),
    },
    "void Add(T item)": (list: List, item: unknown) => list.add(item),
    "void AddRange(IEnumerable<T> collection)": (list: List, collection: Enumerable | null) =>
      list.insertRange(list.count, collection),
    "System.Collections.ObjectModel.ReadOnlyCollection<T> AsReadOnly()": (list: List) => list,
    "int BinarySearch(T item)": (list: List, item: unknown) => binarySearch(list.items, 0, list.count, item, null),
    "int BinarySearch(T item, IComparer<T> comparer)": (list: List, item: unknown, comparer: Comparer | null) =>
      binarySearch(list.items, 0, list.count, item, comparer),
    "int BinarySearch(int index, int count, T item, IComparer<T> comparer)": (
      list: List,
      index: number,
      count: number,
      item: unknown,
      comparer: Comparer | null,
    ) => {
      list.checkRange(index, count);
      return binarySearch(list.items, index, count, item, comparer);
    },
    "void Clear()": (list: List) => list.clear(),
    "bool Contains(T item)": (list: List, item: unknown) => list.contains(item),
    "List<TOutput> ConvertAll<TOutput>(Converter<T, TOutput> converter)": withTypes(
      (types, list: List, converter: (item: unknown) => unknown) =>
        new List(
          types[0]?.name ?? "object",
          list.items.map((item) => converter(item)),
        ),
    ),
    "void CopyTo(T[] array)": (list: List, array: ClrArray | Uint8Array) => copyTo(list.items, array),
    "void CopyTo(T[] array, int arrayIndex)": (list: List, array: ClrArray | Uint8Array, at: number) =>
      copyTo(list.items, array, at),
    "void CopyTo(int index, T[] array, int arrayIndex, int count)": (
      list: List,
      index: number,
      array: ClrArray | Uint8Array,
      at: number,
      count: number,
    ) => {
      list.checkRange(index, count);
      copyTo(list.items.slice(index, index + count), array, at);
    },
    "bool Exists(Predicate<T> match)": (list: List, match: Predicate) => findIndex(list, 0, list.count, match) >= 0,
    "T Find(Predicate<T> match)": withTypes((types, list: List, match: Predicate) => {
      const at = findIndex(list, 0, list.count, match);
      return at < 0 ? (types[0]?.default ?? null) : list.items[at];
    }),
    "List<T> FindAll(Predicate<T> match)": (list: List, match: Predicate) =>
      new List(
        list.elementType,
        list.items.filter((item) => match(item)),
      ),
    "int FindIndex(Predicate<T> match)": (list: List, match: Predicate) => findIndex(list, 0, list.count, match),
    "int FindIndex(int startIndex, Predicate<T> match)": (list: List, start: number, match: Predicate) =>
      findIndex(list, start, list.count - start, match),
    "int FindIndex(int startIndex, int count, Predicate<T> match)": findIndex,
    "T FindLast(Predicate<T> match)": withTypes((types, list: List, match: Predicate) => {
      const at = findLastIndex(list, list.count - 1, list.count, match);
      return at < 0 ? (types[0]?.default ?? null) : list.items[at];
    }),
    "int FindLastIndex(Predicate<T> match)": (list: List, match: Predicate) =>
      findLastIndex(list, list.count - 1, list.count, match),
    "int FindLastIndex(int startIndex, Predicate<T> match)": (list: List, start: number, match: Predicate) =>
      findLastIndex(list, start, start + 1, match),
    "int FindLastIndex(int startIndex, int count, Predicate<T> match)": findLastIndex,
    "void ForEach(Action<T> action)": (list: List, action: (item: unknown) => void) => {
      for (const item of list) action(item);
    },
    "IEnumerator<T> GetEnumerator()": (list: List) => new Enumerator(list),
    "List<T> GetRange(int index, int count)": (list: List, index: number, count: number) => {
      list.checkRange(index, count);
      return new List(list.elementType, list.items.slice(index, index + count));
    },
    "int IndexOf(T item)": (list: List, item: unknown) => list.indexOf(item),
    "int IndexOf(T item, int index)": (list: List, item: unknown, index: number) => list.indexOf(item, index),
    "int IndexOf(T item, int index, int count)": (list: List, item: unknown, index: number, count: number) =>
      list.indexOf(item, index, count),
    "void Insert(int index, T item)": (list: List, index: number, item: unknown) => list.insert(index, item),
    "void InsertRange(int index, IEnumerable<T> collection)": (list: List, index: number, source: Enumerable | null) =>
      list.insertRange(index, source),
    "int LastIndexOf(T item)": (list: List, item: unknown) => list.lastIndexOf(item),
    "int LastIndexOf(T item, int index)": (list: List, item: unknown, index: number) => list.lastIndexOf(item, index),
    "int LastIndexOf(T item, int index, int count)": (list: List, item: unknown, index: number, count: number) =>
      list.lastIndexOf(item, index, count),
    "bool Remove(T item)": (list: List, item: unknown) => list.remove(item),
    "int RemoveAll(Predicate<T> match)": (list: List, match: Predicate) => list.removeAll(match),
    "void RemoveAt(int index)": (list: List, index: number) => list.removeAt(index),
    "void RemoveRange(int index, int count)": (list: List, index: number, count: number) =>
      list.removeRange(index, count),
    "void Reverse()": (list: List) => list.reverse(),
    "void Reverse(int index, int count)": (list: List, index: number, count: number) => list.reverse(index, count),
    "void Sort()": (list: List) => list.sort(null),
    "void Sort(IComparer<T> comparer)": (list: List, comparer: Comparer | null) => list.sort(comparer),
    "void Sort(Comparison<T> comparison)": (list: List, comparison: (a: unknown, b: unknown) => number) =>
      list.sortBy(comparison),
    "void Sort(int index, int count, IComparer<T> comparer)": (
      list: List,
      index: number,
      count: number,
      comparer: Comparer | null,
    ) => list.sort(comparer, index, count),
    "T[] ToArray()": (list: List) => toArray(list.elementType, list.items.slice()),
    "void TrimExcess()": (list: List) => {
      list.capacity = list.count;
    },
    "bool TrueForAll(Predicate<T> match)": (list: List, match: Predicate) => list.items.every((item) => match(item)),
  },
});
