import { Body, decodeContent } from "./body.ts";
import { HeaderList } from "./headers.ts";
import type { OutgoingRequest } from "./services.ts";
import { formatUrl, joinPath, type UrlParts } from "./url.ts";

/** What request and response share, and what message-editing policies (`set-header`, `set-body`) work on. */
export abstract class Message {
  headers: HeaderList;
  body: Body;

  constructor(headers: HeaderList, body: Body) {
    this.headers = headers;
    this.body = body;
  }

  /**
   * Replaces the body by bytes. Content-Length follows when the message is sent; a Content-Encoding no longer
   * describes the new bytes and goes.
   */
  setBody(bytes: Uint8Array): void {
    this.body.discard();
    this.body = Body.of(bytes);
    this.headers.delete("content-encoding");
  }

  /**
   * Brings the body into memory, its Content-Encoding undone, for a policy or expression that reads it.
   * @returns nothing when it already is.
   */
  readBody(limit: number): void | Promise<void> {
    const waiting = this.body.buffer(limit);
    if (waiting) return waiting.then(() => this.#decode(limit));
    this.#decode(limit);
  }

  #decode(limit: number): void {
    const encoding = this.headers.get("content-encoding");
    const bytes = this.body.buffered;
    if (encoding === undefined || bytes === undefined || bytes.byteLength === 0) return;
    const content = decodeContent(bytes, encoding, limit);
    if (!content) return;
    this.body.buffered = content;
    this.headers.delete("content-encoding");
  }
}

/** The client's TLS certificate, DER bytes; parsed only when an expression or policy asks. */
export interface ClientCertificate {
  der: Uint8Array;
  /** What the client presented beside its own: certificates that may vouch for it. */
  intermediates?: readonly Uint8Array[];
}

/** Who sent the request, as the listener saw it. */
export interface ClientConnection {
  /** Textual IP address, without port; IPv4-mapped IPv6 already reduced to IPv4. */
  address: string;
  certificate?: ClientCertificate | undefined;
}

/**
 * The request on its way to the backend. `path` and `query` are relative to the backend's base URL: `rewrite-uri`
 * and `set-query-parameter` change them, `set-backend-service` changes `base`.
 */
export class RequestMessage extends Message {
  method: string;
  path: string;
  query: string;
  /** Base URL of the backend; the gateway's own origin while no backend is known. */
  base: UrlParts;

  constructor(init: {
    method: string;
    base: UrlParts;
    path: string;
    query: string;
    headers?: HeaderList;
    body?: Body;
  }) {
    super(init.headers ?? new HeaderList(), init.body ?? Body.none());
    this.method = init.method;
    this.base = init.base;
    this.path = init.path;
    this.query = init.query;
  }

  /** The URL that would be called now: base, path and query joined. */
  get url(): UrlParts {
    const base = this.base;
    return {
      scheme: base.scheme,
      host: base.host,
      port: base.port,
      path: joinPath(base.path, this.path),
      query: base.query === "" ? this.query : base.query + (this.query === "" ? "" : `&${this.query.slice(1)}`),
    };
  }

  get urlText(): string {
    return formatUrl(this.url);
  }
}

/** A request that `send-request` builds. Policies inside it (`authentication-certificate`, `proxy`) say how it is sent. */
export class OutgoingMessage extends RequestMessage {
  clientCertificate: { cert: string; key: string } | undefined;
  proxy: OutgoingRequest["proxy"];
}

/** A response: of the backend, of `send-request`, or made by a policy. Variables hold it as `IResponse`. */
export class ResponseMessage extends Message {
  status: number;
  /** Reason phrase; empty: the standard one of the status. */
  reason: string;

  constructor(status: number, reason = "", headers: HeaderList = new HeaderList(), body: Body = Body.none()) {
    super(headers, body);
    this.status = status;
    this.reason = reason;
  }
}
