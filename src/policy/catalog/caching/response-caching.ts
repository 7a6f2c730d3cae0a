import type { Exchange } from "../../exchange/exchange.ts";
import type { CacheStore } from "../../exchange/services.ts";

/** What `cache-lookup` found out about a request, for the `cache-store` that follows. */
export interface ResponseCaching {
  cache: CacheStore | undefined;
  key: string;
  /** False when the caller forbids to keep the answer. */
  storable: boolean;
  /** Epoch milliseconds until which the answer may be used: that of the entry found, or of the one being stored. */
  expires: number | undefined;
}

export type DownstreamCaching = "none" | "private" | "public";

const STATE = Symbol("cache-lookup: what it found out");

/** Remembers a lookup; where several ran, `cache-store` goes by the last one. */
export function rememberLookup(x: Exchange, caching: ResponseCaching): void {
  x.state(STATE, () => ({ caching })).caching = caching;
}

/** What the request's `cache-lookup` found out; undefined where none ran, or where it did not apply. */
export function lookupOf(x: Exchange): ResponseCaching | undefined {
  return x.peekState<{ caching: ResponseCaching }>(STATE)?.caching;
}

/**
 * Promises the Cache-Control field for the caller. Its exact form is unconfirmed (policy reference 11.1 item 7). What is
 * neither cached nor being stored keeps the backend's field, unless downstream caching is off.
 */
export function promiseCacheControl(
  x: Exchange,
  caching: ResponseCaching,
  downstream: DownstreamCaching,
  mustRevalidate: boolean,
): void {
  x.beforeSend(({ headers }) => {
    if (downstream === "none") {
      headers.set("Cache-Control", "no-store, must-revalidate, no-cache");
    } else if (caching.expires !== undefined && !x.lastError) {
      const seconds = Math.max(0, Math.floor((caching.expires - x.services.clock.now()) / 1000));
      headers.set("Cache-Control", `${downstream}, max-age=${seconds}${mustRevalidate ? ", must-revalidate" : ""}`);
    }
  });
}
