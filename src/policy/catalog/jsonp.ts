import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { PolicyError } from "../exchange/errors.ts";
import type { Message } from "../exchange/message.ts";
import { queryPairs } from "../exchange/url.ts";
import { bodyText, setBodyText } from "./messages/message-text.ts";

/** A JavaScript name, or several with dots between them: nothing that could be more than a function's name. */
const IDENTIFIER = /^[A-Za-z_$][\w$]{0,127}(\.[A-Za-z_$][\w$]{0,127}){0,15}$/;

export const jsonp = definePolicy({
  name: "jsonp",
  summary: "Wraps a JSON response in a call of the function that the caller names (JSON with padding).",
  category: "cross-domain",
  sections: ["outbound"],
  scopes: ALL_SCOPES,
  once: true,
  attributes: {
    "callback-parameter-name": {
      type: "string",
      expression: true,
      required: true,
      doc: "Query parameter that names the function; without it the response stays as it is.",
    },
  },
  load(element, loader) {
    const parameterOf = loader.text(element, "callback-parameter-name");
    return (x) => {
      const parameter = parameterOf(x);
      const callback = queryPairs(x.originalUrl.query).find(([name]) => name === parameter)?.[1];
      if (callback === undefined) return;
      if (!IDENTIFIER.test(callback)) throw invalid(parameter);
      const message = x.ensureResponse();
      const waiting = message.readBody(x.services.limits.bodyBytes);
      if (waiting) return waiting.then(() => wrap(message, callback));
      wrap(message, callback);
    };
  },
});

/** Form and content type are unconfirmed. The separators end a line in older JavaScript, where JSON may hold them raw. */
function wrap(message: Message, callback: string): void {
  const json = bodyText(message).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  setBodyText(message, `${callback}(${json});`, "application/javascript");
}

/** The status is unconfirmed. */
function invalid(parameter: string): PolicyError {
  return new PolicyError(
    "CallbackParameterInvalid",
    400,
    `Value of callback parameter ${parameter} is not a valid JavaScript identifier.`,
  );
}
