import type { PlanElement } from "../compiler/element.ts";
import { expressionFailure } from "../compiler/expression-failure.ts";
import type { Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { fieldValue } from "./messages/header-field.ts";

/** Final statuses: what a response to a client can carry. */
const LOWEST = 200;
const HIGHEST = 999;

export const setStatus = definePolicy({
  name: "set-status",
  summary: "Sets the status code and reason phrase of the response.",
  category: "transformation",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    code: {
      type: "int",
      expression: true,
      required: true,
      min: LOWEST,
      max: HIGHEST,
      doc: "The status code.",
    },
    reason: { type: "string", expression: true, doc: "The reason phrase; by default the code's usual one." },
  },
  load(element, loader) {
    const set = setterOf(element, loader);
    return (x) => set(x, x.ensureResponse());
  },
  edit(element, loader) {
    const set = setterOf(element, loader);
    return (x, message) => {
      if (message instanceof ResponseMessage) set(x, message);
    };
  },
});

function setterOf(element: PlanElement, loader: Loader): (x: Exchange, response: ResponseMessage) => void {
  const code = loader.int(element, "code", LOWEST);
  const reason = loader.text(element, "reason");
  return (x, response) => {
    const status = code(x);
    if (status < LOWEST || status > HIGHEST) throw expressionFailure(`${status} is not the status code of a response.`);
    response.reason = fieldValue(reason(x), "reason phrase");
    response.status = status;
  };
}
