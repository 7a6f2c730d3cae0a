import type { Evaluate } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { ACTIONS, type Action, actionAttribute, ERRORS_VARIABLE } from "./validation/actions.ts";
import { describedResponse } from "./validation/described-response.ts";
import { withoutSchema } from "./validation/parameter-violations.ts";
import { internalViolation, violationHandler } from "./validation/violations.ts";

export const validateStatusCode = definePolicy({
  name: "validate-status-code",
  summary: "Validates the status codes of responses against the API's description.",
  category: "validation",
  sections: ["outbound", "on-error"],
  scopes: ALL_SCOPES,
  attributes: {
    "unspecified-status-code-action": actionAttribute("What to do about a status that the API does not describe."),
    "errors-variable-name": ERRORS_VARIABLE,
  },
  children: {
    "status-code": {
      doc: "One status that the API does not describe; its action wins.",
      attributes: {
        code: { type: "int", expression: false, required: true, min: 100, max: 999, doc: "The status." },
        action: actionAttribute("What to do about it."),
      },
    },
  },
  load(element, loader) {
    const others = loader.word(element, "unspecified-status-code-action", ACTIONS, "prevent");
    const named = new Map<number, Evaluate<Action>>();
    for (const child of loader.children(element, "status-code")) {
      const code = child.attributes?.code;
      if (typeof code === "number") named.set(code, loader.word(child, "action", ACTIONS, "prevent"));
    }
    const handle = violationHandler(element);
    return (x) => {
      const { status } = x.ensureResponse();
      const operation = x.contract?.operation;
      if (describedResponse(operation, status)) return;
      const action = (named.get(status) ?? others)(x);
      if (action === "ignore") return;
      if (!operation) {
        handle(x, action, [withoutSchema()]);
        return;
      }
      const details = `Response status code ${status} is not allowed.`;
      handle(x, action, [internalViolation(String(status), "StatusCode", "Unspecified", details)]);
    };
  },
});
