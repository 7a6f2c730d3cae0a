import { literalText, type PlanElement } from "../policy/compiler/element.ts";
import { walkElements } from "./compile-policies.ts";
import type { PolicyPart } from "./plan.ts";

/** What the validating policies of one document, or of several, validate. */
export interface ValidationNeeds {
  content: boolean;
  /** XML bodies are validated with the API's own schemas. */
  ownXml: boolean;
  parameters: boolean;
  headers: boolean;
  statusCodes: boolean;
  odata: boolean;
  /** Schema resources that are named, with the place. */
  schemas: readonly { id: string; at: string; xml: boolean }[];
  /** `schema-ref`s into the specification's own schemas. */
  references: readonly string[];
}

const NONE: ValidationNeeds = {
  content: false,
  ownXml: false,
  parameters: false,
  headers: false,
  statusCodes: false,
  odata: false,
  schemas: [],
  references: [],
};

/** What a document needs; undefined where it validates nothing. */
export function validationNeeds(part: PolicyPart | undefined): ValidationNeeds | undefined {
  let needs: ValidationNeeds | undefined;
  for (const element of part ? walkElements(part) : []) needs = together(needs, needsOf(element));
  return needs;
}

/** What both need. */
export function together(a: ValidationNeeds | undefined, b: ValidationNeeds | undefined): ValidationNeeds | undefined {
  if (!a || !b) return a ?? b;
  return {
    content: a.content || b.content,
    ownXml: a.ownXml || b.ownXml,
    parameters: a.parameters || b.parameters,
    headers: a.headers || b.headers,
    statusCodes: a.statusCodes || b.statusCodes,
    odata: a.odata || b.odata,
    schemas: [...a.schemas, ...b.schemas],
    references: [...a.references, ...b.references],
  };
}

function needsOf(element: PlanElement): ValidationNeeds | undefined {
  switch (element.name) {
    case "validate-content":
      return contentNeeds(element);
    case "validate-parameters":
      return { ...NONE, parameters: true };
    case "validate-headers":
      return { ...NONE, headers: true };
    case "validate-status-code":
      return { ...NONE, statusCodes: true };
    case "validate-odata-request":
      return { ...NONE, odata: true };
    default:
      return undefined;
  }
}

function contentNeeds(element: PlanElement): ValidationNeeds {
  const contents = (element.children ?? []).filter((child) => child.name === "content");
  const named = (child: PlanElement) => literalText(child.attributes?.["schema-id"])?.trim() || undefined;
  const isXml = (child: PlanElement) => literalText(child.attributes?.["validate-as"]) !== "json";
  return {
    ...NONE,
    content: true,
    ownXml: contents.some((child) => isXml(child) && named(child) === undefined),
    schemas: contents.flatMap((child) => {
      const id = named(child);
      return id === undefined ? [] : [{ id, at: child.at, xml: isXml(child) }];
    }),
    references: contents.flatMap((child) => {
      const reference = literalText(child.attributes?.["schema-ref"])?.trim();
      return reference && named(child) === undefined ? [reference] : [];
    }),
  };
}
