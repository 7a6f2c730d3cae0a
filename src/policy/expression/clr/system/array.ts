import { Box } from "../box.ts";
import { Enumerator } from "../collections/enumerator.ts";
import { List } from "../collections/list.ts";
import { binarySearch } from "../collections/list-type.ts";
import { toArray } from "../collections/protocol.ts";
import { type Cell, declareType, type MemberFunction, type RuntimeType, withTypes } from "../declare.ts";
import {
  ArgumentException,
  ArgumentOutOfRangeException,
  BudgetExceededError,
  IndexOutOfRangeException,
} from "../exceptions.ts";
import {
  type AnyArray,
  arrayLike,
  checkIndex,
  checkPart,
  isArray,
  itemAt,
  itemsOf,
  lengthOf,
  putItems,
  requireArray,
  setItem,
} from "./array-access.ts";
import { boxedEquals, compareBoxed } from "./equality.ts";
import type { Comparer } from "./protocol.ts";

type Maybe = AnyArray | null;
type Predicate = (item: unknown) => boolean;
type Order = (a: unknown, b: unknown) => number;

/** Items an array may be resized to. */
const MAX_LENGTH = 1 << 24;

function indexOf(array: Maybe, value: unknown, start: number, count?: number): number {
  const source = requireArray(array);
  const size = count ?? lengthOf(source) - start;
  checkPart(source, start, size);
  const found = itemsOf(source, start, size).findIndex((item) => boxedEquals(item, value));
  return found < 0 ? -1 : found + start;
}

function lastIndexOf(array: Maybe, value: unknown, start?: number, count?: number): number {
  const source = requireArray(array);
  if (lengthOf(source) === 0) return -1;
  const last = start ?? lengthOf(source) - 1;
  const size = count ?? last + 1;
  if (last < 0 || last >= lengthOf(source)) throw new ArgumentOutOfRangeException("startIndex");
  if (size < 0 || size > last + 1) throw new ArgumentOutOfRangeException("count");
  const first = last - size + 1;
  const found = itemsOf(source, first, size).findLastIndex((item) => boxedEquals(item, value));
  return found < 0 ? -1 : found + first;
}

function find(array: Maybe, start: number, count: number | undefined, match: Predicate): number {
  const source = requireArray(array);
  const size = count ?? lengthOf(source) - start;
  checkPart(source, start, size);
  const found = itemsOf(source, start, size).findIndex((item) => match(item));
  return found < 0 ? -1 : found + start;
}

function findLast(array: Maybe, start: number | undefined, count: number | undefined, match: Predicate): number {
  const source = requireArray(array);
  const last = start ?? lengthOf(source) - 1;
  const size = count ?? last + 1;
  if (lengthOf(source) === 0) return -1;
  if (last < 0 || last >= lengthOf(source)) throw new ArgumentOutOfRangeException("startIndex");
  if (size < 0 || size > last + 1) throw new ArgumentOutOfRangeException("count");
  const first = last - size + 1;
  const found = itemsOf(source, first, size).findLastIndex((item) => match(item));
  return found < 0 ? -1 : found + first;
}

function copy(source: Maybe, from: number, target: Maybe, to: number, count: number): void {
  const input = requireArray(source, "sourceArray");
  const output = requireArray(target, "destinationArray");
  if (count < 0) throw new ArgumentOutOfRangeException("length", "Value must be positive.");
  if (from < 0 || to < 0) throw new ArgumentOutOfRangeException(from < 0 ? "sourceIndex" : "destinationIndex");
  if (from + count > lengthOf(input))
    throw new ArgumentException(
      "Source array was not long enough. Check srcIndex and length, and the array's lower bounds.",
    );
  if (to + count > lengthOf(output))
    throw new ArgumentException(
      "Destination array was not long enough. Check destIndex and length, and the array's lower bounds.",
    );
  if (input instanceof Uint8Array && output instanceof Uint8Array) output.set(input.slice(from, from + count), to);
  else putItems(output, to, itemsOf(input, from, count));
}

/** Sorts a part of `keys`, and `items` along with them. */
function sort(keys: Maybe, items: Maybe, start: number, count: number | undefined, order: Order): void {
  const array = requireArray(keys);
  const size = count ?? lengthOf(array) - start;
  checkPart(array, start, size);
  if (items !== null) checkPart(items, start, size);
  const values = items === null ? [] : itemsOf(items, start, size);
  const pairs = itemsOf(array, start, size).map((key, i) => ({ key, value: values[i] }));
  pairs.sort((a, b) => order(a.key, b.key));
  putItems(
    array,
    start,
    pairs.map((pair) => pair.key),
  );
  if (items !== null)
    putItems(
      items,
      start,
      pairs.map((pair) => pair.value),
    );
}

const by = (comparer: Comparer | null): Order => (comparer === null ? compareBoxed : (a, b) => comparer.compare(a, b));

function search(
  array: Maybe,
  start: number,
  count: number | undefined,
  value: unknown,
  comparer: Comparer | null,
): number {
  const source = requireArray(array);
  const size = count ?? lengthOf(source) - start;
  checkPart(source, start, size);
  return binarySearch(source instanceof Uint8Array ? itemsOf(source) : source.items, start, size, value, comparer);
}

function reverse(array: Maybe, start: number, count?: number): void {
  const source = requireArray(array);
  const size = count ?? lengthOf(source) - start;
  checkPart(source, start, size);
  putItems(source, start, itemsOf(source, start, size).reverse());
}

function resize(types: readonly RuntimeType[], array: Cell<Maybe>, size: number): void {
  if (size < 0) throw new ArgumentOutOfRangeException("newSize");
  if (size > MAX_LENGTH) throw new BudgetExceededError(`an array of more than ${MAX_LENGTH} items`);
  const old = array.value === null ? [] : itemsOf(array.value);
  const items = Array.from({ length: size }, (_, i) => (i < old.length ? old[i] : (types[0]?.default ?? null)));
  array.value = array.value === null ? toArray(types[0]?.name ?? "object", items) : arrayLike(array.value, items);
}

function clear(types: readonly RuntimeType[] | null, array: Maybe, start: number, count: number): void {
  const source = requireArray(array);
  if (start < 0 || count < 0 || start + count > lengthOf(source)) throw new IndexOutOfRangeException();
  if (source instanceof Uint8Array) source.fill(0, start, start + count);
  else for (let i = start; i < start + count; i++) source.items[i] = emptied(source.items[i], types);
}

/** The default of a value's own type: zero for numbers, false, else null. */
function emptied(item: unknown, types: readonly RuntimeType[] | null): unknown {
  if (types?.[0]) return types[0].default;
  if (typeof item === "number") return 0;
  if (typeof item === "bigint") return 0n;
  if (item instanceof Box) return new Box(item.type, typeof item.value === "bigint" ? 0n : 0);
  return typeof item === "boolean" ? false : null;
}

/** The members twice: for `T[]`, where a lambda or value has the element type, and for `Array`, where it is an object. */
function twice(
  name: string,
  parameters: (array: string, item: string) => string,
  result: string,
  member: MemberFunction,
) {
  return {
    [`static ${result} ${name}(${parameters("Array array", "object")})`]: member,
    [`static ${result} ${name}<T>(${parameters("T[] array", "T")})`]: member,
  };
}

const statics: Record<string, MemberFunction> = {
  ...twice(
    "IndexOf",
    (a, t) => `${a}, ${t} value`,
    "int",
    (a: Maybe, value: unknown) => indexOf(a, value, 0),
  ),
  ...twice(
    "IndexOf",
    (a, t) => `${a}, ${t} value, int startIndex`,
    "int",
    (a: Maybe, v: unknown, i: number) => indexOf(a, v, i),
  ),
  ...twice("IndexOf", (a, t) => `${a}, ${t} value, int startIndex, int count`, "int", indexOf),
  ...twice(
    "LastIndexOf",
    (a, t) => `${a}, ${t} value`,
    "int",
    (a: Maybe, value: unknown) => lastIndexOf(a, value),
  ),
  ...twice(
    "LastIndexOf",
    (a, t) => `${a}, ${t} value, int startIndex`,
    "int",
    (a: Maybe, v: unknown, i: number) => lastIndexOf(a, v, i),
  ),
  ...twice("LastIndexOf", (a, t) => `${a}, ${t} value, int startIndex, int count`, "int", lastIndexOf),
  ...twice(
    "BinarySearch",
    (a, t) => `${a}, ${t} value`,
    "int",
    (a: Maybe, v: unknown) => search(a, 0, undefined, v, null),
  ),
  "static int BinarySearch(Array array, object value, System.Collections.IComparer comparer)": (
    a: Maybe,
    v: unknown,
    c: Comparer | null,
  ) => search(a, 0, undefined, v, c),
  "static int BinarySearch(Array array, int index, int length, object value)": (
    a: Maybe,
    i: number,
    n: number,
    v: unknown,
  ) => search(a, i, n, v, null),
  "static int BinarySearch<T>(T[] array, T value, IComparer<T> comparer)": (a: Maybe, v: unknown, c: Comparer | null) =>
    search(a, 0, undefined, v, c),
  "static int BinarySearch<T>(T[] array, int index, int length, T value)": (
    a: Maybe,
    i: number,
    n: number,
    v: unknown,
  ) => search(a, i, n, v, null),
  "static int BinarySearch<T>(T[] array, int index, int length, T value, IComparer<T> comparer)": search,
  "static void Clear(Array array, int index, int length)": (a: Maybe, i: number, n: number) => clear(null, a, i, n),
  "static void Copy(Array sourceArray, Array destinationArray, int length)": (a: Maybe, b: Maybe, n: number) =>
    copy(a, 0, b, 0, n),
  "static void Copy(Array sourceArray, Array destinationArray, long length)": (a: Maybe, b: Maybe, n: bigint) =>
    copy(a, 0, b, 0, Number(n)),
  "static void Copy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)":
    copy,
  "static void ConstrainedCopy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)":
    copy,
  "static TOutput[] ConvertAll<TInput, TOutput>(TInput[] array, Converter<TInput, TOutput> converter)": withTypes(
    (types, array: Maybe, convert: (item: unknown) => unknown) =>
      toArray(
        types[1]?.name ?? "object",
        itemsOf(requireArray(array)).map((item) => convert(item)),
      ),
  ),
  "static System.Collections.ObjectModel.ReadOnlyCollection<T> AsReadOnly<T>(T[] array)": withTypes(
    (types, a: Maybe) => {
      const array = requireArray(a);
      // A view of the array: what is written to it later shows.
      return new List(types[0]?.name ?? "object", array instanceof Uint8Array ? itemsOf(array) : array.items);
    },
  ),
  "static T[] Empty<T>()": withTypes((types) => toArray(types[0]?.name ?? "object", [])),
  "static bool Exists<T>(T[] array, Predicate<T> match)": (a: Maybe, match: Predicate) =>
    find(a, 0, undefined, match) >= 0,
  "static bool TrueForAll<T>(T[] array, Predicate<T> match)": (a: Maybe, match: Predicate) =>
    itemsOf(requireArray(a)).every((item) => match(item)),
  "static void Fill<T>(T[] array, T value)": (a: Maybe, value: unknown) => {
    const array = requireArray(a);
    for (let i = 0; i < lengthOf(array); i++) setItem(array, i, value);
  },
  "static void Fill<T>(T[] array, T value, int startIndex, int count)": (
    a: Maybe,
    value: unknown,
    start: number,
    count: number,
  ) => {
    const array = requireArray(a);
    checkPart(array, start, count);
    for (let i = start; i < start + count; i++) setItem(array, i, value);
  },
  "static T Find<T>(T[] array, Predicate<T> match)": withTypes((types, a: Maybe, match: Predicate) => {
    const index = find(a, 0, undefined, match);
    return index < 0 ? (types[0]?.default ?? null) : itemAt(requireArray(a), index);
  }),
  "static T FindLast<T>(T[] array, Predicate<T> match)": withTypes((types, a: Maybe, match: Predicate) => {
    const index = findLast(a, undefined, undefined, match);
    return index < 0 ? (types[0]?.default ?? null) : itemAt(requireArray(a), index);
  }),
  "static T[] FindAll<T>(T[] array, Predicate<T> match)": (a: Maybe, match: Predicate) => {
    const array = requireArray(a);
    return arrayLike(
      array,
      itemsOf(array).filter((item) => match(item)),
    );
  },
  "static int FindIndex<T>(T[] array, Predicate<T> match)": (a: Maybe, match: Predicate) =>
    find(a, 0, undefined, match),
  "static int FindIndex<T>(T[] array, int startIndex, Predicate<T> match)": (
    a: Maybe,
    start: number,
    match: Predicate,
  ) => find(a, start, undefined, match),
  "static int FindIndex<T>(T[] array, int startIndex, int count, Predicate<T> match)": find,
  "static int FindLastIndex<T>(T[] array, Predicate<T> match)": (a: Maybe, match: Predicate) =>
    findLast(a, undefined, undefined, match),
  "static int FindLastIndex<T>(T[] array, int startIndex, Predicate<T> match)": (
    a: Maybe,
    start: number,
    match: Predicate,
  ) => findLast(a, start, undefined, match),
  "static int FindLastIndex<T>(T[] array, int startIndex, int count, Predicate<T> match)": findLast,
  "static void ForEach<T>(T[] array, Action<T> action)": (a: Maybe, action: (item: unknown) => void) => {
    for (const item of itemsOf(requireArray(a))) action(item);
  },
  "static void Resize<T>(ref T[] array, int newSize)": withTypes(resize),
  ...twice(
    "Reverse",
    (a) => a,
    "void",
    (a: Maybe) => reverse(a, 0),
  ),
  ...twice("Reverse", (a) => `${a}, int index, int length`, "void", reverse),
  ...twice(
    "Sort",
    (a) => a,
    "void",
    (a: Maybe) => sort(a, null, 0, undefined, compareBoxed),
  ),
  ...twice(
    "Sort",
    (a) => `${a}, int index, int length`,
    "void",
    (a: Maybe, i: number, n: number) => sort(a, null, i, n, compareBoxed),
  ),
  "static void Sort(Array array, System.Collections.IComparer comparer)": (a: Maybe, c: Comparer | null) =>
    sort(a, null, 0, undefined, by(c)),
  "static void Sort(Array keys, Array items)": (keys: Maybe, items: Maybe) =>
    sort(keys, items, 0, undefined, compareBoxed),
  "static void Sort<TKey, TValue>(TKey[] keys, TValue[] items, int index, int length)": (
    keys: Maybe,
    items: Maybe,
    i: number,
    n: number,
  ) => sort(keys, items, i, n, compareBoxed),
  "static void Sort<T>(T[] array, IComparer<T> comparer)": (a: Maybe, c: Comparer | null) =>
    sort(a, null, 0, undefined, by(c)),
  "static void Sort<T>(T[] array, int index, int length, IComparer<T> comparer)": (
    a: Maybe,
    i: number,
    n: number,
    c: Comparer | null,
  ) => sort(a, null, i, n, by(c)),
  "static void Sort<T>(T[] array, Comparison<T> comparison)": (a: Maybe, order: Order) =>
    sort(a, null, 0, undefined, order),
  "static void Sort<TKey, TValue>(TKey[] keys, TValue[] items)": (keys: Maybe, items: Maybe) =>
    sort(keys, items, 0, undefined, compareBoxed),
  "static void Sort<TKey, TValue>(TKey[] keys, TValue[] items, IComparer<TKey> comparer)": (
    keys: Maybe,
    items: Maybe,
    c: Comparer | null,
  ) => sort(keys, items, 0, undefined, by(c)),
};

/** The base of every array type. There is one dimension only. */
export const arrayType = declareType({
  name: "System.Array",
  kind: "class",
  interfaces: ["System.Collections.IList"],
  is: isArray,
  members: {
    ...statics,
    "int Length { get; }": lengthOf,
    "long LongLength { get; }": (array: AnyArray) => BigInt(lengthOf(array)),
    "int Rank { get; }": () => 1,
    "bool IsFixedSize { get; }": () => true,
    "bool IsReadOnly { get; }": () => false,
    "bool IsSynchronized { get; }": () => false,
    "object SyncRoot { get; }": (array: AnyArray) => array,
    "object Clone()": (array: AnyArray) => arrayLike(array, itemsOf(array)),
    "void CopyTo(Array array, int index)": (source: AnyArray, target: Maybe, index: number) =>
      copy(source, 0, target, index, lengthOf(source)),
    "int GetLength(int dimension)": (array: AnyArray, dimension: number) => {
      if (dimension !== 0) throw new IndexOutOfRangeException();
      return lengthOf(array);
    },
    "long GetLongLength(int dimension)": (array: AnyArray, dimension: number) => {
      if (dimension !== 0) throw new IndexOutOfRangeException();
      return BigInt(lengthOf(array));
    },
    "System.Collections.IEnumerator GetEnumerator()": (array: AnyArray) => new Enumerator(array),
    "int GetLowerBound(int dimension)": () => 0,
    "int GetUpperBound(int dimension)": (array: AnyArray) => lengthOf(array) - 1,
    "object GetValue(int index)": (array: AnyArray, index: number) => itemAt(array, checkIndex(array, index)),
    "object GetValue(long index)": (array: AnyArray, index: bigint) => itemAt(array, checkIndex(array, Number(index))),
    "void SetValue(object value, long index)": (array: AnyArray, value: unknown, index: bigint) =>
      setItem(array, checkIndex(array, Number(index)), value),
    "void SetValue(object value, int index)": (array: AnyArray, value: unknown, index: number) =>
      setItem(array, checkIndex(array, index), value),
  },
});
