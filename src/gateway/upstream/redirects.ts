import { Body, type BodySink } from "../../policy/exchange/body.ts";
import type { ResponseMessage } from "../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { formatUrl, origin, parseUrl, type UrlParts } from "../../policy/exchange/url.ts";

const MOST_HOPS = 10;
/** A redirect's body is read and dropped up to here, so that its connection can be used again. */
const MOST_DROPPED = 64 * 1024;

/**
 * Sends a request and follows redirects (RFC 9110 section 15.4) within limits. Where one cannot be followed (another
 * scheme than http and https, from https to http, a body that is gone, too many) the redirect itself is the response.
 */
export async function sendFollowing(
  request: OutgoingRequest,
  send: (hop: OutgoingRequest) => Promise<ResponseMessage>,
): Promise<ResponseMessage> {
  const started = performance.now();
  const streamed = request.body.source !== undefined;
  let hop: OutgoingRequest = { ...request };
  for (let hops = 0; ; hops++) {
    let response: ResponseMessage;
    try {
      response = await send(hop);
    } finally {
      if (hop.target !== undefined) request.target = hop.target;
    }
    const next = hops < MOST_HOPS ? nextHop(hop, response, streamed) : undefined;
    if (!next) return response;
    if (request.timeoutMs > 0) next.timeoutMs = Math.max(1, request.timeoutMs - (performance.now() - started));
    drop(response.body);
    hop = next;
  }
}

function nextHop(hop: OutgoingRequest, response: ResponseMessage, streamed: boolean): OutgoingRequest | undefined {
  const { status } = response;
  const location = response.headers.get("location");
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const url = resolve(hop.url, location);
  if (!url || (hop.url.scheme === "https" && url.scheme !== "https")) return undefined;
  const becomesGet = status === 303 ? hop.method !== "HEAD" : status < 303 && hop.method === "POST";
  if (!becomesGet && streamed) return undefined;
  const elsewhere = origin(url) !== origin(hop.url);
  return {
    ...hop,
    url,
    method: becomesGet ? "GET" : hop.method,
    body: becomesGet ? Body.none() : hop.body,
    headers: headersFor(hop.headers, becomesGet, elsewhere),
    // What identifies us to one server is not shown to another.
    tls: elsewhere && hop.tls ? { ...hop.tls, clientCertificate: undefined } : hop.tls,
  };
}

function resolve(base: UrlParts, location: string): UrlParts | undefined {
  const absolute = URL.parse(location, formatUrl(base));
  if (absolute?.protocol !== "http:" && absolute?.protocol !== "https:") return undefined;
  absolute.hash = "";
  return parseUrl(absolute.href);
}

const CONTENT = new Set(["content-type", "content-encoding", "content-language", "content-location", "content-length"]);
const CREDENTIALS = new Set(["authorization", "cookie", "proxy-authorization", "host"]);

function headersFor(headers: readonly string[], withoutBody: boolean, elsewhere: boolean): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (withoutBody && CONTENT.has(name)) continue;
    if (elsewhere && CREDENTIALS.has(name)) continue;
    kept.push(headers[i] as string, headers[i + 1] as string);
  }
  return kept;
}

function drop(body: Body): void {
  const { source } = body.take();
  if (!source) return;
  let dropped = 0;
  const sink: BodySink = {
    write(chunk) {
      dropped += chunk.byteLength;
      if (dropped > MOST_DROPPED) source.cancel();
      return true;
    },
    end() {},
    fail() {},
  };
  source.start(sink);
}
