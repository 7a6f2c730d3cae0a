import { expect, it } from "vitest";
import { readTestFiles } from "../testing.ts";

const FILE = "version sets/s/versionSetInformation.json";

function read(properties: object) {
  return readTestFiles({ [FILE]: { properties: { displayName: "S", ...properties } } });
}

it.each([
  { versioningScheme: "Segment" },
  { versioningScheme: "Query", versionQueryName: "v" },
  { versioningScheme: "Header", versionHeaderName: "x-v" },
])("a version set is read: %j", (properties) => {
  const { catalog, findings } = read(properties);
  expect(findings).toEqual([]);
  expect(catalog.versionSets).toMatchObject([{ id: "s", displayName: "S", ...properties }]);
});

it("takes the scheme in any case", () => {
  expect(read({ versioningScheme: "segment", versionQueryName: "" }).catalog.versionSets).toEqual([
    { id: "s", origin: expect.anything(), displayName: "S", versioningScheme: "Segment" },
  ]);
});

it.each([
  [{}, `${FILE}:2:3 error "versioningScheme" is required`],
  [
    { versioningScheme: "Path" },
    `${FILE}:4:5 error "versioningScheme" may not be "Path"; allowed are Segment, Query, Header`,
  ],
  [{ versioningScheme: "Query" }, `${FILE}:2:3 error "versionQueryName" is required`],
  [{ versioningScheme: "Header", versionHeaderName: "" }, `${FILE}:5:5 error "versionHeaderName" may not be empty`],
])("findings about %j", (properties, finding) => {
  const { catalog, findings } = read(properties);
  expect(findings).toEqual([finding]);
  expect(catalog.versionSets).toEqual([]);
});
