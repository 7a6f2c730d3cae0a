import type { MemberFunction, RuntimeType } from "../declare.ts";
import { withTypes } from "../declare.ts";
import { ArgumentOutOfRangeException, InvalidOperationException } from "../exceptions.ts";
import { given, type Source } from "./sequence.ts";

type Predicate = (item: unknown) => boolean;

/** The first match, or `undefined`, which is never an item. */
function first(source: Source, predicate: Predicate | undefined): unknown {
  for (const item of given(source)) if (predicate === undefined || predicate(item)) return item;
  return undefined;
}

function last(source: Source, predicate: Predicate | undefined): unknown {
  let found: unknown;
  for (const item of given(source)) if (predicate === undefined || predicate(item)) found = item;
  return found;
}

function single(source: Source, predicate: Predicate | undefined): unknown {
  let found: unknown;
  for (const item of given(source)) {
    if (predicate !== undefined && !predicate(item)) continue;
    if (found !== undefined) {
      throw new InvalidOperationException(`Sequence contains more than one ${predicate ? "matching " : ""}element`);
    }
    found = item;
  }
  return found;
}

function elementAt(source: Source, index: number): unknown {
  if (index < 0) return undefined;
  let at = 0;
  for (const item of given(source)) if (at++ === index) return item;
  return undefined;
}

type Finder = (source: Source, predicate: Predicate | undefined) => unknown;

function required(find: Finder): MemberFunction {
  return (source: Source, predicate?: Predicate) => {
    const item = find(source, predicate);
    if (item === undefined) {
      throw new InvalidOperationException(`Sequence contains no ${predicate ? "matching element" : "elements"}`);
    }
    return item;
  };
}

function optional(find: Finder): MemberFunction {
  return withTypes((types: readonly RuntimeType[], source: Source, predicate?: Predicate) => {
    const item = find(source, predicate);
    return item === undefined ? (types[0]?.default ?? null) : item;
  });
}

/** `X` and `XOrDefault`, each with and without a predicate. */
function finders(name: string, find: Finder): Record<string, MemberFunction> {
  const predicate = "Func<TSource, bool> predicate";
  return {
    [`static TSource ${name}<TSource>(this IEnumerable<TSource> source)`]: required(find),
    [`static TSource ${name}<TSource>(this IEnumerable<TSource> source, ${predicate})`]: required(find),
    [`static TSource ${name}OrDefault<TSource>(this IEnumerable<TSource> source)`]: optional(find),
    [`static TSource ${name}OrDefault<TSource>(this IEnumerable<TSource> source, ${predicate})`]: optional(find),
  };
}

/** Members that pick one item. */
export const elementMembers: Record<string, MemberFunction> = {
  ...finders("First", first),
  ...finders("Last", last),
  ...finders("Single", single),
  "static TSource ElementAt<TSource>(this IEnumerable<TSource> source, int index)": (source: Source, index: number) => {
    const item = elementAt(source, index);
    if (item === undefined) throw new ArgumentOutOfRangeException("index");
    return item;
  },
  "static TSource ElementAtOrDefault<TSource>(this IEnumerable<TSource> source, int index)": withTypes(
    (types, source: Source, index: number) => {
      const item = elementAt(source, index);
      return item === undefined ? (types[0]?.default ?? null) : item;
    },
  ),
};
