import { describe, expect, it } from "vitest";
import type { ProductResource } from "../../../model/catalog.ts";
import { apiFiles, readTestFiles, type TestFiles } from "../testing.ts";

const FILE = "products/p/productInformation.json";

function read(properties: object, files: TestFiles = {}): { products: readonly ProductResource[]; findings: string[] } {
  const { catalog, findings } = readTestFiles({
    ...apiFiles("orders"),
    [FILE]: { properties: { displayName: "P", ...properties } },
    ...files,
  });
  return { products: catalog.products, findings };
}

describe("a product", () => {
  it("has the service's defaults", () => {
    const { products, findings } = read({});
    expect(findings).toEqual([]);
    expect(products).toMatchObject([
      {
        id: "p",
        displayName: "P",
        subscriptionRequired: true,
        approvalRequired: false,
        subscriptionsLimit: null,
        state: "notPublished",
        apis: [],
        groups: [],
      },
    ]);
  });

  it("keeps what is written", () => {
    const written = { description: "D", approvalRequired: true, subscriptionsLimit: 3, state: "published" };
    expect(read(written).products).toMatchObject([written]);
  });

  it("may be open with the false and null that exporters write", () => {
    const { products, findings } = read({
      subscriptionRequired: false,
      approvalRequired: false,
      subscriptionsLimit: null,
    });
    expect(findings).toEqual([]);
    expect(products).toMatchObject([{ subscriptionRequired: false }]);
  });

  it("holds each API once, whatever the revision and form of the association", () => {
    const { products, findings } = read(
      {},
      {
        "products/p/apis.json": [{ name: "orders" }, "Orders", { id: "/apis/orders;rev=2" }],
        "products/p/apis/orders/productApiInformation.json": {},
      },
    );
    expect(findings).toEqual([]);
    expect(products[0]?.apis).toEqual(["orders"]);
  });
});

describe("findings about a product", () => {
  it.each([
    [
      { subscriptionRequired: false, approvalRequired: true },
      {},
      `${FILE}:5:5 error "approvalRequired" has a meaning only with "subscriptionRequired": true`,
    ],
    [
      { subscriptionRequired: false, subscriptionsLimit: 1 },
      {},
      `${FILE}:5:5 error "subscriptionsLimit" has a meaning only with "subscriptionRequired": true`,
    ],
    [{ subscriptionsLimit: -1 }, {}, `${FILE}:4:5 error "subscriptionsLimit" must be a whole number of at least 0`],
    [
      { state: "publised" },
      {},
      `${FILE}:4:5 error "state" may not be "publised"; allowed are notPublished, published (did you mean "published"?)`,
    ],
    [
      {},
      { "products/p/apis.json": [{ name: "order" }] },
      'products/p/apis.json:2:3 error the API "order" does not exist (did you mean "orders"?)',
    ],
    [
      {},
      { "products/p/apis/x/productApiInformation.json": {} },
      'products/p/apis/x/productApiInformation.json:1:1 error the API "x" does not exist',
    ],
    [
      {},
      { "products/p/apis/l/productApiInformation.json": { properties: { apiId: "/apis/x" } } },
      'products/p/apis/l/productApiInformation.json:3:5 error the API "x" does not exist',
    ],
    [
      {},
      { "products/p/apis.json": { name: "orders" } },
      'products/p/apis.json:1:1 error the file must hold a list such as [ { "name": "x" } ]',
    ],
    [{}, { "products/p/apis.json": [{}] }, 'products/p/apis.json:2:3 error each item needs a "name"'],
    [
      {},
      { "products/p/groups.json": [{ name: "developer" }] },
      'products/p/groups.json:2:3 warning the group "developer" does not exist (did you mean "developers"?)',
    ],
  ])("%j %j", (properties, files, finding) => {
    expect(read(properties, files).findings).toEqual([finding]);
  });

  it("name an API in two open products", () => {
    const open = { properties: { displayName: "Open", subscriptionRequired: false } };
    const { products, findings } = read(
      { subscriptionRequired: false },
      {
        "products/p/apis.json": [{ name: "orders" }],
        "products/q/productInformation.json": open,
        "products/q/apis.json": [{ name: "orders" }],
        "products/r/productInformation.json": { properties: { displayName: "Closed" } },
        "products/r/apis.json": [{ name: "orders" }],
      },
    );
    expect(findings).toEqual([
      'products/q/apis.json:2:3 error the API "orders" is in two open products: "p" and "q" (an open product is one with "subscriptionRequired": false)',
    ]);
    expect(products.map((product) => product.id)).toEqual(["p", "r"]);
  });
});
