import { describe, expect, it } from "vitest";
import { ALL_SCOPES, ALL_SECTIONS, type ChildSchema, type ElementSchema } from "../compiler/schema.ts";
import { policies, unsupportedPolicies } from "./index.ts";
import { REFERENCE_NAMES } from "./reference-names.ts";

describe("the catalog", () => {
  it("knows every policy of the reference, as carried out or as not yet", () => {
    expect([...REFERENCE_NAMES]).toEqual([...new Set(REFERENCE_NAMES)].toSorted());
    for (const name of policies.keys()) expect(REFERENCE_NAMES).toContain(name);
    expect(new Set([...policies.keys(), ...unsupportedPolicies])).toEqual(new Set(REFERENCE_NAMES));
    expect([...unsupportedPolicies].filter((name) => policies.has(name))).toEqual([]);
  });

  it("is sorted by name", () => {
    expect([...policies.keys()]).toEqual([...policies.keys()].toSorted());
  });

  it.each([...policies.values()].map((policy) => [policy.name, policy] as const))(
    "describes %s in full",
    (_, policy) => {
      expect(policy.summary).toMatch(/^[A-Z].*\.$/);
      expect(policy.sections.length).toBeGreaterThan(0);
      for (const section of policy.sections) expect(ALL_SECTIONS).toContain(section);
      for (const scope of policy.scopes) expect(ALL_SCOPES).toContain(scope);
      expectDocumented(policy, policy.name);
    },
  );
});

function expectDocumented(schema: ElementSchema, where: string): void {
  for (const [name, attribute] of Object.entries(schema.attributes ?? {})) {
    expect(attribute.doc, `${where}@${name}`).toMatch(/^[A-Z"%].*\.$/);
    if (attribute.default !== undefined && typeof attribute.type !== "string") {
      expect(attribute.type, `${where}@${name}`).toContain(attribute.default);
    }
  }
  if (schema.text) expect(schema.text.doc, where).toMatch(/\.$/);
  for (const [name, child] of Object.entries<ChildSchema>(schema.children ?? {})) {
    if (child.policy !== undefined) expect(REFERENCE_NAMES, `${where}/${name}`).toContain(child.policy);
    else {
      expect(child.doc, `${where}/${name}`).toMatch(/\.$/);
      expectDocumented(child, `${where}/${name}`);
    }
  }
}
