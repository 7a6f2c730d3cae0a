import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { formatUrl, origin } from "../exchange/url.ts";
import { replaceText } from "./messages/replace-text.ts";

export const redirectContentUrls = definePolicy({
  name: "redirect-content-urls",
  summary:
    "Replaces the backend's base URL in the body by the API's URL at the gateway; in inbound the other way round.",
  category: "transformation",
  sections: ["inbound", "outbound"],
  scopes: ALL_SCOPES,
  once: true,
  load() {
    return (x) => {
      const { message } = x;
      const [backend, gateway] = [backendUrl(x), gatewayUrl(x)];
      if (message.body.absent || message.body.consumed || backend === gateway) return;
      const [from, to] = x.section === "inbound" ? [gateway, backend] : [backend, gateway];
      const limit = x.services.limits.bodyBytes;
      const waiting = message.readBody(limit);
      if (waiting) return waiting.then(() => replaceText(message, from, to, limit));
      replaceText(message, from, to, limit);
    };
  },
});

function backendUrl(x: Exchange): string {
  return formatUrl({ ...x.request.base, query: "" }).replace(/\/$/, "");
}

/** The URL that callers use for the API, the version's segment included where their URL has it. */
function gatewayUrl(x: Exchange): string {
  const { api, originalUrl } = x;
  const path = api?.path ? `/${api.path}` : "";
  const versioned = api?.version ? `${path}/${api.version}` : path;
  const called = `${originalUrl.path.toLowerCase()}/`;
  return origin(originalUrl) + (called.startsWith(`${versioned.toLowerCase()}/`) ? versioned : path);
}
