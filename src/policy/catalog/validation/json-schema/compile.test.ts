import { describe, expect, it } from "vitest";
import type { SchemaDocument } from "../../../../model/contract.ts";
import { AS_WRITTEN, compileSchema, type SchemaOptions } from "./compile.ts";
import { JsonText } from "./json-text.ts";
import type { Direction, Path } from "./run.ts";
import { MissingDefinitionError, SchemaError, ValidationLimitError } from "./schema-error.ts";

function check(
  schema: unknown,
  value: unknown,
  { options = AS_WRITTEN, direction = "request" }: { options?: SchemaOptions; direction?: Direction } = {},
): string[] {
  const document: SchemaDocument = { kind: "json", root: schema };
  const others = new Map<string, SchemaDocument>([
    ["other", { kind: "json", root: { definitions: { n: { type: "null" } } } }],
  ]);
  return compileSchema(schema, { document, others: (id) => others.get(id) }, options)
    .validate(value, direction)
    .map(({ message }) => message);
}

const valid = (schema: unknown, value: unknown) => check(schema, value).length === 0;

describe("keywords", () => {
  it.each([
    [{ type: "integer" }, [1, 1.0, -0], [1.5, "1", null, true]],
    [{ type: ["string", "null"] }, ["", null], [1, {}]],
    [{ enum: [1, "1", { a: [1, 2] }] }, [1, "1", { a: [1, 2] }], [2, { a: [2, 1] }, null]],
    [{ const: { b: 1, a: 2 } }, [{ a: 2, b: 1 }], [{ a: 2 }, null]],
    [{ minimum: 1, exclusiveMinimum: true }, [1.1, "x"], [1]],
    [{ exclusiveMinimum: 1, exclusiveMaximum: 3 }, [2], [1, 3]],
    [{ multipleOf: 0.01 }, [0.07, 1.13, 0], [0.015]],
    [{ maxLength: 2 }, ["😀😀"], ["😀😀a"]],
    [{ minLength: 2 }, ["ab"], ["😀"]],
    [{ pattern: "b" }, ["abc"], ["ac"]],
    [{ format: "int32", type: "integer" }, [2147483647], [2147483648]],
    [{ items: { type: "string" }, minItems: 1 }, [["a"]], [[], [1]]],
    [{ prefixItems: [{ type: "string" }], items: false }, [["a"], []], [["a", 1], [1]]],
    [{ items: [{ type: "string" }], additionalItems: { type: "null" } }, [["a", null]], [["a", 1]]],
    [
      { uniqueItems: true },
      [[1, "1", [1]]],
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      ],
    ],
    [{ contains: { type: "null" }, maxContains: 1 }, [[1, null]], [[1], [null, null]]],
    [{ required: ["toString"] }, [{ toString: 1 }], [{}]],
    [{ properties: { __proto__x: {} }, additionalProperties: false }, [{}], [{ constructor: 1 }]],
    [
      { patternProperties: { "^x": { type: "null" } }, additionalProperties: false },
      [{ xa: null }],
      [{ xa: 1 }, { a: 1 }],
    ],
    [{ propertyNames: { maxLength: 1 } }, [{ a: 1 }], [{ ab: 1 }]],
    [{ minProperties: 1, maxProperties: 1 }, [{ a: 1 }], [{}, { a: 1, b: 2 }]],
    [{ dependentRequired: { a: ["b"] } }, [{ b: 1 }, { a: 1, b: 1 }], [{ a: 1 }]],
    [{ dependencies: { a: { required: ["b"] } } }, [{}], [{ a: 1 }]],
    [{ oneOf: [{ type: "integer" }, { minimum: 2 }] }, [1, 2.5], [3, 1.5]],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, ["", null], [1]],
    [{ not: { type: "string" } }, [1], ["a"]],
    [JSON.parse('{"if":{"type":"string"},"then":{"minLength":2},"else":{"type":"null"}}'), ["ab", null], ["a", 1]],
    [{ allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }, [{ a: 1 }], [{ b: 1 }]],
    [{ type: "string", nullable: true, enum: ["a"] }, ["a", null], ["b"]],
    [{ $ref: "#/definitions/x", definitions: { x: { type: "string" } } }, ["a"], [1]],
    [{ $ref: "/schemas/other#/definitions/n" }, [null], [1]],
    [false, [], [1, null]],
    [true, [1, null], []],
  ])("%j", (schema, good, bad) => {
    for (const value of good) expect(check(schema, value), JSON.stringify(value)).toEqual([]);
    for (const value of bad) expect(valid(schema, value), JSON.stringify(value)).toBe(false);
  });

  it.each([
    [
      "date-time",
      ["2024-02-29T23:59:60Z", "2024-01-01t00:00:00.5+01:00"],
      ["2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z"],
    ],
    ["date", ["2024-02-29"], ["2100-02-29", "24-01-01", "2024-13-01"]],
    ["email", ["a.b+c@example.com", "ü@x.de"], ["a@", "@b", "a..b@c.d", "a b@c.d"]],
    ["uuid", ["3FA85F64-5717-4562-b3fc-2c963f66afa6"], ["3fa85f6457174562b3fc2c963f66afa6"]],
    ["ipv4", ["192.0.2.1"], ["192.0.2.256", "1.2.3"]],
    ["ipv6", ["2001:db8::1"], ["2001:db8::1::", "1.2.3.4"]],
    ["hostname", ["a-b.example"], ["-a", "a..b", "a_b"]],
    ["uri", ["urn:x:y", "https://a/b?c#d"], ["/a", "http://a b", "x:%zz"]],
    ["byte", ["YQ==", ""], ["YQ=", "Y*=="]],
    ["duration", ["P1DT2H", "P2W"], ["P", "PT", "1D"]],
    ["unheard-of", ["anything"], []],
  ])("format %s", (format, good, bad) => {
    for (const text of good) expect(check({ format }, text), text).toEqual([]);
    for (const text of bad) expect(valid({ format }, text), text).toBe(false);
  });
});

describe("OpenAPI", () => {
  const schema = {
    required: ["id", "secret"],
    properties: { id: { readOnly: true }, secret: { writeOnly: true } },
  };

  it("asks for read-only properties of responses, and for write-only ones of requests", () => {
    expect(check(schema, { secret: 1 })).toEqual([]);
    expect(check(schema, { id: 1 })).toEqual(["Required properties are missing from object: secret."]);
    expect(check(schema, { id: 1 }, { direction: "response" })).toEqual([]);
    expect(check(schema, { secret: 1 }, { direction: "response" })).toHaveLength(1);
  });

  it("lets the discriminator choose, so that the chosen schema's findings are reported", () => {
    const pets = {
      oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }],
      discriminator: { propertyName: "kind", mapping: { pup: "Dog" } },
      components: { schemas: { Cat: { required: ["lives"] }, Dog: { required: ["bark"] } } },
    };
    expect(check(pets, { kind: "Cat", lives: 9 })).toEqual([]);
    expect(check(pets, { kind: "pup", lives: 9 })).toEqual(["Required properties are missing from object: bark."]);
    expect(check(pets, { kind: "cat" })).toEqual(["Property 'kind' names no schema from 'oneOf'."]);
    expect(check(pets, "cat")).toHaveLength(1);
  });
});

describe("what a policy may change", () => {
  const closed = { properties: { a: { properties: { b: {} } } }, additionalProperties: false };
  const options = (additionalProperties: boolean): { options: SchemaOptions } => ({
    options: { additionalProperties, ignoreCase: false },
  });

  it("allows additional properties against the schema", () => {
    expect(check(closed, { x: 1 })).toHaveLength(1);
    expect(check(closed, { x: 1 }, options(true))).toEqual([]);
  });

  it("forbids them against the schema, parts of a composed schema taken together", () => {
    const open = { allOf: [{ properties: { a: {} } }, { properties: { b: {} }, additionalProperties: true }] };
    expect(check(open, { a: 1, b: 1 }, options(false))).toEqual([]);
    expect(check(open, { a: 1, c: 1 }, options(false))).toHaveLength(1);
    expect(check(closed, { a: { b: 1, c: 1 } }, options(false))).toHaveLength(1);
  });

  it("leaves maps and values without any description alone", () => {
    expect(check({ additionalProperties: { type: "string" } }, { a: "x" }, options(false))).toEqual([]);
    expect(check({ properties: { any: {} } }, { any: { x: 1 } }, options(false))).toEqual([]);
  });

  it("compares property names without regard to case", () => {
    const schema = { required: ["Id"], properties: { Id: { type: "integer" } }, additionalProperties: false };
    const ignoreCase = { options: { additionalProperties: undefined, ignoreCase: true } };
    expect(check(schema, { iD: 1 }, ignoreCase)).toEqual([]);
    expect(check(schema, { id: 1, ID: "x" }, ignoreCase)).toHaveLength(1);
    expect(check(schema, { iD: 1 })).toHaveLength(2);
  });
});

describe("limits", () => {
  it.each(["$dynamicRef", "unevaluatedItems", "$anchor"])("refuses %s rather than pass over it", (keyword) => {
    expect(() => check({ [keyword]: false }, 1)).toThrow(SchemaError);
  });

  it("refuses wrong schemas and references that lead nowhere", () => {
    expect(() => check({ type: "text" }, 1)).toThrow(SchemaError);
    expect(() => check({ pattern: "(" }, "a")).toThrow(SchemaError);
    expect(() => check({ $ref: "#/definitions/Gone" }, 1)).toThrow(MissingDefinitionError);
    expect(() => check({ $ref: "http://elsewhere.example/x.json" }, 1)).toThrow(MissingDefinitionError);
  });

  it("ends where a schema leads back to itself, or alternatives multiply", () => {
    expect(() => check({ $ref: "#" }, 1)).toThrow(ValidationLimitError);
    const twice = { anyOf: [{ $ref: "#/definitions/t" }, { $ref: "#/definitions/t" }] };
    const tree = { definitions: { t: { properties: { n: twice }, required: ["leaf"] } }, ...twice };
    let value: unknown = {};
    for (let depth = 0; depth < 40; depth++) value = { n: value, leaf: 1 };
    expect(() => check(tree, value)).toThrow(ValidationLimitError);
  });

  it("does not explode on patterns, and stops at a bound where they would", () => {
    expect(valid({ pattern: "^(a+)+$" }, `${"a".repeat(5000)}!`)).toBe(false);
  });
});

describe("JSON text", () => {
  it("knows the place of each value", () => {
    const text = new JsonText('{"a":{"b":[1,{"c":"\\"}"}]},\n "d": [[2]] }');
    const at = (...keys: (string | number)[]) => {
      let path: Path | undefined;
      for (const key of keys) path = { parent: path, key };
      return text.places([path, undefined])[0];
    };
    expect(at()).toBe("Line: 1, Position: 1");
    expect(at("a", "b", 1, "c")).toBe("Line: 1, Position: 19");
    expect(at("d", 0, 0)).toBe("Line: 2, Position: 9");
  });

  it.each([
    ['{"a":1,"a":2}', "The property 'a' is repeated. Line: 1, Position: 8"],
    ['[{"\\u0061":1,"a":2}]', "The property 'a' is repeated."],
    ["{'a':1}", "The body is not valid JSON."],
    ["", "The body is not valid JSON."],
    ["[".repeat(201) + "]".repeat(201), "The body is nested too deeply."],
  ])("refuses %j", (text, message) => {
    expect(() => new JsonText(text)).toThrow(message);
  });

  it("finds many places in one pass", () => {
    const text = new JsonText(`[${"\n{},".repeat(200_000)}{}]`);
    const paths = Array.from({ length: 100 }, (_, index) => ({ parent: undefined, key: 200_000 - index }));
    expect(text.places(paths)[99]).toBe("Line: 199903, Position: 1");
  });

  it("reads long strings and brackets inside of strings", () => {
    const value = ["x".repeat(1_000_000), '}{[]"\\', { a: "\\" }];
    expect(new JsonText(JSON.stringify(value)).value).toEqual(value);
  });
});
