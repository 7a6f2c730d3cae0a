import { expect, it } from "vitest";
import { ReadCache, readArtifacts } from "./read.ts";
import { apiFiles } from "./testing.ts";

/** One file of every kind, each with every property that is read. */
const FILES: Readonly<Record<string, unknown>> = {
  ...apiFiles("a", { isCurrent: true, apiVersion: "v1", apiVersionSetId: "/apiVersionSets/v", apiRevision: "1" }),
  "apis/a/specification.json": {
    openapi: "3.1.0",
    info: { title: "A", description: "D" },
    servers: [{ url: "https://{a}.test", variables: { a: { default: "x" } } }],
    paths: {
      "/{id}": {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        get: {
          operationId: "get",
          summary: "S",
          parameters: [{ $ref: "#/components/parameters/q" }],
          responses: {
            "200": {
              content: {
                "application/json": { schema: { $ref: "#/components/schemas/A" }, examples: { e: { value: 1 } } },
              },
            },
            "201": {
              content: { "application/xml": { schema: { allOf: [{ $ref: "#/components/schemas/A" }], oneOf: [{}] } } },
            },
          },
        },
      },
    },
    components: {
      parameters: { q: { name: "q", in: "query", required: true } },
      schemas: {
        A: { type: "object", properties: { a: { type: "array", items: { $ref: "#/components/schemas/A" } } } },
      },
    },
  },
  "apis/a/operations/get/operationInformation.json": {
    properties: {
      displayName: "Get",
      method: "GET",
      urlTemplate: "/{id}",
      templateParameters: [{ name: "id" }],
      request: { queryParameters: [{ name: "q" }] },
      responses: [
        { statusCode: 200, representations: [{ contentType: "text/plain", examples: { e: { value: "x" } } }] },
      ],
    },
  },
  "apis/a;rev=2/apiInformation.json": { properties: { isCurrent: false, apiRevision: "2" } },
  "backends/b/backendInformation.json": {
    properties: {
      url: "http://b.test",
      circuitBreaker: {
        rules: [
          {
            failureCondition: { count: 1, interval: "PT1M", statusCodeRanges: [{ min: 500, max: 599 }] },
            tripDuration: "PT1M",
          },
        ],
      },
      credentials: {
        header: { a: ["x"] },
        query: { b: ["y"] },
        authorization: { scheme: "s", parameter: "p" },
        certificateIds: [],
      },
      proxy: { url: "http://p.test" },
      tls: { validateCertificateChain: true },
    },
  },
  "backends/p/backendInformation.json": {
    properties: { type: "Pool", pool: { services: [{ id: "/backends/b", weight: 1 }] } },
  },
  "certificates/c/certificateInformation.json": { properties: { data: "MIIB", password: "x", keyVault: {} } },
  "groups/g/groupInformation.json": { properties: { displayName: "G" } },
  "namedValues/n/namedValueInformation.json": {
    properties: { displayName: "n", value: "1", tags: ["t"], keyVault: { secretIdentifier: "env:X" } },
  },
  "products/p/productInformation.json": { properties: { displayName: "P", subscriptionsLimit: 1 } },
  "products/p/apis.json": [{ name: "a" }],
  "products/p/groups/g/productGroupInformation.json": { properties: { groupId: "/groups/g" } },
  "subscriptions/s/subscriptionInformation.json": {
    properties: { displayName: "S", scope: "/apis/a", ownerId: "/users/u", primaryKey: "k" },
  },
  "users/u/userInformation.json": {
    properties: { email: "u@x.test", groups: ["g"], identities: [{ id: "1", provider: "p" }] },
  },
  "version sets/v/versionSetInformation.json": { properties: { displayName: "V", versioningScheme: "Segment" } },
};

const OVERRIDES = {
  apimServiceName: "x",
  apis: [
    {
      name: "a",
      properties: { path: "b" },
      operations: [{ name: "get", policies: [{ name: "policy", properties: { value: "x" } }] }],
    },
  ],
};

const REPLACEMENTS: readonly unknown[] = [
  null,
  true,
  -1,
  1e300,
  "",
  "x",
  "/",
  "#/paths",
  "__proto__",
  [],
  [null],
  {},
  { $ref: "#" },
  { $ref: 5 },
];

/** The value with one part after the other replaced by something else. */
function* mutations(value: unknown): Generator<unknown> {
  yield* REPLACEMENTS;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const changed of mutations(item)) yield value.with(index, changed);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      for (const changed of mutations(item)) yield { ...value, [name]: changed };
    }
  }
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

const TEXTS = new Map(Object.entries(FILES).map(([path, content]) => [path, text(content)]));

it.each(Object.keys(FILES))("whatever stands in %s is read or reported", (path) => {
  const cache = new ReadCache();
  for (const changed of mutations(FILES[path])) {
    const { catalog } = readArtifacts({ root: "", files: new Map(TEXTS).set(path, text(changed)) }, { cache });
    expect(catalog.name).toBe("gatehouse");
  }
});

it("whatever stands in the overrides is read or reported", () => {
  const cache = new ReadCache();
  for (const changed of mutations(OVERRIDES)) {
    const overrides = { file: "configuration.x.yaml", text: text(changed) };
    expect(readArtifacts({ root: "", files: TEXTS }, { overrides, cache }).catalog.apis.length).toBeLessThan(3);
  }
});

it("whatever the paths are, they are read or reported", () => {
  const paths = [
    "",
    "/",
    "//",
    "apis",
    "apis/",
    "apis//apiInformation.json",
    "apis/;rev=/apiInformation.json",
    "../x",
    "apis/__proto__/apiInformation.json",
    "apis/constructor/policy.xml",
    "x".repeat(10_000),
    "workspaces/w/workspaces/v/policy.xml",
  ];
  for (const path of paths) {
    expect(readArtifacts({ root: "", files: new Map([[path, "{}"]]) }).catalog.name).toBe("gatehouse");
  }
});
