import { describe, expect, it } from "vitest";
import type { OperationResource } from "../../../model/catalog.ts";
import { readTestFiles, type TestFiles } from "../testing.ts";

const SPECIFICATION = {
  openapi: "3.0.1",
  info: { title: "A", version: "1" },
  paths: {
    "/pets/{id}": {
      get: {
        operationId: "getPetById",
        summary: "One pet",
        parameters: [{ name: "id", in: "path", required: true }],
        responses: { "200": { description: "ok", content: { "application/json": { example: { id: 1 } } } } },
      },
    },
    "/pets": { get: { operationId: "list-pets", responses: {} } },
  },
};

function read(
  files: TestFiles,
  specification: unknown = SPECIFICATION,
): { operations: readonly OperationResource[]; findings: string[] } {
  const { catalog, findings } = readTestFiles({
    "apis/a/apiInformation.json": { properties: { displayName: "A", path: "a" } },
    ...(specification ? { "apis/a/specification.json": specification } : {}),
    ...files,
  });
  return { operations: catalog.apis[0]?.operations ?? [], findings };
}

const info = (name: string, properties: object) => ({
  [`apis/a/operations/${name}/operationInformation.json`]: { properties },
});

describe("operations of a specification", () => {
  it.each(["getPetById", "getpetbyid", "GetPetByID"])("get the policy and the name of the folder %s", (name) => {
    const { operations, findings } = read({ [`apis/a/operations/${name}/policy.xml`]: "<policies />" });
    expect(findings).toEqual([]);
    expect(operations).toMatchObject([
      { id: name, displayName: "One pet", policy: { text: "<policies />" } },
      { id: "list-pets" },
    ]);
    expect(operations[1]).not.toHaveProperty("policy");
  });

  it("are changed by what an information file says", () => {
    const { operations, findings } = read(
      info("getPetById", {
        displayName: "Renamed",
        responses: [
          { statusCode: 200, representations: [{ contentType: "application/json", schemaId: "s", typeName: "Pet" }] },
          { statusCode: "404", representations: [{ contentType: "text/plain", sample: "gone" }] },
        ],
      }),
    );
    expect(findings).toEqual([]);
    expect(operations[0]).toMatchObject({
      id: "getPetById",
      displayName: "Renamed",
      method: "GET",
      urlTemplate: "/pets/{id}",
      responses: [
        { status: 200, representations: [{ contentType: "application/json", samples: ['{"id":1}'] }] },
        { status: 404, representations: [{ contentType: "text/plain", samples: ["gone"] }] },
      ],
    });
  });

  it("belong to a folder of another name that describes the same method and template", () => {
    const { operations, findings } = read(info("mine", { displayName: "Mine", method: "get", urlTemplate: "/pets" }));
    expect(findings).toEqual([]);
    expect(operations.map((operation) => [operation.id, operation.displayName])).toEqual([
      ["getpetbyid", "One pet"],
      ["mine", "Mine"],
    ]);
  });
});

describe("operations of folders alone", () => {
  it("are read with examples, query parameters and policy", () => {
    const { operations, findings } = read(
      {
        ...info("create", {
          displayName: "Create",
          method: "post",
          urlTemplate: "/pets/{kind}",
          templateParameters: [{ name: "kind", type: "string", required: true }],
          request: { queryParameters: [{ name: "dry", type: "boolean" }] },
          responses: [
            {
              statusCode: 201,
              representations: [
                {
                  contentType: "application/json",
                  examples: { default: { value: { id: 7 } }, b: { value: '{"id":8}' } },
                },
              ],
            },
          ],
        }),
        "apis/a/operations/create/policy.xml": "<policies />",
      },
      null,
    );
    expect(findings).toEqual([]);
    expect(operations).toMatchObject([
      {
        id: "create",
        displayName: "Create",
        method: "POST",
        urlTemplate: "/pets/{kind}",
        queryParameters: ["dry"],
        responses: [
          { status: 201, representations: [{ contentType: "application/json", samples: ['{"id":7}', '{"id":8}'] }] },
        ],
        policy: { file: "apis/a/operations/create/policy.xml" },
      },
    ]);
  });
});

describe("findings about operations", () => {
  const file = "apis/a/operations/x/operationInformation.json";
  const sound = { displayName: "X", method: "GET", urlTemplate: "/x" };
  it.each([
    [{ ...sound, method: undefined }, `${file}:2:3 error "method" is required`],
    [{ ...sound, urlTemplate: undefined }, `${file}:2:3 error "urlTemplate" is required`],
    [{ ...sound, method: "G T" }, `${file}:4:5 error "G T" is no HTTP method`],
    [{ ...sound, urlTemplate: "/a/*/b" }, `${file}:5:5 error the wildcard in "/a/*/b" must stand at the end`],
    [{ ...sound, urlTemplate: "/{a}/{A}" }, `${file}:5:5 error the parameter "A" stands twice in "/{a}/{A}"`],
    [{ ...sound, urlTemplate: "/{a}" }, `${file}:5:5 warning "templateParameters" lacks the parameter "a" of "/{a}"`],
    [
      { ...sound, urlTemplate: "/{a}", templateParameters: [] },
      `${file}:6:5 error "templateParameters" lacks the parameter "a" of "/{a}"`,
    ],
    [
      { ...sound, templateParameters: [{ name: "b" }] },
      `${file}:8:9 error the template parameter "b" does not stand in "/x"`,
    ],
    [
      { ...sound, responses: [{ statusCode: 99 }] },
      `${file}:8:9 error "statusCode" must be a whole number from 100 to 599`,
    ],
    [{ ...sound, responses: [{}] }, `${file}:7:7 error "statusCode" is required`],
    [
      { ...sound, responses: [{ statusCode: 200, representations: [{}] }] },
      `${file}:10:11 error "contentType" is required`,
    ],
    [{ ...sound, urlTempalte: "/y" }, undefined],
  ])("%j", (properties, finding) => {
    const lines = read(info("x", properties)).findings.filter(
      (line) => !line.includes("twice in") || finding?.includes("twice"),
    );
    expect(lines.slice(0, 1)).toEqual(finding === undefined ? [] : [finding]);
  });

  it("name a policy without an operation, with the name that was meant", () => {
    expect(read({ "apis/a/operations/list-pet/policy.xml": "" }).findings).toEqual([
      'apis/a/operations/list-pet/policy.xml:1:1 error the operation "list-pet" does not exist in the API "a" (did you mean "list-pets"?)',
    ]);
  });

  it("do not blame policies where the specification cannot be read", () => {
    const { findings } = read({ "apis/a/operations/x/policy.xml": "" }, { openapi: "4.0" });
    expect(findings).toHaveLength(1);
  });

  it("name two operations with one method and template", () => {
    const { operations, findings } = read({ ...info("x", sound), ...info("y", { ...sound, urlTemplate: "/X" }) });
    expect(findings).toEqual([
      'apis/a/operations/y/operationInformation.json:5:5 error operation with the same method and URL template already exists: GET /X ("x")',
    ]);
    expect(operations.map((operation) => operation.id)).toEqual(["getpetbyid", "list-pets", "x"]);
  });

  it("warn about templates that differ by the names of their parameters alone", () => {
    const { findings } = read({
      ...info("x", { ...sound, urlTemplate: "/pets/{name}", templateParameters: [{ name: "name" }] }),
    });
    expect(findings).toEqual([
      'apis/a/operations/x/operationInformation.json:5:5 warning "x" and "getpetbyid" answer the same requests; the first counts',
    ]);
  });
});
