import type { MemberFunction } from "../declare.ts";
import { given, Sequence, type Source } from "./sequence.ts";

type Predicate = (item: unknown, index: number) => boolean;

function skip(source: Source, count: number): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    let left = count;
    for (const item of items) if (left-- <= 0) yield item;
  });
}

function take(source: Source, count: number): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    let left = count;
    if (left <= 0) return;
    for (const item of items) {
      yield item;
      if (--left <= 0) return;
    }
  });
}

function skipWhile(source: Source, predicate: Predicate): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    let index = 0;
    let skipping = true;
    for (const item of items) {
      skipping &&= predicate(item, index++);
      if (!skipping) yield item;
    }
  });
}

function takeWhile(source: Source, predicate: Predicate): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    let index = 0;
    for (const item of items) {
      if (!predicate(item, index++)) return;
      yield item;
    }
  });
}

/** Members that keep a part of a sequence. */
export const partitionMembers: Record<string, MemberFunction> = {
  "static IEnumerable<TSource> Skip<TSource>(this IEnumerable<TSource> source, int count)": skip,
  "static IEnumerable<TSource> Take<TSource>(this IEnumerable<TSource> source, int count)": take,
  "static IEnumerable<TSource> SkipLast<TSource>(this IEnumerable<TSource> source, int count)": (
    source: Source,
    count: number,
  ) => {
    const items = given(source);
    return new Sequence(() => {
      const all = Array.from(items);
      return all.slice(0, Math.max(0, all.length - Math.max(count, 0)))[Symbol.iterator]();
    });
  },
  "static IEnumerable<TSource> TakeLast<TSource>(this IEnumerable<TSource> source, int count)": (
    source: Source,
    count: number,
  ) => {
    const items = given(source);
    return new Sequence(() => {
      const all = Array.from(items);
      return all.slice(Math.max(0, all.length - Math.max(count, 0)))[Symbol.iterator]();
    });
  },
  "static IEnumerable<TSource> SkipWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)":
    skipWhile,
  "static IEnumerable<TSource> SkipWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)":
    skipWhile,
  "static IEnumerable<TSource> TakeWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)":
    takeWhile,
  "static IEnumerable<TSource> TakeWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)":
    takeWhile,
};
