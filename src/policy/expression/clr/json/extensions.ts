import { type Enumerable, enumerate } from "../collections/protocol.ts";
import { declareType, type MemberFunction, type RuntimeType, type TypeDeclaration, withTypes } from "../declare.ts";
import { ArgumentException, ArgumentNullException } from "../exceptions.ts";
import { Sequence } from "../linq/sequence.ts";
import { JContainer } from "./container.ts";
import { valueAs } from "./convert.ts";
import { JObject } from "./object.ts";
import { JToken } from "./token.ts";
import { JValue } from "./value.ts";

type Source = Enumerable | null;

function given(source: Source): Iterable<JToken> {
  if (source === null) throw new ArgumentNullException("source");
  return enumerate(source) as Iterable<JToken>;
}

/** Every token's own sequence, one after the other. */
function flatten(source: Source, of: (token: JToken) => Iterable<unknown>): Sequence {
  const items = given(source);
  return new Sequence(function* () {
    for (const item of items) yield* of(item);
  });
}

/** `Value<U>()` on a token, which C# sees as a sequence here. */
function value(source: unknown, type: RuntimeType | undefined): unknown {
  if (source === null) throw new ArgumentNullException("value");
  if (!(source instanceof JToken)) throw new ArgumentException("Source value must be a JToken.");
  return valueAs(source, type);
}

const identity = (token: JToken): unknown => token;

/** Without a key: values themselves and the children of containers. With one: what is at the key, where there is. */
function values(source: Source, key: unknown, convert: (token: JToken) => unknown): Sequence {
  return flatten(source, function* (token) {
    if (key !== null) {
      const child = token.child(key);
      if (child !== null) yield convert(child);
    } else if (token instanceof JValue) {
      yield convert(token);
    } else {
      for (const child of token) yield convert(child);
    }
  });
}

const as = (type: RuntimeType | undefined) => (token: JToken) => valueAs(token, type);

/**
 * Where .NET has a type parameter with a constraint (`where T : JToken`) the signature has the constraint itself:
 * sequences are covariant, and the XML extensions of the same names stay apart.
 */
const members: Record<string, MemberFunction> = {
  "static IJEnumerable<JToken> Ancestors(this IEnumerable<JToken> source)": (source: Source) =>
    flatten(source, (token) => token.ancestors()),
  "static IJEnumerable<JToken> AncestorsAndSelf(this IEnumerable<JToken> source)": (source: Source) =>
    flatten(source, (token) => token.ancestorsAndSelf()),
  "static IJEnumerable<JToken> AsJEnumerable(this IEnumerable<JToken> source)": (source: Source) => source,
  "static IJEnumerable<T> AsJEnumerable<T>(this IEnumerable<T> source)": (source: Source) => source,
  "static IJEnumerable<JToken> Children(this IEnumerable<JToken> source)": (source: Source) =>
    flatten(source, (token) => token),
  "static IEnumerable<U> Children<T, U>(this IEnumerable<T> source)": withTypes((types, source: Source) =>
    flatten(source, function* (token) {
      for (const child of token) yield valueAs(child, types[1]);
    }),
  ),
  "static IJEnumerable<JToken> Descendants(this IEnumerable<JToken> source)": (source: Source) =>
    flatten(source, (token) => (token instanceof JContainer ? token.descendants() : [])),
  "static IJEnumerable<JToken> DescendantsAndSelf(this IEnumerable<JToken> source)": (source: Source) =>
    flatten(source, (token) => (token instanceof JContainer ? token.descendantsAndSelf() : [token])),
  "static IJEnumerable<JProperty> Properties(this IEnumerable<JObject> source)": (source: Source) =>
    flatten(source, (token) => (token instanceof JObject ? token.properties : [])),
  "static U Value<U>(this IEnumerable<JToken> value)": withTypes((types, source: unknown) => value(source, types[0])),
  "static U Value<T, U>(this IEnumerable<T> value)": withTypes((types, source: unknown) => value(source, types[1])),
  "static IJEnumerable<JToken> Values(this IEnumerable<JToken> source)": (source: Source) =>
    values(source, null, identity),
  "static IEnumerable<U> Values<U>(this IEnumerable<JToken> source)": withTypes((types, source: Source) =>
    values(source, null, as(types[0])),
  ),
  "static IJEnumerable<JToken> Values(this IEnumerable<JToken> source, object key)": (source: Source, key: unknown) =>
    values(source, key, identity),
  "static IEnumerable<U> Values<U>(this IEnumerable<JToken> source, object key)": withTypes(
    (types, source: Source, key: unknown) => values(source, key, as(types[0])),
  ),
};

const INDEXER: Record<string, MemberFunction> = {
  "IJEnumerable<JToken> this[object key] { get; }": (source: Source, key: unknown) => values(source, key, identity),
};

const isSequence = (item: unknown) => item instanceof JToken || item instanceof Sequence;

export const extensionTypes: TypeDeclaration[] = [
  declareType({ name: "Newtonsoft.Json.Linq.Extensions", kind: "static", members }),
  declareType({
    name: "Newtonsoft.Json.Linq.IJEnumerable<T>",
    kind: "interface",
    interfaces: ["System.Collections.Generic.IEnumerable<T>"],
    is: isSequence,
    members: INDEXER,
  }),
  declareType({
    name: "Newtonsoft.Json.Linq.JEnumerable<T>",
    kind: "class",
    interfaces: ["Newtonsoft.Json.Linq.IJEnumerable<T>"],
    is: isSequence,
  }),
];
