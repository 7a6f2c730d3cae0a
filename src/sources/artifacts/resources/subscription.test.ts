import { describe, expect, it } from "vitest";
import type { SubscriptionResource } from "../../../model/catalog.ts";
import { apiFiles, readTestFiles, type TestFiles } from "../testing.ts";

const FILE = "subscriptions/s/subscriptionInformation.json";
const SERVICE = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ApiManagement/service/x";

function read(
  properties: object,
  files: TestFiles = {},
): { subscriptions: readonly SubscriptionResource[]; findings: string[] } {
  const { catalog, findings } = readTestFiles({
    ...apiFiles("orders"),
    "products/starter/productInformation.json": { properties: { displayName: "Starter" } },
    [FILE]: { properties: { displayName: "S", scope: "/products/starter", ...properties } },
    ...files,
  });
  return { subscriptions: catalog.subscriptions, findings };
}

describe("a subscription", () => {
  it("is active, with the keys that are written", () => {
    const dates = {
      createdDate: "2025-01-31T12:00:00.1234567Z",
      startDate: "2025-01-31",
      endDate: "2026-01-31T00:00:00+01:00",
    };
    const { subscriptions, findings } = read({ primaryKey: "p1", secondaryKey: "p2", ownerId: "/users/1", ...dates });
    expect(findings).toEqual([]);
    expect(subscriptions).toMatchObject([
      { id: "s", state: "active", allowTracing: false, primaryKey: "p1", secondaryKey: "p2", ownerId: "1", ...dates },
    ]);
  });

  it.each([
    ["/products/starter", { kind: "product", id: "starter" }],
    ["/products/STARTER", { kind: "product", id: "starter" }],
    [`${SERVICE}/products/starter`, { kind: "product", id: "starter" }],
    ["/apis/orders", { kind: "api", id: "orders" }],
    ["/apis/orders;rev=2", { kind: "api", id: "orders" }],
    [`/apis/${SERVICE}/apis/orders`, { kind: "api", id: "orders" }],
    ["/apis", { kind: "all-apis" }],
    ["/apis/", { kind: "all-apis" }],
    [`${SERVICE}/apis`, { kind: "all-apis" }],
  ])("has the scope %s", (scope, expected) => {
    const { subscriptions, findings } = read({ scope });
    expect(findings).toEqual([]);
    expect(subscriptions).toMatchObject([{ scope: expected }]);
  });

  it.each(["/", `${SERVICE}/`, SERVICE])("of the name master covers the service: %s", (scope) => {
    const master = { "subscriptions/master/subscriptionInformation.json": { properties: { displayName: "M", scope } } };
    expect(read({}, master).subscriptions[0]).toMatchObject({ id: "master", scope: { kind: "service" } });
  });
});

describe("findings about a subscription", () => {
  const user = { "users/alice/userInformation.json": { properties: { email: "alice@example.com" } } };
  it.each([
    [{ scope: undefined }, {}, `${FILE}:2:3 error "scope" is required`],
    [
      { scope: "/" },
      {},
      `${FILE}:4:5 error only the built-in subscription "master" may cover the whole service (write /apis for all APIs)`,
    ],
    [
      { scope: "/groups/x" },
      {},
      `${FILE}:4:5 error "/groups/x" is no scope of a subscription (write /products/x, /apis/x or /apis)`,
    ],
    [
      { scope: "/products/startr" },
      {},
      `${FILE}:4:5 error the product "startr" does not exist (did you mean "starter"?)`,
    ],
    [{ scope: "/apis/order" }, {}, `${FILE}:4:5 error the API "order" does not exist (did you mean "orders"?)`],
    [
      { state: "activ" },
      {},
      `${FILE}:5:5 error "state" may not be "activ"; allowed are suspended, active, expired, submitted, rejected, cancelled (did you mean "active"?)`,
    ],
    [{ primaryKey: "" }, {}, `${FILE}:5:5 error "primaryKey" may not be empty`],
    [
      { primaryKey: "secret".repeat(50) },
      {},
      `${FILE}:5:5 error "primaryKey" has 300 characters; at most 256 are allowed`,
    ],
    [{ endDate: "tomorrow" }, {}, `${FILE}:5:5 error "endDate" must be a date such as 2025-01-31T12:00:00Z`],
    [{ ownerId: "/groups/x" }, {}, `${FILE}:5:5 error "ownerId" is no reference to a user (write /users/x)`],
    [
      { ownerId: "/users/alic" },
      user,
      `${FILE}:5:5 warning the user "alic" does not exist; calls with this subscription have no user (did you mean "alice"?)`,
    ],
  ])("%j", (properties, files, finding) => {
    expect(read(properties, files).findings).toEqual([finding]);
  });

  it("name a key that two have, without showing it", () => {
    const other = { displayName: "T", scope: "/apis", secondaryKey: "the-key" };
    const files = { "subscriptions/t/subscriptionInformation.json": { properties: other } };
    const { subscriptions, findings } = read({ primaryKey: "the-key" }, files);
    expect(findings).toEqual([
      'subscriptions/t/subscriptionInformation.json:5:5 error "secondaryKey" is a key of the subscription "s" already',
    ]);
    expect(subscriptions.map((subscription) => subscription.id)).toEqual(["s"]);
  });
});
