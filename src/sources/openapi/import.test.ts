import { describe, expect, it } from "vitest";
import { formatDiagnostic } from "../../model/diagnostic.ts";
import { parseDataDocument } from "../document/data-document.ts";
import { Report } from "../report.ts";
import { type ImportedApi, importOpenApi } from "./import.ts";
import type { RequiredQueryParameters } from "./parameters.ts";

function read(
  content: unknown,
  required: RequiredQueryParameters = "template",
): { api: ImportedApi | undefined; findings: string[] } {
  const report = new Report();
  const yaml = typeof content === "string";
  const text = yaml ? content : JSON.stringify(content, null, 1);
  const document = parseDataDocument(yaml ? "s.yaml" : "s.json", text, report);
  const api = document && importOpenApi(document, required, report);
  return { api, findings: report.diagnostics.map(formatDiagnostic) };
}

function openApi(paths: unknown, more: object = {}): object {
  return { openapi: "3.0.1", info: { title: "T", version: "1" }, paths, ...more };
}

const OK = { responses: { "200": { description: "ok" } } };

describe("operations", () => {
  it("have a name, method, template, title and description", () => {
    const paths = {
      "/pets/{petId}": {
        parameters: [{ name: "petId", in: "path", required: true }],
        get: { operationId: "Pets_GetById", summary: "One pet", description: "Finds it.", ...OK },
        delete: OK,
      },
    };
    const { api, findings } = read(openApi(paths));
    expect(findings).toEqual([]);
    expect(api?.operations).toMatchObject([
      {
        id: "pets-getbyid",
        operationId: "Pets_GetById",
        displayName: "One pet",
        description: "Finds it.",
        method: "GET",
        urlTemplate: "/pets/{petId}",
      },
      { id: "delete-pets-petid", displayName: "Delete - /pets/{petId}", method: "DELETE" },
    ]);
  });

  it("get a suffix where names clash, and are cut to 76 characters", () => {
    const long = "x".repeat(100);
    const { api } = read(
      openApi({
        "/a": { get: { operationId: "a b" } },
        "/b": { get: { operationId: "A-B" } },
        "/c": { get: { operationId: long } },
      }),
    );
    expect(api?.operations.map((operation) => operation.id)).toEqual(["a-b", "a-b-1", "x".repeat(76)]);
  });

  it("know where they are written", () => {
    const yaml = "openapi: 3.0.1\ninfo: { title: T, version: '1' }\npaths:\n  /a:\n    get:\n      operationId: x\n";
    expect(read(yaml).api?.operations[0]?.origin.locate?.([])).toEqual({ file: "s.yaml", line: 5, column: 5 });
  });

  it("are read from x-ms-paths too", () => {
    const { api } = read({ ...openApi({}), "x-ms-paths": { "/a?kind={kind}": { get: OK } } });
    expect(api?.operations).toMatchObject([{ urlTemplate: "/a?kind={kind}" }]);
  });
});

describe("query parameters", () => {
  const paths = {
    "/a": {
      parameters: [{ name: "q", in: "query" }],
      get: {
        parameters: [
          { name: "q", in: "query", required: true },
          { $ref: "#/components/parameters/Page" },
          { name: "odd&name", in: "query", required: true },
          { name: "x-h", in: "header", required: true },
        ],
        ...OK,
      },
    },
  };
  const components = { parameters: { Page: { name: "page", in: "query" } } };

  it("are part of the template where they are required", () => {
    expect(read(openApi(paths, { components })).api?.operations).toMatchObject([
      { urlTemplate: "/a?q={q}", queryParameters: ["page", "odd&name"] },
    ]);
  });

  it("stay query parameters where the API says so", () => {
    expect(read(openApi(paths, { components }), "query").api?.operations).toMatchObject([
      { urlTemplate: "/a", queryParameters: ["q", "page", "odd&name"] },
    ]);
  });

  it("do not share a name with a path parameter in one template", () => {
    const parameters = [
      { name: "id", in: "path", required: true },
      { name: "ID", in: "query", required: true },
    ];
    expect(read(openApi({ "/{id}": { get: { parameters } } })).api?.operations).toMatchObject([
      { urlTemplate: "/{id}", queryParameters: ["ID"] },
    ]);
  });
});

describe("service URL", () => {
  it.each([
    [[{ url: "http://a.test/x/" }, { url: "https://b.test/y" }], "https://b.test/y"],
    [[{ url: "/relative" }, { url: "http://a.test/" }], "http://a.test"],
    [
      [{ url: "https://{env}.test/{v}", variables: { env: { default: "dev" }, v: { default: 2 } } }],
      "https://dev.test/2",
    ],
    [[{ url: "https://{env}.test" }], undefined],
    [undefined, undefined],
  ])("of servers %j is %j", (servers, expected) => {
    expect(read(openApi({}, { servers })).api?.serviceUrl).toBe(expected);
  });

  it("of Swagger 2.0 comes from schemes, host and basePath", () => {
    const swagger = { swagger: "2.0", info: { title: "T", version: "1" }, host: "a.test", basePath: "/v1", paths: {} };
    expect(read({ ...swagger, schemes: ["http", "https"] }).api?.serviceUrl).toBe("https://a.test/v1");
    expect(read({ ...swagger, schemes: ["http"] }).api?.serviceUrl).toBe("http://a.test/v1");
    expect(read({ ...swagger, host: undefined }).api?.serviceUrl).toBeUndefined();
  });
});

describe("responses", () => {
  function responses(content: object, components: object = {}): unknown {
    const paths = { "/a": { get: { responses: { "200": { description: "ok", content } } } } };
    return read(openApi(paths, { components })).api?.operations[0]?.responses;
  }
  const json = (...samples: string[]) => [
    { status: 200, representations: [{ contentType: "application/json", samples }] },
  ];

  it("have their examples in order", () => {
    const examples = {
      first: { value: { n: 1 } },
      second: { $ref: "#/components/examples/Two" },
      far: { externalValue: "http://x" },
    };
    const media = { example: { n: 0 }, examples };
    expect(responses({ "application/json": media }, { examples: { Two: { value: '{"n":2}' } } })).toEqual(
      json('{"n":0}', '{"n":1}', '{"n":2}'),
    );
  });

  it("have a sample made from the schema where there is no example", () => {
    const schemas = {
      Pet: { type: "object", properties: { id: { type: "integer" }, name: { $ref: "#/components/schemas/Name" } } },
      Name: { type: "string", example: "Rex" },
    };
    const schema = { type: "array", items: { $ref: "#/components/schemas/Pet" } };
    expect(responses({ "application/json": { schema } }, { schemas })).toEqual(json('[{"id":0,"name":"Rex"}]'));
  });

  it("have text that fits the media type", () => {
    const schema = {
      type: "object",
      xml: { name: "pet" },
      properties: { tags: { type: "array", items: { type: "string" } }, n: { type: "string", example: "<&>" } },
    };
    expect(
      responses({ "text/plain": { example: "hello" }, "application/xml": { schema }, "*/*": { example: "hello" } }),
    ).toEqual([
      {
        status: 200,
        representations: [
          { contentType: "text/plain", samples: ["hello"] },
          { contentType: "application/xml", samples: ["<pet><tags>string</tags><n>&lt;&amp;&gt;</n></pet>"] },
          { contentType: "application/json", samples: ['"hello"'] },
        ],
      },
    ]);
  });

  it("without a status of their own are left out", () => {
    const paths = {
      "/a": {
        get: { responses: { default: { description: "x" }, "4XX": { description: "x" }, 204: { description: "x" } } },
      },
    };
    expect(read(openApi(paths)).api?.operations[0]?.responses).toEqual([{ status: 204, representations: [] }]);
  });

  it("of Swagger 2.0 have the media types of produces", () => {
    const get = {
      produces: ["application/json", "text/csv"],
      responses: {
        200: { schema: { $ref: "#/definitions/A" }, examples: { "text/csv": "a,b" } },
        404: { description: "none" },
      },
    };
    const swagger = {
      swagger: "2.0",
      info: {},
      paths: { "/a": { get } },
      definitions: { A: { type: "string", format: "date" } },
    };
    expect(read(swagger).api?.operations[0]?.responses).toEqual([
      {
        status: 200,
        representations: [
          { contentType: "application/json", samples: ['"2025-01-31"'] },
          { contentType: "text/csv", samples: ["a,b"] },
        ],
      },
      { status: 404, representations: [] },
    ]);
  });
});

describe("findings", () => {
  it.each([
    [
      { info: {} },
      's.json:1:1 error the specification has neither "openapi" nor "swagger" (OpenAPI 3.0, 3.1 and Swagger 2.0 are read)',
    ],
    [{ openapi: "4.0" }, "s.json:2:2 error openapi 4.0 is not supported (OpenAPI 3.0, 3.1 and Swagger 2.0 are read)"],
    [{ swagger: "1.2" }, "s.json:2:2 error swagger 1.2 is not supported (OpenAPI 3.0, 3.1 and Swagger 2.0 are read)"],
    [[], "s.json:1:1 error the specification must hold an object"],
    [openApi([]), 's.json:7:2 error "paths" must be an object'],
    [openApi({ a: {} }), 's.json:8:3 error the path "a" must begin with "/"'],
    [openApi({ "/*/a": { get: OK } }), 's.json:8:3 error the wildcard in "/*/a" must stand at the end'],
    [
      openApi({ "/a": { $ref: "other.yaml#/a" } }),
      's.json:9:4 error the reference "other.yaml#/a" leads out of the file, which is not supported (bundle the specification into one file)',
    ],
    [
      openApi({ "/a": { get: { parameters: [{ $ref: "#/components/parameters/No" }] } } }),
      's.json:12:7 error the reference "#/components/parameters/No" leads nowhere',
    ],
    [
      openApi({ "/a": { get: { responses: { 200: { $ref: "http://x/y" } } } } }),
      's.json:12:7 warning the reference "http://x/y" leads out of the file, which is not supported (bundle the specification into one file)',
    ],
    [openApi({ "/{id}": { get: OK } }), 's.json:9:4 warning the path parameter "id" is not declared'],
    [
      openApi({ "/a": { get: { parameters: [{ name: "id", in: "path" }] } } }),
      's.json:12:7 warning the path parameter "id" does not stand in the path "/a"',
    ],
    [
      openApi({ "/a": { get: { parameters: [{ $ref: "#/paths/~1a/get/parameters/0" }] } } }),
      "s.json:12:7 error the reference leads back to itself",
    ],
  ])("%j", (content, finding) => {
    expect(read(content).findings).toEqual([finding]);
  });

  it("reads an unquoted version in YAML", () => {
    expect(read("swagger: 2.0\npaths: {}\n").api?.operations).toEqual([]);
  });
});
