import { ALL_SCOPES, ALL_SECTIONS, defineMessagePolicy } from "../compiler/schema.ts";
import { replaceText } from "./messages/replace-text.ts";

export const findAndReplace = defineMessagePolicy({
  name: "find-and-replace",
  summary: "Replaces every occurrence of a text in the body.",
  category: "transformation",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    from: { type: "string", expression: true, required: true, doc: "The text to find; compared with case." },
    to: { type: "string", expression: true, required: true, doc: "What replaces it; may be empty." },
  },
  edit(element, loader) {
    const from = loader.text(element, "from");
    const to = loader.text(element, "to");
    return (x, message) => {
      const { body } = message;
      if (body.absent || body.consumed) return;
      const [find, replacement] = [from(x), to(x)];
      if (find === "") return;
      const limit = x.services.limits.bodyBytes;
      const waiting = message.readBody(limit);
      if (waiting) return waiting.then(() => replaceText(message, find, replacement, limit));
      replaceText(message, find, replacement, limit);
    };
  },
});
