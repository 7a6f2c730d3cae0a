import type { Exchange } from "../../exchange/exchange.ts";
import { origin, queryPairs } from "../../exchange/url.ts";

/** What tells the cached answers to one operation apart, as `cache-lookup` asks for. */
export interface Variation {
  /** Lower case. */
  headers: readonly string[];
  /** Undefined: not said. */
  queryParameters: readonly string[] | undefined;
  developer: boolean;
  developerGroups: boolean;
}

/**
 * Key of a cached response: API revision, operation, URL parts, and what varies (policy reference 11.1). The exact
 * composition is unconfirmed. Without a list, every query parameter varies the answer: the service's documentation of
 * `vary-by-query-parameter` says so, and anything less could give a caller another query's answer.
 */
export function responseKey(x: Exchange, variation: Variation): string {
  const { api, operation, originalUrl, request } = x;
  const pairs = queryPairs(originalUrl.query);
  const names = variation.queryParameters ?? [...new Set(pairs.map(([name]) => name))].sort();
  const user = x.subscription?.user ?? x.user;
  return `response:${JSON.stringify([
    api?.id,
    api?.revision,
    operation?.id,
    origin(originalUrl),
    originalUrl.path,
    // Set by rewrite-uri, possibly by something else than the URL.
    request.path,
    names.map((name) => [name, pairs.filter(([key]) => key === name).map(([, value]) => value)]),
    variation.headers.map((name) => [name, request.headers.get(name) ?? null]),
    variation.developer ? (user?.id ?? null) : 0,
    variation.developerGroups ? (user?.groups.map((group) => group.id).sort() ?? null) : 0,
  ])}`;
}

/** Names that stand in one element, separated by `;`. */
export function splitNames(text: string): string[] {
  return text
    .split(";")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
