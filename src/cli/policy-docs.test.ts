import { describe, expect, it } from "vitest";
import { SourceFile } from "../model/source-text.ts";
import { compileStandalone } from "../plan/compile-standalone.ts";
import { policies } from "../policy/catalog/index.ts";
import { REFERENCE_NAMES } from "../policy/catalog/reference-names.ts";
import { parseDocument } from "../policy/document/parse.ts";
import { type Element, elementChildren } from "../policy/document/tree.ts";
import { exampleOf, examples, stalePolicyDocs } from "./policy-docs.ts";

/** `{{names}}` and fragments that examples refer to on purpose: what a document on its own is warned about. */
const REFERENCES = new Set(["unknown-named-value", "unknown-fragment"]);

function uses(element: Element, name: string): boolean {
  return element.name === name || elementChildren(element).some((child) => uses(child, name));
}

describe("the example of", () => {
  it.each([...policies.keys()])("%s compiles and uses it", (name) => {
    const text = exampleOf(name);
    expect(text, "docs/policies/examples has no document of this name").toBeDefined();
    const findings = compileStandalone(`${name}.xml`, text ?? "");
    expect(findings.filter(({ severity, code }) => severity === "error" || !REFERENCES.has(code))).toEqual([]);
    const { root } = parseDocument(new SourceFile(`${name}.xml`, text ?? ""));
    expect(root && uses(root, name)).toBe(true);
  });
});

it("every example is of a policy of the reference", () => {
  expect(examples().filter((name) => !REFERENCE_NAMES.includes(name))).toEqual([]);
});

it("the generated pages are up to date (gatehouse policies --update-docs)", () => {
  expect(stalePolicyDocs()).toEqual([]);
});
