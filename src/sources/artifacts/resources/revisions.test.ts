import { describe, expect, it } from "vitest";
import { apiFiles, readTestFiles } from "../testing.ts";

describe("revisions", () => {
  it("share what belongs to the API, and keep their own operations, policy and address", () => {
    const { catalog, findings } = readTestFiles({
      ...apiFiles("a", { displayName: "A", isCurrent: true, protocols: ["http"], subscriptionRequired: false }),
      ...apiFiles("a;rev=2", { displayName: undefined, path: undefined, serviceUrl: "http://next.test" }),
      "apis/a;rev=2/policy.xml": "<policies />",
    });
    expect(findings).toEqual([]);
    expect(catalog.apis).toMatchObject([
      { id: "a", revision: "1", isCurrent: true, serviceUrl: "http://backend.test" },
      {
        id: "a",
        revision: "2",
        isCurrent: false,
        displayName: "A",
        path: "a",
        protocols: ["http"],
        subscriptionRequired: false,
        serviceUrl: "http://next.test",
        policy: { text: "<policies />" },
      },
    ]);
  });

  it("may have the current one in a folder with its number", () => {
    const { catalog, findings } = readTestFiles({
      ...apiFiles("a"),
      ...apiFiles("a;rev=2", { path: "a", displayName: "a", isCurrent: true }),
    });
    expect(findings).toEqual([]);
    expect(catalog.apis.map((api) => [api.revision, api.isCurrent])).toEqual([
      ["1", false],
      ["2", true],
    ]);
  });

  it("may begin with a later one", () => {
    const { catalog, findings } = readTestFiles(apiFiles("a", { apiRevision: "4", isCurrent: true }));
    expect(findings).toEqual([]);
    expect(catalog.apis).toMatchObject([{ revision: "4", isCurrent: true }]);
  });
});

describe("findings about revisions", () => {
  it("say that two are current", () => {
    const two = {
      ...apiFiles("a", { isCurrent: true }),
      ...apiFiles("a;rev=2", { path: "a", displayName: "a", isCurrent: true }),
    };
    const { catalog, findings } = readTestFiles(two);
    expect(findings).toEqual([
      'apis/a;rev=2/apiInformation.json:6:5 error the API "a" has two current revisions: 1 and 2',
    ]);
    expect(catalog.apis.map((api) => api.revision)).toEqual(["1"]);
  });

  it.each([
    [
      apiFiles("a", { isCurrent: false }),
      'apis/a/apiInformation.json:6:5 error no revision of the API "a" is current (set "isCurrent": true in one of them)',
    ],
    [
      apiFiles("a;rev=2", { path: "a" }),
      'apis/a;rev=2/apiInformation.json:2:3 error no revision of the API "a" is current (set "isCurrent": true in one of them)',
    ],
  ])("say that none is current", (files, finding) => {
    const { catalog, findings } = readTestFiles(files);
    expect(findings).toEqual([finding]);
    expect(catalog.apis).toEqual([]);
  });

  it("name shared properties that differ, and number that the folder does not say", () => {
    const files = {
      ...apiFiles("a"),
      ...apiFiles("a;rev=2", { path: "other", displayName: "a", apiRevision: "3" }),
    };
    expect(readTestFiles(files).findings).toEqual([
      'apis/a;rev=2/apiInformation.json:6:5 warning "apiRevision" is "3", but the folder says "2", which counts',
      'apis/a;rev=2/apiInformation.json:4:5 warning "path" is common to all revisions; that of the current one counts',
    ]);
  });

  it("name a number that exists twice", () => {
    const files = { ...apiFiles("a", { apiRevision: "2" }), ...apiFiles("a;rev=2", { path: "a", displayName: "a" }) };
    expect(readTestFiles(files).findings).toEqual([
      'apis/a;rev=2/apiInformation.json:2:3 error revision 2 of the API "a" exists twice',
    ]);
  });
});
