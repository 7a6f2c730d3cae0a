import type { PlanElement } from "../compiler/element.ts";
import { expressionFailure } from "../compiler/expression-failure.ts";
import type { Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy, type MessageEdit } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import { parseUrl } from "../exchange/url.ts";
import { editsRequest, IGNORE_ERROR, tokenEdit } from "./authentication/bearer-token.ts";

const TYPES = ["managed-service-identity", "token-service"] as const;

/** Known from the service's schema only: sections, scopes and what a token service answers are unconfirmed. */
export const authenticationToken = definePolicy({
  name: "authentication-token",
  summary: "Sends an access token of the gateway's identity, or of a token service, to the backend.",
  category: "authentication",
  sections: ["inbound", "backend", "outbound"],
  scopes: ALL_SCOPES,
  attributes: {
    "token-type": {
      type: TYPES,
      expression: true,
      default: "managed-service-identity",
      doc: "Where the token comes from.",
    },
    "token-service-url": {
      type: "string",
      expression: true,
      doc: "Address of the token service, which is asked as a managed identity endpoint is.",
    },
    "resource-url": { type: "string", expression: true, doc: "Resource that the token is for." },
    "ignore-error": IGNORE_ERROR,
  },
  check(element, report) {
    const type = attribute(element, "token-type")?.value.text.trim();
    if (type === "token-service" && !attribute(element, "token-service-url")) {
      report(element, '<authentication-token> of type "token-service" needs the attribute "token-service-url"');
    }
  },
  load: (element, loader) => editsRequest(edit(element, loader)),
  edit,
});

function edit(element: PlanElement, loader: Loader): MessageEdit {
  const type = loader.word(element, "token-type", TYPES, "managed-service-identity");
  const service = loader.text(element, "token-service-url");
  const resource = loader.text(element, "resource-url");
  return tokenEdit(element, loader, (x) => {
    const wanted = resource(x).trim();
    if (type(x) === "token-service") {
      const url = service(x).trim();
      if (!parseUrl(url)) throw expressionFailure("The token service's address is not an absolute http or https URL.");
      return x.services.identityTokens.tokenFrom(url, wanted);
    }
    if (wanted === "") throw expressionFailure("The resource that the token is for is empty.");
    return x.services.identityTokens.token(wanted);
  });
}
