import { keyerOf } from "../collections/comparer.ts";
import type { MemberFunction } from "../declare.ts";
import type { EqualityComparer } from "../system/protocol.ts";
import { given, Sequence, type Source } from "./sequence.ts";

function distinct(source: Source, comparer: EqualityComparer | null = null): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    const keyOf = keyerOf(comparer);
    const seen = new Set<unknown>();
    for (const item of items) {
      const key = keyOf(item);
      if (seen.has(key)) continue;
      seen.add(key);
      yield item;
    }
  });
}

function union(first: Source, second: Source, comparer: EqualityComparer | null = null): Sequence {
  const head = given(first, "first");
  const tail = given(second, "second");
  return distinct(
    new Sequence(function* () {
      yield* head;
      yield* tail;
    }),
    comparer,
  );
}

function except(first: Source, second: Source, comparer: EqualityComparer | null = null): Sequence {
  const items = given(first, "first");
  const others = given(second, "second");
  return new Sequence(function* () {
    const keyOf = keyerOf(comparer);
    const seen = new Set<unknown>();
    for (const other of others) seen.add(keyOf(other));
    for (const item of items) {
      const key = keyOf(item);
      if (seen.has(key)) continue;
      seen.add(key);
      yield item;
    }
  });
}

function intersect(first: Source, second: Source, comparer: EqualityComparer | null = null): Sequence {
  const items = given(first, "first");
  const others = given(second, "second");
  return new Sequence(function* () {
    const keyOf = keyerOf(comparer);
    const wanted = new Set<unknown>();
    for (const other of others) wanted.add(keyOf(other));
    for (const item of items) if (wanted.delete(keyOf(item))) yield item;
  });
}

function pair(name: string, run: MemberFunction): Record<string, MemberFunction> {
  const head = `static IEnumerable<TSource> ${name}<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second`;
  return { [`${head})`]: run, [`${head}, IEqualityComparer<TSource> comparer)`]: run };
}

/** Members that treat sequences as sets; the order of first occurrence stays. */
export const setMembers: Record<string, MemberFunction> = {
  "static IEnumerable<TSource> Distinct<TSource>(this IEnumerable<TSource> source)": distinct,
  "static IEnumerable<TSource> Distinct<TSource>(this IEnumerable<TSource> source, IEqualityComparer<TSource> comparer)":
    distinct,
  ...pair("Union", union),
  ...pair("Except", except),
  ...pair("Intersect", intersect),
};
