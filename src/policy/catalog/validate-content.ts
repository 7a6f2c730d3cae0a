import type { DescribedBody } from "../../model/contract.ts";
import { literalText, type PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy, type Report } from "../compiler/schema.ts";
import { attribute, type Element, elementChildren } from "../document/tree.ts";
import { BodyTooLargeError } from "../exchange/body.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Message } from "../exchange/message.ts";
import { mediaType } from "./messages/media-type.ts";
import { bodyText } from "./messages/message-text.ts";
import { ACTIONS, type Action, actionAttribute, ERRORS_VARIABLE } from "./validation/actions.ts";
import { ApiSchemaError, type ContentRule, validateText } from "./validation/content-kinds.ts";
import { contentTypeMap } from "./validation/content-type-map.ts";
import { describedResponse } from "./validation/described-response.ts";
import { MissingDefinitionError } from "./validation/json-schema/schema-error.ts";
import {
  GENERIC,
  internalViolation,
  isRequestSection,
  type Violation,
  violationHandler,
} from "./validation/violations.ts";

/** Largest body that is validated, and the largest `max-size`. */
const MAX_BODY = 4 * 1024 * 1024;

export const validateContent = definePolicy({
  name: "validate-content",
  summary: "Validates the size and content of a body against the schemas of the API or of a schema resource.",
  category: "validation",
  sections: ["inbound", "outbound", "on-error"],
  scopes: ALL_SCOPES,
  attributes: {
    "unspecified-content-type-action": actionAttribute("What to do with a content type that the API does not list."),
    "max-size": {
      type: "long",
      expression: true,
      required: true,
      min: 0,
      max: MAX_BODY,
      doc: "Largest body in bytes, decompressed.",
    },
    "size-exceeded-action": actionAttribute("What to do with a larger body."),
    "errors-variable-name": ERRORS_VARIABLE,
  },
  children: {
    "content-type-map": {
      doc: "Treats content types as others.",
      max: 1,
      attributes: {
        "any-content-type-value": {
          type: "string",
          expression: false,
          doc: "Content type that every body is treated as.",
        },
        "missing-content-type-value": {
          type: "string",
          expression: false,
          doc: "Content type that a body without one is treated as.",
        },
      },
      children: {
        type: {
          doc: "One content type; it wins over the attributes.",
          attributes: {
            from: { type: "string", expression: false, doc: "The content type as it arrives." },
            when: { type: "bool", expression: true, doc: "Condition, instead of `from`." },
            to: { type: "string", expression: true, required: true, doc: "The content type to treat it as." },
          },
        },
      },
    },
    content: {
      doc: "How bodies of a content type are validated.",
      attributes: {
        type: { type: "string", expression: false, doc: "Content type; by default every one that the API lists." },
        "validate-as": {
          type: ["json", "xml", "soap"],
          expression: false,
          required: true,
          doc: "Engine that validates the body.",
        },
        action: actionAttribute("What to do with a body that does not conform."),
        "schema-id": { type: "string", expression: false, doc: "Schema resource; by default the schema of the API." },
        "schema-ref": {
          type: "string",
          expression: false,
          doc: "Reference into that schema, such as `#/components/schemas/address`; JSON only.",
        },
        "allow-additional-properties": {
          type: "bool",
          expression: false,
          doc: "Whether properties that the schema does not name are allowed, whatever the schema says; JSON only.",
        },
        "case-insensitive-property-names": {
          type: "bool",
          expression: false,
          default: false,
          doc: "Property names match without regard to case; JSON only.",
        },
      },
    },
  },
  check(element, report) {
    for (const child of elementChildren(element)) {
      if (child.name === "content") checkContent(child, report);
      for (const type of child.name === "content-type-map" ? elementChildren(child) : []) {
        const given = ["from", "when"].filter((name) => attribute(type, name));
        if (given.length !== 1) report(type, '<type> needs either "from" or "when"');
      }
    }
  },
  load(element, loader) {
    const unspecified = loader.word(element, "unspecified-content-type-action", ACTIONS, "prevent");
    const maxSize = loader.long(element, "max-size", MAX_BODY);
    const oversize = loader.word(element, "size-exceeded-action", ACTIONS, "prevent");
    const mapType = contentTypeMap(loader.child(element, "content-type-map"), loader);
    const contents = loader.children(element, "content").map((content) => loadContent(content, loader));
    const handle = violationHandler(element);

    return (x) => {
      const message = x.message;
      const limit = Math.min(maxSize(x), MAX_BODY);
      const sizeAction = oversize(x);
      if (isBodyless(x, message)) return;
      const finish = (size: number) => {
        if (size > limit) handle(x, sizeAction, [sizeViolation(x, size, limit)]);
        const type = mapType(x, message.headers.get("content-type"));
        validate(x, message, type, contents, unspecified(x), handle);
      };
      // A length that is announced, and that of the content itself, decides before a byte is read.
      const { announced } = message.body;
      const plain = message.headers.get("content-encoding") === undefined;
      if (sizeAction === "prevent" && plain && announced !== undefined && announced > limit) return finish(announced);
      const most = x.services.limits.bodyBytes;
      const waiting = read(message, sizeAction === "prevent" ? Math.min(most, MAX_BODY) : most, sizeAction);
      if (waiting) return waiting.then((size) => finish(size ?? message.body.length ?? 0));
      finish(message.body.length ?? 0);
    };
  },
});

function checkContent(content: Element, report: Report): void {
  const as = attribute(content, "validate-as")?.value.text.trim();
  const type = mediaType(attribute(content, "type")?.value.text ?? "");
  if (as === "soap" && type !== "" && type !== "text/xml" && type !== "application/soap+xml") {
    report(content, 'validate-as="soap" needs the type "application/soap+xml" (SOAP 1.2) or "text/xml" (SOAP 1.1)');
  }
  if (as !== "xml" && as !== "soap") return;
  for (const name of ["schema-ref", "allow-additional-properties", "case-insensitive-property-names"]) {
    if (attribute(content, name)) report(content, `"${name}" has a meaning for validate-as="json" only`);
  }
}

interface Content {
  type: string;
  rule: ContentRule;
  action: Evaluate<Action>;
}

function loadContent(element: PlanElement, loader: Loader): Content {
  const attributes = element.attributes ?? {};
  const text = (name: string) => literalText(attributes[name])?.trim() || undefined;
  const allow = attributes["allow-additional-properties"];
  return {
    type: mediaType(text("type") ?? ""),
    action: loader.word(element, "action", ACTIONS, "prevent"),
    rule: {
      kind: text("validate-as") as ContentRule["kind"],
      schemaId: text("schema-id"),
      schemaRef: text("schema-ref"),
      options: {
        additionalProperties: typeof allow === "boolean" ? allow : undefined,
        ignoreCase: attributes["case-insensitive-property-names"] === true,
      },
    },
  };
}

/**
 * Brings the body into memory. One that grows past the limit is a size violation where that is prevented.
 * @returns nothing when it is there; a promise of the size where the body itself had to be given up.
 */
function read(message: Message, most: number, action: Action): undefined | Promise<number | undefined> {
  const known = message.body.announced;
  const givenUp = (error: unknown): number | undefined => {
    if (action === "prevent" && error instanceof BodyTooLargeError) return Math.max(known ?? 0, error.limit + 1);
    // What cannot be decompressed stays as it is: no schema fits it.
    if (message.body.buffered && !(error instanceof BodyTooLargeError)) return undefined;
    throw error;
  };
  try {
    const waiting = message.readBody(most);
    return waiting ? waiting.then(() => undefined, givenUp) : undefined;
  } catch (error) {
    return Promise.resolve(givenUp(error));
  }
}

/** A message that has no body and does not have to: there is nothing to validate (unconfirmed). */
function isBodyless(x: Exchange, message: Message): boolean {
  if (message.body.length !== 0) return false;
  const status = x.response?.status;
  if (!isRequestSection(x) && (x.originalMethod === "HEAD" || status === 204 || status === 304)) return true;
  if (message.headers.has("content-type")) return false;
  return !(isRequestSection(x) && x.contract?.operation?.bodyRequired);
}

function sizeViolation(x: Exchange, size: number, limit: number): Violation {
  const request = isRequestSection(x);
  const details = `${request ? "Request's" : "Response's"} body is ${size} bytes long and it exceeds the configured limit of ${limit} bytes.`;
  const publicText = request ? details.replace("the configured limit", "the limit") : GENERIC;
  return { name: "", type: request ? "RequestBody" : "ResponseBody", rule: "SizeLimit", details, publicText };
}

function validate(
  x: Exchange,
  message: Message,
  type: string,
  contents: readonly Content[],
  unspecified: Action,
  handle: ReturnType<typeof violationHandler>,
): void {
  const bodies = describedBodies(x);
  const body = bodies.find((one) => fits(one.contentType, type));
  // A content with a schema of its own holds for its type whatever the API lists.
  const fitting = contents.filter((content) => {
    if (content.type !== "" && content.type !== type) return false;
    if (content.type === "") return body !== undefined;
    return (
      body !== undefined ||
      content.rule.schemaId !== undefined ||
      content.rule.schemaRef !== undefined ||
      !x.contract?.operation ||
      content.rule.kind !== "json"
    );
  });
  if (fitting.length === 0 && !(body && contents.length === 0)) {
    const request = isRequestSection(x);
    const details = `Unspecified content type ${type} is not allowed.`;
    const kind = request ? "RequestBody" : "ResponseBody";
    handle(x, unspecified, [
      { name: type, type: kind, rule: "Unspecified", details, publicText: request ? details : GENERIC },
    ]);
    return;
  }
  for (const content of fitting) {
    const action = content.action(x);
    if (action !== "ignore") handle(x, action, bodyViolations(x, message, type, content.rule, body));
  }
}

/** What the description lists for the message: for the request, or for the response's status. */
function describedBodies(x: Exchange): readonly DescribedBody[] {
  const operation = x.contract?.operation;
  if (isRequestSection(x)) return operation?.bodies ?? [];
  return describedResponse(operation, x.ensureResponse().status)?.bodies ?? [];
}

/** Does a described content type, which may be a range, cover this one? */
function fits(described: string, type: string): boolean {
  const range = mediaType(described);
  if (range === type || range === "*/*") return true;
  return range.endsWith("/*") && type.startsWith(range.slice(0, -1));
}

function bodyViolations(
  x: Exchange,
  message: Message,
  type: string,
  rule: ContentRule,
  body: DescribedBody | undefined,
): Violation[] {
  const request = isRequestSection(x);
  const kind = request ? "RequestBody" : "ResponseBody";
  const definition = definitionName(rule, body);
  const subject = `Body of the ${request ? "request" : "response"}`;
  const suffix = `for the content type ${type}.`;
  try {
    const contract = x.contract;
    if (!contract) throw new ApiSchemaError();
    const direction = request ? "request" : "response";
    return validateText(bodyText(message), rule, body, contract, direction, type).map((finding) => {
      const details = `${subject} does not conform to the definition ${definition}, which is associated with the content type ${type}. ${finding}`;
      return { name: type, type: kind, rule: "IncorrectMessage", details, publicText: request ? details : GENERIC };
    });
  } catch (error) {
    if (error instanceof ApiSchemaError) return [internalViolation("", "ApiSchema", "", error.message)];
    if (error instanceof MissingDefinitionError) {
      const details = `API's schema does not contain definition ${error.definition}, which is associated with the content type ${type}.`;
      return [internalViolation(type, kind, "MissingDefinition", details)];
    }
    // Whatever else stops a validation, the body has not been found good.
    const reason = error instanceof Error ? error.message : String(error);
    return [internalViolation(type, kind, "ValidationException", `${subject} cannot be validated ${suffix} ${reason}`)];
  }
}

function definitionName({ schemaId, schemaRef }: ContentRule, body: DescribedBody | undefined): string {
  return schemaRef?.split("/").at(-1) ?? schemaId ?? body?.definition ?? "";
}
