import { describe, expect, test } from "vitest";
import { AnonymousObject } from "../anonymous.ts";
import { Box, ClrArray } from "../box.ts";
import { resetBudget } from "../budget.ts";
import { Dictionary } from "../collections/dictionary.ts";
import { KeyValuePair } from "../collections/key-value-pair.ts";
import { List } from "../collections/list.ts";
import type { RuntimeType } from "../declare.ts";
import { needsTypes } from "../declare.ts";
import {
  ArgumentException,
  ArgumentNullException,
  ArgumentOutOfRangeException,
  BudgetExceededError,
  InvalidCastException,
  InvalidOperationException,
  NullReferenceException,
  OverflowException,
} from "../exceptions.ts";
import { Decimal } from "../system/decimal.ts";
import { declarations } from "./index.ts";

const INT: RuntimeType = { name: "int", args: [], default: 0, nullable: false, is: (v) => typeof v === "number" };
const STRING: RuntimeType = {
  name: "string",
  args: [],
  default: null,
  nullable: false,
  is: (v) => typeof v === "string",
};

const members = declarations[0]?.members ?? {};

/** Calls the member whose signature begins so; `types` reach only members that ask for them. */
function call(signature: string, args: unknown[], types: RuntimeType[] = [INT, INT, INT]): unknown {
  const key = Object.keys(members).find((name) => name.startsWith(`static ${signature}`));
  const member = key === undefined ? undefined : members[key];
  if (typeof member !== "function") throw new Error(`no member ${signature}`);
  return (member as (...args: unknown[]) => unknown)(...(needsTypes(member) ? [types, ...args] : args));
}

const list = (...items: unknown[]) => new List("int", items);
const items = (sequence: unknown) => [...(sequence as Iterable<unknown>)];
const double = (value: number) => new Box("Double", value);

describe("projection", () => {
  test("is lazy and runs again at each enumeration", () => {
    let calls = 0;
    const source = list(1, 2);
    const sequence = call("IEnumerable<TResult> Select<TSource, TResult>", [
      source,
      (x: number) => x * (++calls > 0 ? 2 : 1),
    ]);
    expect(calls).toBe(0);
    expect(items(sequence)).toEqual([2, 4]);
    source.add(3);
    expect(items(sequence)).toEqual([2, 4, 6]);
    expect(calls).toBe(5);
  });

  test("passes the index", () => {
    expect(
      items(call("IEnumerable<TSource> Where<TSource>", [list(5, 6, 7), (_: unknown, i: number) => i !== 1])),
    ).toEqual([5, 7]);
  });

  test("reads strings as chars and bytes as bytes", () => {
    const itself = (x: unknown) => x;
    expect(items(call("IEnumerable<TResult> Select<TSource, TResult>", ["ab", itself]))).toEqual([
      new Box("Char", 97),
      new Box("Char", 98),
    ]);
    expect(items(call("IEnumerable<TResult> Select<TSource, TResult>", [Uint8Array.of(7), itself]))).toEqual([
      new Box("Byte", 7),
    ]);
    expect(items(call("IEnumerable<TResult> SelectMany", [new ClrArray("string", ["ab", "c"]), itself])).length).toBe(
      3,
    );
  });

  test("casts exactly", () => {
    expect(items(call("IEnumerable<TResult> OfType", [list(1, "a", null, 2)]))).toEqual([1, 2]);
    expect(() => items(call("IEnumerable<TResult> Cast", [list("a")]))).toThrow(InvalidCastException);
    expect(() => items(call("IEnumerable<TResult> Cast", [list(null)]))).toThrow(NullReferenceException);
    expect(items(call("IEnumerable<TResult> Cast", [list(null, "a")], [STRING]))).toEqual([null, "a"]);
  });

  test("zips to the shorter, chains and fills", () => {
    const join = (a: unknown, b: unknown) => `${a}${b}`;
    expect(items(call("IEnumerable<TResult> Zip", [list(1, 2, 3), list("a", "b"), join]))).toEqual(["1a", "2b"]);
    expect(items(call("IEnumerable<TSource> Concat", [list(1), list(2)]))).toEqual([1, 2]);
    expect(items(call("IEnumerable<TSource> Append", [list(1), 2]))).toEqual([1, 2]);
    expect(items(call("IEnumerable<TSource> Prepend", [list(1), 2]))).toEqual([2, 1]);
    expect(items(call("IEnumerable<TSource> DefaultIfEmpty", [list()]))).toEqual([0]);
    expect(items(call("IEnumerable<TSource> Reverse", [list(1, 2)]))).toEqual([2, 1]);
  });

  test("throws at once for a null source", () => {
    expect(() => call("IEnumerable<TSource> Where", [null, () => true])).toThrow(ArgumentNullException);
  });
});

describe("parts", () => {
  test("skips and takes", () => {
    const source = list(1, 2, 3, 1);
    const below3 = (x: unknown) => (x as number) < 3;
    expect(items(call("IEnumerable<TSource> Skip<", [source, 1]))).toEqual([2, 3, 1]);
    expect(items(call("IEnumerable<TSource> Skip<", [source, -1]))).toEqual([1, 2, 3, 1]);
    expect(items(call("IEnumerable<TSource> Take<", [source, 2]))).toEqual([1, 2]);
    expect(items(call("IEnumerable<TSource> Take<", [source, 0]))).toEqual([]);
    expect(items(call("IEnumerable<TSource> SkipLast<", [source, 3]))).toEqual([1]);
    expect(items(call("IEnumerable<TSource> TakeLast<", [source, 3]))).toEqual([2, 3, 1]);
    expect(items(call("IEnumerable<TSource> SkipWhile<", [source, below3]))).toEqual([3, 1]);
    expect(items(call("IEnumerable<TSource> TakeWhile<", [source, below3]))).toEqual([1, 2]);
  });

  test("picks one item, or says why not", () => {
    expect(call("TSource First<", [list(4, 5)])).toBe(4);
    expect(call("TSource Last<", [list(4, 5), (x: unknown) => x === 4])).toBe(4);
    expect(call("TSource Single<", [list(4, 5), (x: unknown) => x === 5])).toBe(5);
    expect(() => call("TSource First<", [list()])).toThrow("Sequence contains no elements");
    expect(() => call("TSource First<", [list(1), () => false])).toThrow("Sequence contains no matching element");
    expect(() => call("TSource Single<", [list(1, 2)])).toThrow("Sequence contains more than one element");
    expect(() => call("TSource SingleOrDefault<", [list(1, 2)])).toThrow(InvalidOperationException);
    expect(call("TSource FirstOrDefault<", [list()])).toBe(0);
    expect(call("TSource LastOrDefault<", [list()], [STRING])).toBe(null);
    expect(call("TSource FirstOrDefault<", [list(null)], [INT])).toBe(null);
    expect(call("TSource ElementAt<", [list(4, 5), 1])).toBe(5);
    expect(() => call("TSource ElementAt<", [list(4, 5), 2])).toThrow(ArgumentOutOfRangeException);
    expect(call("TSource ElementAtOrDefault<", [list(4, 5), -1])).toBe(0);
  });
});

describe("reduction", () => {
  test("counts, tests and folds", () => {
    expect(call("int Count<", ["abc"])).toBe(3);
    expect(
      call("long LongCount<TSource>(this IEnumerable<TSource> source, Func", [list(1, 2), (x: unknown) => x === 2]),
    ).toBe(1n);
    expect(call("bool Any<", [list()])).toBe(false);
    expect(call("bool All<", [list(1), (x: unknown) => x === 1])).toBe(true);
    expect(call("bool Contains<", ["abc", new Box("Char", 98)])).toBe(true);
    expect(call("bool SequenceEqual<", [list(1, 2), list(1, 2, 3)])).toBe(false);
    expect(call("TSource Aggregate<", [list("a", "b"), (a: unknown, b: unknown) => `${a}${b}`])).toBe("ab");
    expect(() => call("TSource Aggregate<", [list(), () => 0])).toThrow(InvalidOperationException);
  });

  test("asks a collection for membership by its own comparer", () => {
    const dictionary = new Dictionary("string", "int", { equals: () => true, hashCode: () => 0 });
    dictionary.addEntry("a", 1);
    expect(call("bool Contains<", [dictionary.keys, "whatever"])).toBe(true);
  });

  test("adds each type by its rules", () => {
    expect(call("int Sum(", [list(1, 2)])).toBe(3);
    expect(() => call("int Sum(", [list(0x7fff_ffff, 1)])).toThrow(OverflowException);
    expect(call("long Sum<", [list("a"), () => 5n])).toBe(5n);
    expect(() => call("long Sum(", [list((1n << 63n) - 1n, 1n)])).toThrow(OverflowException);
    expect(call("double Sum(", [list(double(0.5), double(1))])).toBe(1.5);
    expect(call("int? Sum(", [list(null, 2)])).toBe(2);
    expect(String(call("decimal Sum(", [list(Decimal.parse("0.1"), Decimal.parse("0.20"))]))).toBe("0.30");
    expect(call("double Average(this IEnumerable<int>", [list(1, 2)])).toBe(1.5);
    expect(() => call("double Average(this IEnumerable<int>", [list()])).toThrow(InvalidOperationException);
    expect(call("double? Average(this IEnumerable<int?>", [list(null)])).toBe(null);
    expect(String(call("decimal Average(", [list(Decimal.parse("1"), Decimal.parse("2"))]))).toBe("1.5");
  });

  test("finds extremes", () => {
    expect(call("int Max(", [list(1, 3, 2)])).toBe(3);
    expect(() => call("int Min(", [list()])).toThrow(InvalidOperationException);
    expect(call("double Min(", [list(double(1), double(Number.NaN))])).toBeNaN();
    expect(call("double Max(", [list(double(1), double(Number.NaN))])).toBe(1);
    expect(call("TSource Max<", [list("b", null, "a")], [STRING])).toBe("b");
    expect(call("TSource Max<", [list()], [STRING])).toBe(null);
    expect(() => call("TSource Max<", [list()], [INT])).toThrow(InvalidOperationException);
    expect(() => call("TSource Max<", [list({}, {})], [STRING])).toThrow(ArgumentException);
  });

  test("generates within limits", () => {
    expect(items(call("IEnumerable<int> Range", [2, 3]))).toEqual([2, 3, 4]);
    expect(items(call("IEnumerable<TResult> Repeat", ["x", 2]))).toEqual(["x", "x"]);
    expect(() => call("IEnumerable<int> Range", [0x7fff_ffff, 2])).toThrow(ArgumentOutOfRangeException);
    resetBudget();
    expect(() => items(call("IEnumerable<TResult> Repeat", ["x", 0x7fff_ffff]))).toThrow(BudgetExceededError);
  });
});

describe("sets and groups", () => {
  test("compares by content and keeps the first order", () => {
    const a = new AnonymousObject(["a"], [1]);
    const again = new AnonymousObject(["a"], [1]);
    expect(items(call("IEnumerable<TSource> Distinct<", [list("a", "A", "a", a, again)]))).toEqual(["a", "A", a]);
    expect(items(call("IEnumerable<TSource> Union<", [list(1, 2), list(2, 3)]))).toEqual([1, 2, 3]);
    expect(items(call("IEnumerable<TSource> Except<", [list(1, 2, 1), list(2)]))).toEqual([1]);
    expect(items(call("IEnumerable<TSource> Intersect<", [list(3, 2, 2), list(2, 3)]))).toEqual([3, 2]);
  });

  test("groups in order of first occurrence", () => {
    const groups = items(
      call("IEnumerable<IGrouping<TKey, TSource>> GroupBy<", [
        list("b1", "a1", "b2"),
        (x: unknown) => (x as string)[0],
      ]),
    ) as (Iterable<unknown> & { key: unknown })[];
    expect(groups.map((group) => [group.key, ...group])).toEqual([
      ["b", "b1", "b2"],
      ["a", "a1"],
    ]);
  });

  test("joins by key, and null keys match nothing", () => {
    const itself = (x: unknown) => x;
    const pair = (a: unknown, b: unknown) => new KeyValuePair(a, b);
    expect(
      items(call("IEnumerable<TResult> Join<", [list(1, 2, null), list(2, 2, null), itself, itself, pair])),
    ).toEqual([pair(2, 2), pair(2, 2)]);
    const counts = (_: unknown, b: unknown) => items(b).length;
    expect(items(call("IEnumerable<TResult> GroupJoin<", [list(1, 2), list(2, 2), itself, itself, counts]))).toEqual([
      0, 2,
    ]);
  });
});

describe("order", () => {
  const ordered = (name: string, ...args: unknown[]) => call(`IOrderedEnumerable<TSource> ${name}<`, args);

  test("is stable, by several keys, in culture order", () => {
    const words = list("bb", "a", "B", "aa", "A");
    const byLength = ordered("OrderBy", words, (x: unknown) => (x as string).length);
    expect(items(byLength)).toEqual(["a", "B", "A", "bb", "aa"]);
    expect(items(ordered("ThenBy", byLength, (x: unknown) => x))).toEqual(["a", "A", "B", "aa", "bb"]);
    expect(items(ordered("ThenByDescending", byLength, (x: unknown) => x))).toEqual(["B", "A", "a", "bb", "aa"]);
    expect(items(ordered("OrderByDescending", list(1, null, 3), (x: unknown) => x))).toEqual([3, 1, null]);
  });

  test("sorts by a comparer", () => {
    const reverse = { compare: (a: unknown, b: unknown) => (b as number) - (a as number) };
    expect(items(ordered("OrderBy", list(1, 3, 2), (x: unknown) => x, reverse))).toEqual([3, 2, 1]);
  });
});

describe("materialising", () => {
  test("keeps the element types", () => {
    expect(call("TSource[] ToArray<", [list(1, 2)])).toEqual(new ClrArray("int", [1, 2]));
    const byte: RuntimeType = { ...INT, name: "byte" };
    expect(call("TSource[] ToArray<", [list(new Box("Byte", 5))], [byte])).toEqual(Uint8Array.of(5));
    expect((call("List<TSource> ToList<", ["ab"]) as List).count).toBe(2);
    expect((call("List<TSource> ToList<", [list()]) as List).clrName).toBe(
      "System.Collections.Generic.List`1[System.Int32]",
    );
  });

  test("refuses duplicate keys", () => {
    const itself = (x: unknown) => x;
    expect(() => call("Dictionary<TKey, TSource> ToDictionary<", [list(1, 1), itself])).toThrow(
      "An item with the same key has already been added. Key: 1",
    );
    const dictionary = call(
      "Dictionary<TKey, TElement> ToDictionary<",
      [list(1, 2), itself, (x: unknown) => `v${x}`],
      [INT, INT, STRING],
    ) as Dictionary;
    expect(dictionary.lookup(2)).toBe("v2");
    expect(dictionary.clrName).toBe("System.Collections.Generic.Dictionary`2[System.Int32,System.String]");
  });
});
