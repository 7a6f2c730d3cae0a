import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, defineMessagePolicy } from "../compiler/schema.ts";
import { PolicyError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Message } from "../exchange/message.ts";
import { XmlException } from "../expression/clr/exceptions.ts";
import { parseXml } from "../expression/clr/xml/read.ts";
import { conditionAttributes, conversionCondition } from "./conversion/conditions.ts";
import { convertXmlToJson, type XmlToJsonOptions } from "./conversion/xml-to-json.ts";
import { bodyText, setBodyText } from "./messages/message-text.ts";

const KINDS = ["javascript-friendly", "direct"] as const;

export const xmlToJson = defineMessagePolicy({
  name: "xml-to-json",
  summary: "Converts the body from XML to JSON.",
  category: "transformation",
  sections: ["inbound", "outbound", "on-error"],
  scopes: ALL_SCOPES,
  attributes: {
    kind: {
      type: KINDS,
      expression: true,
      required: true,
      doc: "Names that JavaScript can write after a dot, or the structure of the XML with @ and # marks.",
    },
    ...conditionAttributes("xml"),
    "always-array-child-elements": {
      type: "bool",
      expression: true,
      default: false,
      doc: "Child elements become arrays also where there is only one of a name.",
    },
    "preserve-whitespace-nodes": {
      type: "bool",
      expression: false,
      default: false,
      doc: "Keep text that is white space only.",
    },
    "empty-values": {
      type: ["preserve", "as-null"],
      expression: false,
      doc: "Empty elements become empty strings or null; by default null where written with one tag.",
    },
    "trim-values": { type: "bool", expression: false, default: false, doc: "Remove white space around values." },
  },
  edit(element, loader) {
    const applies = conversionCondition(element, loader, "xml", "json");
    const options = optionsOf(element, loader);
    const convert = (x: Exchange, message: Message) => {
      const text = bodyText(message);
      if (text.trim() === "") return;
      const given = options(x);
      setBodyText(message, convertXmlToJson(parse(text, given.whitespace), given), "application/json");
    };
    return (x, message) => {
      if (!applies(x, message)) return;
      const waiting = message.readBody(x.services.limits.bodyBytes);
      if (waiting) return waiting.then(() => convert(x, message));
      convert(x, message);
    };
  },
});

function optionsOf(element: PlanElement, loader: Loader): Evaluate<XmlToJsonOptions> {
  const kind = loader.word(element, "kind", KINDS, "direct");
  const alwaysArrays = loader.bool(element, "always-array-child-elements", false);
  const given = element.attributes ?? {};
  const whitespace = given["preserve-whitespace-nodes"] === true;
  const trim = given["trim-values"] === true;
  const emptyValues = given["empty-values"] as XmlToJsonOptions["emptyValues"];
  return (x) => ({ kind: kind(x), alwaysArrays: alwaysArrays(x), whitespace, trim, emptyValues });
}

/** Reason and status for a body that is no XML are unconfirmed. */
function parse(text: string, whitespace: boolean) {
  try {
    return parseXml(text, { preserveWhitespace: whitespace });
  } catch (error) {
    if (!(error instanceof XmlException)) throw error;
    throw new PolicyError("InvalidBody", 500, `The body is not valid XML. ${error.message}`, { cause: error });
  }
}
