import { describe, expect, it } from "vitest";
import type { Catalog } from "../../model/catalog.ts";
import { apiFiles, readTestFiles } from "./testing.ts";

const PRODUCT = { properties: { displayName: "Starter", state: "published" } };
const NAMED_VALUE = { properties: { displayName: "limit", value: "5" } };
const VERSION_SET = { properties: { displayName: "Orders", versioningScheme: "Segment" } };
const FRAGMENT = "<fragment />";
const POLICY = "<policies><inbound><base /></inbound></policies>";

const COMMON = {
  ...apiFiles("orders", { apiVersion: "v1", apiVersionSetId: "/apiVersionSets/orders" }),
  "policy.xml": POLICY,
  "apis/orders/policy.xml": POLICY,
  "apis/orders/operations/get-root/policy.xml": POLICY,
  "apis/orders/diagnostics/azuremonitor/diagnosticInformation.json": { properties: {} },
  "products/starter/productInformation.json": PRODUCT,
  "products/starter/policy.xml": POLICY,
  "backends/main/backendInformation.json": { properties: { url: "http://backend.test", protocol: "http" } },
  "groups/partners/groupInformation.json": { properties: { displayName: "Partners" } },
  "loggers/azuremonitor/loggerInformation.json": { properties: { loggerType: "azureMonitor" } },
  "subscriptions/alice/subscriptionInformation.json": {
    properties: { displayName: "Alice", scope: "/products/starter", state: "active" },
  },
  "tags/red/tagInformation.json": { properties: { displayName: "red" } },
};

const LAYOUTS = {
  "toolkit v4 to v6": {
    ...COMMON,
    "apis/orders/tags/red/apiTagInformation.json": {},
    "named values/limit/namedValueInformation.json": NAMED_VALUE,
    "policy fragments/shared/policyFragmentInformation.json": { properties: { description: "Shared" } },
    "policy fragments/shared/policy.xml": FRAGMENT,
    "version sets/orders/versionSetInformation.json": VERSION_SET,
    "products/starter/apis.json": [{ name: "orders" }],
    "products/starter/groups.json": [{ name: "partners" }, { name: "developers" }],
  },
  "toolkit v7": {
    ...COMMON,
    "tags/red/apis/orders/tagApiInformation.json": {},
    "named values/limit/namedValueInformation.json": NAMED_VALUE,
    "policy fragments/shared/policyFragmentInformation.json": { properties: { description: "Shared" } },
    "policy fragments/shared/policy.xml": FRAGMENT,
    "version sets/orders/versionSetInformation.json": VERSION_SET,
    "products/starter/apis/orders/productApiInformation.json": {},
    "products/starter/groups/partners/productGroupInformation.json": { properties: { groupId: "/groups/partners" } },
    "products/starter/groups/developers/productGroupInformation.json": {},
  },
  "apiops-cli": {
    ...COMMON,
    "apis/orders/operations/get-root/operationInformation.json": {
      properties: { displayName: "get-root", method: "GET", urlTemplate: "/" },
    },
    "apis/orders/tags/red/tagInformation.json": {},
    "namedValues/limit/namedValueInformation.json": NAMED_VALUE,
    "policyFragments/shared/policyFragmentInformation.json": { properties: { description: "Shared" } },
    "policyFragments/shared/policy.xml": FRAGMENT,
    "versionSets/orders/versionSetInformation.json": VERSION_SET,
    "products/starter/apis.json": [{ name: "orders" }],
    "products/starter/groups.json": [{ name: "developers" }, { name: "partners" }],
    "apis/orders/wiki.md": "# Orders",
  },
};

/** The catalog without the places that things were read from. */
function withoutPlaces(catalog: Catalog): unknown {
  const text = JSON.stringify(catalog, (key, value: unknown) =>
    key === "origin" || key === "file" ? undefined : value,
  );
  const copy = JSON.parse(text) as { products: { groups: string[] }[] };
  for (const product of copy.products) product.groups.sort();
  return copy;
}

describe.each(Object.entries(LAYOUTS))("%s", (_name, files) => {
  const { catalog, findings } = readTestFiles(files);

  it("is read without a finding", () => {
    expect(findings).toEqual([]);
  });

  it("holds the resources", () => {
    expect(catalog.policy).toEqual({ file: "policy.xml", text: POLICY });
    expect(catalog.apis).toMatchObject([
      {
        id: "orders",
        apiVersion: "v1",
        versionSetId: "orders",
        policy: { file: "apis/orders/policy.xml" },
        operations: [{ id: "get-root", method: "GET", urlTemplate: "/", policy: { text: POLICY } }],
      },
    ]);
    expect(catalog.products).toMatchObject([{ id: "starter", apis: ["orders"], policy: { text: POLICY } }]);
    expect(catalog.products[0]?.groups.toSorted()).toEqual(["developers", "partners"]);
    expect(catalog.namedValues).toMatchObject([{ id: "limit", displayName: "limit", value: "5" }]);
    expect(catalog.fragments).toMatchObject([{ id: "shared", description: "Shared", policy: { text: FRAGMENT } }]);
    expect(catalog.groups.map((group) => group.id)).toEqual(["administrators", "developers", "guests", "partners"]);
  });

  it("is the same catalog as that of the other layouts", () => {
    const other = readTestFiles(LAYOUTS["toolkit v7"]).catalog;
    expect(withoutPlaces(catalog)).toEqual(withoutPlaces(other));
  });
});

it("reads information files in YAML, associations too", () => {
  const { catalog, findings } = readTestFiles({
    "apis/orders/apiInformation.yaml": "properties:\n  displayName: Orders\n  path: orders\n  apiRevision: 1\n",
    "apis/orders/specification.yml": "openapi: 3.1.0\npaths: { /a: { get: {} } }\n",
    "products/starter/productInformation.yml": "properties: { displayName: Starter }\n",
    "products/starter/apis.yaml": "- name: orders\n",
    "products/starter/groups.yml": "- guests\n",
  });
  expect(findings).toEqual([]);
  expect(catalog.apis).toMatchObject([{ revision: "1", operations: [{ id: "get-a" }] }]);
  expect(catalog.products).toMatchObject([{ apis: ["orders"], groups: ["guests"] }]);
});

describe("names", () => {
  const api = apiFiles("orders");
  it.each([
    [
      "a folder",
      { "api/x/apiInformation.json": {} },
      'api/x/apiInformation.json:1:1 warning the folder "api" is not read (did you mean "apis"?)',
    ],
    [
      "a folder in another case",
      { "NamedValues/x/namedValueInformation.json": {} },
      'NamedValues/x/namedValueInformation.json:1:1 warning the folder "NamedValues" is not read (did you mean "namedValues"?)',
    ],
    [
      "a folder below",
      { "apis/orders/operation/x/policy.xml": "" },
      'apis/orders/operation/x/policy.xml:1:1 warning the folder "apis/orders/operation" is not read (did you mean "operations"?)',
    ],
    [
      "a policy",
      { "apis/orders/polcy.xml": "" },
      'apis/orders/polcy.xml:1:1 warning "polcy.xml" is not read (did you mean "policy.xml"?)',
    ],
    [
      "a file without a folder",
      { "subscriptions/alice.json": {} },
      'subscriptions/alice.json:1:1 warning "subscriptions/alice.json" is not read: each resource has a folder of its own (write subscriptions/alice/subscriptionInformation.json)',
    ],
    [
      "an information file",
      { "products/a/product.json": {} },
      'products/a/product.json:1:1 error the folder "products/a" has no productInformation.json (rename product.json to productInformation.json)',
    ],
    [
      "two information files",
      { "apis/orders/apiInformation.yaml": "" },
      'apis/orders/apiInformation.yaml:1:1 error "apis/orders/apiInformation.json" describes the same resource (keep one of the two)',
    ],
    [
      "two folders",
      { "groups/a/groupInformation.json": { properties: { displayName: "A" } }, "groups/A/groupInformation.json": {} },
      'groups/a/groupInformation.json:1:1 error the resource "a" exists twice: also in groups/A (case does not make names different)',
    ],
    [
      "two layouts",
      {
        "named values/a/namedValueInformation.json": NAMED_VALUE,
        "namedValues/a/namedValueInformation.json": NAMED_VALUE,
      },
      'namedValues/a/namedValueInformation.json:1:1 error the resource "a" exists twice: also in named values/a',
    ],
    [
      "a forbidden character",
      { "groups/a&b/groupInformation.json": {} },
      'groups/a&b/groupInformation.json:1:1 error the name "a&b" may not hold "&"',
    ],
    [
      "a long name",
      { [`groups/${"g".repeat(257)}/groupInformation.json`]: {} },
      `groups/${"g".repeat(257)}/groupInformation.json:1:1 error the name "${"g".repeat(40)}…" has 257 characters; at most 256 are allowed`,
    ],
    [
      "a fragment's name",
      { "policyFragments/a-/policy.xml": "" },
      'policyFragments/a-/policy.xml:1:1 error the name "a-" of a policy fragment holds letters, digits, "_" and "-" only, and no "-" at either end',
    ],
  ])("%s that is wrong is found", (_title, files, finding) => {
    expect(readTestFiles({ ...api, ...files }).findings.filter((line) => !line.includes("displayName"))).toEqual([
      finding,
    ]);
  });

  it("that mean nothing here are passed over", () => {
    const others = {
      "README.md": "",
      LICENSE: "",
      ".github/workflows/apis/x/y.yaml": "",
      "node_modules/apis/x/apiInformation.json": "",
      "docs/guide/a.json": "{",
      "configuration.prod.yaml": "[",
      "configuration.extractor.yaml": "[",
      "gateways/g/gatewayInformation.json": "{",
      "gateways/g/apis/orders/gatewayApiInformation.json": "{",
      "apis/orders/releases/1/apiReleaseInformation.json": "{",
      "apis/orders/tagDescriptions/t/tagDescriptionInformation.json": "{",
      "documentations/d/documentationInformation.json": "{",
      "tests/orders.yaml": "[",
    };
    expect(readTestFiles({ ...api, ...others }).findings).toEqual([]);
  });
});

it("reports a mistyped folder once", () => {
  const files = { "backend/a/backendInformation.json": {}, "backend/b/backendInformation.json": {} };
  expect(readTestFiles({ ...apiFiles("orders"), ...files }).findings).toHaveLength(1);
});

it("says where the artifacts are when the folder is the one around them", () => {
  expect(readTestFiles({ "artifacts/apis/a/apiInformation.json": {} }).findings).toEqual([
    '.:1:1 warning the folder holds no resources (did you mean its folder "artifacts/"?)',
  ]);
  expect(readTestFiles({}).findings).toEqual([
    ".:1:1 warning the folder holds no resources (apis/{name}/apiInformation.json makes an API)",
  ]);
});

describe("an information file", () => {
  const path = "groups/a/groupInformation.json";
  it.each([
    ["[]", `${path}:1:1 error the file must hold an object with "properties"`],
    ['{ "properties": [] }', `${path}:1:3 error "properties" must be an object`],
    [
      '{ "displayName": "A" }',
      `${path}:1:3 error "displayName" stands outside of "properties" (write { "properties": { … } })`,
    ],
    ['{ "propertes": {} }', `${path}:1:3 warning "propertes" is not known (did you mean "properties"?)`],
    ['{ "properties": { "displayName": "A", "displayname": "B" } }', undefined],
    ['{ "properties": { "displayName": "A", "somethingNew": 1 } }', undefined],
    [
      '{ "properties": { "displayName": "A", "descripton": "x" } }',
      `${path}:1:39 warning the property "descripton" is not known (did you mean "description"?)`,
    ],
    [
      '{ "properties": { "displayName": "A" }, "properties": { "displayName": "B" } }',
      `${path}:1:41 error the property "properties" is given twice`,
    ],
    ['{ "properties": { "displayName": ["A"] } }', `${path}:1:19 error "displayName" must be a text`],
    ['{ "properties": { "displayName": "" } }', `${path}:1:19 error "displayName" may not be empty`],
    [
      '{ "properties": { "displayName": "A", "type": "customm" } }',
      `${path}:1:39 error "type" may not be "customm"; allowed are custom, system, external (did you mean "custom"?)`,
    ],
    [
      '{ "properties": { "displayName": null } }',
      `${path}:1:3 warning "displayName" is missing, which the service requires; "a" is used`,
    ],
  ])("%s", (text, finding) => {
    const findings = readTestFiles({ [path]: text }).findings.filter((line) => !line.includes("{}"));
    expect(findings.slice(0, 1)).toEqual(finding === undefined ? [] : [finding]);
  });

  it("with an error is left out", () => {
    const { catalog } = readTestFiles({ [path]: '{ "properties": { "displayName": "A", "displayName": "B" } }' });
    expect(catalog.groups.map((group) => group.id)).not.toContain("a");
  });
});

it("reports everything at once", () => {
  const { findings } = readTestFiles({
    "apis/a/apiInformation.json": { properties: { protocols: ["ftp"] } },
    "backends/b/backendInformation.json": "{",
    "namedValues/n/namedValueInformation.json": { properties: { displayName: "n" } },
    "subscriptions/s/subscriptionInformation.json": { properties: { displayName: "s" } },
  });
  expect(findings.filter((line) => line.includes(" error ")).map((line) => line.split("/")[0])).toEqual([
    "namedValues",
    "backends",
    "apis",
    "apis",
    "subscriptions",
  ]);
});
