import { describe, expect, it } from "vitest";
import { SourceText } from "../../model/source-text.ts";
import { compileExpression } from "../expression/compile.ts";
import { policyDialect } from "../expression/library.ts";
import { REFUSED_FEATURES, SUPPORTED_FEATURES } from "./expression-features.ts";
import { expressionPage } from "./expression-page.ts";

function errors(sample: string): string[] {
  const { diagnostics } = compileExpression(SourceText.of(sample));
  return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

describe("the language features", () => {
  it.each(SUPPORTED_FEATURES.flatMap(({ samples }) => samples))("has %s", (sample) => {
    expect(errors(sample)).toEqual([]);
  });

  it.each(REFUSED_FEATURES.flatMap(({ samples }) => samples))("refuses %s", (sample) => {
    expect(errors(sample)).not.toEqual([]);
  });
});

describe("the page", () => {
  const page = expressionPage();

  it("has every type and every member", () => {
    const lines = new Set(page.split("\n"));
    for (const type of policyDialect().language.registry.definitions) {
      const name = type.simpleName + type.declaration.name.slice(type.fullName.length);
      expect(page, name).toContain(type.delegate ? `\n${name}: (` : `### ${name}\n`);
      for (const member of [...type.members.values()].flat()) {
        if (/\b(System|Newtonsoft|Gatehouse)\./.test(member.signature)) continue;
        expect(lines.has(member.signature), `${name}: ${member.signature}`).toBe(true);
      }
    }
  });

  it("begins with context and what it leads to", () => {
    const headings = [...page.matchAll(/^#{2,3} (.+)$/gm)].map((match) => match[1]);
    expect(headings.slice(0, 4)).toEqual(["The language", "`context`", "IProxyRequestContext", "IContextApi"]);
    expect(headings.indexOf("IUrl")).toBeLessThan(headings.indexOf("Newtonsoft.Json"));
  });
});
