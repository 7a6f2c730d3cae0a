import type { Scope } from "../exchange/errors.ts";

/** A context message body that an expression reads; reading is synchronous, so the engine buffers it first. */
export type BodyRead = "request.body" | "response.body";

/** Text with secret named values in it: they are resolved by each gateway and never stand in a plan. */
export interface PlanTemplate {
  template: readonly (string | { secret: string })[];
}

/** A compiled C# expression. `tree` is its typed tree, for native lowerings that recognise what they can do themselves. */
export interface PlanExpression {
  /** The author's text, named values substituted (secrets as `{{name}}`). */
  expression: string;
  /** C# type of the result. */
  type: string;
  /** Generated function body; see policy/expression/compile.ts. */
  js: string;
  tree: unknown;
  reads?: readonly BodyRead[];
}

/** The value of an attribute or text in a plan: literal (already of the schema's type), template or expression. */
export type PlanValue = string | number | boolean | PlanTemplate | PlanExpression;

/**
 * One element of a compiled policy document: a policy, or a child of one. `<base />` stays as an element of that name;
 * fragments are already in place.
 */
export interface PlanElement {
  name: string;
  /** `file:line:column` of the element as written. */
  at: string;
  attributes?: Readonly<Record<string, PlanValue>>;
  text?: PlanValue;
  children?: readonly PlanElement[];
  /** Policies only: place within the section for `context.LastError.Path`, such as `choose[3]/when[2]`. */
  path?: string;
}

/** The compiled sections of one scope's document. A missing section runs nothing, not even what is inherited. */
export interface PlanPolicyDocument {
  scope: Scope;
  /** File or resource the document came from. */
  origin: string;
  sections: {
    inbound?: readonly PlanElement[];
    backend?: readonly PlanElement[];
    outbound?: readonly PlanElement[];
    "on-error"?: readonly PlanElement[];
  };
}

export function isExpression(value: PlanValue | undefined): value is PlanExpression {
  return typeof value === "object" && "js" in value;
}

export function isTemplate(value: PlanValue | undefined): value is PlanTemplate {
  return typeof value === "object" && "template" in value;
}

/** The text of a value that is the same for every request; undefined for expressions, templates and absent values. */
export function literalText(value: PlanValue | undefined): string | undefined {
  return value === undefined || typeof value === "object" ? undefined : String(value);
}
