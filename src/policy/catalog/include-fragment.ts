import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";

/** The compiler puts the fragment's policies in its place, so as a step it does nothing. */
export const includeFragment = definePolicy({
  name: "include-fragment",
  summary: "Inserts the policies of a policy fragment in this place.",
  category: "control flow",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    "fragment-id": { type: "string", expression: false, required: true, doc: "Name of the policy fragment." },
  },
  load: () => () => {},
});
