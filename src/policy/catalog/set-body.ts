import { literalText, type PlanElement } from "../compiler/element.ts";
import type { Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, defineMessagePolicy, type MessageEdit } from "../compiler/schema.ts";
import { isWholeExpression } from "../document/csharp-scan.ts";
import { attribute, type Element, textContent } from "../document/tree.ts";
import { PolicyError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Message } from "../exchange/message.ts";
import { toText } from "../expression/convert.ts";
import { liquidModel } from "./liquid/model.ts";
import { compileLiquid, type LiquidTemplate } from "./liquid/template.ts";

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

/** The text is a template: compiled once when it is literal, else for each text that an expression or secret gives. */
function liquidEdit(element: PlanElement, loader: Loader): MessageEdit {
  const literal = literalText(element.text ?? "");
  const text = loader.textOf(element.text);
  const compiled = literal === undefined ? undefined : compileLiquid(literal);
  const xsiNil = element.attributes?.["xsi-nil"] === "null" ? "null" : "blank";
  const render = (x: Exchange, message: Message) => {
    const template = compiled ?? compileTemplate(text(x));
    message.setBody(Buffer.from(rendered(template, liquidModel(x, message, { xsiNil })), "utf8"));
  };
  return (x, message) => {
    const waiting = message.readBody(x.services.limits.bodyBytes);
    if (waiting) return waiting.then(() => render(x, message));
    render(x, message);
  };
}

function compileTemplate(text: string): LiquidTemplate {
  try {
    return compileLiquid(text);
  } catch (error) {
    throw new PolicyError("LiquidTemplateFailure", 500, (error as Error).message, { cause: error });
  }
}

/** Reason and status are unconfirmed. */
function rendered(template: LiquidTemplate, model: object): string {
  try {
    return template(model);
  } catch (error) {
    throw new PolicyError("LiquidTemplateFailure", 500, `The Liquid template failed. ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function liquidProblem(text: string): string | undefined {
  try {
    compileLiquid(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isLiquid(element: Element): boolean {
  return attribute(element, "template")?.value.text.trim() === "liquid";
}
