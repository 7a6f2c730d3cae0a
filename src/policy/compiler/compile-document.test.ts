import { describe, expect, it } from "vitest";
import { SourceFile } from "../../model/source-text.ts";
import { parseDocument } from "../document/parse.ts";
import type { Scope } from "../exchange/errors.ts";
import { policies, unsupportedPolicies } from "../testing/catalog.ts";
import { checkFragment, compilePolicyDocument } from "./compile-document.ts";
import type { CompileEnvironment } from "./compile-element.ts";

function environment(scope: Scope = "api"): CompileEnvironment {
  return {
    policies,
    unsupported: unsupportedPolicies,
    fragments: new Map(),
    namedValues: new Map(),
    standalone: false,
    scope,
    diagnostics: [],
  };
}

function compile(text: string, scope?: Scope) {
  const env = environment(scope);
  const sections = compilePolicyDocument(parseDocument(new SourceFile("policy.xml", text)), env);
  return { sections, diagnostics: env.diagnostics, codes: env.diagnostics.map((d) => d.code) };
}

const inherited = "<backend><base/></backend><outbound><base/></outbound><on-error><base/></on-error>";

describe("a policy document", () => {
  it("compiles section by section, in any order", () => {
    const { sections, codes } = compile(
      `<policies>${inherited}<inbound><set-method>PUT</set-method><base/></inbound></policies>`,
    );
    expect(codes).toEqual([]);
    expect(Object.keys(sections)).toEqual(["backend", "outbound", "on-error", "inbound"]);
    expect(sections.inbound?.map((element) => element.name)).toEqual(["set-method", "base"]);
  });

  it("warns about sections that are not there, except at global scope", () => {
    const { diagnostics, sections } = compile("<policies><inbound/></policies>");
    expect(diagnostics.map((d) => [d.severity, d.message.slice(0, 24)])).toEqual([
      ["warning", "there is no <backend>: n"],
      ["warning", "there is no <outbound>: "],
      ["warning", "there is no <on-error>: "],
    ]);
    expect(sections.inbound).toEqual([]);
    expect(compile("<policies><inbound/></policies>", "global").codes).toEqual([]);
  });

  it.each([
    ["", "no-root-element"],
    ["<fragment/>", "unexpected-root"],
    [`<policies><inbund/><inbound/>${inherited}</policies>`, "unknown-section"],
    [`<policies><inbound/><inbound/>${inherited}</policies>`, "section-repeated"],
    [`<policies><inbound id="x"/>${inherited}</policies>`, "unknown-attribute"],
    [`<policies><inbound><base/><base/></inbound>${inherited}</policies>`, "base-repeated"],
    [
      `<policies><inbound/><backend><base/><forward-request/></backend><outbound/><on-error/></policies>`,
      "backend-single-policy",
    ],
    [
      `<policies><inbound><choose><when condition="true"><base/></when></choose></inbound>${inherited}</policies>`,
      "base-misplaced",
    ],
    [`<policies><inbound><forward-request/></inbound>${inherited}</policies>`, "policy-not-allowed-in-section"],
    [`<policies><inbound><xsl-transform/></inbound>${inherited}</policies>`, "unsupported-policy"],
  ])("%s: %s", (text, code) => {
    expect(compile(text).codes).toContain(code);
  });

  it("suggests the section that was meant", () => {
    const { diagnostics } = compile(`<policies>\n <inbund/><inbound/>${inherited}</policies>`);
    expect(diagnostics[0]).toMatchObject({ line: 2, column: 2, hint: 'did you mean "inbound"?' });
  });

  it("passes on what the parser found", () => {
    expect(compile("<policies><inbound></policies>").codes).toContain("mismatched-end-tag");
  });
});

describe("a fragment", () => {
  it("has its own root", () => {
    const env = environment();
    expect(checkFragment(parseDocument(new SourceFile("f.xml", "<fragment><base/></fragment>")), env)?.name).toBe(
      "fragment",
    );
    expect(checkFragment(parseDocument(new SourceFile("f.xml", "<policies/>")), env)).toBeUndefined();
    expect(env.diagnostics.map((d) => d.code)).toEqual(["unexpected-root"]);
  });
});
