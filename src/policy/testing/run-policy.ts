import type { Diagnostic } from "../../model/diagnostic.ts";
import { SourceFile } from "../../model/source-text.ts";
import { policies, unsupportedPolicies } from "../catalog/index.ts";
import { compilePolicies } from "../compiler/compile-element.ts";
import type { PlanElement } from "../compiler/element.ts";
import { Loader } from "../compiler/loader.ts";
import type { NamedValue } from "../compiler/named-values.ts";
import { runSteps, StepFailure } from "../compiler/pipeline.ts";
import { parseDocument } from "../document/parse.ts";
import { elementChildren } from "../document/tree.ts";
import type { Section } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";

/** Compiles policy XML (one or more policy elements) for a section; returns what was found as well. */
export function compileXml(
  xml: string,
  section: Section = "inbound",
  namedValues: ReadonlyMap<string, NamedValue> = new Map(),
): { elements: PlanElement[]; diagnostics: Diagnostic[] } {
  const document = parseDocument(new SourceFile("policy.xml", `<${section}>${xml}</${section}>`));
  const diagnostics = [...document.diagnostics];
  if (!document.root) return { elements: [], diagnostics };
  const environment = {
    policies,
    unsupported: unsupportedPolicies,
    fragments: new Map(),
    namedValues,
    standalone: false,
    scope: undefined,
    diagnostics,
  };
  const place = { section, path: "", fragment: undefined };
  return { elements: compilePolicies(elementChildren(document.root), place, environment), diagnostics };
}

/**
 * Compiles and runs policy XML on an exchange, in the exchange's section, as a gateway would.
 * @throws the policy's own error (the cause of the step failure), or an Error listing the diagnostics.
 */
export async function runXml(xml: string, x: Exchange): Promise<Exchange> {
  const { elements, diagnostics } = compileXml(xml, x.section);
  const errors = diagnostics.filter((d) => d.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((d) => `${d.line}:${d.column} ${d.message}`).join("\n"));
  // Through JSON, as plans travel.
  const plan = JSON.parse(JSON.stringify(elements)) as PlanElement[];
  try {
    await runSteps(new Loader(policies, "api").load(plan), x);
  } catch (error) {
    throw error instanceof StepFailure ? error.cause : error;
  }
  return x;
}
