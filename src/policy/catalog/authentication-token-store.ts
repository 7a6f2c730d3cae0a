import type { PlanElement } from "../compiler/element.ts";
import type { Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy, type MessageEdit } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { TokenUnavailableError } from "../exchange/identity.ts";
import { chain } from "./async/chain.ts";
import { editsRequest, IGNORE_ERROR, OUTPUT_VARIABLE, tokenEdit } from "./authentication/bearer-token.ts";

/**
 * Known from the service's schema only. The Token Store service is gone; what it held are connections of credential
 * providers now, so the token comes from the connection of the same names (sections and scopes unconfirmed).
 */
export const authenticationTokenStore = definePolicy({
  name: "authentication-token-store",
  summary: "Sends the access token of a credential provider's connection to the backend (older form).",
  category: "authentication",
  sections: ["inbound", "backend", "outbound"],
  scopes: ALL_SCOPES,
  attributes: {
    "token-id": {
      type: "string",
      expression: true,
      required: true,
      doc: "The connection: provider/connection, or an address that ends in /services/provider/tokens/connection.",
    },
    "client-id": {
      type: "string",
      expression: true,
      doc: "Accepted; connections are read with the gateway's own identity.",
    },
    "output-token-variable-name": OUTPUT_VARIABLE,
    "ignore-error": IGNORE_ERROR,
  },
  load: (element, loader) => editsRequest(edit(element, loader)),
  edit,
});

function edit(element: PlanElement, loader: Loader): MessageEdit {
  const id = loader.text(element, "token-id");
  return tokenEdit(element, loader, (x) => storedToken(x, id(x).trim()));
}

function storedToken(x: Exchange, id: string): string | Promise<string> {
  const [, provider, name] =
    /\/services\/([^/]+)\/tokens\/([^/?#]+)\/?$/i.exec(id) ?? /^\/?([^/]+)\/([^/]+)$/.exec(id) ?? [];
  const connection =
    provider === undefined || name === undefined ? undefined : x.services.credentialConnections.find(provider, name);
  if (!connection) throw new TokenUnavailableError(`There is no connection "${id}" of a credential provider.`);
  return chain(connection.credential(), ({ accessToken }) => accessToken);
}
