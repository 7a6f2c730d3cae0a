import { Body } from "../../exchange/body.ts";
import { HeaderList } from "../../exchange/headers.ts";
import { ResponseMessage } from "../../exchange/message.ts";

/** A response at rest: bytes in memory, nothing that a request could use up or change. */
export class CachedResponse {
  readonly status: number;
  readonly reason: string;
  /** Flat list `[name, value, …]`. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  /** Epoch milliseconds until which it may be used. */
  readonly expires: number;

  constructor(status: number, reason: string, headers: readonly string[], body: Uint8Array, expires: number) {
    this.status = status;
    this.reason = reason;
    this.headers = headers;
    this.body = body;
    this.expires = expires;
  }

  /** What it takes in memory, roughly: caches bound themselves by it. */
  get byteLength(): number {
    return this.body.byteLength + this.headers.reduce((size, text) => size + 2 * text.length, 0);
  }

  /** A message of its own for one request; the bytes are shared, as nobody writes into them. */
  message(): ResponseMessage {
    return new ResponseMessage(this.status, this.reason, new HeaderList([...this.headers]), Body.of(this.body));
  }
}

/** Header fields that belong to one connection, one transfer or one caller: they are not kept. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "trailer",
  "transfer-encoding",
  "upgrade",
  // A session of one caller must not be handed to the next (the reference is silent on it).
  "set-cookie",
]);

/** The header fields of a response that may be given to other callers. */
export function keptHeaders(headers: HeaderList): string[] {
  const { raw } = headers;
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (!NOT_KEPT.has(name.toLowerCase())) kept.push(name, raw[i + 1] as string);
  }
  return kept;
}
