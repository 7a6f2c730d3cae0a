import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";

export const setVariable = definePolicy({
  name: "set-variable",
  summary: "Stores a value under a name for the rest of the request (context.Variables).",
  category: "transformation",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    name: { type: "string", expression: false, required: true, doc: "Name of the variable." },
    value: {
      type: "any",
      expression: true,
      required: true,
      doc: "The value: an expression keeps its .NET type, a literal is a string.",
    },
  },
  load(element, loader) {
    const name = String(element.attributes?.name ?? "");
    const value = loader.any(element.attributes?.value);
    return (x) => {
      x.variables.set(name, value(x));
    };
  },
});
