import { defaultPort } from "../../policy/exchange/url.ts";
import { parseAuthority } from "./authority.ts";
import type { ListenerLimits } from "./options.ts";
import type { Refusal } from "./refusal.ts";

/** What the checks find in a request's head; filled by {@link readHead}. */
export interface RequestHead {
  readonly scheme: "http" | "https";
  host: string;
  port: number;
  path: string;
  query: string;
  /** Content-Length, where there is one. */
  announced: number | undefined;
  chunked: boolean;
}

/** A request head as the HTTP/1 parser delivers it. */
export interface ReceivedHead {
  method: string;
  /** The request target as received. */
  target: string;
  /** `1.1` or `1.0`. */
  httpVersion: string;
  /** Flat list of header fields. */
  rawHeaders: readonly string[];
  /** Address of the listener, for HTTP/1.0 requests without Host. */
  localAddress: string | undefined;
  localPort: number | undefined;
}

/** Everything but visible ASCII, and `#`: a request target has no fragment (RFC 9112 section 3.2). */
const BAD_TARGET = /[^\x21-\x7e]|#/;
const DIGITS = /^\d{1,15}$/;
/** Transfer codings that are well-formed but not offered here (RFC 9112 section 6.1 wants a 501). */
const KNOWN_CODING = /^(?:gzip|x-gzip|deflate|compress|x-compress)[ \t]*,[ \t]*chunked$/i;
const ABSOLUTE = /^(https?):\/\/([^/?]*)(.*)$/i;

/**
 * Reads and checks a request's head beyond what the parser does: one meaning or none (RFC 9112 sections 3 and 6).
 * Whoever comes before or after this gateway must not be able to see another message in the same bytes.
 * @returns why the request is refused, or undefined with `head` filled.
 */
export function readHead(received: ReceivedHead, head: RequestHead, limits: ListenerLimits): Refusal | undefined {
  const { target, rawHeaders } = received;
  const old = received.httpVersion === "1.0";
  if (!old && received.httpVersion !== "1.1") return VERSION;
  if (target.length > limits.urlBytes) return URL_TOO_LONG;
  if (rawHeaders.length > 2 * limits.headerCount) return TOO_MANY_FIELDS;
  let host: string | undefined;
  head.announced = undefined;
  head.chunked = false;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    switch (name.length) {
      case 4:
        if (name.toLowerCase() !== "host") break;
        if (host !== undefined) return refuse("The request has more than one Host header field.");
        host = rawHeaders[i + 1] as string;
        break;
      case 14: {
        if (name.toLowerCase() !== "content-length") break;
        const value = rawHeaders[i + 1] as string;
        if (head.announced !== undefined || !DIGITS.test(value)) return refuse("The Content-Length is ambiguous.");
        head.announced = Number(value);
        break;
      }
      case 17: {
        if (name.toLowerCase() !== "transfer-encoding") break;
        if (old) return refuse("HTTP/1.0 has no Transfer-Encoding.");
        const value = rawHeaders[i + 1] as string;
        if (head.chunked) return refuse("The request has more than one Transfer-Encoding.");
        if (value.toLowerCase() !== "chunked") {
          return KNOWN_CODING.test(value) ? TRANSFER_CODING : refuse("The Transfer-Encoding is not valid.");
        }
        head.chunked = true;
      }
    }
  }
  if (head.chunked && head.announced !== undefined) {
    return refuse("The request has both Content-Length and Transfer-Encoding.");
  }
  if (limits.bodyBytes !== undefined && head.announced !== undefined && head.announced > limits.bodyBytes) {
    return bodyTooLarge(limits.bodyBytes);
  }
  return readTarget(received, host, head);
}

/** Target and Host together name the resource: origin-form, or absolute-form that agrees with Host. */
function readTarget(received: ReceivedHead, host: string | undefined, head: RequestHead): Refusal | undefined {
  let target = received.target;
  if (BAD_TARGET.test(target)) return refuse("The request target holds a character that is not allowed.");
  if (host === undefined) {
    if (received.httpVersion !== "1.0") return refuse("The request has no Host header field.");
    head.host = received.localAddress?.includes(":") ? `[${received.localAddress}]` : (received.localAddress ?? "");
    head.port = received.localPort ?? defaultPort(head.scheme);
  } else {
    const authority = parseAuthority(host);
    if (!authority) return refuse("The Host header field is not valid.");
    head.host = authority.host;
    head.port = authority.port || defaultPort(head.scheme);
  }
  if (target.charCodeAt(0) !== 0x2f /* / */) {
    const absolute = ABSOLUTE.exec(target);
    if (!absolute) return refuse("The request target is not valid.");
    const authority = parseAuthority(absolute[2] as string);
    if (
      !authority ||
      (absolute[1] as string).toLowerCase() !== head.scheme ||
      authority.host !== head.host ||
      (authority.port || defaultPort(head.scheme)) !== head.port
    ) {
      return refuse("The request target and the Host header field do not agree.");
    }
    target = absolute[3] as string;
    if (target.charCodeAt(0) !== 0x2f) target = `/${target}`;
  }
  splitTarget(target, head);
  return undefined;
}

/** Splits an origin-form target into path and query. */
export function splitTarget(target: string, head: { path: string; query: string }): void {
  const mark = target.indexOf("?");
  head.path = mark < 0 ? target : target.slice(0, mark);
  head.query = mark < 0 ? "" : target.slice(mark);
}

/** Is the text of a request target (path and query) free of what URLs cannot hold? */
export function isCleanTarget(target: string): boolean {
  return target.charCodeAt(0) === 0x2f && !BAD_TARGET.test(target);
}

export function refuse(message: string): Refusal {
  return { status: 400, message };
}

export function bodyTooLarge(limit: number): Refusal {
  return { status: 413, message: `The request body is larger than ${limit} bytes.` };
}

export const URL_TOO_LONG: Refusal = { status: 414, message: "The URL is too long." };
export const TOO_MANY_FIELDS: Refusal = { status: 431, message: "The request has too many header fields." };
const VERSION: Refusal = { status: 505, message: "The HTTP version is not supported." };
const TRANSFER_CODING: Refusal = { status: 501, message: "The only transfer coding supported is chunked." };
