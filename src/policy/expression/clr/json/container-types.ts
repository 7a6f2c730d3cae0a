import type { ClrArray, EnumValue } from "../box.ts";
import { Enumerator } from "../collections/enumerator.ts";
import { KeyValuePair } from "../collections/key-value-pair.ts";
import { copyTo } from "../collections/list.ts";
import { type Cell, declareType, type TypeDeclaration, withTypes } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";
import { Sequence } from "../linq/sequence.ts";
import { equalBy, ruleOf } from "../system/string-compare.ts";
import { JArray } from "./array.ts";
import { JConstructor } from "./constructor.ts";
import { JContainer } from "./container.ts";
import { arrayFrom, objectFrom } from "./from-object.ts";
import { parsedText, tokens, valuesAs } from "./jtoken-type.ts";
import { JObject } from "./object.ts";
import { JProperty } from "./property.ts";
import { parseJsonArray, parseJsonObject } from "./read.ts";
import type { JToken } from "./token.ts";

const LINQ = "Newtonsoft.Json.Linq";

const containerType = declareType({
  name: `${LINQ}.JContainer`,
  kind: "class",
  base: `${LINQ}.JToken`,
  interfaces: [`System.Collections.Generic.IList<${LINQ}.JToken>`],
  is: (value) => value instanceof JContainer,
  members: {
    "int Count { get; }": (container: JContainer) => container.count,
    "void Add(object content)": (container: JContainer, content: unknown) => container.add(content),
    "void AddFirst(object content)": (container: JContainer, content: unknown) => container.addFirst(content),
    "IEnumerable<JToken> Descendants()": (container: JContainer) => tokens(() => container.descendants()),
    "IEnumerable<JToken> DescendantsAndSelf()": (container: JContainer) => tokens(() => container.descendantsAndSelf()),
    "void Merge(object content)": (container: JContainer, content: unknown) => container.merge(content),
    "void RemoveAll()": (container: JContainer) => container.clear(),
    "void ReplaceAll(object content)": (container: JContainer, content: unknown) => container.replaceAll(content),
    "IEnumerable<T> Values<T>()": withTypes((types, container: JContainer) => valuesAs(container, types[0])),
  },
});

/** The property of a name under a comparison: the exact name first. */
function propertyBy(object: JObject, name: string | null, comparison: EnumValue): JProperty | null {
  if (name === null) return null;
  const exact = object.property(name);
  if (exact) return exact;
  const rule = ruleOf(comparison);
  return object.properties.find((property) => equalBy(rule, property.name, name)) ?? null;
}

function objectOf(content: unknown): JObject {
  const object = new JObject();
  object.add(content);
  return object;
}

const objectType = declareType({
  name: `${LINQ}.JObject`,
  kind: "class",
  base: `${LINQ}.JContainer`,
  interfaces: [`System.Collections.Generic.IDictionary<string, ${LINQ}.JToken>`],
  is: (value) => value instanceof JObject,
  members: {
    "new JObject()": () => new JObject(),
    "new JObject(JObject other)": (other: JObject | null) => copyOf(other),
    "new JObject(params object[] content)": objectOf,
    "new JObject(object content)": objectOf,
    "JToken this[object key] { get; set; }": {
      get: (object: JObject, key: unknown) => object.child(key),
      set: (object: JObject, key: unknown, value: JToken | null) => object.setChild(key, value),
    },
    "JToken this[string propertyName] { get; set; }": {
      get: (object: JObject, name: string | null) => object.get(name),
      set: (object: JObject, name: string | null, value: JToken | null) => object.set(name, value),
    },
    "void Add(string propertyName, JToken value)": (object: JObject, name: string | null, value: JToken | null) =>
      object.addEntry(name, value),
    "static JObject FromObject(object o)": objectFrom,
    "static JObject Parse(string json)": (text: string | null) => parseJsonObject(parsedText(text)),
    "IEnumerator<KeyValuePair<string, JToken>> GetEnumerator()": (object: JObject) => new Enumerator(pairs(object)),
    "JToken GetValue(string propertyName)": (object: JObject, name: string | null) =>
      name === null ? null : object.get(name),
    "JToken GetValue(string propertyName, StringComparison comparison)": (
      object: JObject,
      name: string | null,
      comparison: EnumValue,
    ) => propertyBy(object, name, comparison)?.value ?? null,
    "IEnumerable<JProperty> Properties()": (object: JObject) => tokens(() => object[Symbol.iterator]()),
    "JProperty Property(string name)": (object: JObject, name: string | null) =>
      name === null ? null : (object.property(name) ?? null),
    "JProperty Property(string name, StringComparison comparison)": propertyBy,
    "JEnumerable<JToken> PropertyValues()": (object: JObject) =>
      new Sequence(function* () {
        for (const property of object) yield (property as JProperty).value;
      }),
    "bool ContainsKey(string propertyName)": (object: JObject, name: string | null) =>
      object.lookup(name) !== undefined,
    "bool Remove(string propertyName)": (object: JObject, name: string | null) => object.removeKey(name),
    "bool TryGetValue(string propertyName, out JToken value)": (
      object: JObject,
      name: string | null,
      value: Cell<JToken | null>,
    ) => {
      value.value = name === null ? null : object.get(name);
      return value.value !== null;
    },
    "bool TryGetValue(string propertyName, StringComparison comparison, out JToken value)": (
      object: JObject,
      name: string | null,
      comparison: EnumValue,
      value: Cell<JToken | null>,
    ) => {
      value.value = propertyBy(object, name, comparison)?.value ?? null;
      return value.value !== null;
    },
  },
});

function pairs(object: JObject): Sequence {
  return new Sequence(function* () {
    for (const item of object) {
      const { name, value } = item as JProperty;
      yield new KeyValuePair(name, value);
    }
  });
}

function copyOf<T extends JToken>(other: T | null): JToken {
  if (other === null) throw new ArgumentNullException("other");
  return other.deepClone();
}

const arrayType = declareType({
  name: `${LINQ}.JArray`,
  kind: "class",
  base: `${LINQ}.JContainer`,
  is: (value) => value instanceof JArray,
  members: {
    "new JArray()": () => new JArray(),
    "new JArray(JArray other)": (other: JArray | null) => copyOf(other),
    "new JArray(params object[] content)": (content: ClrArray | null) => JArray.of(content),
    "new JArray(object content)": (content: unknown) => JArray.of(content),
    "bool IsReadOnly { get; }": () => false,
    "JToken this[object key] { get; set; }": {
      get: (array: JArray, key: unknown) => array.child(key),
      set: (array: JArray, key: unknown, value: JToken | null) => array.setChild(key, value),
    },
    "JToken this[int index] { get; set; }": {
      get: (array: JArray, index: number) => array.getItem(index),
      set: (array: JArray, index: number, value: JToken | null) => array.setItemAt(index, value),
    },
    "void Add(JToken item)": (array: JArray, item: JToken | null) => array.add(item),
    "void Clear()": (array: JArray) => array.clear(),
    "bool Contains(JToken item)": (array: JArray, item: JToken | null) => array.contains(item),
    "void CopyTo(JToken[] array, int arrayIndex)": (array: JArray, target: ClrArray | null, at: number) =>
      copyTo(array.items, target, at),
    "static JArray FromObject(object o)": arrayFrom,
    "IEnumerator<JToken> GetEnumerator()": (array: JArray) => new Enumerator(array),
    "int IndexOf(JToken item)": (array: JArray, item: JToken | null) => array.indexOf(item),
    "void Insert(int index, JToken item)": (array: JArray, index: number, item: JToken | null) =>
      array.insertItem(index, item),
    "static JArray Parse(string json)": (text: string | null) => parseJsonArray(parsedText(text)),
    "bool Remove(JToken item)": (array: JArray, item: JToken | null) => array.removeItem(item),
    "void RemoveAt(int index)": (array: JArray, index: number) => array.removeItemAt(index),
  },
});

const propertyType = declareType({
  name: `${LINQ}.JProperty`,
  kind: "class",
  base: `${LINQ}.JContainer`,
  is: (value) => value instanceof JProperty,
  members: {
    "new JProperty(JProperty other)": (other: JProperty | null) => copyOf(other),
    "new JProperty(string name, params object[] content)": (name: string | null, content: ClrArray | null) =>
      JProperty.of(name, content),
    "new JProperty(string name, object content)": (name: string | null, content: unknown) =>
      JProperty.of(name, content),
    "string Name { get; }": (property: JProperty) => property.name,
    "JToken Value { get; set; }": {
      get: (property: JProperty) => property.value,
      set: (property: JProperty, value: JToken | null) => {
        property.value = value;
      },
    },
  },
});

const constructorType = declareType({
  name: `${LINQ}.JConstructor`,
  kind: "class",
  base: `${LINQ}.JContainer`,
  is: (value) => value instanceof JConstructor,
  members: {
    "new JConstructor()": () => new JConstructor(null),
    "new JConstructor(JConstructor other)": (other: JConstructor | null) => copyOf(other),
    "new JConstructor(string name)": (name: string | null) => JConstructor.of(name, []),
    "new JConstructor(string name, params object[] content)": (name: string | null, content: ClrArray | null) =>
      JConstructor.of(name, content),
    "new JConstructor(string name, object content)": (name: string | null, content: unknown) =>
      JConstructor.of(name, content),
    "string Name { get; set; }": {
      get: (call: JConstructor) => call.name,
      set: (call: JConstructor, name: string | null) => {
        call.name = name;
      },
    },
  },
});

export const containerTypes: TypeDeclaration[] = [containerType, objectType, arrayType, propertyType, constructorType];
