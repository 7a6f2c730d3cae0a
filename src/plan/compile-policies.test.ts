import { expect, test } from "vitest";
import { emptyCatalog } from "../model/catalog.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { PolicyCompiler } from "./compile-policies.ts";

function findings(fragments: Record<string, string>): string[] {
  const diagnostics: Diagnostic[] = [];
  const resources = Object.entries(fragments).map(([id, text]) => ({
    id,
    origin: { file: `${id}.xml` },
    policy: { file: `${id}.xml`, text: `<fragment>${text}</fragment>` },
  }));
  new PolicyCompiler({ ...emptyCatalog(), fragments: resources }, diagnostics);
  return diagnostics.map((one) => `${one.file} ${one.severity} ${one.code}`);
}

test("a fragment that no document includes must be sound", () => {
  expect(findings({ a: "<set-method>PUT</set-method>" })).toEqual([]);
  expect(findings({ a: "<inbound />", b: "<base />", c: '<include-fragment fragment-id="a" />' })).toEqual([
    "a.xml error unknown-policy",
    "b.xml error base-misplaced",
    "c.xml error nested-fragment",
  ]);
});

test("a policy that is not enforced yet is a warning as long as nothing includes the fragment", () => {
  expect(findings({ a: "<xsl-transform />" })).toEqual(["a.xml warning unsupported-policy"]);
});
