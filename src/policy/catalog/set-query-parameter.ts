import { literalText } from "../compiler/element.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { EXISTS_ACTIONS, existsActionSchema } from "./messages/exists-action.ts";
import { editQuery } from "./messages/query-string.ts";

export const setQueryParameter = definePolicy({
  name: "set-query-parameter",
  summary: "Sets, adds or removes a query parameter of the request to the backend.",
  category: "transformation",
  sections: ["inbound", "backend"],
  scopes: ALL_SCOPES,
  attributes: {
    name: { type: "string", expression: true, required: true, doc: "Name of the query parameter." },
    "exists-action": existsActionSchema,
  },
  children: {
    value: {
      doc: "A value; several repeat the parameter.",
      text: { type: "string", expression: true, doc: "The value, not percent-encoded." },
    },
  },
  check(element, report) {
    const action = element.attributes.find((attribute) => attribute.name === "exists-action")?.value.text.trim();
    const valued = element.children.some((child) => child.kind === "element" && child.name === "value");
    if (!valued && (action === undefined || /^(override|skip|append)$/.test(action))) {
      report(element, '<set-query-parameter> needs a <value>, unless exists-action is "delete"');
    }
  },
  load(element, loader) {
    const name = loader.text(element, "name");
    const action = loader.word(element, "exists-action", EXISTS_ACTIONS, "override");
    const values = loader.children(element, "value").map((value) => {
      // White space around a literal is layout.
      const literal = literalText(value.text ?? "")?.trim();
      return literal === undefined ? loader.nullableTextOf(value.text) : () => literal;
    });
    return (x) => {
      const texts: string[] = [];
      for (const value of values) {
        const text = value(x);
        // As with set-header, a null result means that the value is left out (unconfirmed).
        if (text !== null) texts.push(text);
      }
      x.request.query = editQuery(x.request.query, name(x), texts, action(x));
    };
  },
});
