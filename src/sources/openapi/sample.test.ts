import { describe, expect, it } from "vitest";
import { parseDataDocument } from "../document/data-document.ts";
import { Report } from "../report.ts";
import { References } from "./refs.ts";
import { SampleMaker } from "./sample.ts";

function sample(schema: unknown, schemas: object = {}): unknown {
  const report = new Report();
  const document = parseDataDocument("s.json", JSON.stringify({ schema, schemas }), report);
  if (!document) throw new Error("the test's document is wrong");
  const made = new SampleMaker(new References(document, report)).make((document.value as { schema: unknown }).schema, [
    "schema",
  ]);
  expect(report.diagnostics).toEqual([]);
  return made;
}

describe("sample of a schema", () => {
  it.each([
    [{ type: "string" }, "string"],
    [{ type: "string", format: "uuid" }, "3fa85f64-5717-4562-b3fc-2c963f66afa6"],
    [{ type: "string", maxLength: 3 }, "str"],
    [{ type: "string", minLength: 8 }, "stringxx"],
    [{ type: "integer", minimum: 5 }, 5],
    [{ type: "integer", minimum: 5, exclusiveMinimum: true }, 6],
    [{ type: "number", maximum: -1 }, -1],
    [{ type: "boolean" }, true],
    [{ type: ["null", "integer"] }, 0],
    [{ enum: ["a", "b"] }, "a"],
    [{ const: 4 }, 4],
    [{ type: "string", default: "d" }, "d"],
    [{ type: "string", examples: ["e"], default: "d" }, "e"],
    [{ type: "string", example: "" }, ""],
    [{ type: "object" }, {}],
    [{ type: "object", additionalProperties: { type: "integer" } }, { property: 0 }],
    [{ properties: { a: { type: "integer" }, secret: { type: "string", writeOnly: true } } }, { a: 0 }],
    [{ type: "array", items: { type: "boolean" } }, [true]],
    [{ type: "array" }, []],
    [
      { allOf: [{ properties: { a: { type: "integer" } } }, { properties: { b: { type: "integer" } } }] },
      { a: 0, b: 0 },
    ],
    [
      { properties: { a: { type: "integer" } }, oneOf: [{ properties: { b: { type: "integer" } } }] },
      { a: 0, b: 0 },
    ],
    [{ anyOf: [{ type: "null" }, { type: "string" }] }, "string"],
    [{}, undefined],
    [true, undefined],
  ])("%j is %j", (schema, expected) => {
    expect(sample(schema)).toEqual(expected);
  });

  it("leaves a schema inside itself out", () => {
    const node = {
      type: "object",
      properties: {
        name: { type: "string" },
        next: { $ref: "#/schemas/Node" },
        all: { type: "array", items: { $ref: "#/schemas/Node" } },
      },
    };
    expect(sample({ $ref: "#/schemas/Node" }, { Node: node })).toEqual({ name: "string", all: [] });
  });

  it("stays small where schemas branch out without end", () => {
    const schemas: Record<string, object> = {};
    for (let level = 0; level < 30; level++) {
      const properties = Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => [`p${at}`, { $ref: `#/schemas/L${level + 1}` }]),
      );
      schemas[`L${level}`] = { type: "object", properties };
    }
    schemas.L30 = { type: "string" };
    expect(JSON.stringify(sample({ $ref: "#/schemas/L0" }, schemas)).length).toBeLessThan(50_000);
  });
});
