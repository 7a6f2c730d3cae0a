import type { DescribedBody } from "../../../model/contract.ts";
import type { Contract } from "../../exchange/contract.ts";
import { XmlException } from "../../expression/clr/exceptions.ts";
import type { XElement } from "../../expression/clr/xml/element.ts";
import { parseXml } from "../../expression/clr/xml/read.ts";
import type { SchemaOptions } from "./json-schema/compile.ts";
import { JsonText } from "./json-schema/json-text.ts";
import type { Direction } from "./json-schema/run.ts";
import { TextPlaces } from "./text-places.ts";
import { describedValidator, referencedValidator, xmlModel } from "./validators.ts";
import { elementsOf } from "./xsd/qualified-name.ts";
import { validateXml } from "./xsd/validate-xml.ts";

/** What one `content` element validates a body with. */
export interface ContentRule {
  kind: "json" | "xml" | "soap";
  schemaId: string | undefined;
  schemaRef: string | undefined;
  options: SchemaOptions;
}

/** The API's schema is not there, or holds nothing for this body: the text of the catalogue (9.7). */
export class ApiSchemaError extends Error {
  constructor(message = "API's schema does not exist or it could not be resolved.") {
    super(message);
    this.name = "ApiSchemaError";
  }
}

/** A body that is no JSON or XML at all. */
export class UnreadableBodyError extends Error {}

/**
 * Validates a body's text.
 * @returns findings, each ending in its line and position.
 * @throws {ApiSchemaError} {MissingDefinitionError} {SchemaError} {ValidationLimitError} {JsonTextError} {UnreadableBodyError}
 */
export function validateText(
  text: string,
  rule: ContentRule,
  body: DescribedBody | undefined,
  contract: Contract,
  direction: Direction,
  type: string,
): string[] {
  if (rule.kind !== "json") return validateXmlText(text, rule, contract, direction, type);
  const validator = jsonValidator(rule, body, contract);
  const json = new JsonText(text);
  const violations = validator.validate(json.value, direction);
  const places = json.places(violations.map(({ path }) => path));
  return violations.map(({ message }, index) => `${message} ${places[index]}`);
}

function jsonValidator(rule: ContentRule, body: DescribedBody | undefined, contract: Contract) {
  const { schemaId, schemaRef, options } = rule;
  if (schemaId !== undefined || schemaRef !== undefined) {
    const document = contract.schemas.get(schemaId ?? body?.resource ?? "#json");
    if (document?.kind !== "json" && document?.kind !== "definitions") throw new ApiSchemaError();
    return referencedValidator(document, schemaRef ?? "#", contract, options);
  }
  if (!body) throw new ApiSchemaError();
  if (body.schema === undefined) throw new ApiSchemaError("API's schema does not specify definitions.");
  return describedValidator(body, contract, options);
}

function validateXmlText(
  text: string,
  rule: ContentRule,
  contract: Contract,
  direction: Direction,
  type: string,
): string[] {
  const own = [...contract.schemas].filter(([key, { kind }]) => key.startsWith("#xml/") && kind === "xml");
  const named = rule.schemaId === undefined ? undefined : contract.schemas.get(rule.schemaId);
  const documents = rule.schemaId === undefined ? own.map(([, document]) => document) : named ? [named] : [];
  if (documents.length === 0 || documents.some(({ kind }) => kind !== "xml")) throw new ApiSchemaError();
  const model = xmlModel(documents, contract);
  const offsets = new Map<XElement, number>();
  const root = rootOf(text, offsets);
  const places = new TextPlaces(text);
  const place = (element: XElement) => places.at(offsets.get(element) ?? 0);
  const roots = rule.kind === "soap" ? soapContent(root, type, direction) : [root];
  if (typeof roots === "string") return [`${roots} ${place(root)}`];
  return roots.flatMap((one) => validateXml(one, model).map(({ message, element }) => `${message} ${place(element)}`));
}

function rootOf(text: string, places: Map<XElement, number>): XElement {
  try {
    const { root } = parseXml(text, { onElement: (element, at) => places.set(element, at) });
    if (root) return root;
  } catch (error) {
    if (!(error instanceof XmlException)) throw error;
    throw new UnreadableBodyError(error.message);
  }
  throw new UnreadableBodyError("Root element is missing.");
}

const ENVELOPES: Readonly<Record<string, string>> = {
  "text/xml": "http://schemas.xmlsoap.org/soap/envelope/",
  "application/soap+xml": "http://www.w3.org/2003/05/soap-envelope",
};

/** What stands in the Body of a SOAP envelope, or why it is none. Faults are the protocol's own, in answers only. */
function soapContent(root: XElement, type: string, direction: Direction): XElement[] | string {
  const wanted = Object.hasOwn(ENVELOPES, type) ? [ENVELOPES[type]] : Object.values(ENVELOPES);
  const namespace = root.name.namespaceName;
  if (root.name.localName !== "Envelope" || !wanted.includes(namespace)) {
    return `The root is not the SOAP envelope of the content type '${type}'.`;
  }
  const bodies = elementsOf(root).filter(
    (child) => child.name.localName === "Body" && child.name.namespaceName === namespace,
  );
  const [body, second] = bodies;
  if (!body || second) return "The SOAP envelope needs one Body.";
  const content = elementsOf(body);
  if (content.length === 0) return "The SOAP Body is empty.";
  const isFault = (child: XElement) => child.name.localName === "Fault" && child.name.namespaceName === namespace;
  return direction === "response" && content.length === 1 ? content.filter((child) => !isFault(child)) : content;
}
