import { literalText, type PlanElement } from "../compiler/element.ts";
import type { Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, defineMessagePolicy, type MessageEdit } from "../compiler/schema.ts";
import { isWholeExpression } from "../document/csharp-scan.ts";
import { attribute, type Element, textContent } from "../document/tree.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Message } from "../exchange/message.ts";
import { toText } from "../expression/convert.ts";
import { liquidProblem, liquidText } from "./liquid/liquid-text.ts";

export const setBody = defineMessagePolicy({
  name: "set-body",
  summary: "Replaces the body of the request or response.",
  category: "transformation",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    template: { type: ["none", "liquid"], expression: false, default: "none", doc: "How the text is read." },
    "xsi-nil": {
      type: ["blank", "null"],
      expression: false,
      default: "blank",
      doc: 'What elements with xsi:nil="true" mean in a Liquid template.',
    },
    "parse-date": {
      type: "bool",
      expression: false,
      default: true,
      doc: "Whether strings that look like dates become dates in a Liquid template.",
    },
    "html-decode-expression": {
      type: "bool",
      expression: false,
      doc: "Accepted; entities in expressions are always decoded.",
    },
  },
  text: {
    type: "any",
    expression: true,
    markup: true,
    wrapper: "value",
    doc: "The new body: text, markup, or an expression that gives a string or bytes.",
    foreignReferences: isLiquid,
  },
  check(element, report) {
    const text = isLiquid(element) ? textContent(element)?.text : undefined;
    if (text === undefined || isWholeExpression(text)) return;
    const problem = liquidProblem(text);
    if (problem !== undefined) report(element, `the Liquid template of <set-body> does not parse: ${problem}`);
  },
  edit(element, loader) {
    if (element.attributes?.template === "liquid") return liquidEdit(element, loader);
    const literal = literalText(element.text ?? "");
    if (literal !== undefined) {
      const bytes = Buffer.from(literal, "utf8");
      return (_x, message) => message.setBody(bytes);
    }
    const value = loader.any(element.text);
    return (x, message) => {
      const result = value(x);
      message.setBody(result instanceof Uint8Array ? result : Buffer.from(toText(result) ?? "", "utf8"));
    };
  },
});

function liquidEdit(element: PlanElement, loader: Loader): MessageEdit {
  const xsiNil = element.attributes?.["xsi-nil"] === "null" ? "null" : "blank";
  const text = liquidText(element.text, loader, { xsiNil });
  const render = (x: Exchange, message: Message) => message.setBody(Buffer.from(text(x, message), "utf8"));
  return (x, message) => {
    const waiting = message.readBody(x.services.limits.bodyBytes);
    if (waiting) return waiting.then(() => render(x, message));
    render(x, message);
  };
}

function isLiquid(element: Element): boolean {
  return attribute(element, "template")?.value.text.trim() === "liquid";
}
