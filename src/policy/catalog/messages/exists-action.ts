import type { ValueSchema } from "../../compiler/schema.ts";

/** What to do where the header or parameter exists already (policy reference section 5). */
export type ExistsAction = "override" | "skip" | "append" | "delete";

export const EXISTS_ACTIONS: readonly ExistsAction[] = ["override", "skip", "append", "delete"];

export const existsActionSchema: ValueSchema = {
  type: EXISTS_ACTIONS,
  expression: true,
  default: "override",
  doc: "What to do when it exists: replace it, leave it, add to it, or remove it.",
};
