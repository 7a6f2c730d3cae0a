import { ClrArray } from "../clr/box.ts";
import type { KeyValuePair } from "../clr/collections/key-value-pair.ts";
import { type Enumerable, enumerate, type ReadOnlyDictionary } from "../clr/collections/protocol.ts";
import { declareType, type RuntimeType, type TypeDeclaration, withTypes } from "../clr/declare.ts";
import { ArgumentNullException } from "../clr/exceptions.ts";
import { castVariable } from "./dictionaries.ts";

const generic = "System.Collections.Generic";
const textLists = `${generic}.IReadOnlyDictionary<string, string[]>`;
const form = `${generic}.IDictionary<string, ${generic}.IList<string>>`;

function given<T>(dictionary: T | null): T {
  if (dictionary === null) throw new ArgumentNullException("dictionary");
  return dictionary;
}

function joinedValues(dictionary: ReadOnlyDictionary | null, key: string | null): string | null {
  if (key === null) throw new ArgumentNullException("key");
  const found = given(dictionary).lookup(key);
  return found instanceof ClrArray && found.items.length > 0 ? found.items.join(",") : null;
}

function encode(pairs: Enumerable | null): string {
  const parts: string[] = [];
  for (const pair of enumerate(given(pairs))) {
    const { key, value } = pair as KeyValuePair;
    for (const item of enumerate((value ?? []) as Enumerable)) {
      parts.push(`${encodeURIComponent(String(key))}=${encodeURIComponent(String(item ?? ""))}`);
    }
  }
  return parts.join("&");
}

/** `GetValueOrDefault` on dictionaries in general, and writing forms back. */
export const extensionTypes: TypeDeclaration[] = [
  declareType({
    name: "Gatehouse.DictionaryExtensions",
    kind: "static",
    members: {
      [`static string GetValueOrDefault(this ${textLists} dictionary, string key)`]: joinedValues,
      [`static string GetValueOrDefault(this ${textLists} dictionary, string key, string defaultValue)`]: (
        dictionary: ReadOnlyDictionary | null,
        key: string | null,
        fallback: string | null,
      ) => joinedValues(dictionary, key) ?? fallback,
      [`static T GetValueOrDefault<T>(this ${generic}.IReadOnlyDictionary<string, object> dictionary, string key)`]:
        withTypes((types: readonly RuntimeType[], dictionary: ReadOnlyDictionary | null, key: unknown) => {
          const value = given(dictionary).lookup(key);
          return value === undefined ? types[0]?.default : castVariable(value, types[0]);
        }),
      [`static T GetValueOrDefault<T>(this ${generic}.IReadOnlyDictionary<string, object> dictionary, string key, T defaultValue)`]:
        withTypes(
          (types: readonly RuntimeType[], dictionary: ReadOnlyDictionary | null, key: unknown, fallback: unknown) => {
            const value = given(dictionary).lookup(key);
            return value === undefined ? fallback : castVariable(value, types[0]);
          },
        ),
      [`static TValue GetValueOrDefault<TKey, TValue>(this ${generic}.IReadOnlyDictionary<TKey, TValue> dictionary, TKey key)`]:
        withTypes((types: readonly RuntimeType[], dictionary: ReadOnlyDictionary | null, key: unknown) => {
          const value = given(dictionary).lookup(key);
          return value === undefined ? types[1]?.default : value;
        }),
      [`static TValue GetValueOrDefault<TKey, TValue>(this ${generic}.IReadOnlyDictionary<TKey, TValue> dictionary, TKey key, TValue defaultValue)`]:
        (dictionary: ReadOnlyDictionary | null, key: unknown, fallback: unknown) => {
          const value = given(dictionary).lookup(key);
          return value === undefined ? fallback : value;
        },
      // Null when there is nothing to write (reference, section 2.5).
      [`static string ToQueryString(this ${form} values)`]: (values: Enumerable | null) => {
        const text = encode(values);
        return text === "" ? null : `?${text}`;
      },
      [`static string ToFormUrlEncodedContent(this ${form} values)`]: (values: Enumerable | null) => encode(values),
    },
  }),
];
