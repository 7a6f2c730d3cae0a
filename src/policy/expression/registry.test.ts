import { describe, expect, it } from "vitest";
import { declareType } from "./clr/declare.ts";
import { makeDialect } from "./dialect.ts";
import { policyDialect } from "./library.ts";
import { Registry } from "./registry.ts";

describe("the declarations of policy expressions", () => {
  const { registry } = policyDialect().language;

  it("are all usable: every signature parses and names declared types", () => {
    for (const definition of registry.definitions) {
      void definition.members;
      void definition.base;
      void definition.interfaces;
    }
    expect(registry.problems).toEqual([]);
  });

  it("offer every namespace of the reference without qualification, and in full", () => {
    for (const name of [
      "String",
      "Regex",
      "JObject",
      "XElement",
      "StringBuilder",
      "SHA256",
      "WebUtility",
      "IResponse",
      "Jwt",
      "Formatting",
      "Uri",
    ]) {
      const found = registry.find(name, 0);
      expect(found, name).toBeDefined();
      expect(registry.find(found?.fullName ?? "", 0)).toBe(found);
    }
    expect(registry.find("List", 1)?.fullName).toBe("System.Collections.Generic.List");
    expect(registry.find("List", 0)).toBeUndefined();
  });

  it.each([
    "File",
    "Environment",
    "Process",
    "Assembly",
    "Activator",
    "Thread",
    "HttpClient",
    "Console",
    "AppDomain",
    "Marshal",
  ])("leave out %s", (name) => {
    expect(registry.find(name, 0)).toBeUndefined();
  });
});

describe("signatures", () => {
  const box = declareType({
    name: "Test.Box<T>",
    kind: "class",
    members: {
      "new Box(T value)": () => null,
      "T Value { get; set; }": { get: () => null, set: () => null },
      "T this[int index] { get; }": () => null,
      "static Box<U> Of<U>(U value, params U[] more)": () => null,
      'string Join(string separator = ", ", bool deep = false)': () => "",
      "bool TryGet(string key, out T value)": () => false,
      "static implicit operator T(Box<T> box)": () => null,
      "static Box<T> operator +(Box<T> left, Box<T> right)": () => null,
      "int? Count(int[][] counts)": () => null,
    },
  });
  const base = [
    declareType({ name: "System.Object", kind: "class", keyword: "object" }),
    declareType({ name: "System.ValueType", kind: "class" }),
    declareType({ name: "System.Nullable<T>", kind: "struct" }),
    declareType({ name: "System.String", kind: "class", keyword: "string" }),
    declareType({ name: "System.Int32", kind: "struct", keyword: "int" }),
    declareType({ name: "System.Boolean", kind: "struct", keyword: "bool" }),
  ];
  const registry = new Registry([...base, box]);
  const definition = registry.find("Test.Box", 1);
  const shape = (name: string) =>
    definition
      ?.membersNamed(name)
      .map(
        (m) =>
          `${m.kind}${m.isStatic ? " static" : ""} ${m.type} (${m.parameters.map((p) => `${p.mode} ${p.type} ${p.name}${p.defaultText ? `=${p.defaultText}` : ""}`).join(", ")})`,
      );

  it.each([
    [".ctor", "constructor Box<T> (value T value)"],
    ["Value", "property T ()"],
    ["this[]", "indexer T (value int index)"],
    ["Of", "method static Box<U> (value U value, params U[] more)"],
    ["Join", 'method string (value string separator=", ", value bool deep=false)'],
    ["TryGet", "method bool (value string key, out T value)"],
    ["implicit", "conversion static T (value Box<T> box)"],
    ["+", "operator static Box<T> (value Box<T> left, value Box<T> right)"],
    ["Count", "method int? (value int[][] counts)"],
  ])("%s", (name, expected) => {
    expect(shape(name)).toEqual([expected]);
    expect(registry.problems).toEqual([]);
  });

  it("note what cannot be used", () => {
    const broken = new Registry([
      ...base,
      declareType({
        name: "Test.Broken",
        kind: "class",
        members: { "Missing Get()": () => null, "int Fine()": () => 1, "int (": () => 1 },
      }),
    ]);
    expect([...(broken.find("Test.Broken", 0)?.members.keys() ?? [])]).toEqual(["Fine"]);
    expect(broken.problems).toHaveLength(2);
    expect(broken.problems[0]).toContain("'Missing' is not declared");
  });
});

describe("one type in several declarations", () => {
  it("has the members of all", () => {
    const part = (signature: string) =>
      declareType({ name: "Test.Part", kind: "static", members: { [signature]: () => 1 } });
    const { language } = makeDialect([...policyParts(), part("static int A()"), part("static int B()")]);
    expect([...(language.registry.find("Test.Part", 0)?.members.keys() ?? [])].sort()).toEqual(["A", "B"]);
  });
});

function policyParts() {
  return [...policyDialect().language.registry.definitions].map((definition) => definition.declaration);
}
