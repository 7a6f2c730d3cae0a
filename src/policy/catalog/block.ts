import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";

export const block = definePolicy({
  name: "block",
  summary: "Runs the policies inside it, in order.",
  category: "control flow",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  policies: "any",
  load: (element, loader) => loader.steps(element.children),
});
