import { keyerOf } from "../collections/comparer.ts";
import { declareType, type MemberFunction, type TypeDeclaration } from "../declare.ts";
import type { EqualityComparer } from "../system/protocol.ts";
import { EMPTY, given, Sequence, type Source } from "./sequence.ts";

type Selector = (item: unknown) => unknown;
type Combine = (left: unknown, right: unknown) => unknown;

/** `IGrouping<TKey, TElement>`: the items of one key. */
export class Grouping implements Iterable<unknown> {
  readonly key: unknown;
  readonly items: unknown[] = [];
  constructor(key: unknown) {
    this.key = key;
  }
  get count(): number {
    return this.items.length;
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.items[Symbol.iterator]();
  }
}

/** `ILookup<TKey, TElement>`: groups in order of their first item. */
export class Lookup implements Iterable<Grouping> {
  readonly #groups = new Map<unknown, Grouping>();
  readonly #keyOf: (key: unknown) => unknown;

  constructor(comparer: EqualityComparer | null = null) {
    this.#keyOf = keyerOf(comparer);
  }

  static of(items: Iterable<unknown>, keyOf: Selector, elementOf: Selector, comparer: EqualityComparer | null): Lookup {
    const lookup = new Lookup(comparer);
    for (const item of items) lookup.#group(keyOf(item)).items.push(elementOf(item));
    return lookup;
  }

  get count(): number {
    return this.#groups.size;
  }

  find(key: unknown): Grouping | undefined {
    return this.#groups.get(this.#keyOf(key));
  }

  [Symbol.iterator](): Iterator<Grouping> {
    return this.#groups.values();
  }

  #group(key: unknown): Grouping {
    const hashKey = this.#keyOf(key);
    let group = this.#groups.get(hashKey);
    if (group === undefined) this.#groups.set(hashKey, (group = new Grouping(key)));
    return group;
  }
}

const itself: Selector = (item) => item;

function groupBy(
  source: Source,
  keyOf: Selector,
  elementOf: Selector,
  comparer: EqualityComparer | null,
  result: (group: Grouping) => unknown = itself as (group: Grouping) => unknown,
): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    for (const group of Lookup.of(items, keyOf, elementOf, comparer)) yield result(group);
  });
}

/** Pairs each outer item with the inner items of its key; null keys match nothing. */
function joined(
  outer: Source,
  inner: Source,
  outerKey: Selector,
  innerKey: Selector,
  comparer: EqualityComparer | null,
  results: (item: unknown, matches: Iterable<unknown>) => Iterable<unknown>,
): Sequence {
  const left = given(outer, "outer");
  const right = given(inner, "inner");
  return new Sequence(function* () {
    const lookup = Lookup.of(right, innerKey, itself, comparer);
    for (const item of left) {
      const key = outerKey(item);
      yield* results(item, (key === null ? undefined : lookup.find(key)) ?? EMPTY);
    }
  });
}

function join(
  outer: Source,
  inner: Source,
  outerKey: Selector,
  innerKey: Selector,
  combine: Combine,
  comparer: EqualityComparer | null = null,
): Sequence {
  return joined(outer, inner, outerKey, innerKey, comparer, function* (item, matches) {
    for (const match of matches) yield combine(item, match);
  });
}

function groupJoin(
  outer: Source,
  inner: Source,
  outerKey: Selector,
  innerKey: Selector,
  combine: Combine,
  comparer: EqualityComparer | null = null,
): Sequence {
  return joined(outer, inner, outerKey, innerKey, comparer, (item, matches) => [combine(item, matches)]);
}

function toLookup(
  source: Source,
  keyOf: Selector,
  elementOf = itself,
  comparer: EqualityComparer | null = null,
): Lookup {
  return Lookup.of(given(source), keyOf, elementOf, comparer);
}

const SOURCE = "this IEnumerable<TSource> source, Func<TSource, TKey> keySelector";
const ELEMENT = "Func<TSource, TElement> elementSelector";
const COMPARER = "IEqualityComparer<TKey> comparer";
const JOIN =
  "<TOuter, TInner, TKey, TResult>(this IEnumerable<TOuter> outer, IEnumerable<TInner> inner, Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector";

/** Members that bring items of one key together. */
export const groupMembers: Record<string, MemberFunction> = {
  [`static IEnumerable<IGrouping<TKey, TSource>> GroupBy<TSource, TKey>(${SOURCE})`]: (source: Source, key: Selector) =>
    groupBy(source, key, itself, null),
  [`static IEnumerable<IGrouping<TKey, TSource>> GroupBy<TSource, TKey>(${SOURCE}, ${COMPARER})`]: (
    source: Source,
    key: Selector,
    comparer: EqualityComparer | null,
  ) => groupBy(source, key, itself, comparer),
  [`static IEnumerable<IGrouping<TKey, TElement>> GroupBy<TSource, TKey, TElement>(${SOURCE}, ${ELEMENT})`]: (
    source: Source,
    key: Selector,
    element: Selector,
  ) => groupBy(source, key, element, null),
  [`static IEnumerable<IGrouping<TKey, TElement>> GroupBy<TSource, TKey, TElement>(${SOURCE}, ${ELEMENT}, ${COMPARER})`]:
    groupBy,
  [`static IEnumerable<TResult> GroupBy<TSource, TKey, TResult>(${SOURCE}, Func<TKey, IEnumerable<TSource>, TResult> resultSelector)`]:
    (source: Source, key: Selector, combine: Combine) =>
      groupBy(source, key, itself, null, (group) => combine(group.key, group)),
  [`static IEnumerable<TResult> GroupBy<TSource, TKey, TResult>(${SOURCE}, Func<TKey, IEnumerable<TSource>, TResult> resultSelector, ${COMPARER})`]:
    (source: Source, key: Selector, combine: Combine, comparer: EqualityComparer | null) =>
      groupBy(source, key, itself, comparer, (group) => combine(group.key, group)),
  [`static IEnumerable<TResult> GroupBy<TSource, TKey, TElement, TResult>(${SOURCE}, ${ELEMENT}, Func<TKey, IEnumerable<TElement>, TResult> resultSelector)`]:
    (source: Source, key: Selector, element: Selector, combine: Combine) =>
      groupBy(source, key, element, null, (group) => combine(group.key, group)),
  [`static IEnumerable<TResult> GroupBy<TSource, TKey, TElement, TResult>(${SOURCE}, ${ELEMENT}, Func<TKey, IEnumerable<TElement>, TResult> resultSelector, ${COMPARER})`]:
    (source: Source, key: Selector, element: Selector, combine: Combine, comparer: EqualityComparer | null) =>
      groupBy(source, key, element, comparer, (group) => combine(group.key, group)),
  [`static IEnumerable<TResult> Join${JOIN}, Func<TOuter, TInner, TResult> resultSelector)`]: join,
  [`static IEnumerable<TResult> Join${JOIN}, Func<TOuter, TInner, TResult> resultSelector, ${COMPARER})`]: join,
  [`static IEnumerable<TResult> GroupJoin${JOIN}, Func<TOuter, IEnumerable<TInner>, TResult> resultSelector)`]:
    groupJoin,
  [`static IEnumerable<TResult> GroupJoin${JOIN}, Func<TOuter, IEnumerable<TInner>, TResult> resultSelector, ${COMPARER})`]:
    groupJoin,
  [`static ILookup<TKey, TSource> ToLookup<TSource, TKey>(${SOURCE})`]: (source: Source, key: Selector) =>
    toLookup(source, key),
  [`static ILookup<TKey, TSource> ToLookup<TSource, TKey>(${SOURCE}, ${COMPARER})`]: (
    source: Source,
    key: Selector,
    comparer: EqualityComparer | null,
  ) => toLookup(source, key, itself, comparer),
  [`static ILookup<TKey, TElement> ToLookup<TSource, TKey, TElement>(${SOURCE}, ${ELEMENT})`]: (
    source: Source,
    key: Selector,
    element: Selector,
  ) => toLookup(source, key, element),
  [`static ILookup<TKey, TElement> ToLookup<TSource, TKey, TElement>(${SOURCE}, ${ELEMENT}, ${COMPARER})`]: toLookup,
};

/** `IGrouping` and `ILookup`. */
export const groupTypes: TypeDeclaration[] = [
  declareType({
    name: "System.Linq.IGrouping<TKey, TElement>",
    kind: "interface",
    interfaces: ["System.Collections.Generic.IEnumerable<TElement>"],
    is: (value) => value instanceof Grouping,
    members: { "TKey Key { get; }": (group: Grouping) => group.key },
  }),
  declareType({
    name: "System.Linq.ILookup<TKey, TElement>",
    kind: "interface",
    interfaces: ["System.Collections.Generic.IEnumerable<System.Linq.IGrouping<TKey, TElement>>"],
    is: (value) => value instanceof Lookup,
    members: {
      "int Count { get; }": (lookup: Lookup) => lookup.count,
      "IEnumerable<TElement> this[TKey key] { get; }": (lookup: Lookup, key: unknown) => lookup.find(key) ?? EMPTY,
      "bool Contains(TKey key)": (lookup: Lookup, key: unknown) => lookup.find(key) !== undefined,
    },
  }),
];
