import type { PlanElement, PlanValue } from "../../compiler/element.ts";
import type { Loader } from "../../compiler/loader.ts";
import type { Report } from "../../compiler/schema.ts";
import { isWholeExpression } from "../../document/csharp-scan.ts";
import { attribute, type Element, textContent } from "../../document/tree.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { liquidProblem, liquidText } from "../liquid/liquid-text.ts";

/** The text of a message for Dapr; a promise where a template's `body` has to be read first. */
export type DaprText = (x: Exchange) => string | Promise<string>;

/** @param policy the element whose `template` says how the text is read. */
export function daprText(policy: PlanElement, value: PlanValue | undefined, loader: Loader): DaprText {
  if (policy.attributes?.template === undefined) return loader.textOf(value);
  const render = liquidText(value, loader, { xsiNil: "blank" });
  return (x) => {
    const { message } = x;
    const waiting = message.readBody(x.services.limits.bodyBytes);
    return waiting ? waiting.then(() => render(x, message)) : render(x, message);
  };
}

/** Reports a literal template that does not parse. */
export function checkTemplate(policy: Element, holder: Element, report: Report): void {
  const text = isTemplated(policy) ? textContent(holder)?.text : undefined;
  if (text === undefined || isWholeExpression(text)) return;
  const problem = liquidProblem(text);
  if (problem !== undefined) report(holder, `the Liquid template of <${holder.name}> does not parse: ${problem}`);
}

export function isTemplated(policy: Element): boolean {
  return attribute(policy, "template") !== undefined;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
