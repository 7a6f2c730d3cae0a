import { describe, expect, test } from "vitest";
import { SourceFile } from "../../model/source-text.ts";
import { policies, unsupportedPolicies } from "../catalog/index.ts";
import { parseDocument } from "../document/parse.ts";
import { describePolicies } from "./describe.ts";
import { referenceIndex, referencePage } from "./reference-page.ts";
import { policyXmlSchema } from "./xml-schema.ts";

describe("descriptions", () => {
  const described = describePolicies();

  test("every policy, with a sentence for everything in it", () => {
    expect(described.policies.map((policy) => policy.name)).toEqual([...policies.keys()]);
    expect(described.unsupported).toEqual([...unsupportedPolicies].sort());
    const silent: string[] = [];
    const visit = (path: string, element: Partial<(typeof described.policies)[number]>) => {
      for (const [name, value] of Object.entries(element.attributes ?? {}))
        if (!/\w.*\.$/.test(value.doc)) silent.push(`${path}@${name}`);
      for (const [name, child] of Object.entries(element.children ?? {})) {
        if (child.policy === undefined && !child.doc) silent.push(`${path}/${name}`);
        visit(`${path}/${name}`, child as never);
      }
    };
    for (const policy of described.policies) {
      expect(policy.summary, policy.name).toMatch(/\.$/);
      visit(policy.name, policy);
    }
    expect(silent).toEqual([]);
  });

  test("says of an attribute what a form needs", () => {
    const retry = described.policies.find((policy) => policy.name === "retry");
    expect(retry?.attributes.count).toEqual({
      type: "int",
      required: true,
      expression: true,
      min: 1,
      max: 50,
      doc: "Number of retries after the first run.",
    });
    expect(retry?.policies).toBe("any");
  });
});

describe("the XML Schema", () => {
  const schema = policyXmlSchema();

  test("is well-formed", () => {
    expect(parseDocument(new SourceFile("policies.xsd", schema)).diagnostics).toEqual([]);
  });

  test("declares every element that it refers to", () => {
    const declared = new Set([...schema.matchAll(/^ {2}<xs:element name="([^"]+)"/gm)].map((match) => match[1]));
    const referred = [...schema.matchAll(/ref="([^"]+)"/g)].map((match) => match[1]);
    expect(referred.filter((name) => !declared.has(name))).toEqual([]);
    expect(declared.has("policies") && declared.has("fragment")).toBe(true);
  });
});

describe("reference pages", () => {
  test("show attributes, elements and the example", () => {
    const { policies: all } = describePolicies();
    const page = referencePage(all.find((policy) => policy.name === "check-header") as never, "<policies />\n");
    expect(page).toContain("# check-header");
    expect(page).toContain("```xml\n<policies />\n```");
    expect(page).toMatch(/\| `name` \| string \| yes \| {2}\| yes \|/);
    expect(referenceIndex(all, ["x-policy"])).toContain("`x-policy`");
  });
});
