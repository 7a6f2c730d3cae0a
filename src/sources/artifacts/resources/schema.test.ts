import { describe, expect, it } from "vitest";
import { apiFiles, readTestFiles } from "../testing.ts";

const info = (properties: object) => ({ properties });

describe("schema resources", () => {
  it("are read for the service and for an API, JSON and XML, under both names of the file", () => {
    const { catalog, findings } = readTestFiles({
      ...apiFiles("a"),
      "schemas/order/schemaInformation.json": info({ schemaType: "json", document: { type: "object" } }),
      "schemas/note/schemaInformation.json": info({ schemaType: "xml", value: "<xs:schema/>" }),
      "apis/a/schemas/wsdl/apiSchemaInformation.json": info({
        contentType: "application/vnd.ms-azure-apim.xsd+xml",
        document: { value: "<s/>" },
      }),
      "apis/a/schemas/types/schemaInformation.json": info({
        contentType: "application/vnd.oai.openapi.components+json",
        document: { components: { schemas: { x: { type: "string" } } } },
      }),
      "apis/a/schemas/text/schemaInformation.json": info({ schemaType: "json", value: '{"type":"array"}' }),
    });
    expect(findings).toEqual([]);
    expect(catalog.schemas?.map(({ id, document }) => [id, document])).toEqual([
      ["note", { kind: "xml", text: "<xs:schema/>" }],
      ["order", { kind: "json", root: { type: "object" } }],
    ]);
    expect(catalog.apis[0]?.schemas?.map(({ id, document }) => [id, document])).toEqual([
      ["text", { kind: "json", root: { type: "array" } }],
      ["types", { kind: "json", root: { components: { schemas: { x: { type: "string" } } } } }],
      ["wsdl", { kind: "xml", text: "<s/>" }],
    ]);
  });

  it("of kinds that validate nothing are passed over", () => {
    const graphql = info({
      contentType: "application/vnd.ms-azure-apim.graphql.schema",
      document: { value: "type Q" },
    });
    const { catalog, findings } = readTestFiles({
      ...apiFiles("a"),
      "apis/a/schemas/graphql/schemaInformation.json": graphql,
    });
    expect(findings).toEqual([]);
    expect(catalog.apis[0]?.schemas).toBeUndefined();
  });

  it.each([
    [{ schemaType: "xml" }, 'a schema of type "xml" needs its text'],
    [{ schemaType: "json" }, 'a schema of type "json" needs an object'],
    [{ schemaType: "json", value: "[1]" }, 'a schema of type "json" needs an object'],
    [{ schemaType: "json", value: "{" }, 'a schema of type "json" needs an object'],
    [{ schemaType: "yaml" }, '"schemaType" may not be "yaml"'],
  ])("that are broken are reported and left out: %j", (properties, finding) => {
    const { catalog, findings } = readTestFiles({
      ...apiFiles("a"),
      "schemas/x/schemaInformation.json": info(properties),
    });
    expect(findings.join("\n")).toContain(finding);
    expect(catalog.schemas).toBeUndefined();
  });
});

describe("the contract of an operation", () => {
  const files = (operation: object) => ({
    ...apiFiles("a"),
    "apis/a/specification.json": {
      openapi: "3.0.1",
      info: { title: "a", version: "1" },
      paths: {
        "/o/{id}": {
          post: {
            operationId: "make",
            parameters: [
              { name: "id", in: "path", required: true, schema: { type: "integer" } },
              { name: "q", in: "query", schema: { type: "string" } },
            ],
            requestBody: { content: { "application/json": { schema: { type: "object" } } } },
            responses: { "200": { description: "ok", headers: { "x-a": { schema: { type: "string" } } } } },
          },
        },
      },
    },
    "apis/a/operations/make/operationInformation.json": info(operation),
  });
  const contract = (operation: object) => readTestFiles(files(operation)).catalog.apis[0]?.operations[0]?.contract;

  it("is the specification's where the information file does not speak of it", () => {
    expect(contract({ displayName: "Make" })).toMatchObject({
      parameters: [{ name: "id" }, { name: "q" }],
      bodies: [{ contentType: "application/json", definition: "O-id-PostRequest" }],
      responses: [{ status: "200", headers: [{ name: "x-a" }] }],
    });
  });

  it("is the information file's where that does", () => {
    const written = contract({
      request: {
        queryParameters: [{ name: "limit", type: "integer", required: true }],
        headers: [{ name: "x-kind", type: "string", values: ["a", "b"] }],
        representations: [{ contentType: "application/json", schemaId: "types", typeName: "Order" }],
      },
      responses: [{ statusCode: 201, representations: [{ contentType: "text/plain" }] }],
    });
    expect(written).toMatchObject({
      bodies: [{ contentType: "application/json", definition: "Order", resource: "types", schema: { $ref: "Order" } }],
      responses: [{ status: "201", bodies: [{ contentType: "text/plain" }], headers: [] }],
    });
    expect(written?.parameters.map(({ name, in: where, required }) => [name, where, required])).toEqual([
      ["id", "path", true],
      ["limit", "query", true],
      ["q", "query", false],
      ["x-kind", "header", false],
    ]);
    expect(written?.parameters.at(-1)?.schema).toEqual({ type: "string", enum: ["a", "b"] });
  });
});
