import { randomFillSync } from "node:crypto";
import type { HeaderList } from "../policy/exchange/headers.ts";

/** What a client may send as its own request id: it goes into logs and header fields as it is. */
const SANE_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;
/** `version-traceid-parentid-flags` (W3C Trace Context, version 00); all-zero ids are invalid. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The request id: the client's own where it is sane, else a new UUID. */
export function requestIdOf(headers: HeaderList): string {
  const given = headers.get("x-request-id");
  return given !== undefined && SANE_ID.test(given) ? given : uuid();
}

/** The trace context to pass on: the client's trace continued with a span of our own, or a new, sampled trace. */
export function traceparentOf(headers: HeaderList): string {
  const given = headers.get("traceparent");
  if (given !== undefined && TRACEPARENT.test(given)) return `${given.slice(0, 36)}${hex(8)}${given.slice(52)}`;
  return `00-${hex(16)}-${hex(8)}-01`;
}

// Random bytes are drawn in large batches: one system call for many requests.
const pool = Buffer.alloc(8192);
let used = pool.length;

function hex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString("hex", used, used + bytes);
  used += bytes;
  return text;
}

/** A random (version 4) UUID. */
export function uuid(): string {
  const h = hex(16);
  const variant = "89ab"[Number.parseInt(h[16] as string, 16) & 3];
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
}
