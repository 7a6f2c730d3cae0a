import type { HeaderList } from "../policy/exchange/headers.ts";
import type { IncomingRequest } from "./handler.ts";

/** Hop-by-hop fields (RFC 9110 section 7.6.1 and the older list), lower case. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Fields that the gateway states itself and takes out of what the client sent. */
const OWN: ReadonlySet<string> = new Set(["host", "content-length", "expect", "x-request-id", "traceparent"]);

/**
 * Makes the client's header fields those of the request that policies see and backends get: hop-by-hop fields (also
 * those that Connection names), Host and framing go; request id, trace context and forwarded fields are stated.
 * The list is changed in place.
 */
export function prepareRequestHeaders(request: IncomingRequest, requestId: string, traceparent: string): HeaderList {
  const { headers, client } = request;
  const raw = headers.raw;
  const named = connectionOptions(raw);
  let forwardedFor = "";
  let kept = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || OWN.has(lower) || named?.has(lower)) continue;
    if (lower === "x-forwarded-for") {
      forwardedFor += `${raw[i + 1]}, `;
      continue;
    }
    if (lower === "x-forwarded-proto" || lower === "x-forwarded-host") continue;
    raw[kept] = name;
    raw[kept + 1] = raw[i + 1] as string;
    kept += 2;
  }
  raw.length = kept;
  raw.push(
    "x-request-id",
    requestId,
    "traceparent",
    traceparent,
    "x-forwarded-for",
    forwardedFor + client.address,
    "x-forwarded-proto",
    request.scheme,
    "x-forwarded-host",
    request.host,
  );
  return headers;
}

function connectionOptions(raw: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    for (const option of (raw[i + 1] as string).split(",")) {
      const trimmed = option.trim().toLowerCase();
      if (trimmed === "keep-alive" || trimmed === "close" || trimmed === "") continue;
      (named ??= new Set()).add(trimmed);
    }
  }
  return named;
}
