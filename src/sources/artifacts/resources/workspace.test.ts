import { describe, expect, it } from "vitest";
import { apiFiles, readTestFiles, type TestFiles } from "../testing.ts";

function inside(workspace: string, files: TestFiles): TestFiles {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [`workspaces/${workspace}/${path}`, content]),
  );
}

const SERVICE = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ApiManagement/service/x";

describe("a workspace", () => {
  const { catalog, findings } = readTestFiles({
    ...apiFiles("shared"),
    ...inside("team", {
      "policy.xml": "<policies />",
      ...apiFiles("orders", { apiVersion: "v1", apiVersionSetId: `${SERVICE}/workspaces/team/apiVersionSets/s` }),
      "apis/orders/policy.xml": "<policies />",
      "version sets/s/versionSetInformation.json": {
        properties: { displayName: "S", versioningScheme: "Header", versionHeaderName: "v" },
      },
      "products/p/productInformation.json": { properties: { displayName: "P" } },
      "products/p/apis/link1/productApiInformation.json": {
        name: "link1",
        properties: { apiId: `${SERVICE}/workspaces/team/apis/orders` },
      },
      "products/p/groups/link2/productGroupInformation.json": {
        name: "link2",
        properties: { groupId: `${SERVICE}/groups/developers` },
      },
      "subscriptions/one/subscriptionInformation.json": { properties: { displayName: "One", scope: "/products/p" } },
      "subscriptions/two/subscriptionInformation.json": {
        properties: { displayName: "Two", scope: `${SERVICE}/workspaces/team/apis/orders` },
      },
      "backends/b/backendInformation.json": { properties: { url: "http://b.test" } },
      "named values/n/namedValueInformation.json": { properties: { displayName: "n", value: "1" } },
      "policy fragments/f/policy.xml": "<fragment />",
      "groups/g/groupInformation.json": { properties: { displayName: "G" } },
    }),
  });

  it("is read without a finding, also without an information file", () => {
    expect(findings).toEqual([]);
    expect(catalog.workspaces).toMatchObject([{ id: "team", displayName: "team", policy: { text: "<policies />" } }]);
  });

  it("owns its resources", () => {
    const owned = { workspace: "team" };
    expect(catalog.apis).toMatchObject([{ id: "shared" }, { id: "orders", versionSetId: "s", ...owned }]);
    expect(catalog.apis[0]).not.toHaveProperty("workspace");
    expect(catalog.products).toMatchObject([{ apis: ["orders"], groups: ["developers"], ...owned }]);
    expect(catalog.subscriptions).toMatchObject([
      { id: "one", scope: { kind: "product", id: "p" }, ...owned },
      { id: "two", scope: { kind: "api", id: "orders" }, ...owned },
    ]);
    for (const resources of [catalog.versionSets, catalog.backends, catalog.namedValues, catalog.fragments]) {
      expect(resources).toMatchObject([owned]);
    }
    expect(catalog.groups.find((group) => group.id === "g")).toMatchObject(owned);
  });

  it("has the display name of its information file", () => {
    const files = inside("team", { "workspaceInformation.json": { properties: { displayName: "The team" } } });
    expect(readTestFiles(files).catalog.workspaces).toMatchObject([{ displayName: "The team" }]);
  });
});

describe("findings about workspaces", () => {
  it("refuse names that a plan would mix up", () => {
    const named = { "namedValues/x/namedValueInformation.json": { properties: { displayName: "n", value: "1" } } };
    expect(readTestFiles({ ...inside("a", named), ...inside("b", named) }).findings).toEqual([
      'workspaces/b/namedValues/x/namedValueInformation.json:1:1 error the named value "n" exists in the workspace "a" as well, which is not supported yet (rename one of the two)',
    ]);
  });

  it("refuse a subscription that a plan would let into the whole service", () => {
    const subscription = { properties: { displayName: "S", scope: "/apis" } };
    const { catalog, findings } = readTestFiles(
      inside("a", { "subscriptions/s/subscriptionInformation.json": subscription }),
    );
    expect(findings).toEqual([
      "workspaces/a/subscriptions/s/subscriptionInformation.json:4:5 error a subscription to all APIs of a workspace is not supported yet (subscribe to a product or an API of the workspace)",
    ]);
    expect(catalog.subscriptions).toEqual([]);
  });

  it("do not find the service's APIs inside of a workspace", () => {
    const files = {
      ...apiFiles("shared"),
      ...inside("a", {
        "products/p/productInformation.json": { properties: { displayName: "P" } },
        "products/p/apis.json": [{ name: "shared" }],
      }),
    };
    expect(readTestFiles(files).findings).toEqual([
      'workspaces/a/products/p/apis.json:2:3 error the API "shared" does not exist',
    ]);
  });

  it("keep paths unique over the whole service", () => {
    const findings = readTestFiles({
      ...apiFiles("a", { path: "same" }),
      ...inside("w", apiFiles("b", { path: "same" })),
    }).findings;
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain('cannot create API "b" with the same path "same" as API "a"');
  });
});
