import { policies } from "../catalog/index.ts";
import type { PlanElement } from "../compiler/element.ts";
import { Loader } from "../compiler/loader.ts";
import { runSteps, StepFailure } from "../compiler/pipeline.ts";
import type { Scope, Section } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { compileXml } from "./run-policy.ts";

/**
 * Compiles and loads policy XML once, as a gateway does, to be run on several exchanges: for policies that remember
 * something from request to request. The returned function throws the policy's own error, and is synchronous where
 * the policies are.
 */
export function loadXml(
  xml: string,
  { section = "inbound", scope = "api" }: { section?: Section; scope?: Scope } = {},
): (x: Exchange) => void | Promise<void> {
  const { elements, diagnostics } = compileXml(xml, section);
  const errors = diagnostics.filter((d) => d.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((d) => `${d.line}:${d.column} ${d.message}`).join("\n"));
  const steps = new Loader(policies, scope).load(JSON.parse(JSON.stringify(elements)) as PlanElement[]);
  return (x) => {
    try {
      return runSteps(steps, x)?.catch(unwrap);
    } catch (error) {
      unwrap(error);
    }
  };
}

function unwrap(error: unknown): never {
  throw error instanceof StepFailure ? error.cause : error;
}
