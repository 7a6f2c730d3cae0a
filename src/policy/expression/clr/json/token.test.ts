import { describe, expect, test } from "vitest";
import {
  ArgumentException,
  ArgumentOutOfRangeException,
  InvalidOperationException,
  JsonException,
} from "../exceptions.ts";
import { JArray } from "./array.ts";
import { JObject } from "./object.ts";
import { JProperty } from "./property.ts";
import { parseJson, parseJsonArray, parseJsonObject } from "./read.ts";
import type { JToken } from "./token.ts";
import { JValue } from "./value.ts";
import { writeJson } from "./write.ts";

const text = (token: JToken) => writeJson(token, false);
const value = (of: unknown) => JValue.of(of);

describe("JObject", () => {
  test("adds, replaces and removes, in order", () => {
    const object = parseJsonObject('{"a":1,"b":2}');
    object.set("a", value("x"));
    object.set("c", null);
    expect(text(object)).toBe('{"a":"x","b":2,"c":null}');
    expect(object.removeKey("b")).toBe(true);
    expect(object.removeKey("b")).toBe(false);
    expect(object.get("b")).toBe(null);
    expect(object.get("c")?.toClrString()).toBe("");
  });

  test("refuses what is no property, and a second of the same name", () => {
    const object = parseJsonObject('{"a":1}');
    expect(() => object.add(value(1))).toThrow(
      "Can not add Newtonsoft.Json.Linq.JValue to Newtonsoft.Json.Linq.JObject.",
    );
    expect(() => object.addEntry("a", value(2))).toThrow(
      "Can not add property a to Newtonsoft.Json.Linq.JObject. Property with the same name already exists on object.",
    );
    expect(() => object.child(0)).toThrow(ArgumentException);
  });

  test("finds among many properties after changes", () => {
    const object = new JObject();
    for (let i = 0; i < 50; i++) object.set(`p${i}`, value(i));
    object.removeKey("p3");
    object.set("p3", value("again"));
    object.property("p4")?.replace(JProperty.of("q", 1));
    expect(object.get("p3")?.toClrString()).toBe("again");
    expect(object.get("p4")).toBe(null);
    expect(object.get("q")?.toClrString()).toBe("1");
    expect(object.count).toBe(50);
  });

  test("copies a token that has a parent, and one that would contain itself", () => {
    const object = parseJsonObject('{"a":{"b":1}}');
    object.set("c", object.get("a"));
    (object.get("a") as JObject).set("b", value(2));
    object.set("self", object);
    expect(text(object)).toBe('{"a":{"b":2},"c":{"b":1},"self":{"a":{"b":2},"c":{"b":1}}}');
  });

  test("merges", () => {
    const object = parseJsonObject('{"a":{"x":1},"b":[1],"c":1,"d":2}');
    object.merge(parseJson('{"a":{"y":2},"b":[2],"c":null,"d":"z","e":0}'));
    expect(text(object)).toBe('{"a":{"x":1,"y":2},"b":[1,2],"c":1,"d":"z","e":0}');
  });

  test("throws when it changes under an enumeration", () => {
    const object = parseJsonObject('{"a":1,"b":2}');
    expect(() => {
      for (const property of object) object.removeItem(property);
    }).toThrow(InvalidOperationException);
  });
});

describe("JArray", () => {
  test("expands sequences and keeps single values", () => {
    expect(text(JArray.of([1, "x", null, [true, []]]))).toBe('[1,"x",null,true]');
    expect(text(JArray.of("x"))).toBe('["x"]');
    expect(text(JArray.of(parseJson("[1]")))).toBe("[[1]]");
    expect(() => JArray.of(new JProperty("a", value(1)))).toThrow(ArgumentException);
    expect(() => JArray.of({})).toThrow("Could not determine JSON object type");
  });

  test("checks indexes and keys", () => {
    const array = parseJsonArray("[1,2]");
    expect(() => array.child(9)).toThrow(ArgumentOutOfRangeException);
    expect(() => array.child(-1)).toThrow(ArgumentOutOfRangeException);
    expect(() => array.child("x")).toThrow(
      'Accessed JArray values with invalid key value: "x". Int32 array index expected.',
    );
  });

  test("finds items by identity", () => {
    const array = parseJsonArray("[1,1]");
    expect(array.indexOf(array.getItem(1))).toBe(1);
    expect(array.contains(value(1n))).toBe(false);
  });
});

describe("navigation", () => {
  const root = parseJson('{"a":[10,{"b c":true}],"d":1}') as JObject;

  test("goes to siblings, ancestors and the root", () => {
    const first = root.get("a")?.child(0) as JToken;
    expect(first.next?.path).toBe("a[1]");
    expect(first.previous).toBe(null);
    expect(root.first?.next?.path).toBe("d");
    const deep = first.next?.child("b c") as JToken;
    expect(deep.path).toBe("a[1]['b c']");
    expect([...deep.ancestors()].map((token) => token.path)).toEqual(["a[1]['b c']", "a[1]", "a", "a", ""]);
    expect(deep.root).toBe(root);
    expect([...root.descendants()].length).toBe(8);
  });

  test("keeps places right when siblings come and go", () => {
    const array = parseJsonArray("[1,2,3]");
    const last = array.getItem(2) as JToken;
    array.addFirst(0);
    expect(last.path).toBe("[3]");
    (array.getItem(1) as JToken).detach();
    expect(last.path).toBe("[2]");
    last.addBeforeSelf("x");
    last.addAfterSelf([4, 5]);
    (array.getItem(0) as JToken).replace(null);
    expect(text(array)).toBe('[null,2,"x",3,4,5]');
    expect([...last.afterSelf()].length).toBe(2);
    expect([...last.beforeSelf()].length).toBe(3);
  });

  test("says what cannot be done", () => {
    expect(() => value(1).child("k")).toThrow("Cannot access child value on Newtonsoft.Json.Linq.JValue.");
    expect(() => value(1).detach()).toThrow("The parent is missing.");
    expect(() => root.get("d")?.detach()).toThrow(JsonException);
    expect(() => root.property("d")?.add(1)).toThrow("cannot have multiple values");
  });
});

describe("equality", () => {
  test("compares content, whatever the order of properties", () => {
    const same = (a: string, b: string) => parseJson(a).contentEquals(parseJson(b));
    expect(same('{"a":1,"b":[1,2]}', '{"b":[1,2],"a":1}')).toBe(true);
    expect(same("[1,2]", "[2,1]")).toBe(false);
    expect(same("1", "1.0")).toBe(false);
    expect(same("1.1", "1.1000000000000000001")).toBe(true);
  });

  test("holds between integers of different widths", () => {
    expect(value(1).clrEquals(value(1n))).toBe(true);
    expect(value(1).clrHashCode()).toBe(value(1n).clrHashCode());
    expect(value("a").clrEquals(value("A"))).toBe(false);
  });
});
