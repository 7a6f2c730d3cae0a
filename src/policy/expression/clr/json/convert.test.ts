import { describe, expect, test } from "vitest";
import { AnonymousObject } from "../anonymous.ts";
import { Box, ClrArray } from "../box.ts";
import { Dictionary } from "../collections/dictionary.ts";
import { List } from "../collections/list.ts";
import type { RuntimeType } from "../declare.ts";
import {
  ArgumentException,
  ArgumentNullException,
  FormatException,
  InvalidCastException,
  JsonSerializationException,
  OverflowException,
} from "../exceptions.ts";
import { Guid } from "../system/guid.ts";
import { CONVERSIONS, castToken, valueAs } from "./convert.ts";
import { deserialize } from "./deserialize.ts";
import { arrayFrom, tokenFromObject } from "./from-object.ts";
import { JObject } from "./object.ts";
import { parseJson } from "./read.ts";
import { JToken } from "./token.ts";
import { JValue } from "./value.ts";
import { writeJson } from "./write.ts";

function cast(target: string, json: string | null, nullable = false): unknown {
  const conversion = CONVERSIONS.find((candidate) => candidate.target === target);
  if (conversion === undefined) throw new Error(`no conversion to ${target}`);
  return castToken(json === null ? null : parseJson(json), conversion, nullable || conversion.reference);
}

function type(name: string, is: (value: unknown) => boolean, more: Partial<RuntimeType> = {}): RuntimeType {
  return { name, args: [], default: null, nullable: false, is, ...more };
}

const INT = type("int", (value) => typeof value === "number", { default: 0 });
const STRING = type("string", (value) => typeof value === "string");
const BOOL = type("bool", (value) => typeof value === "boolean", { default: false });
const OBJECT = type("Newtonsoft.Json.Linq.JObject", (value) => value instanceof JObject);
const NULLABLE_INT = type("int?", INT.is, { nullable: true, args: [INT] });

describe("casts", () => {
  test.each([
    ["int", "1.5", 2],
    ["int", "2.5", 2],
    ["int", '"42"', 42],
    ["int", "true", 1],
    ["long", "5", 5n],
    ["double", "5", 5],
    ["bool", '"true"', true],
    ["bool", "2", true],
    ["string", "5", "5"],
    ["string", "true", "True"],
    ["string", "1.0", "1"],
    ["string", "null", null],
    ["string", '"2026-01-05T09:05:07Z"', "01/05/2026 09:05:07"],
    ["char", '"a"', 97],
  ])("(%s) %s", (target, json, expected) => {
    expect(cast(target, json)).toBe(expected);
  });

  test("fail as .NET's do", () => {
    expect(() => cast("int", '"x"')).toThrow(FormatException);
    expect(() => cast("int", "null")).toThrow("Can not convert Null to Int32.");
    expect(() => cast("string", "{}")).toThrow("Can not convert Object to String.");
    expect(() => cast("int", null)).toThrow(ArgumentNullException);
    expect(() => cast("int", "3000000000")).toThrow(OverflowException);
    expect(() => cast("int", "123456789012345678901234567890")).toThrow(OverflowException);
    expect(() => cast("DateTime", "5")).toThrow(ArgumentException);
  });

  test("to nullable types give null for null and for nothing", () => {
    expect(cast("int", "null", true)).toBe(null);
    expect(cast("int", null, true)).toBe(null);
    expect(cast("string", null)).toBe(null);
  });

  test("read GUIDs, spans and bytes from text", () => {
    expect(cast("Guid", '"00112233-4455-6677-8899-aabbccddeeff"')).toBeInstanceOf(Guid);
    expect(cast("byte[]", '"AQID"')).toEqual(Uint8Array.of(1, 2, 3));
    expect(cast("TimeSpan", '"01:30:00"')).toMatchObject({ ticks: 54_000_000_000n });
  });
});

describe("Value<T>()", () => {
  const value = (json: string, of: RuntimeType) => valueAs(parseJson(json), of);

  test("gives tokens as they are and converts values", () => {
    expect(value("{}", OBJECT)).toBeInstanceOf(JObject);
    expect(value('"42"', INT)).toBe(42);
    expect(value("1.5", INT)).toBe(2);
    expect(value("true", STRING)).toBe("True");
    expect(value("null", STRING)).toBe(null);
    expect(value("null", NULLABLE_INT)).toBe(null);
    expect(value("7", NULLABLE_INT)).toBe(7);
    expect(valueAs(null, INT)).toBe(0);
  });

  test("throws where there is no conversion", () => {
    expect(() => value("null", BOOL)).toThrow(InvalidCastException);
    expect(() => value("{}", STRING)).toThrow(
      "Cannot cast Newtonsoft.Json.Linq.JObject to Newtonsoft.Json.Linq.JToken.",
    );
    expect(() => value('"x"', INT)).toThrow(FormatException);
  });
});

describe("FromObject", () => {
  const text = (value: unknown) => writeJson(tokenFromObject(value), false);

  test("writes anonymous objects, dictionaries and sequences", () => {
    const dictionary = new Dictionary("string", "int");
    dictionary.addEntry("k", new ClrArray("double", [new Box("Double", 1)]));
    const value = new AnonymousObject(["a", "b", "c"], [dictionary, null, new Box("Char", 120)]);
    expect(text(value)).toBe('{"a":{"k":[1.0]},"b":null,"c":"x"}');
    expect(text(Uint8Array.of(1, 2, 3))).toBe('"AQID"');
    expect(text(new List("object", [parseJson('{"a":1}')]))).toBe('[{"a":1}]');
  });

  test("leaves the tokens inside where they were", () => {
    const token = parseJson("[1]");
    tokenFromObject(new List("object", [token]));
    expect(token.parent).toBe(null);
  });

  test("refuses loops and the wrong kind", () => {
    const list = new List("object");
    list.add(list);
    expect(() => text(list)).toThrow(JsonSerializationException);
    expect(() => arrayFrom("x")).toThrow("Object serialized to x. JArray instance expected.");
  });
});

describe("ToObject and DeserializeObject", () => {
  const LIST = type("System.Collections.Generic.List<int>", (v) => v instanceof List, { args: [INT] });
  const MAP = type("System.Collections.Generic.Dictionary<string,string>", (v) => v instanceof Dictionary, {
    args: [STRING, STRING],
  });
  const read = (json: string, of: RuntimeType, parsed = true) =>
    deserialize(parseJson(json, { dates: !parsed }), of, { parsed });

  test("fill collections", () => {
    expect((read('[1,"2"]', LIST) as List).items).toEqual([1, 2]);
    const map = read('{"a":1,"b":true,"t":"2026-01-05T09:05:07Z"}', MAP) as Dictionary;
    expect([...map.values]).toEqual(["1", "true", "2026-01-05T09:05:07Z"]);
    expect(
      read(
        "[1]",
        type("int[]", () => false, { args: [INT] }),
      ),
    ).toEqual(new ClrArray("int", [1]));
    expect(read("null", LIST)).toBe(null);
  });

  test("copy tokens and find their dates", () => {
    const object = type("object", () => true);
    const token = read('{"t":"2026-01-05T09:05:07Z"}', object) as JObject;
    expect(token.get("t")?.toClrString()).toBe("01/05/2026 09:05:07");
    expect(read("5", object)).toBe(5n);
    expect(
      read(
        "{}",
        type("Newtonsoft.Json.Linq.JToken", (v) => v instanceof JToken),
        false,
      ),
    ).toBeInstanceOf(JObject);
  });

  test("convert values as casts do", () => {
    expect(deserialize(JValue.of("42"), INT, { parsed: false })).toBe(42);
    expect(() => read("[null]", LIST)).toThrow("Error converting value {null} to type 'System.Int32'. Path '[0]'.");
    expect(() => read('["x"]', LIST)).toThrow(JsonSerializationException);
    expect(() => read("{}", LIST)).toThrow("Cannot deserialize the current JSON object into type");
  });
});
