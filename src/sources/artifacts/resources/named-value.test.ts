import { describe, expect, it } from "vitest";
import type { NamedValueResource } from "../../../model/catalog.ts";
import { readTestFiles, type TestFiles } from "../testing.ts";

const FILE = "named values/n/namedValueInformation.json";

function read(properties: object, files: TestFiles = {}): { named: readonly NamedValueResource[]; findings: string[] } {
  const { catalog, findings } = readTestFiles({
    [FILE]: { properties: { displayName: "name", ...properties } },
    ...files,
  });
  return { named: catalog.namedValues, findings };
}

describe("a named value", () => {
  it("is plain unless it says otherwise", () => {
    const { named, findings } = read({ value: 5, tags: ["t"] });
    expect(findings).toEqual([]);
    expect(named).toMatchObject([{ id: "n", displayName: "name", secret: false, value: "5", tags: ["t"] }]);
  });

  it.each(["env:API_KEY", "file:/run/secrets/key", "https://x.vault.azure.net/secrets/key"])(
    "may be kept elsewhere: %s",
    (secretIdentifier) => {
      const { named, findings } = read({ secret: true, keyVault: { secretIdentifier } });
      expect(findings).toEqual([]);
      expect(named).toMatchObject([{ secret: true, secretIdentifier }]);
      expect(named[0]).not.toHaveProperty("value");
    },
  );

  it("may be a secret with its value", () => {
    expect(read({ secret: true, value: "s3cret" }).named).toMatchObject([{ secret: true, value: "s3cret" }]);
  });
});

describe("findings about a named value", () => {
  const hint = 'give "value", or "keyVault": { "secretIdentifier": "env:NAME" }, here or in configuration.{env}.yaml';
  it.each([
    [{}, `${FILE}:2:3 error "value" is required`],
    [{ value: " " }, `${FILE}:4:5 error "value" may not be blank`],
    [{ value: "x".repeat(4097) }, `${FILE}:4:5 error "value" has 4097 characters; at most 4096 are allowed`],
    [
      { displayName: "a b", value: "x" },
      `${FILE}:3:5 error "a b" may hold letters, digits, "-", "." and "_" only: it is the name inside {{…}}`,
    ],
    [
      { value: "{{other}}" },
      `${FILE}:4:5 warning a named value may not refer to another one; the reference stays as it is written`,
    ],
    [{ secret: true }, `${FILE}:2:3 warning the secret "name" has no value here (${hint})`],
    [{ secret: true, value: "*** REDACTED ***" }, `${FILE}:2:3 warning the secret "name" has no value here (${hint})`],
    [{ keyVault: {} }, `${FILE}:4:5 error "secretIdentifier" is required`],
    [
      { keyVault: { secretIdentifier: "key" } },
      `${FILE}:5:7 error "secretIdentifier" must be env:NAME, file:/path or the https:// address of a secret`,
    ],
    [
      { keyVault: { secretIdentifer: "env:X" } },
      `${FILE}:5:7 warning the property "secretIdentifer" is not known (did you mean "secretIdentifier"?)`,
    ],
  ])("%j", (properties, finding) => {
    expect(read(properties).findings.slice(0, 1)).toEqual([finding]);
  });

  it("never show a value", () => {
    const { findings } = read({ secret: true, value: ["s3cret"] });
    expect(findings).toHaveLength(1);
    expect(findings.join()).not.toContain("s3cret");
  });

  it("name a display name that two have", () => {
    const files = { "namedValues/m/namedValueInformation.json": { properties: { displayName: "name", value: "y" } } };
    const { named, findings } = read({ value: "x" }, files);
    expect(findings).toEqual([
      'namedValues/m/namedValueInformation.json:3:5 error the named values "n" and "m" have the same display name "name"',
    ]);
    expect(named.map((value) => value.id)).toEqual(["n"]);
  });
});
