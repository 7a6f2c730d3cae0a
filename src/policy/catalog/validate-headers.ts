import { literalText } from "../compiler/element.ts";
import type { Evaluate } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { ACTIONS, type Action, actionAttribute, ERRORS_VARIABLE } from "./validation/actions.ts";
import { describedResponse } from "./validation/described-response.ts";
import {
  missing,
  RESPONSE_HEADER,
  unspecified,
  valueViolations,
  withoutSchema,
} from "./validation/parameter-violations.ts";
import { violationHandler } from "./validation/violations.ts";

export const validateHeaders = definePolicy({
  name: "validate-headers",
  summary: "Validates the headers of responses against the API's description.",
  category: "validation",
  sections: ["outbound", "on-error"],
  scopes: ALL_SCOPES,
  once: true,
  attributes: {
    "specified-header-action": actionAttribute("What to do about headers that the API describes."),
    "unspecified-header-action": actionAttribute("What to do about headers that it does not."),
    "errors-variable-name": ERRORS_VARIABLE,
  },
  children: {
    header: {
      doc: "One header; its action wins.",
      attributes: {
        name: { type: "string", expression: false, required: true, doc: "Name of the header." },
        action: actionAttribute("What to do about it."),
      },
    },
  },
  load(element, loader) {
    const specified = loader.word(element, "specified-header-action", ACTIONS, "prevent");
    const others = loader.word(element, "unspecified-header-action", ACTIONS, "prevent");
    const named = new Map<string, Evaluate<Action>>();
    for (const header of loader.children(element, "header")) {
      const name = literalText(header.attributes?.name)?.trim().toLowerCase() ?? "";
      named.set(name, loader.word(header, "action", ACTIONS, "prevent"));
    }
    const handle = violationHandler(element);
    return (x) => {
      const response = x.ensureResponse();
      const { contract } = x;
      if (!contract?.operation) {
        handle(x, specified(x), [withoutSchema()]);
        return;
      }
      const described = describedResponse(contract.operation, response.status)?.headers ?? [];
      const known = new Set<string>();
      for (const header of described) {
        const name = header.name.toLowerCase();
        known.add(name);
        const action = (named.get(name) ?? specified)(x);
        if (action === "ignore") continue;
        const texts = response.headers.all(header.name);
        if (texts.length > 0) handle(x, action, valueViolations(RESPONSE_HEADER, header, texts, contract));
        else if (header.required) handle(x, action, [missing(RESPONSE_HEADER, header.name)]);
      }
      for (const name of response.headers.names()) {
        const lower = name.toLowerCase();
        if (known.has(lower)) continue;
        const action = (named.get(lower) ?? others)(x);
        if (action !== "ignore") handle(x, action, [unspecified(RESPONSE_HEADER, name)]);
      }
    };
  },
});
