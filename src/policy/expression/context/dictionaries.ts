import type { HeaderList } from "../../exchange/headers.ts";
import type { ClrArray } from "../clr/box.ts";
import { type Cell, declareType, type RuntimeType, type TypeDeclaration, withTypes } from "../clr/declare.ts";
import { ArgumentNullException, InvalidCastException, NullReferenceException } from "../clr/exceptions.ts";
import {
  ClaimView,
  claimValues,
  HeaderView,
  ParameterView,
  QueryView,
  queryValues,
  strings,
  VariableView,
} from "./views.ts";

type Types = readonly RuntimeType[];
type Variables = ReadonlyMap<string, unknown>;
type Parameters = Readonly<Record<string, string>>;
type Claims = ReadonlyMap<string, readonly string[]>;

function key(name: string | null): string {
  if (name === null) throw new ArgumentNullException("key");
  return name;
}

const textsOf = "System.Collections.Generic.IReadOnlyDictionary<string, string[]>";

/** Members that dictionaries of string arrays share, over the values of one name. */
function textMembers<D>(find: (dictionary: D, name: string) => readonly string[] | undefined, none: null | "empty") {
  const values = (dictionary: D, name: string | null): readonly string[] | undefined => {
    const found = find(dictionary, key(name));
    return found && found.length > 0 ? found : undefined;
  };
  return {
    "string[] this[string key] { get; }": (dictionary: D, name: string | null) => {
      const found = values(dictionary, name);
      return found ? strings(found) : none === null ? null : strings([]);
    },
    "bool TryGetValue(string key, out string[] value)": (
      dictionary: D,
      name: string | null,
      value: Cell<ClrArray | null>,
    ) => {
      const found = values(dictionary, name);
      value.value = found ? strings(found) : null;
      return found !== undefined;
    },
  };
}

const headers = declareType({
  name: "Gatehouse.IHeaders",
  kind: "class",
  interfaces: [textsOf],
  is: (value) => value instanceof HeaderView,
  box: (value: HeaderList) => new HeaderView(value),
  members: {
    ...textMembers<HeaderList>((list, name) => list.all(name), null),
    "string GetValueOrDefault(string headerName)": (list: HeaderList, name: string | null) =>
      list.get(key(name)) ?? null,
    "string GetValueOrDefault(string headerName, string defaultValue)": (
      list: HeaderList,
      name: string | null,
      fallback: string | null,
    ) => list.get(key(name)) ?? fallback,
    "bool ContainsKey(string key)": (list: HeaderList, name: string | null) => list.has(key(name)),
  },
});

const query = declareType({
  name: "Gatehouse.IQuery",
  kind: "class",
  interfaces: [textsOf],
  is: (value) => value instanceof QueryView,
  box: (value: string) => new QueryView(value),
  members: {
    ...textMembers<string>(queryValues, null),
    "string GetValueOrDefault(string parameterName)": (text: string, name: string | null) =>
      joined(queryValues(text, key(name))) ?? null,
    "string GetValueOrDefault(string parameterName, string defaultValue)": (
      text: string,
      name: string | null,
      fallback: string | null,
    ) => joined(queryValues(text, key(name))) ?? fallback,
    "bool ContainsKey(string key)": (text: string, name: string | null) => queryValues(text, key(name)).length > 0,
  },
});

function joined(values: readonly string[] | undefined): string | undefined {
  return values && values.length > 0 ? values.join(",") : undefined;
}

const claims = declareType({
  name: "Gatehouse.IClaims",
  kind: "class",
  interfaces: [textsOf],
  is: (value) => value instanceof ClaimView,
  box: (value: Claims) => new ClaimView(value),
  members: {
    ...textMembers<Claims>(claimValues, "empty"),
    "string GetValueOrDefault(string claimName)": (map: Claims, name: string | null) =>
      joined(claimValues(map, key(name))) ?? null,
    "string GetValueOrDefault(string claimName, string defaultValue)": (
      map: Claims,
      name: string | null,
      fallback: string | null,
    ) => joined(claimValues(map, key(name))) ?? fallback,
    "bool ContainsKey(string key)": (map: Claims, name: string | null) => claimValues(map, key(name)) !== undefined,
  },
});

function parameter(parameters: Parameters, name: string | null): string | undefined {
  return Object.hasOwn(parameters, key(name)) ? parameters[name as string] : undefined;
}

const matchedParameters = declareType({
  name: "Gatehouse.IMatchedParameters",
  kind: "class",
  interfaces: ["System.Collections.Generic.IReadOnlyDictionary<string, string>"],
  is: (value) => value instanceof ParameterView,
  box: (value: Parameters) => new ParameterView(value),
  members: {
    "string this[string key] { get; }": (parameters: Parameters, name: string | null) =>
      parameter(parameters, name) ?? null,
    "string GetValueOrDefault(string parameterName)": (parameters: Parameters, name: string | null) =>
      parameter(parameters, name) ?? null,
    "string GetValueOrDefault(string parameterName, string defaultValue)": (
      parameters: Parameters,
      name: string | null,
      fallback: string | null,
    ) => parameter(parameters, name) ?? fallback,
    "bool ContainsKey(string key)": (parameters: Parameters, name: string | null) =>
      parameter(parameters, name) !== undefined,
  },
});

/**
 * A stored value read as T: an exact cast, as the reference says, not a conversion. A stored null is null for
 * reference types and nullables, and no value type.
 */
export function castVariable(value: unknown, type: RuntimeType | undefined): unknown {
  if (value === null) {
    if (type === undefined || type.nullable || type.default === null) return null;
    throw new NullReferenceException();
  }
  if (type && !type.is(value)) throw new InvalidCastException();
  return value;
}

const variables = declareType({
  name: "Gatehouse.IVariables",
  kind: "class",
  interfaces: ["System.Collections.Generic.IReadOnlyDictionary<string, object>"],
  is: (value) => value instanceof VariableView,
  box: (value: Variables) => new VariableView(value),
  members: {
    // A missing name gives null here, not an exception (reference, section 2.7).
    "object this[string key] { get; }": (map: Variables, name: string | null) => map.get(key(name)) ?? null,
    "bool ContainsKey(string key)": (map: Variables, name: string | null) => map.has(key(name)),
    "bool TryGetValue(string key, out object value)": (map: Variables, name: string | null, value: Cell<unknown>) => {
      value.value = map.get(key(name)) ?? null;
      return map.has(name as string);
    },
    "object GetValueOrDefault(string variableName)": (map: Variables, name: string | null) =>
      map.get(key(name)) ?? null,
    "object GetValueOrDefault(string variableName, object defaultValue)": (
      map: Variables,
      name: string | null,
      fallback: unknown,
    ) => {
      const value = map.get(key(name));
      return value === undefined ? fallback : value;
    },
    "T GetValueOrDefault<T>(string variableName)": withTypes((types: Types, map: Variables, name: string | null) => {
      const value = map.get(key(name));
      return value === undefined ? types[0]?.default : castVariable(value, types[0]);
    }),
    "T GetValueOrDefault<T>(string variableName, T defaultValue)": withTypes(
      (types: Types, map: Variables, name: string | null, fallback: unknown) => {
        const value = map.get(key(name));
        return value === undefined ? fallback : castVariable(value, types[0]);
      },
    ),
  },
});

/** The dictionaries of the context, each with the `GetValueOrDefault` forms of the reference's section 2.7. */
export const dictionaryTypes: TypeDeclaration[] = [headers, query, claims, matchedParameters, variables];
