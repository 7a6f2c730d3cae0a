import { validateHeaderName, validateHeaderValue } from "node:http";
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { Body } from "../../policy/exchange/body.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import type { ResponseMessage } from "../../policy/exchange/message.ts";
import { defaultPort } from "../../policy/exchange/url.ts";
import { parseAuthority } from "./authority.ts";
import type { Connection } from "./connection.ts";
import { type ListenerContext, ListenerExchange } from "./exchange.ts";
import { bodyTooLarge, isCleanTarget, refuse, splitTarget, TOO_MANY_FIELDS, URL_TOO_LONG } from "./framing.ts";
import { type Refusal, refusalParts } from "./refusal.ts";
import { endToEnd, mayHaveBody, statedLength } from "./response-head.ts";
import { StreamSource } from "./stream-source.ts";

const EMPTY = Buffer.alloc(0);

/** Takes the requests of one HTTP/2 connection. */
export function serveSession(
  session: ServerHttp2Session,
  connection: Connection,
  scheme: "http" | "https",
  context: ListenerContext,
): void {
  connection.goAway = () => {
    if (!session.closed) session.close();
  };
  session.on("error", () => session.destroy());
  session.on("stream", (stream, _headers, flags, rawHeaders) => {
    stream.on("error", () => {});
    const pseudo = { ":method": "", ":path": "", ":authority": "" };
    const headers = splitPseudo(rawHeaders, pseudo);
    const ended = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    const exchange = new Http2Exchange(context, connection, scheme, stream, pseudo[":method"], headers, ended);
    exchange.start(pseudo[":path"], pseudo[":authority"]);
  });
}

type Pseudo = Record<":method" | ":path" | ":authority", string>;

/** Separates pseudo header fields, and joins what HTTP/2 may split: `cookie` (RFC 9113 section 8.2.3). */
function splitPseudo(rawHeaders: readonly string[], pseudo: Pseudo): HeaderList {
  const raw: string[] = [];
  let cookie = -1;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (name.startsWith(":")) {
      if (name in pseudo) pseudo[name as keyof Pseudo] = value;
    } else if (name === "cookie" && cookie >= 0) {
      raw[cookie + 1] = `${raw[cookie + 1]}; ${value}`;
    } else {
      if (name === "cookie") cookie = raw.length;
      raw.push(name, value);
    }
  }
  return new HeaderList(raw);
}

/** One HTTP/2 request. nghttp2 has checked framing, header names, and that Content-Length and DATA agree. */
class Http2Exchange extends ListenerExchange {
  readonly #stream: ServerHttp2Stream;
  readonly #ended: boolean;
  #drainWatched = false;

  constructor(
    context: ListenerContext,
    client: Connection,
    scheme: "http" | "https",
    stream: ServerHttp2Stream,
    method: string,
    headers: HeaderList,
    ended: boolean,
  ) {
    super(context, client, { method, scheme, httpVersion: "2", headers, body: Body.none() });
    this.#stream = stream;
    this.#ended = ended;
    stream.on("close", () => this.#closed());
    // The stream may have been reset before anybody listened.
    if (stream.destroyed) this.settle(false);
  }

  start(target: string, authority: string): void {
    if (this.closed) return;
    const refusal = this.#read(target, authority);
    if (refusal) {
      this.refuse(refusal);
      return;
    }
    if (!this.#ended && this.announced !== 0) {
      this.requestSource = new StreamSource(this.#stream, this.context);
      this.body = Body.stream(this.requestSource, this.announced);
    } else if (this.announced === 0) {
      this.body = Body.of(EMPTY);
    }
    this.run();
  }

  #read(target: string, authority: string): Refusal | undefined {
    const { limits } = this.context;
    const { raw } = this.headers;
    if (this.method === "CONNECT") return { status: 405, message: "CONNECT is not supported." };
    if (target.length > limits.urlBytes) return URL_TOO_LONG;
    if (raw.length > 2 * limits.headerCount) return TOO_MANY_FIELDS;
    if (!isCleanTarget(target)) return refuse("The request target is not valid.");
    const host = this.headers.all("host");
    const named = authority === "" ? host[0] : authority;
    if (named === undefined || host.length > 1) return refuse("The request names no host, or more than one.");
    const parsed = parseAuthority(named);
    const other = host[0] === undefined ? parsed : parseAuthority(host[0]);
    if (!parsed || !other) return refuse("The host is not valid.");
    if (other.host !== parsed.host || other.port !== parsed.port) {
      return refuse("The :authority and the Host header field do not agree.");
    }
    // Policies find the host where HTTP/1 has it (RFC 9113 section 8.3.1).
    if (host.length === 0) raw.push("host", named);
    this.host = parsed.host;
    this.port = parsed.port || defaultPort(this.scheme);
    splitTarget(target, this);
    const length = statedLength(raw);
    this.announced = length === undefined ? undefined : Number(length);
    if (limits.bodyBytes !== undefined && this.announced !== undefined && this.announced > limits.bodyBytes) {
      return bodyTooLarge(limits.bodyBytes);
    }
    return undefined;
  }

  override get headSent(): boolean {
    return this.#stream.headersSent;
  }

  protected override get unsent(): number {
    return this.#stream.writableLength;
  }

  protected override respond(response: ResponseMessage): void {
    const { body } = response;
    const head = endToEnd(response.headers.raw);
    if (!mayHaveBody(this.method, response.status)) {
      if (this.method === "HEAD") {
        const length = body.buffered?.byteLength ?? body.announced ?? statedLength(response.headers.raw);
        if (length !== undefined) head.push("content-length", String(length));
      }
      body.discard();
      this.#respond(response.status, head, true);
      return;
    }
    const { bytes, source } = body.take();
    if (source) {
      if (body.announced !== undefined) head.push("content-length", String(body.announced));
      try {
        this.#respond(response.status, head, false);
      } catch (error) {
        source.cancel();
        throw error;
      }
      this.stream(source, body.announced);
      return;
    }
    this.#respondBytes(response.status, head, bytes ?? EMPTY);
  }

  protected override respondRefusal(refusal: Refusal): void {
    const { headers, body } = refusalParts(refusal);
    if (this.method === "HEAD") this.#respond(refusal.status, headers, true);
    else this.#respondBytes(refusal.status, headers, Buffer.from(body));
  }

  #respondBytes(status: number, head: string[], bytes: Uint8Array): void {
    head.push("content-length", String(bytes.byteLength));
    this.#respond(status, head, bytes.byteLength === 0);
    this.bytesOut = bytes.byteLength;
    if (bytes.byteLength === 0) return;
    this.#stream.end(bytes);
    if (this.#stream.writableLength > 0) this.watchPace();
  }

  /** @throws where a header name or value is not allowed. */
  #respond(status: number, head: readonly string[], endStream: boolean): void {
    const list = [":status", String(status)];
    for (let i = 0; i < head.length; i += 2) {
      const name = head[i] as string;
      const value = head[i + 1] as string;
      // nghttp2 would send anything, and whoever turns it back into HTTP/1 would find a line break in it.
      validateHeaderName(name);
      validateHeaderValue(name, value);
      list.push(name.toLowerCase(), value);
    }
    this.#stream.respond(list, { endStream });
  }

  protected override writeChunk(chunk: Uint8Array): boolean {
    const ready = this.#stream.write(chunk);
    if (!ready && !this.#drainWatched) {
      this.#drainWatched = true;
      this.#stream.on("drain", () => this.drained());
    }
    return ready;
  }

  protected override finishBody(): void {
    this.#stream.end();
  }

  protected override breakOff(): void {
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  #closed(): void {
    const code = this.#stream.rstCode;
    this.settle(this.#stream.writableFinished && (code === constants.NGHTTP2_NO_ERROR || code === undefined));
  }
}
