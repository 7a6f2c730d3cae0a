import type { EnumValue } from "../box.ts";
import { spend } from "../budget.ts";
import { annotationMembers } from "../collections/annotations.ts";
import { declareType, type MemberFunction, type RuntimeType, withTypes } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";
import { Sequence } from "../linq/sequence.ts";
import { conversionMembers } from "./conversion-members.ts";
import { valueAs } from "./convert.ts";
import { deserialize } from "./deserialize.ts";
import { copyFromObject } from "./from-object.ts";
import { selectToken, selectTokens } from "./path/select.ts";
import { parseJson } from "./read.ts";
import { JToken } from "./token.ts";
import { FORMATTING, tokenTypeValue } from "./token-type.ts";
import { JValue } from "./value.ts";
import { writeJson } from "./write.ts";

/** JSON text of an argument; parsing takes from the budget by length. @throws {ArgumentNullException} */
export function parsedText(text: string | null, parameter = "json"): string {
  if (text === null) throw new ArgumentNullException(parameter);
  spend(text.length >> 7);
  return text;
}

/** A sequence of tokens that can be enumerated again. */
export function tokens(start: () => Iterator<JToken>): Sequence {
  return new Sequence(start);
}

/** The items of a sequence, converted as `Value<T>()` does. */
export function valuesAs(items: Iterable<JToken>, type: RuntimeType | undefined): Sequence {
  return new Sequence(function* () {
    for (const item of items) yield valueAs(item, type);
  });
}

/** The items of a sequence that are of a type. */
export function ofType(items: Iterable<JToken>, type: RuntimeType | undefined): Sequence {
  return new Sequence(function* () {
    for (const item of items) if (type?.is(item)) yield item;
  });
}

function requirePath(path: string | null): string {
  if (path === null) throw new ArgumentNullException("path");
  return path;
}

/** Equality of tokens by content: `JToken.EqualityComparer`. */
const contentEquality = {
  equals: (a: unknown, b: unknown) => deepEquals(a as JToken | null, b as JToken | null),
  hashCode: (value: unknown) =>
    value instanceof JValue ? value.clrHashCode() : ((value as JToken | null)?.items.length ?? 0),
};

function deepEquals(a: JToken | null, b: JToken | null): boolean {
  return a === b || (a !== null && b !== null && a.contentEquals(b));
}

const members: Record<string, MemberFunction | { get: MemberFunction; set: MemberFunction }> = {
  "static JTokenEqualityComparer EqualityComparer { get; }": () => contentEquality,
  "JToken First { get; }": (token: JToken) => token.first,
  "JToken Last { get; }": (token: JToken) => token.last,
  "bool HasValues { get; }": (token: JToken) => token.hasValues,
  "JToken this[object key] { get; set; }": {
    get: (token: JToken, key: unknown) => token.child(key),
    set: (token: JToken, key: unknown, value: JToken | null) => token.setChild(key, value),
  },
  "JToken Next { get; }": (token: JToken) => token.next,
  "JToken Previous { get; }": (token: JToken) => token.previous,
  "JContainer Parent { get; }": (token: JToken) => token.parent,
  "JToken Root { get; }": (token: JToken) => token.root,
  "string Path { get; }": (token: JToken) => token.path,
  "JTokenType Type { get; }": (token: JToken) => tokenTypeValue(token.type),
  "void AddAfterSelf(object content)": (token: JToken, content: unknown) => token.addAfterSelf(content),
  "void AddBeforeSelf(object content)": (token: JToken, content: unknown) => token.addBeforeSelf(content),
  "IEnumerable<JToken> AfterSelf()": (token: JToken) => tokens(() => token.afterSelf()),
  "IEnumerable<JToken> BeforeSelf()": (token: JToken) => tokens(() => token.beforeSelf()),
  "IEnumerable<JToken> Ancestors()": (token: JToken) => tokens(() => token.ancestors()),
  "IEnumerable<JToken> AncestorsAndSelf()": (token: JToken) => tokens(() => token.ancestorsAndSelf()),
  "JEnumerable<JToken> Children()": (token: JToken) => tokens(() => token[Symbol.iterator]()),
  "JEnumerable<T> Children<T>()": withTypes((types, token: JToken) => ofType(token, types[0])),
  "JToken DeepClone()": (token: JToken) => token.deepClone(),
  "static bool DeepEquals(JToken t1, JToken t2)": deepEquals,
  "static JToken FromObject(object o)": copyFromObject,
  "static JToken Parse(string json)": (text: string | null) => parseJson(parsedText(text)),
  "void Remove()": (token: JToken) => token.detach(),
  "void Replace(JToken value)": (token: JToken, value: JToken | null) => token.replace(value),
  "JToken SelectToken(string path)": (token: JToken, path: string | null) =>
    selectToken(token, requirePath(path), false),
  "JToken SelectToken(string path, bool errorWhenNoMatch)": (token: JToken, path: string | null, strict: boolean) =>
    selectToken(token, requirePath(path), strict),
  "IEnumerable<JToken> SelectTokens(string path)": (token: JToken, path: string | null) =>
    selected(token, requirePath(path), false),
  "IEnumerable<JToken> SelectTokens(string path, bool errorWhenNoMatch)": (
    token: JToken,
    path: string | null,
    strict: boolean,
  ) => selected(token, requirePath(path), strict),
  "T ToObject<T>()": withTypes((types, token: JToken) =>
    types[0] === undefined ? null : deserialize(token, types[0], { parsed: false }),
  ),
  "string ToString(Formatting formatting)": (token: JToken, formatting: EnumValue) =>
    writeJson(token, formatting.value === FORMATTING.Indented),
  "T Value<T>(object key)": withTypes((types, token: JToken, key: unknown) => valueAs(token.child(key), types[0])),
  "IEnumerable<T> Values<T>()": withTypes((types, token: JToken) => {
    // A value has no children to convert, and says so.
    if (token instanceof JValue) token.child(null);
    return valuesAs(token, types[0]);
  }),
  ...annotationMembers,
  ...conversionMembers,
};

function selected(token: JToken, path: string, strict: boolean): Sequence {
  return tokens(() => selectTokens(token, path, strict)[Symbol.iterator]());
}

export const tokenDeclarations = [
  declareType({
    name: "Newtonsoft.Json.Linq.JToken",
    kind: "class",
    interfaces: ["Newtonsoft.Json.Linq.IJEnumerable<Newtonsoft.Json.Linq.JToken>"],
    is: (value) => value instanceof JToken,
    members,
  }),
  declareType({
    name: "Newtonsoft.Json.Linq.JTokenEqualityComparer",
    kind: "class",
    interfaces: ["System.Collections.Generic.IEqualityComparer<Newtonsoft.Json.Linq.JToken>"],
    is: (value) => value === contentEquality,
    members: { "new JTokenEqualityComparer()": () => contentEquality },
  }),
];
