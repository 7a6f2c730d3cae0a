import { describe, expect, it } from "vitest";
import { SourceFile } from "../model/source-text.ts";
import { compileStandalone } from "../plan/compile-standalone.ts";
import { policies, unsupportedPolicies } from "../policy/catalog/index.ts";
import { REFERENCE_NAMES } from "../policy/catalog/reference-names.ts";
import { compilePolicyDocument } from "../policy/compiler/compile-document.ts";
import type { CompileEnvironment } from "../policy/compiler/compile-element.ts";
import { parseDocument } from "../policy/document/parse.ts";
import { type Element, elementChildren } from "../policy/document/tree.ts";
import type { Scope } from "../policy/exchange/errors.ts";
import { exampleOf, examples, stalePolicyDocs } from "./policy-docs.ts";

/** `{{names}}` and fragments that examples refer to on purpose: what a document on its own is warned about. */
const REFERENCES = new Set(["unknown-named-value", "unknown-fragment"]);

function uses(element: Element, name: string): boolean {
  return element.name === name || elementChildren(element).some((child) => uses(child, name));
}

/** What is wrong with the document at a scope whose named values and fragments are those that it refers to. */
function findingsAt(scope: Scope, name: string, text: string) {
  const references = compileStandalone(name, text).filter(({ code }) => REFERENCES.has(code));
  const referred = (code: string) =>
    references.filter((found) => found.code === code).map(({ message }) => /"([^"]+)"[^"]*$/.exec(message)?.[1] ?? "");
  const fragment = parseDocument(new SourceFile("fragment.xml", '<fragment><set-header name="a" /></fragment>')).root;
  const environment: CompileEnvironment = {
    policies,
    unsupported: unsupportedPolicies,
    fragments: new Map(
      referred("unknown-fragment").flatMap((id) =>
        fragment ? [[id, { root: fragment, origin: "fragment.xml" }]] : [],
      ),
    ),
    namedValues: new Map(referred("unknown-named-value").map((id) => [id, { secret: false, value: "some-text" }])),
    standalone: false,
    scope,
    diagnostics: [],
  };
  compilePolicyDocument(parseDocument(new SourceFile(name, text)), environment);
  return environment.diagnostics;
}

describe("the example of", () => {
  it.each([...policies.values()])("$name compiles and uses it", ({ name, scopes }) => {
    const text = exampleOf(name) ?? "";
    expect(text, "docs/policies/examples has no document of this name").not.toBe("");
    const findings = compileStandalone(`${name}.xml`, text);
    expect(findings.filter(({ severity, code }) => severity === "error" || !REFERENCES.has(code))).toEqual([]);
    const { root } = parseDocument(new SourceFile(`${name}.xml`, text));
    expect(root && uses(root, name)).toBe(true);
    // Resolver documents belong to a field of a GraphQL schema, not to a scope.
    if (root?.name === "policies")
      expect(scopes.map((scope) => findingsAt(scope, `${name}.xml`, text))).toContainEqual([]);
  });
});

it("every example is of a policy of the reference", () => {
  expect(examples().filter((name) => !REFERENCE_NAMES.includes(name))).toEqual([]);
});

it("the generated pages are up to date (gatehouse policies --update-docs)", () => {
  expect(stalePolicyDocs()).toEqual([]);
});
