import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";

/** The engine puts the inherited policies in its place, so as a step it does nothing. */
export const base = definePolicy({
  name: "base",
  summary: "Runs the policies of the next broader scope in this place.",
  category: "control flow",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  load: () => () => {},
});
