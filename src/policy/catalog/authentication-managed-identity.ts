import type { PlanElement } from "../compiler/element.ts";
import { expressionFailure } from "../compiler/expression-failure.ts";
import type { Loader } from "../compiler/loader.ts";
import { definePolicy, type MessageEdit } from "../compiler/schema.ts";
import { editsRequest, IGNORE_ERROR, OUTPUT_VARIABLE, tokenEdit } from "./authentication/bearer-token.ts";

export const authenticationManagedIdentity = definePolicy({
  name: "authentication-managed-identity",
  summary: "Sends an access token of the gateway's own identity to the backend.",
  category: "authentication",
  // The toolkit allows outbound as well, where tokens for later calls are fetched into variables.
  sections: ["inbound", "outbound"],
  scopes: ["global", "product", "api", "operation"],
  attributes: {
    resource: {
      type: "string",
      expression: true,
      required: true,
      doc: "Application id or URI of the resource that the token is for.",
    },
    "client-id": {
      type: "string",
      expression: true,
      doc: "Client id of one of several identities; by default the gateway's own.",
    },
    "output-token-variable-name": OUTPUT_VARIABLE,
    "ignore-error": IGNORE_ERROR,
  },
  load: (element, loader) => editsRequest(edit(element, loader)),
  edit,
});

function edit(element: PlanElement, loader: Loader): MessageEdit {
  const resource = loader.text(element, "resource");
  const clientId = loader.optionalText(element, "client-id");
  return tokenEdit(element, loader, (x) => {
    const wanted = resource(x).trim();
    if (wanted === "") throw expressionFailure("The resource that the token is for is empty.");
    return x.services.identityTokens.token(wanted, clientId(x)?.trim() || undefined);
  });
}
