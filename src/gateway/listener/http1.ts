import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { Body } from "../../policy/exchange/body.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import type { ResponseMessage } from "../../policy/exchange/message.ts";
import type { Connection } from "./connection.ts";
import { type ListenerContext, ListenerExchange } from "./exchange.ts";
import { readHead } from "./framing.ts";
import { Linger } from "./linger.ts";
import { type Refusal, refusalParts } from "./refusal.ts";
import { endToEnd, mayHaveBody, statedLength } from "./response-head.ts";
import { StreamSource } from "./stream-source.ts";

/** Bodies up to this size go out as one string with the head: one write, no gathering. */
const ONE_WRITE = 8192;
const EMPTY = Buffer.alloc(0);

/** One HTTP/1.1 (or 1.0) request on node:http. */
export class Http1Exchange extends ListenerExchange {
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  /** The answer must not wait for, nor be followed by, the rest of the request body. */
  #unread = false;
  /** The client waits for `100 Continue` before it sends the body. */
  #awaitsContinue: boolean;
  #drainWatched = false;
  #linger: Linger | undefined;

  constructor(
    context: ListenerContext,
    client: Connection,
    scheme: "http" | "https",
    req: IncomingMessage,
    res: ServerResponse,
    awaitsContinue: boolean,
  ) {
    super(context, client, {
      method: req.method as string,
      scheme,
      httpVersion: req.httpVersion,
      headers: new HeaderList(req.rawHeaders),
      body: NO_BODY,
    });
    this.#req = req;
    this.#res = res;
    this.#awaitsContinue = awaitsContinue;
    client.latest = this;
    res.on("close", () => this.#closed());
  }

  /** Is the request still arriving? */
  get receiving(): boolean {
    return !this.#req.complete;
  }

  /** Checks the head and hands the request to the handler. */
  start(): void {
    const req = this.#req;
    const refusal = readHead(
      {
        method: this.method,
        target: req.url as string,
        httpVersion: this.httpVersion,
        rawHeaders: req.rawHeaders,
        localAddress: this.client.localAddress,
        localPort: this.client.localPort,
      },
      this,
      this.context.limits,
    );
    if (refusal) {
      this.refuse(refusal);
      return;
    }
    if (this.chunked || (this.announced !== undefined && this.announced > 0)) {
      this.requestSource = new StreamSource(
        req,
        this.context,
        this.#awaitsContinue ? () => this.#continue() : undefined,
      );
      this.body = Body.stream(this.requestSource, this.announced);
    } else {
      this.body = this.announced === 0 ? Body.of(EMPTY) : Body.none();
    }
    this.run();
  }

  override get headSent(): boolean {
    return this.#res.headersSent;
  }

  protected override get unsent(): number {
    return this.#res.writableLength;
  }

  protected override respond(response: ResponseMessage): void {
    const res = this.#res;
    const raw = response.headers.raw;
    const head = endToEnd(raw);
    const { body } = response;
    if (!mayHaveBody(this.method, response.status)) {
      if (this.method === "HEAD") {
        const length = body.buffered?.byteLength ?? body.announced ?? statedLength(raw);
        if (length !== undefined) head.push("Content-Length", String(length));
      }
      body.discard();
      this.#writeHead(response, head);
      this.finishBody();
      return;
    }
    const { bytes, source } = body.take();
    if (source) {
      if (body.announced !== undefined) head.push("Content-Length", String(body.announced));
      try {
        this.#writeHead(response, head);
      } catch (error) {
        source.cancel();
        throw error;
      }
      this.stream(source, body.announced);
      // Nothing of the body is there yet: the head must not wait for it.
      if (this.bytesOut === 0 && !this.closed && !res.writableEnded) res.flushHeaders();
      return;
    }
    const length = bytes === undefined ? 0 : bytes.byteLength;
    head.push("Content-Length", String(length));
    this.#writeHead(response, head);
    this.bytesOut = length;
    this.#finish(length === 0 ? undefined : bytes);
  }

  protected override respondRefusal(refusal: Refusal): void {
    const { headers, body } = refusalParts(refusal);
    const bytes = Buffer.from(body);
    headers.push("Content-Length", String(bytes.byteLength));
    this.client.closing = true;
    this.#writeHead({ status: refusal.status, reason: "" }, headers);
    const bodiless = this.method === "HEAD";
    this.bytesOut = bodiless ? 0 : bytes.byteLength;
    this.#finish(bodiless ? undefined : bytes);
  }

  /** Status line, header fields, and whether the connection lives on. @throws where a name or value is not allowed. */
  #writeHead(response: { status: number; reason: string }, head: string[]): void {
    const res = this.#res;
    this.#unread = this.requestSource !== undefined && !this.#req.complete;
    if (
      this.context.draining ||
      this.client.closing ||
      this.#unread ||
      // The client may send the body or not: nobody can tell where its next request begins.
      this.#awaitsContinue ||
      !res.shouldKeepAlive
    ) {
      this.client.closing = true;
      head.push("Connection", "close");
    } else if (this.httpVersion === "1.1") {
      // Persistence needs no word in HTTP/1.1.
      res.removeHeader("connection");
    }
    res.writeHead(response.status, response.reason || STATUS_CODES[response.status] || "unknown", head);
  }

  protected override writeChunk(chunk: Uint8Array): boolean {
    const res = this.#res;
    let ready: boolean;
    if (this.promised === undefined) {
      ready = res.write(chunk);
    } else {
      // Without the cork node would put the chunk off to the end of the round, and the source could not use its memory again.
      res.cork();
      ready = res.write(chunk);
      res.uncork();
      if (res.writableLength === 0) ready = true;
    }
    if (!ready && !this.#drainWatched) {
      this.#drainWatched = true;
      res.on("drain", () => this.drained());
    }
    return ready;
  }

  /** Bytes that the network has not taken are still referred to. */
  get holding(): boolean {
    return this.#res.writableLength > 0;
  }

  protected override finishBody(): void {
    this.#finish(undefined);
  }

  /** Ends the answer with these last bytes, after a look at what the client is still sending. */
  #finish(last: Uint8Array | undefined): void {
    const res = this.#res;
    if (this.#unread && !this.#req.complete && !this.#awaitsContinue) {
      this.requestSource?.cancel();
      if (last) res.write(last);
      else res.flushHeaders();
      this.#linger = new Linger(this.#req, this.context.deadlines, () => res.end());
      return;
    }
    if (last === undefined) res.end();
    else if (last.byteLength <= ONE_WRITE) res.end(latin1(last), "latin1");
    else res.end(last);
    if (res.writableLength > 0) this.watchPace();
  }

  protected override breakOff(): void {
    const { socket } = this.client;
    // Where the end of the connection is the end of the body, only a reset says that something is missing.
    if (this.httpVersion === "1.0" && this.headSent) socket.resetAndDestroy();
    else socket.destroy();
  }

  #continue(): void {
    this.#awaitsContinue = false;
    if (!this.#res.headersSent) this.#res.writeContinue();
  }

  #closed(): void {
    this.#linger?.cancel();
    const complete = this.#res.writableFinished;
    this.settle(complete);
    if (!complete) return;
    if (this.client.closing) this.client.socket.destroySoon();
    // What nobody read of the request would stand before the next one.
    else if (this.requestSource && !this.requestSource.ended) this.#req.resume();
  }
}

/** Stands in until the head has been read; never handed out. */
const NO_BODY = Body.none();

function latin1(bytes: Uint8Array): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("latin1");
}
