import { HeaderList } from "../../exchange/headers.ts";
import { ResponseMessage } from "../../exchange/message.ts";
import type { CachedResponse } from "./cached-response.ts";

/** Header fields of the full response that a 304 repeats (RFC 9110 section 15.4.5). */
const REPEATED: ReadonlySet<string> = new Set([
  "cache-control",
  "content-location",
  "date",
  "etag",
  "expires",
  "last-modified",
  "vary",
]);

/**
 * The answer `304 Not Modified` to a conditional GET whose condition says that the caller has the cached response
 * already (RFC 9110 section 13.2.2); undefined when it has to be sent in full.
 */
export function notModified(request: HeaderList, cached: CachedResponse): ResponseMessage | undefined {
  if (cached.status !== 200) return undefined;
  const response = new HeaderList([...cached.headers]);
  const tags = request.get("if-none-match");
  const fresh =
    tags === undefined
      ? unchangedSince(request.get("if-modified-since"), response.get("last-modified"))
      : matchesTag(tags, response.get("etag"));
  if (!fresh) return undefined;
  const headers = new HeaderList();
  for (const name of response.names()) if (REPEATED.has(name.toLowerCase())) headers.set(name, ...response.all(name));
  return new ResponseMessage(304, "", headers);
}

/** Weak comparison; `*` matches whatever there is. */
function matchesTag(wanted: string, tag: string | undefined): boolean {
  if (wanted.trim() === "*") return true;
  if (tag === undefined) return false;
  const opaque = withoutWeakness(tag.trim());
  return (wanted.match(/(?:W\/)?"[^"]*"/g) ?? []).some((candidate) => withoutWeakness(candidate) === opaque);
}

function withoutWeakness(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}

function unchangedSince(since: string | undefined, modified: string | undefined): boolean {
  if (since === undefined || modified === undefined) return false;
  return Date.parse(modified) <= Date.parse(since);
}
