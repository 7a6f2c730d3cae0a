import { describe, expect, it } from "vitest";
import type { UserResource } from "../../../model/catalog.ts";
import { readTestFiles, type TestFiles } from "../testing.ts";

const FILE = "users/u/userInformation.json";

function read(properties: object, files: TestFiles = {}): { users: readonly UserResource[]; findings: string[] } {
  const { catalog, findings } = readTestFiles({
    [FILE]: { properties: { email: "u@example.com", ...properties } },
    "groups/partners/groupInformation.json": { properties: { displayName: "Partners" } },
    ...files,
  });
  return { users: catalog.users, findings };
}

describe("a user", () => {
  it("is active and a developer", () => {
    const { users, findings } = read({ firstName: "U", note: "n", registrationDate: "2025-01-31T12:00:00Z" });
    expect(findings).toEqual([]);
    expect(users).toMatchObject([
      {
        id: "u",
        email: "u@example.com",
        firstName: "U",
        lastName: "",
        note: "n",
        state: "active",
        registrationDate: "2025-01-31T12:00:00Z",
        groups: ["developers"],
        identities: [],
      },
    ]);
  });

  it.each([
    [{ groups: ["partners"] }, {}],
    [{ groups: ["/groups/Partners"] }, {}],
    [{}, { "users/u/groups.json": [{ name: "partners" }] }],
    [{}, { "users/u/groups/partners/userGroupInformation.json": {} }],
  ])("is in the groups of %j %j", (properties, files) => {
    const { users, findings } = read(properties, files);
    expect(findings).toEqual([]);
    expect(users[0]?.groups).toEqual(["partners", "developers"]);
  });

  it("has identities", () => {
    const identities = [{ provider: "Aad", id: "1" }];
    expect(read({ identities }).users).toMatchObject([{ identities }]);
  });
});

describe("findings about a user", () => {
  it.each([
    [{ email: undefined }, `${FILE}:2:3 error "email" is required`],
    [{ email: "nobody" }, `${FILE}:3:5 error "nobody" is no email address`],
    [{ groups: ["partner"] }, `${FILE}:4:5 error the group "partner" does not exist (did you mean "partners"?)`],
    [{ identities: [{ id: "1" }] }, `${FILE}:5:7 error "provider" is required`],
  ])("%j", (properties, finding) => {
    expect(read(properties).findings).toEqual([finding]);
  });

  it("name an email address that two have", () => {
    const files = { "users/v/userInformation.json": { properties: { email: "U@example.com" } } };
    expect(read({}, files).findings).toEqual([
      'users/v/userInformation.json:3:5 error the email address belongs to the user "u" already',
    ]);
  });
});
