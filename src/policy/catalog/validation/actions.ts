import type { ValueSchema } from "../../compiler/schema.ts";

/** What becomes of a violation (policy reference, section 5). */
export const ACTIONS = ["ignore", "detect", "prevent"] as const;
export type Action = (typeof ACTIONS)[number];

/** The schema of an attribute that holds an action. */
export function actionAttribute(doc: string): ValueSchema {
  return { type: ACTIONS, expression: true, required: true, doc };
}

/** The schema of `errors-variable-name` under either spelling. */
export const ERRORS_VARIABLE: ValueSchema = {
  type: "string",
  expression: false,
  doc: "Variable that violations are appended to, as a list of objects with Name, Type, ValidationRule, Details and Action.",
};
