import { spend } from "../budget.ts";
import { equalityOf } from "../collections/comparer.ts";
import { type Countable, knownCount } from "../collections/protocol.ts";
import type { MemberFunction } from "../declare.ts";
import { ArgumentOutOfRangeException, InvalidOperationException } from "../exceptions.ts";
import type { EqualityComparer } from "../system/protocol.ts";
import { EMPTY, given, Sequence, type Source } from "./sequence.ts";

type Predicate = (item: unknown) => boolean;

function count(source: Source, predicate?: Predicate): number {
  if (predicate === undefined && source !== null) {
    const known = knownCount(source);
    if (known !== undefined) return known;
  }
  let total = 0;
  for (const item of given(source)) if (predicate === undefined || predicate(item)) total++;
  return total;
}

function any(source: Source, predicate?: Predicate): boolean {
  for (const item of given(source)) if (predicate === undefined || predicate(item)) return true;
  return false;
}

/** A collection answers by its own equality: a set with a comparer, the keys of a dictionary. */
function contains(source: Source, value: unknown, comparer: EqualityComparer | null = null): boolean {
  const items = given(source);
  if (comparer === null && typeof source === "object" && source !== null) {
    const own = source as Partial<Countable>;
    if (typeof own.contains === "function") return own.contains(value);
  }
  const same = equalityOf(comparer);
  for (const item of items) if (same(item, value)) return true;
  return false;
}

function sequenceEqual(first: Source, second: Source, comparer: EqualityComparer | null = null): boolean {
  const same = equalityOf(comparer);
  const others = given(second, "second")[Symbol.iterator]();
  for (const item of given(first, "first")) {
    const other = others.next();
    if (other.done || !same(item, other.value)) return false;
  }
  return others.next().done === true;
}

/** Counts may come from a request, so every generated item takes a step of the budget. */
function generate(total: number, itemAt: (index: number) => unknown): Sequence {
  return new Sequence(function* () {
    for (let i = 0; i < total; i++) {
      spend();
      yield itemAt(i);
    }
  });
}

/** Members that reduce a sequence to one answer, and those that make a sequence from nothing. */
export const quantifyMembers: Record<string, MemberFunction> = {
  "static bool Any<TSource>(this IEnumerable<TSource> source)": any,
  "static bool Any<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)": any,
  "static bool All<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)": (
    source: Source,
    predicate: Predicate,
  ) => {
    for (const item of given(source)) if (!predicate(item)) return false;
    return true;
  },
  "static int Count<TSource>(this IEnumerable<TSource> source)": count,
  "static int Count<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)": count,
  "static long LongCount<TSource>(this IEnumerable<TSource> source)": (source: Source) => BigInt(count(source)),
  "static long LongCount<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)": (
    source: Source,
    predicate: Predicate,
  ) => BigInt(count(source, predicate)),
  "static bool Contains<TSource>(this IEnumerable<TSource> source, TSource value)": contains,
  "static bool Contains<TSource>(this IEnumerable<TSource> source, TSource value, IEqualityComparer<TSource> comparer)":
    contains,
  "static bool SequenceEqual<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)": sequenceEqual,
  "static bool SequenceEqual<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second, IEqualityComparer<TSource> comparer)":
    sequenceEqual,
  "static TSource Aggregate<TSource>(this IEnumerable<TSource> source, Func<TSource, TSource, TSource> func)": (
    source: Source,
    step: (total: unknown, item: unknown) => unknown,
  ) => {
    let total: unknown;
    for (const item of given(source)) total = total === undefined ? item : step(total, item);
    if (total === undefined) throw new InvalidOperationException("Sequence contains no elements");
    return total;
  },
  "static TAccumulate Aggregate<TSource, TAccumulate>(this IEnumerable<TSource> source, TAccumulate seed, Func<TAccumulate, TSource, TAccumulate> func)":
    fold,
  "static TResult Aggregate<TSource, TAccumulate, TResult>(this IEnumerable<TSource> source, TAccumulate seed, Func<TAccumulate, TSource, TAccumulate> func, Func<TAccumulate, TResult> resultSelector)":
    (
      source: Source,
      seed: unknown,
      step: (total: unknown, item: unknown) => unknown,
      finish: (total: unknown) => unknown,
    ) => finish(fold(source, seed, step)),
  "static IEnumerable<TResult> Empty<TResult>()": () => EMPTY,
  "static IEnumerable<int> Range(int start, int count)": (start: number, total: number) => {
    if (total < 0 || start + total - 1 > 0x7fff_ffff) throw new ArgumentOutOfRangeException("count");
    return generate(total, (index) => start + index);
  },
  "static IEnumerable<TResult> Repeat<TResult>(TResult element, int count)": (element: unknown, total: number) => {
    if (total < 0) throw new ArgumentOutOfRangeException("count");
    return generate(total, () => element);
  },
};

function fold(source: Source, seed: unknown, step: (total: unknown, item: unknown) => unknown): unknown {
  let total = seed;
  for (const item of given(source)) total = step(total, item);
  return total;
}
