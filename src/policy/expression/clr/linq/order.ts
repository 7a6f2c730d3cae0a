import { orderOf } from "../collections/comparer.ts";
import { declareType, type MemberFunction, type TypeDeclaration } from "../declare.ts";
import type { Comparer } from "../system/protocol.ts";
import { given, type Source } from "./sequence.ts";

interface Level {
  readonly keyOf: (item: unknown) => unknown;
  readonly order: (a: unknown, b: unknown) => number;
}

/** `IOrderedEnumerable<T>`: sorts (stably) when it is enumerated. */
export class OrderedSequence implements Iterable<unknown> {
  readonly #items: Iterable<unknown>;
  readonly #levels: readonly Level[];

  constructor(items: Iterable<unknown>, levels: readonly Level[]) {
    this.#items = items;
    this.#levels = levels;
  }

  thenBy(level: Level): OrderedSequence {
    return new OrderedSequence(this.#items, [...this.#levels, level]);
  }

  [Symbol.iterator](): Iterator<unknown> {
    const items = Array.from(this.#items);
    const keys = this.#levels.map((level) => items.map((item) => level.keyOf(item)));
    const places = items.map((_, place) => place);
    places.sort((a, b) => {
      for (const [depth, level] of this.#levels.entries()) {
        const order = level.order(keys[depth]?.[a], keys[depth]?.[b]);
        if (order !== 0) return order;
      }
      return 0;
    });
    return places.map((place) => items[place])[Symbol.iterator]();
  }
}

function level(keyOf: (item: unknown) => unknown, comparer: Comparer | null, descending: boolean): Level {
  const order = orderOf(comparer);
  return { keyOf, order: descending ? (a, b) => order(b, a) : order };
}

type Key = (item: unknown) => unknown;

function orderBy(descending: boolean): MemberFunction {
  return (source: Source, keyOf: Key, comparer: Comparer | null = null) =>
    new OrderedSequence(given(source), [level(keyOf, comparer, descending)]);
}

function thenBy(descending: boolean): MemberFunction {
  return (source: OrderedSequence | null, keyOf: Key, comparer: Comparer | null = null) => {
    given(source);
    return source?.thenBy(level(keyOf, comparer, descending));
  };
}

function signatures(name: string, source: string, run: MemberFunction): Record<string, MemberFunction> {
  const head = `static IOrderedEnumerable<TSource> ${name}<TSource, TKey>(this ${source}<TSource> source, Func<TSource, TKey> keySelector`;
  return { [`${head})`]: run, [`${head}, IComparer<TKey> comparer)`]: run };
}

/** OrderBy, ThenBy and their descending forms. */
export const orderMembers: Record<string, MemberFunction> = {
  ...signatures("OrderBy", "IEnumerable", orderBy(false)),
  ...signatures("OrderByDescending", "IEnumerable", orderBy(true)),
  ...signatures("ThenBy", "IOrderedEnumerable", thenBy(false)),
  ...signatures("ThenByDescending", "IOrderedEnumerable", thenBy(true)),
};

export const orderTypes: TypeDeclaration[] = [
  declareType({
    name: "System.Linq.IOrderedEnumerable<TElement>",
    kind: "interface",
    interfaces: ["System.Collections.Generic.IEnumerable<TElement>"],
    is: (value) => value instanceof OrderedSequence,
  }),
];
