import type { Exchange } from "../../exchange/exchange.ts";
import type { ResponseMessage } from "../../exchange/message.ts";
import type { CachedResponse } from "./cached-response.ts";
import { accepts } from "./content-coding.ts";

/** A cached response in a content coding that this caller can read; undefined when it cannot be given to it. */
export function readableBy(x: Exchange, cached: CachedResponse): ResponseMessage | undefined {
  const response = cached.message();
  const coding = response.headers.get("content-encoding");
  if (coding === undefined || accepts(x.request.headers.get("accept-encoding"), coding)) return response;
  try {
    response.readBody(x.services.limits.bodyBytes);
  } catch {
    return undefined;
  }
  return response.headers.has("content-encoding") ? undefined : response;
}
