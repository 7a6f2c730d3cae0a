import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, defineMessagePolicy } from "../compiler/schema.ts";
import { PolicyError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Message } from "../exchange/message.ts";
import { JsonException } from "../expression/clr/exceptions.ts";
import { parseJson } from "../expression/clr/json/read.ts";
import { conditionAttributes, conversionCondition } from "./conversion/conditions.ts";
import { convertJsonToXml, type JsonToXmlOptions } from "./conversion/json-to-xml.ts";
import { bodyText, setBodyText } from "./messages/message-text.ts";

/** The service's choice between this and `text/xml` is unconfirmed. */
const CONTENT_TYPE = "application/xml";

export const jsonToXml = defineMessagePolicy({
  name: "json-to-xml",
  summary: "Converts the body from JSON to XML.",
  category: "transformation",
  sections: ["inbound", "outbound", "on-error"],
  scopes: ALL_SCOPES,
  attributes: {
    ...conditionAttributes("json"),
    "parse-date": {
      type: "bool",
      expression: false,
      default: true,
      doc: "Read strings that are dates as dates; false copies them as they are.",
    },
    "namespace-separator": {
      type: "char",
      expression: true,
      default: "_",
      doc: "Character between a namespace prefix and a name in a property.",
    },
    "namespace-prefix": {
      type: "string",
      expression: true,
      doc: "Properties that begin with it become namespace declarations; usually xmlns.",
    },
    "attribute-block-name": {
      type: "string",
      expression: true,
      doc: "Members of the property of this name become attributes.",
    },
    "attribute-prefix": {
      type: "string",
      expression: true,
      default: "@",
      doc: "Properties that begin with it become attributes.",
    },
    "namespace-block-name": {
      type: "string",
      expression: true,
      doc: "Members of the property of this name become namespace declarations.",
    },
    "invalid-character-replacement": {
      type: "string",
      expression: true,
      doc: "Replaces a character that no XML name may hold; by default it is written as _xHHHH_.",
    },
    "null-values": { type: "string", expression: false, doc: "Accepted; null is always written as xsi:nil." },
    "trim-values": { type: "bool", expression: false, default: false, doc: "Remove white space around values." },
    "empty-values": {
      type: ["preserve", "as-null"],
      expression: false,
      default: "preserve",
      doc: "Write empty strings as they are or like null.",
    },
  },
  edit(element, loader) {
    const applies = conversionCondition(element, loader, "json", "xml");
    const options = optionsOf(element, loader);
    const dates = element.attributes?.["parse-date"] !== false;
    const convert = (x: Exchange, message: Message) => {
      const text = bodyText(message);
      if (text.trim() === "") return;
      setBodyText(message, convertJsonToXml(parse(text, dates), options(x)), CONTENT_TYPE);
    };
    return (x, message) => {
      if (!applies(x, message)) return;
      const waiting = message.readBody(x.services.limits.bodyBytes);
      if (waiting) return waiting.then(() => convert(x, message));
      convert(x, message);
    };
  },
});

function optionsOf(element: PlanElement, loader: Loader): Evaluate<JsonToXmlOptions> {
  const separator = loader.text(element, "namespace-separator", "_");
  const namespacePrefix = loader.optionalText(element, "namespace-prefix");
  const namespaceBlock = loader.optionalText(element, "namespace-block-name");
  const attributeBlock = loader.optionalText(element, "attribute-block-name");
  const attributePrefix = loader.text(element, "attribute-prefix", "@");
  const invalidCharacter = loader.optionalText(element, "invalid-character-replacement");
  const trim = element.attributes?.["trim-values"] === true;
  const emptyAsNull = element.attributes?.["empty-values"] === "as-null";
  return (x) => ({
    separator: separator(x),
    namespacePrefix: namespacePrefix(x),
    namespaceBlock: namespaceBlock(x),
    attributeBlock: attributeBlock(x),
    attributePrefix: attributePrefix(x),
    invalidCharacter: invalidCharacter(x),
    trim,
    emptyAsNull,
    limit: x.services.limits.bodyBytes,
  });
}

/** Reason and status for a body that is no JSON are unconfirmed. */
function parse(text: string, dates: boolean) {
  try {
    return parseJson(text, { dates });
  } catch (error) {
    if (!(error instanceof JsonException)) throw error;
    throw new PolicyError("InvalidBody", 500, `The body is not valid JSON. ${error.message}`, { cause: error });
  }
}
