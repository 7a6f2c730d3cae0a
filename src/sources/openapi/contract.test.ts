import { expect, it } from "vitest";
import { parseDataDocument } from "../document/data-document.ts";
import { Report } from "../report.ts";
import { importOpenApi } from "./import.ts";

function read(content: object) {
  const report = new Report();
  const document = parseDataDocument("s.json", JSON.stringify(content), report);
  const api = document && importOpenApi(document, "template", report);
  expect(report.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return api;
}

it("reads parameters with their styles, bodies, response headers and statuses of OpenAPI 3", () => {
  const api = read({
    openapi: "3.0.1",
    info: { title: "T", version: "1" },
    paths: {
      "/a/{id}": {
        parameters: [{ name: "id", in: "path", required: true, style: "matrix", schema: { type: "integer" } }],
        post: {
          parameters: [
            { $ref: "#/components/parameters/Ids" },
            { name: "f", in: "query", style: "deepObject", schema: { type: "object" } },
            { name: "j", in: "query", content: { "application/json": { schema: { type: "object" } } } },
            { name: "session", in: "cookie", schema: { type: "string" } },
          ],
          requestBody: { $ref: "#/components/requestBodies/Order" },
          responses: {
            "2xx": { description: "ok", headers: { "X-Count": { required: true, schema: { type: "integer" } } } },
            default: { description: "no", content: { "application/json": { schema: { type: "object" } } } },
          },
        },
      },
    },
    components: {
      parameters: {
        Ids: { name: "ids", in: "query", style: "pipeDelimited", explode: false, schema: { type: "array" } },
      },
      requestBodies: {
        Order: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } } },
      },
      schemas: { Order: { type: "object" } },
    },
  });
  expect(api?.operations[0]?.contract).toEqual({
    parameters: [
      { name: "id", in: "path", required: true, list: ",", schema: { type: "integer" }, prefix: ";id=" },
      { name: "ids", in: "query", required: false, list: "|", schema: { type: "array" } },
      { name: "f", in: "query", required: false, list: ",", schema: { type: "object" }, deepObject: true },
      { name: "j", in: "query", required: false, list: "multi", schema: { type: "object" }, json: true },
    ],
    bodyRequired: true,
    bodies: [{ contentType: "application/json", definition: "Order", schema: { $ref: "#/components/schemas/Order" } }],
    responses: [
      {
        status: "2XX",
        headers: [{ name: "X-Count", required: true, list: ",", schema: { type: "integer" } }],
        bodies: [],
      },
      {
        status: "default",
        headers: [],
        bodies: [
          {
            contentType: "application/json",
            definition: "A-id-PostDefaultApplicationJsonResponse",
            schema: { type: "object" },
          },
        ],
      },
    ],
  });
});

it("reads those of Swagger 2.0", () => {
  const api = read({
    swagger: "2.0",
    info: { title: "T", version: "1" },
    consumes: ["application/json", "text/json"],
    produces: ["application/json"],
    paths: {
      "/a": {
        post: {
          parameters: [
            { name: "tags", in: "query", type: "array", items: { type: "string" }, collectionFormat: "pipes" },
            { name: "body", in: "body", required: true, schema: { $ref: "#/definitions/Order" } },
          ],
          responses: {
            "200": {
              description: "ok",
              schema: { $ref: "#/definitions/Order" },
              headers: { "X-Rate": { type: "integer", maximum: 9 } },
            },
          },
        },
      },
    },
    definitions: { Order: { type: "object" } },
  });
  expect(api?.operations[0]?.contract).toEqual({
    parameters: [
      {
        name: "tags",
        in: "query",
        required: false,
        list: "|",
        schema: { type: "array", items: { type: "string" } },
      },
    ],
    bodyRequired: true,
    bodies: ["application/json", "text/json"].map((contentType) => ({
      contentType,
      definition: "Order",
      schema: { $ref: "#/definitions/Order" },
    })),
    responses: [
      {
        status: "200",
        headers: [{ name: "X-Rate", required: false, list: ",", schema: { type: "integer", maximum: 9 } }],
        bodies: [{ contentType: "application/json", definition: "Order", schema: { $ref: "#/definitions/Order" } }],
      },
    ],
  });
});

it("collects the schemas that are named or referred to, by the text of the reference", () => {
  const api = read({
    openapi: "3.0.1",
    info: { title: "T", version: "1" },
    paths: {
      "/a": {
        get: {
          responses: {
            "200": {
              description: "ok",
              content: { "application/json": { schema: { items: { $ref: "#/x-types/T" } } } },
            },
          },
        },
      },
    },
    components: { schemas: { "a/b": { $ref: "#/components/schemas/a~1b" }, Unused: { type: "string" } } },
    "x-types": { T: { properties: { next: { $ref: "#/x-types/T" }, no: { $ref: "#/none" } } } },
  });
  expect(Object.keys(api?.definitions?.() ?? {})).toEqual([
    "#/components/schemas/a~1b",
    "#/components/schemas/Unused",
    "#/x-types/T",
  ]);
});
