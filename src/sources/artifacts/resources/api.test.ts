import { describe, expect, it } from "vitest";
import type { ApiResource } from "../../../model/catalog.ts";
import { apiFiles, readTestFiles, type TestFiles } from "../testing.ts";

const FILE = "apis/a/apiInformation.json";

function readApi(properties: object, files: TestFiles = {}): { api: ApiResource | undefined; findings: string[] } {
  const { catalog, findings } = readTestFiles({
    ...apiFiles("a"),
    [FILE]: { properties: { displayName: "A", path: "a", ...properties } },
    ...files,
  });
  return { api: catalog.apis[0], findings };
}

describe("an API", () => {
  it("has the service's defaults", () => {
    const { api, findings } = readApi({});
    expect(findings).toEqual([]);
    expect(api).toMatchObject({
      id: "a",
      revision: "1",
      isCurrent: true,
      protocols: ["https"],
      subscriptionRequired: true,
      subscriptionKeyParameterNames: { header: "Ocp-Apim-Subscription-Key", query: "subscription-key" },
      type: "http",
      apiVersion: "",
    });
    expect(api).not.toHaveProperty("serviceUrl");
  });

  it("keeps what is written", () => {
    const written = {
      description: "D",
      protocols: ["http", "HTTPS"],
      serviceUrl: "http://backend.test:81/x",
      subscriptionRequired: false,
      subscriptionKeyParameterNames: { header: "x-key" },
      apiRevision: "3",
      type: "WebSocket",
    };
    const { apiRevision, ...kept } = written;
    expect(readApi(written).api).toMatchObject({
      ...kept,
      protocols: ["http", "https"],
      subscriptionKeyParameterNames: { header: "x-key", query: "subscription-key" },
      revision: apiRevision,
      type: "websocket",
    });
  });

  it("has a path without slashes around it, empty for the root", () => {
    expect(readApi({ path: "/x/y/" }).api?.path).toBe("x/y");
    expect(readApi({ path: "" }).api?.path).toBe("");
  });

  it("of type websocket speaks wss unless it says otherwise", () => {
    expect(readApi({ type: "websocket" }).api?.protocols).toEqual(["wss"]);
  });

  it("takes its address from the specification, unless the information file has one", () => {
    const specification = { openapi: "3.0.1", servers: [{ url: "https://s.test/v1" }], paths: { "/": { get: {} } } };
    const files = { "apis/a/specification.json": specification };
    expect(readApi({}, files).api?.serviceUrl).toBe("https://s.test/v1");
    expect(readApi({ serviceUrl: "" }, files).api?.serviceUrl).toBe("https://s.test/v1");
    expect(readApi({ serviceUrl: "http://i.test" }, files).api?.serviceUrl).toBe("http://i.test");
  });

  it("does not take the service's own address from an exported specification", () => {
    const specification = {
      openapi: "3.0.1",
      servers: [{ url: "https://x.azure-api.net/a" }],
      paths: { "/": { get: {} } },
    };
    expect(readApi({}, { "apis/a/specification.json": specification }).api).not.toHaveProperty("serviceUrl");
  });

  it("has the title and description of its specification where it has none", () => {
    const specification = { openapi: "3.0.1", info: { title: "T", description: "D" }, paths: { "/": { get: {} } } };
    const { catalog, findings } = readTestFiles({
      [FILE]: { properties: { path: "a" } },
      "apis/a/specification.json": specification,
    });
    expect(findings).toEqual([]);
    expect(catalog.apis).toMatchObject([{ displayName: "T", description: "D" }]);
  });

  it("keeps required query parameters beside the template where it says so", () => {
    const get = { parameters: [{ name: "q", in: "query", required: true }] };
    const files = { "apis/a/specification.json": { openapi: "3.0.1", paths: { "/": { get } } } };
    expect(readApi({}, files).api?.operations).toMatchObject([{ urlTemplate: "/?q={q}" }]);
    expect(readApi({ translateRequiredQueryParameters: "query" }, files).api?.operations).toMatchObject([
      { urlTemplate: "/", queryParameters: ["q"] },
    ]);
  });

  it("tells where its properties stand", () => {
    expect(readApi({ serviceUrl: "http://b.test" }).api?.origin.locate?.(["properties", "serviceUrl"])).toEqual({
      file: FILE,
      line: 5,
      column: 5,
    });
  });
});

describe("findings about an API", () => {
  it.each([
    [{ path: undefined }, `${FILE}:2:3 error "path" is required`],
    [{ path: "a b" }, `${FILE}:4:5 error "path" may not hold " "`],
    [{ path: "x".repeat(401) }, `${FILE}:4:5 error "path" has 401 characters; at most 400 are allowed`],
    [
      { protocols: ["https", "htp"] },
      `${FILE}:7:7 error "protocols" may not be "htp"; allowed are http, https, ws, wss (did you mean "http"?)`,
    ],
    [{ protocols: "https" }, `${FILE}:5:5 error "protocols" must be a list`],
    [
      { serviceUrl: "backend.test/x" },
      `${FILE}:5:5 error "serviceUrl" must be an absolute URL that begins with https://, http://, wss://, ws:// (write https://backend.test/x)`,
    ],
    [
      { serviceUrl: "ftp://x" },
      `${FILE}:5:5 error "serviceUrl" must be an absolute URL that begins with https://, http://, wss://, ws://`,
    ],
    [{ subscriptionRequired: "maybe" }, `${FILE}:5:5 error "subscriptionRequired" must be true or false`],
    [
      { type: "rest" },
      `${FILE}:5:5 error "type" may not be "rest"; allowed are http, soap, websocket, graphql, odata, grpc, mcp, a2a`,
    ],
    [
      { apiVersion: "v1" },
      `${FILE}:5:5 error "apiVersion" has a meaning only in a version set (give "apiVersionSetId")`,
    ],
    [{ apiVersionSetId: "/apiVersionSets/x" }, `${FILE}:5:5 error the version set "x" does not exist`],
    [
      { apiVersionSetId: "/products/x" },
      `${FILE}:5:5 error "/products/x" is no reference to a version set (write /apiVersionSets/name)`,
    ],
    [
      { serviceURL: "http://x" },
      `${FILE}:5:5 warning the property "serviceURL" is not known (did you mean "serviceUrl"?)`,
    ],
  ])("%j", (properties, finding) => {
    expect(readApi(properties).findings).toEqual([finding]);
  });

  it("leave it out of the catalog, and a product that holds it without a second finding", () => {
    const { catalog, findings } = readTestFiles({
      ...apiFiles("a", { protocols: ["ftp"] }),
      ...apiFiles("b"),
      "products/p/productInformation.json": { properties: { displayName: "P" } },
      "products/p/apis.json": [{ name: "a" }, { name: "b" }],
      "subscriptions/s/subscriptionInformation.json": { properties: { displayName: "S", scope: "/apis/a" } },
    });
    expect(findings).toHaveLength(1);
    expect(catalog.apis.map((api) => api.id)).toEqual(["b"]);
    expect(catalog.products).toMatchObject([{ apis: ["b"] }]);
    expect(catalog.subscriptions).toEqual([]);
  });

  it("warn about specifications that are not read", () => {
    const files = {
      "apis/a/apiInformation.json": { properties: { displayName: "A", path: "a", type: "graphql" } },
      "apis/a/specification.graphql": "type Query { a: Int }",
    };
    expect(readTestFiles(files).findings).toEqual([
      'apis/a/specification.graphql:1:1 warning GraphQL schemas are not supported yet: no operations are made from "specification.graphql"',
    ]);
  });

  it("warn about a specification under another name, and an API that answers nothing", () => {
    const files = {
      "apis/a/apiInformation.json": { properties: { displayName: "A", path: "a" } },
      "apis/a/openapi.yaml": "",
    };
    expect(readTestFiles(files).findings).toEqual([
      'apis/a/openapi.yaml:1:1 warning "openapi.yaml" is not read (rename it to specification.yaml)',
      'apis/a/apiInformation.json:2:3 warning the API "a" has no operations, so that it answers every request with 404 (write specification.yaml or operations/{name}/)',
    ]);
  });

  it("name both specifications where there are two", () => {
    expect(readApi({}, { "apis/a/specification.yaml": "openapi: 3.0.1" }).findings).toEqual([
      'apis/a/specification.yaml:1:1 error the API has two specifications: "specification.json" and "specification.yaml" (keep one of the two)',
    ]);
  });
});

describe("paths", () => {
  const set = {
    "version sets/s/versionSetInformation.json": { properties: { displayName: "S", versioningScheme: "Segment" } },
  };

  it("of two APIs are different", () => {
    const { catalog, findings } = readTestFiles({
      ...apiFiles("a", { path: "Same" }),
      ...apiFiles("b", { path: "/same" }),
    });
    expect(findings).toEqual([
      'apis/b/apiInformation.json:4:5 error cannot create API "b" with the same path "same" as API "a" unless it is a part of the same version set',
    ]);
    expect(catalog.apis.map((api) => api.id)).toEqual(["a"]);
  });

  it("may be the same in one version set", () => {
    const files = {
      ...set,
      ...apiFiles("a", { path: "same", apiVersionSetId: "/apiVersionSets/s" }),
      ...apiFiles("b", { path: "same", apiVersionSetId: "/apiVersionSets/S", apiVersion: "v1" }),
    };
    const { catalog, findings } = readTestFiles(files);
    expect(findings).toEqual([]);
    expect(catalog.apis).toMatchObject([{ versionSetId: "s" }, { versionSetId: "s", apiVersion: "v1" }]);
  });

  it("belong to versions that differ", () => {
    const version = { path: "same", apiVersionSetId: "/apiVersionSets/s", apiVersion: "v1" };
    expect(readTestFiles({ ...set, ...apiFiles("a", version), ...apiFiles("b", version) }).findings).toEqual([
      'apis/b/apiInformation.json:7:5 error the version "v1" of the version set "s" is the API "a" already',
    ]);
  });
});
