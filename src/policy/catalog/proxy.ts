import type { PlanElement } from "../compiler/element.ts";
import { expressionFailure } from "../compiler/expression-failure.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { OutgoingMessage } from "../exchange/message.ts";
import type { OutgoingRequest } from "../exchange/services.ts";
import { parseUrl } from "../exchange/url.ts";

export const proxy = definePolicy({
  name: "proxy",
  summary: "Sends later calls to the backend through an HTTP proxy.",
  category: "routing",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    url: {
      type: "string",
      expression: true,
      required: true,
      pattern: /^\s*http:\/\/[^\s/?#]+\/?\s*$/i,
      patternDoc: "http://host:port",
      patternWarns: true,
      doc: "The proxy, as http://host:port.",
    },
    username: { type: "string", expression: true, doc: "User name at the proxy (Basic authentication)." },
    password: { type: "string", expression: true, doc: "Password at the proxy." },
  },
  load(element, loader) {
    const wanted = proxyOf(element, loader);
    return (x) => {
      x.proxy = wanted(x);
    };
  },
  edit(element, loader) {
    const wanted = proxyOf(element, loader);
    return (x, message) => {
      if (message instanceof OutgoingMessage) message.proxy = wanted(x);
      else x.proxy = wanted(x);
    };
  },
});

function proxyOf(element: PlanElement, loader: Loader): Evaluate<NonNullable<OutgoingRequest["proxy"]>> {
  const address = loader.text(element, "url");
  const username = loader.optionalText(element, "username");
  const password = loader.optionalText(element, "password");
  return (x) => {
    const url = parseUrl(address(x).trim());
    // The way to the proxy is plain HTTP (policy reference 10.4): another scheme would promise what is not kept.
    if (url?.scheme !== "http") throw expressionFailure("The proxy's address must be of the form http://host:port.");
    const user = username(x);
    return { url, ...(user ? { username: user, password: password(x) ?? "" } : {}) };
  };
}
