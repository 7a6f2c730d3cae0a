import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { Body } from "../exchange/body.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { ResponseMessage } from "../exchange/message.ts";
import { CachedResponse, keptHeaders } from "./caching/cached-response.ts";
import { store } from "./caching/forgiving.ts";
import { lookupOf, type ResponseCaching } from "./caching/response-caching.ts";
import { Tee } from "./caching/tee.ts";

export const cacheStore = definePolicy({
  name: "cache-store",
  summary: "Keeps the response for later requests that `cache-lookup` finds the same.",
  category: "caching",
  sections: ["outbound"],
  scopes: ALL_SCOPES,
  once: true,
  attributes: {
    duration: { type: "int", expression: true, required: true, min: 0, doc: "Seconds to keep it." },
    "cache-response": {
      type: "bool",
      expression: true,
      doc: "Whether to keep it, whatever its status; by default only `200 OK` is kept.",
    },
    // Schema only, its meaning is unconfirmed (policy reference 11.2 and 19).
    "caching-mode": { type: "string", expression: false, doc: "Accepted for compatibility, without effect." },
  },
  load(element, loader) {
    const seconds = loader.int(element, "duration", 0);
    const asked = element.attributes?.["cache-response"] !== undefined;
    const wanted = loader.bool(element, "cache-response", true);
    return (x) => {
      const caching = lookupOf(x);
      const { response } = x;
      if (!caching?.storable || x.fromCache || !response) return;
      if (asked ? !wanted(x) || PARTIAL.has(response.status) : response.status !== 200) return;
      keep(x, caching, response, seconds(x) * 1000);
    };
  },
});

/** Answers that hold only a part: as the answer to another request they would be wrong. */
const PARTIAL: ReadonlySet<number> = new Set([206, 304]);

/** Stores the response as it is now; a body that streams goes on to stream and is stored when it is complete. */
function keep(x: Exchange, caching: ResponseCaching, response: ResponseMessage, ttlMs: number): void {
  const { body, status, reason } = response;
  const limit = x.services.limits.bodyBytes;
  if (!(ttlMs > 0) || body.taken || (body.length ?? 0) > limit) return;
  const headers = keptHeaders(response.headers);
  const expires = x.services.clock.now() + ttlMs;
  const complete = (bytes: Uint8Array) => {
    const ttl = expires - x.services.clock.now();
    store(caching.cache, caching.key, new CachedResponse(status, reason, headers, bytes, expires), ttl);
    x.facts.cache = "stored";
  };
  caching.expires = expires;
  const { source, announced } = body;
  if (source) response.body = Body.stream(new Tee(source, limit, complete), announced);
  else complete(body.consumed ? EMPTY : (body.buffered ?? EMPTY));
}

const EMPTY = new Uint8Array(0);
