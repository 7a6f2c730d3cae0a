import { expressionFailure } from "../compiler/expression-failure.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import { Body } from "../exchange/body.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { ResponseMessage } from "../exchange/message.ts";

export const returnResponse = definePolicy({
  name: "return-response",
  summary: "Answers the request at once; no later policy or section runs.",
  category: "transformation",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    "response-variable-name": {
      type: "string",
      expression: false,
      doc: "Variable that holds the response to start from, for example of send-request.",
    },
  },
  children: {
    "set-status": { policy: "set-status", max: 1 },
    "set-header": { policy: "set-header" },
    "set-body": { policy: "set-body", max: 1 },
  },
  load(element, loader) {
    const variable = loader.optionalText(element, "response-variable-name");
    const edits = loader.edits(element.children);
    return (x) => {
      const name = variable(x);
      const response = name === undefined ? new ResponseMessage(200) : copyOf(name, x);
      const waiting = edits(x, response);
      if (waiting) return waiting.then(() => x.end(response));
      x.end(response);
    };
  },
});

/** The variable keeps its response; a body that an expression has consumed is empty. */
function copyOf(variable: string, x: Exchange): ResponseMessage {
  const held = x.variables.get(variable);
  if (!(held instanceof ResponseMessage)) throw expressionFailure(`The variable "${variable}" holds no response.`);
  const { bytes } = held.body.take();
  return new ResponseMessage(held.status, held.reason, held.headers.clone(), bytes ? Body.of(bytes) : Body.none());
}
