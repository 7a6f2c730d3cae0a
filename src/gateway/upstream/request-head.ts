import type { OutgoingRequest } from "../../policy/exchange/services.ts";

/** A request's header section as it goes to the wire. */
export interface RequestHead {
  headers: string[];
  /** Value of Host where the list has one. */
  host: string | undefined;
}

/**
 * The header fields to send: what belongs to one connection is left out, whoever put it there, and framing follows
 * from the body. `announced`: Content-Length to state for a streamed body (bytes in memory state their own).
 */
export function requestHead(request: Pick<OutgoingRequest, "headers">, announced: number | undefined): RequestHead {
  const given = request.headers;
  const headers: string[] = [];
  let host: string | undefined;
  for (let i = 0; i < given.length; i += 2) {
    const name = given[i] as string;
    if (belongsToConnection(name)) continue;
    if (name.length === 4 && name.toLowerCase() === "host") {
      // Two would be two opinions about where the request goes: the first one counts.
      if (host !== undefined) continue;
      host = given[i + 1] as string;
    }
    headers.push(name, given[i + 1] as string);
  }
  if (announced !== undefined) headers.push("Content-Length", String(announced));
  return { headers, host };
}

/** The value of Host in a flat list: the first, where there are several. */
export function givenHost(headers: readonly string[]): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === 4 && name.toLowerCase() === "host") return headers[i + 1];
  }
  return undefined;
}

/** Is this a field of one connection, or of framing, which each side states itself? By length: most names cost one comparison. */
export function belongsToConnection(name: string): boolean {
  switch (name.length) {
    case 2:
      return name.toLowerCase() === "te";
    case 6:
    case 7:
    case 10:
    case 14:
    case 16:
    case 17:
      return PER_CONNECTION.has(name.toLowerCase());
    default:
      return false;
  }
}

const PER_CONNECTION: ReadonlySet<string> = new Set([
  "expect",
  "trailer",
  "upgrade",
  "connection",
  "keep-alive",
  "content-length",
  "proxy-connection",
  "transfer-encoding",
]);

const NOT_VISIBLE_ASCII = /[^\x21-\x7e]/;

/** Path and query for the request line; what cannot stand there (policies may put anything into a URL) is percent-encoded. */
export function requestTarget(url: { path: string; query: string }): string {
  const target = (url.path === "" ? "/" : url.path) + url.query;
  if (!NOT_VISIBLE_ASCII.test(target)) return target;
  return target.toWellFormed().replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text));
}

/** A Host value without its port. */
export function hostName(host: string): string {
  const end = host.startsWith("[") ? host.indexOf("]") + 1 : host.indexOf(":");
  return end > 0 ? host.slice(0, end) : host;
}
