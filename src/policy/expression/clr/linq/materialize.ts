import { Dictionary } from "../collections/dictionary.ts";
import { HashSet } from "../collections/hash-set.ts";
import { List } from "../collections/list.ts";
import { toArray } from "../collections/protocol.ts";
import { type MemberFunction, type RuntimeType, withTypes } from "../declare.ts";
import type { EqualityComparer } from "../system/protocol.ts";
import { given, type Source } from "./sequence.ts";

type Selector = (item: unknown) => unknown;

const nameOf = (type: RuntimeType | undefined) => type?.name ?? "object";

function fill(
  dictionary: Dictionary,
  source: Source,
  keyOf: Selector,
  elementOf: Selector = (item) => item,
): Dictionary {
  for (const item of given(source)) dictionary.addEntry(keyOf(item), elementOf(item));
  return dictionary;
}

const SOURCE = "this IEnumerable<TSource> source";
const KEYED = `${SOURCE}, Func<TSource, TKey> keySelector`;
const COMPARER = "IEqualityComparer<TKey> comparer";

/** Members that copy a sequence into a collection. */
export const materializeMembers: Record<string, MemberFunction> = {
  [`static TSource[] ToArray<TSource>(${SOURCE})`]: withTypes((types, source: Source) =>
    toArray(nameOf(types[0]), Array.from(given(source))),
  ),
  [`static List<TSource> ToList<TSource>(${SOURCE})`]: withTypes(
    (types, source: Source) => new List(nameOf(types[0]), Array.from(given(source))),
  ),
  [`static HashSet<TSource> ToHashSet<TSource>(${SOURCE})`]: withTypes(
    (types, source: Source) => new HashSet(nameOf(types[0]), given(source)),
  ),
  [`static HashSet<TSource> ToHashSet<TSource>(${SOURCE}, IEqualityComparer<TSource> comparer)`]: withTypes(
    (types, source: Source, comparer: EqualityComparer | null) =>
      new HashSet(nameOf(types[0]), given(source), comparer),
  ),
  [`static Dictionary<TKey, TSource> ToDictionary<TSource, TKey>(${KEYED})`]: withTypes(
    (types, source: Source, keyOf: Selector) => fill(new Dictionary(nameOf(types[1]), nameOf(types[0])), source, keyOf),
  ),
  [`static Dictionary<TKey, TSource> ToDictionary<TSource, TKey>(${KEYED}, ${COMPARER})`]: withTypes(
    (types, source: Source, keyOf: Selector, comparer: EqualityComparer | null) =>
      fill(new Dictionary(nameOf(types[1]), nameOf(types[0]), comparer), source, keyOf),
  ),
  [`static Dictionary<TKey, TElement> ToDictionary<TSource, TKey, TElement>(${KEYED}, Func<TSource, TElement> elementSelector)`]:
    withTypes((types, source: Source, keyOf: Selector, elementOf: Selector) =>
      fill(new Dictionary(nameOf(types[1]), nameOf(types[2])), source, keyOf, elementOf),
    ),
  [`static Dictionary<TKey, TElement> ToDictionary<TSource, TKey, TElement>(${KEYED}, Func<TSource, TElement> elementSelector, ${COMPARER})`]:
    withTypes((types, source: Source, keyOf: Selector, elementOf: Selector, comparer: EqualityComparer | null) =>
      fill(new Dictionary(nameOf(types[1]), nameOf(types[2]), comparer), source, keyOf, elementOf),
    ),
};
