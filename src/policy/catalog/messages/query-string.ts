import { decodePercent } from "../../exchange/url.ts";
import type { ExistsAction } from "./exists-action.ts";

/**
 * Sets, adds or removes a query parameter; every other parameter stays byte for byte as it was written. Names compare
 * with case. A replaced parameter keeps its place.
 * @param query empty, or beginning with `?`
 */
export function editQuery(query: string, name: string, values: readonly string[], action: ExistsAction): string {
  const parts = queryParts(query);
  const first = parts.findIndex((part) => parameterName(part) === name);
  if (action === "skip" && first >= 0) return query;
  const added = action === "delete" ? [] : values.map((value) => `${escapeQuery(name)}=${escapeQuery(value)}`);
  if (first < 0 || action === "append") return joinQuery([...parts, ...added]);
  const before = parts.slice(0, first);
  const after = parts.slice(first).filter((part) => parameterName(part) !== name);
  return joinQuery([...before, ...added, ...after]);
}

/** The `name=value` parts of a query as written. */
export function queryParts(query: string): string[] {
  if (query === "" || query === "?") return [];
  return (query.startsWith("?") ? query.slice(1) : query).split("&").filter((part) => part !== "");
}

/** The decoded name of a part of a query. */
export function parameterName(part: string): string {
  const equals = part.indexOf("=");
  const name = equals < 0 ? part : part.slice(0, equals);
  return /[%+]/.test(name) ? decodePercent(name.replaceAll("+", " ")) : name;
}

export function joinQuery(parts: readonly string[]): string {
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** Percent-encodes a name or value; lone surrogates, which have no UTF-8 form, become U+FFFD. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
