import { type Enumerable, enumerate } from "../collections/protocol.ts";
import type { MemberFunction } from "../declare.ts";
import { withTypes } from "../declare.ts";
import { InvalidCastException, NullReferenceException } from "../exceptions.ts";
import { given, Sequence, type Source } from "./sequence.ts";

type Selector = (item: unknown, index: number) => unknown;
type Predicate = (item: unknown, index: number) => boolean;

function select(source: Source, selector: Selector): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    let index = 0;
    for (const item of items) yield selector(item, index++);
  });
}

function where(source: Source, predicate: Predicate): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    let index = 0;
    for (const item of items) if (predicate(item, index++)) yield item;
  });
}

function selectMany(
  source: Source,
  collectionOf: (item: unknown, index: number) => Enumerable,
  combine: (item: unknown, inner: unknown) => unknown = (_, inner) => inner,
): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    let index = 0;
    for (const item of items) {
      for (const inner of innerItems(collectionOf(item, index++))) yield combine(item, inner);
    }
  });
}

/** A selector that returns null fails as a call on null does. */
function innerItems(collection: Enumerable | null): Iterable<unknown> {
  if (collection === null) throw new NullReferenceException();
  return enumerate(collection);
}

/** Members that map, filter and chain items one by one. */
export const projectMembers: Record<string, MemberFunction> = {
  "static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)":
    select,
  "static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, TResult> selector)":
    select,
  "static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)": where,
  "static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)":
    where,
  "static IEnumerable<TResult> SelectMany<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, IEnumerable<TResult>> selector)":
    (source: Source, selector: (item: unknown) => Enumerable) => selectMany(source, selector),
  "static IEnumerable<TResult> SelectMany<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, IEnumerable<TResult>> selector)":
    (source: Source, selector: (item: unknown, index: number) => Enumerable) => selectMany(source, selector),
  "static IEnumerable<TResult> SelectMany<TSource, TCollection, TResult>(this IEnumerable<TSource> source, Func<TSource, IEnumerable<TCollection>> collectionSelector, Func<TSource, TCollection, TResult> resultSelector)":
    selectMany,
  "static IEnumerable<TResult> SelectMany<TSource, TCollection, TResult>(this IEnumerable<TSource> source, Func<TSource, int, IEnumerable<TCollection>> collectionSelector, Func<TSource, TCollection, TResult> resultSelector)":
    selectMany,
  "static IEnumerable<TResult> Cast<TResult>(this System.Collections.IEnumerable source)": withTypes(
    (types, source: Source) =>
      select(source, (item) => {
        if (item === null && types[0]?.default !== null) throw new NullReferenceException();
        if (item !== null && !types[0]?.is(item)) throw new InvalidCastException();
        return item;
      }),
  ),
  "static IEnumerable<TResult> OfType<TResult>(this System.Collections.IEnumerable source)": withTypes(
    (types, source: Source) => where(source, (item) => item !== null && types[0]?.is(item) === true),
  ),
  "static IEnumerable<TSource> AsEnumerable<TSource>(this IEnumerable<TSource> source)": (source: Source) => source,
  "static IEnumerable<TSource> Append<TSource>(this IEnumerable<TSource> source, TSource element)": (
    source: Source,
    element: unknown,
  ) => {
    const items = given(source);
    return new Sequence(function* () {
      yield* items;
      yield element;
    });
  },
  "static IEnumerable<TSource> Prepend<TSource>(this IEnumerable<TSource> source, TSource element)": (
    source: Source,
    element: unknown,
  ) => {
    const items = given(source);
    return new Sequence(function* () {
      yield element;
      yield* items;
    });
  },
  "static IEnumerable<TSource> Concat<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)": (
    first: Source,
    second: Source,
  ) => {
    const head = given(first, "first");
    const tail = given(second, "second");
    return new Sequence(function* () {
      yield* head;
      yield* tail;
    });
  },
  "static IEnumerable<TSource> Reverse<TSource>(this IEnumerable<TSource> source)": (source: Source) => {
    const items = given(source);
    return new Sequence(() => Array.from(items).reverse()[Symbol.iterator]());
  },
  "static IEnumerable<TResult> Zip<TFirst, TSecond, TResult>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second, Func<TFirst, TSecond, TResult> resultSelector)":
    (first: Source, second: Source, combine: (a: unknown, b: unknown) => unknown) => {
      const left = given(first, "first");
      const right = given(second, "second");
      return new Sequence(function* () {
        const others = right[Symbol.iterator]();
        for (const item of left) {
          const other = others.next();
          if (other.done) return;
          yield combine(item, other.value);
        }
      });
    },
  "static IEnumerable<TSource> DefaultIfEmpty<TSource>(this IEnumerable<TSource> source)": withTypes(
    (types, source: Source) => defaultIfEmpty(source, types[0]?.default ?? null),
  ),
  "static IEnumerable<TSource> DefaultIfEmpty<TSource>(this IEnumerable<TSource> source, TSource defaultValue)":
    defaultIfEmpty,
};

function defaultIfEmpty(source: Source, value: unknown): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    let empty = true;
    for (const item of items) {
      empty = false;
      yield item;
    }
    if (empty) yield value;
  });
}
