import { literalText } from "../compiler/element.ts";
import { ALL_SCOPES, ALL_SECTIONS, defineMessagePolicy } from "../compiler/schema.ts";
import { attribute, type Element } from "../document/tree.ts";
import { toText } from "../expression/convert.ts";

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
    if (isLiquid(element)) {
      report(element, 'template="liquid" is not supported by this version of Gatehouse yet', "use a policy expression");
    }
  },
  edit(element, loader) {
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

function isLiquid(element: Element): boolean {
  return attribute(element, "template")?.value.text.trim() === "liquid";
}
