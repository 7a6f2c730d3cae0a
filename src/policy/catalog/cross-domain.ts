import { literalText } from "../compiler/element.ts";
import { definePolicy } from "../compiler/schema.ts";
import { elementChildren } from "../document/tree.ts";
import { Body } from "../exchange/body.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";

/** Where Flash and Silverlight clients look for the policy file (unconfirmed for the service). */
export const CROSS_DOMAIN_PATH = "/crossdomain.xml";

export const crossDomain = definePolicy({
  name: "cross-domain",
  summary: "Serves a cross-domain policy file for Flash and Silverlight clients.",
  category: "cross-domain",
  sections: ["inbound"],
  scopes: ["global"],
  once: true,
  text: {
    type: "string",
    expression: false,
    required: true,
    markup: true,
    doc: "One cross-domain-policy element in Adobe's schema, served as it is written.",
  },
  check(element, report) {
    const [first, second] = elementChildren(element);
    if (first?.name !== "cross-domain-policy" || second) {
      report(element, "<cross-domain> needs one element <cross-domain-policy>");
    }
  },
  load(element) {
    const text = `<?xml version="1.0"?>\n${(literalText(element.text ?? "") ?? "").trim()}\n`;
    return (x) => {
      if (x.originalUrl.path !== CROSS_DOMAIN_PATH || x.originalMethod !== "GET") return;
      const headers = new HeaderList(["Content-Type", "text/x-cross-domain-policy"]);
      x.end(new ResponseMessage(200, "OK", headers, Body.text(text)));
    };
  },
});
