import type { Exchange } from "../../exchange/exchange.ts";
import { ResponseMessage } from "../../exchange/message.ts";
import { CachedResponse } from "./cached-response.ts";

/**
 * The form in which a value goes into a cache: as it is, except that a response (the variable of `send-request`) is
 * brought to rest, as its body can be read only once.
 */
export function toCached(value: unknown, x: Exchange): unknown | Promise<unknown> {
  if (!(value instanceof ResponseMessage)) return value;
  const waiting = value.readBody(x.services.limits.bodyBytes);
  return waiting ? waiting.then(() => atRest(value)) : atRest(value);
}

/** The value as a request may use it. */
export function fromCached(value: unknown): unknown {
  return value instanceof CachedResponse ? value.message() : value;
}

function atRest(response: ResponseMessage): CachedResponse {
  const { status, reason, headers, body } = response;
  return new CachedResponse(
    status,
    reason,
    [...headers.raw],
    body.buffered ?? new Uint8Array(0),
    Number.POSITIVE_INFINITY,
  );
}
