import { BackendError } from "../../../policy/exchange/errors.ts";
import { addConnectionOptions, withoutFields } from "../response-headers.ts";

/** A response's status line and header section, and what they say about the body and the connection. */
export interface ResponseHead {
  status: number;
  /** Reason phrase; may be empty. */
  reason: string;
  /** End-to-end fields as written, flat, latin1. */
  headers: string[];
  /** Content-Length, where there is one. */
  announced: number | undefined;
  chunked: boolean;
  /** The connection may carry another request after this response. */
  persistent: boolean;
  /** Milliseconds that the backend says it keeps a resting connection. */
  restMs: number | undefined;
  /** Bytes that all this took. */
  bytes: number;
}

/** Fields of a response at most; interim responses count on their own. */
const MOST_FIELDS = 500;

const CR = 13;
const LF = 10;
const TAB = 9;
const SPACE = 32;
const COLON = 58;
const ZERO = 48;

/** May this byte stand in a field name (1: RFC 9110 section 5.6.2), in a field value or reason phrase (2)? */
const BYTES = new Uint8Array(256);
const IN_NAME = 1;
const IN_TEXT = 2;
for (let byte = SPACE; byte < 256; byte++) if (byte !== 127) BYTES[byte] = IN_TEXT;
BYTES[TAB] = IN_TEXT;
for (const byte of Buffer.from("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) {
  BYTES[byte] = IN_NAME | IN_TEXT;
}

export function isNameByte(byte: number): boolean {
  return ((BYTES[byte] as number) & IN_NAME) !== 0;
}

export function isTextByte(byte: number): boolean {
  return ((BYTES[byte] as number) & IN_TEXT) !== 0;
}

/**
 * Reads a response head (RFC 9112 sections 4 to 6), strictly: what two readers could understand differently is refused.
 * @param text the same bytes from `start` on as latin1; a head that reaches beyond it counts as incomplete.
 * @returns undefined where the bytes up to `end` are good so far, but not all.
 * @throws {BackendError} `protocol`
 */
export function parseResponseHead(
  bytes: Uint8Array,
  start: number,
  end: number,
  text: string,
): ResponseHead | undefined {
  const last = Math.min(end, start + text.length);
  const lineEnd = endOfText(bytes, start, last);
  if (!beginsLikeStatusLine(text)) throw malformed("it does not begin with an HTTP/1 status line");
  if (lineEnd < 0) return undefined;
  const line = text.slice(0, lineEnd - start);
  if (!STATUS_LINE.test(line)) throw malformed("its status line is not valid");
  const head: ResponseHead = {
    status: Number(line.slice(9, 12)),
    reason: line.slice(13),
    headers: [],
    announced: undefined,
    chunked: false,
    persistent: line.charCodeAt(7) !== ZERO,
    restMs: undefined,
    bytes: 0,
  };
  const at = readFields(bytes, start, lineEnd + 2, last, text, head);
  if (at < 0) return undefined;
  if (head.chunked) {
    if (line.charCodeAt(7) === ZERO) throw malformed("HTTP/1.0 has no Transfer-Encoding");
    if (head.announced !== undefined) throw malformed("it has both Content-Length and Transfer-Encoding");
  }
  head.bytes = at - start;
  return head;
}

const START = "HTTP/1.";
const STATUS_LINE = /^HTTP\/1\.[01] [1-9]\d\d(?: |$)/;

/** Is this, as far as it goes, what a status line begins with? Other protocols are told at once that way. */
export function beginsLikeStatusLine(text: string): boolean {
  return text.length >= START.length ? text.startsWith(START) : START.startsWith(text);
}

/** Where the CR LF stands that ends a line; -1 where it has not come yet. */
function endOfText(bytes: Uint8Array, from: number, last: number): number {
  let at = from;
  while (at < last && isTextByte(bytes[at] as number)) at++;
  if (at < last && bytes[at] !== CR) throw malformed("its head holds a byte that is not allowed");
  if (at + 1 >= last) return -1;
  if (bytes[at + 1] !== LF) throw malformed("a CR in its head has no LF");
  return at;
}

/** Reads field lines up to the empty one. @returns where the body begins; -1 where lines are missing. */
function readFields(
  bytes: Uint8Array,
  start: number,
  from: number,
  last: number,
  text: string,
  head: ResponseHead,
): number {
  const fields: Fields = { head, close: false, keepAlive: false, named: undefined };
  let at = from;
  for (let count = 0; ; count++) {
    if (at >= last) return -1;
    if (bytes[at] === CR) break;
    if (count === MOST_FIELDS) throw malformed(`it has more than ${MOST_FIELDS} header fields`);
    const nameAt = at;
    while (at < last && isNameByte(bytes[at] as number)) at++;
    if (at >= last) return -1;
    if (bytes[at] !== COLON || at === nameAt) throw malformed("a header field name is not valid");
    const colon = at++;
    while (at < last && isSpace(bytes[at] as number)) at++;
    const valueAt = at;
    at = endOfText(bytes, at, last);
    if (at < 0) return -1;
    let valueEnd = at;
    while (valueEnd > valueAt && isSpace(bytes[valueEnd - 1] as number)) valueEnd--;
    addField(fields, text.slice(nameAt - start, colon - start), text.slice(valueAt - start, valueEnd - start));
    at += 2;
  }
  if (endOfText(bytes, at, last) < 0) return -1;
  if (fields.named) head.headers = withoutFields(head.headers, fields.named);
  // RFC 9112 section 9.3: "close" wins; HTTP/1.0 connections live on only where that is said.
  head.persistent = !fields.close && (head.persistent || fields.keepAlive);
  return at + 2;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

/** What field lines say that is not in the list. */
interface Fields {
  head: ResponseHead;
  close: boolean;
  keepAlive: boolean;
  /** Lower-case names that Connection lists. */
  named: Set<string> | undefined;
}

/** Adds a field to the list, unless it belongs to the connection, and notes what it says about framing. */
function addField(fields: Fields, name: string, value: string): void {
  const { head } = fields;
  switch (name.length) {
    case 2:
      if (name.toLowerCase() === "te") return;
      break;
    case 7: {
      const lower = name.toLowerCase();
      if (lower === "trailer" || lower === "upgrade") return;
      break;
    }
    case 10: {
      const lower = name.toLowerCase();
      if (lower === "connection") {
        readConnection(fields, value.toLowerCase());
        return;
      }
      if (lower === "keep-alive") {
        const timeout = KEEP_ALIVE_TIMEOUT.exec(value);
        if (timeout) head.restMs = Number(timeout[1]) * 1000;
        return;
      }
      break;
    }
    case 14:
      if (name.toLowerCase() !== "content-length") break;
      if (head.announced !== undefined || !LENGTH.test(value)) throw malformed("its Content-Length is ambiguous");
      head.announced = Number(value);
      break;
    case 16:
      if (name.toLowerCase() === "proxy-connection") return;
      break;
    case 17:
      if (name.toLowerCase() !== "transfer-encoding") break;
      // The request asked for no other coding, and "chunked" twice would be another one.
      if (head.chunked || value.toLowerCase() !== "chunked") throw malformed("its Transfer-Encoding is not supported");
      head.chunked = true;
      return;
  }
  head.headers.push(name, value);
}

const LENGTH = /^\d{1,15}$/;
const KEEP_ALIVE_TIMEOUT = /(?:^|[,;\s])timeout\s{0,9}=\s{0,9}"?(\d{1,9})/i;

function readConnection(fields: Fields, value: string): void {
  if (value === "keep-alive") {
    fields.keepAlive = true;
  } else if (value === "close") {
    fields.close = true;
  } else {
    const options = value.split(",").map((option) => option.trim());
    fields.close ||= options.includes("close");
    fields.keepAlive ||= options.includes("keep-alive");
    fields.named = addConnectionOptions(fields.named, value);
  }
}

export function malformed(why: string): BackendError {
  return new BackendError("protocol", `The backend's response is not valid HTTP: ${why}.`);
}
