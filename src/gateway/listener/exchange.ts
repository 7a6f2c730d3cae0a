import type { Handled, IncomingRequest, RequestHandler } from "../../engine/handler.ts";
import type { Body, BodySink, BodySource } from "../../policy/exchange/body.ts";
import { ClientGoneError } from "../../policy/exchange/errors.ts";
import type { HeaderList } from "../../policy/exchange/headers.ts";
import type { ResponseMessage } from "../../policy/exchange/message.ts";
import { ClientAbort } from "../client-signal.ts";
import { type Deadlines, Timed } from "../deadlines.ts";
import type { Dialer } from "../upstream/dial.ts";
import type { Connection } from "./connection.ts";
import type { RequestHead } from "./framing.ts";
import type { ListenerLimits, ListenerTimeouts } from "./options.ts";
import { INTERNAL_ERROR, type Refusal } from "./refusal.ts";
import type { StreamSource } from "./stream-source.ts";

/** What the listeners of one gateway share. */
export interface ListenerContext {
  /** Decides requests. May be replaced at any time: a request ends on the handler it began with. */
  handler: RequestHandler;
  /** The gateway is stopping: every answer is the last one on its connection. */
  draining: boolean;
  readonly limits: ListenerLimits;
  readonly timeouts: ListenerTimeouts;
  readonly deadlines: Deadlines;
  /** Connects tunnels to backends. */
  readonly dialer: Dialer;
  /** Number of open WebSocket tunnels. */
  tunnels: number;
  /** Told of requests that a listener refused before any handler saw them. */
  refused(refusal: Refusal, address: string): void;
  /** Told of failures of the software itself. */
  unexpected(error: unknown): void;
}

/**
 * One request and the writing of its answer; each protocol adds how bytes are read and written. The object is the
 * request that the handler sees and the sink of the response body at the same time, so that a request costs few objects.
 */
export abstract class ListenerExchange extends Timed implements IncomingRequest, RequestHead, BodySink {
  readonly context: ListenerContext;
  readonly client: Connection;
  readonly method: string;
  readonly scheme: "http" | "https";
  readonly httpVersion: string;
  readonly headers: HeaderList;
  host = "";
  port = 0;
  path = "/";
  query = "";
  announced: number | undefined = undefined;
  chunked = false;
  body: Body;
  /** The request body while it streams. */
  protected requestSource: StreamSource | undefined = undefined;
  /** Response body bytes written. */
  protected bytesOut = 0;
  /** The answer is complete or broken off; nothing more is written. */
  protected closed = false;
  #handled: Handled | undefined = undefined;
  #status = 0;
  #responseSource: BodySource | undefined = undefined;
  /** Content-Length of the response that is being streamed. */
  protected promised: number | undefined = undefined;
  #aborts: ClientAbort | undefined = undefined;

  constructor(
    context: ListenerContext,
    client: Connection,
    request: {
      method: string;
      scheme: "http" | "https";
      httpVersion: string;
      headers: HeaderList;
      body: Body;
    },
  ) {
    super();
    this.context = context;
    this.client = client;
    this.method = request.method;
    this.scheme = request.scheme;
    this.httpVersion = request.httpVersion;
    this.headers = request.headers;
    this.body = request.body;
    client.active++;
  }

  /** Aborted when the client goes away before the answer is complete. Made on first use. */
  get signal(): AbortSignal {
    if (!this.#aborts) {
      this.#aborts = new ClientAbort();
      if (this.closed) this.#aborts.abort(new ClientGoneError());
    }
    return this.#aborts.signal;
  }

  /** Has the handler decide and writes its answer. Never throws. */
  run(): void {
    try {
      const handled = this.context.handler.handle(this);
      if (handled instanceof Promise) {
        handled.then(
          (later) => this.answer(later),
          (error: unknown) => this.crash(error),
        );
      } else {
        this.answer(handled);
      }
    } catch (error) {
      this.crash(error);
    }
  }

  /** Writes a handler's answer. */
  answer(handled: Handled): void {
    this.#handled = handled;
    const { response } = handled;
    this.#status = response.status;
    if (this.closed) {
      response.body.discard();
      this.#report(true);
      return;
    }
    try {
      if (response.status < 200 || response.status > 999)
        throw new RangeError(`${response.status} is no final status.`);
      this.respond(response);
    } catch (error) {
      this.crash(error);
    }
  }

  /** Answers without a handler; the connection (HTTP/2: the stream) ends with it. */
  refuse(refusal: Refusal): void {
    this.context.refused(refusal, this.client.address);
    this.#status = refusal.status;
    this.respondRefusal(refusal);
  }

  /** Writes head and body of an answer. May throw before anything is written. */
  protected abstract respond(response: ResponseMessage): void;
  protected abstract respondRefusal(refusal: Refusal): void;
  /** Has any byte of the answer been written? */
  abstract get headSent(): boolean;
  /** @returns false: wait for {@link drained}. */
  protected abstract writeChunk(chunk: Uint8Array): boolean;
  /** The body is complete. */
  protected abstract finishBody(): void;
  /** Ends the exchange so that the client cannot take what it got for a complete answer. */
  protected abstract breakOff(): void;
  /** Bytes accepted for writing that the network has not taken. */
  protected abstract get unsent(): number;

  /** Starts a streamed response body; `promised` is its Content-Length where one was sent. */
  protected stream(source: BodySource, promised: number | undefined): void {
    this.#responseSource = source;
    this.promised = promised;
    source.start(this);
  }

  write(chunk: Uint8Array): boolean {
    if (this.closed) return true;
    this.bytesOut += chunk.byteLength;
    if (this.promised !== undefined && this.bytesOut > this.promised) {
      this.breakOff();
      return true;
    }
    const ready = this.writeChunk(chunk);
    if (!ready) this.watchPace();
    return ready;
  }

  end(): void {
    this.#responseSource = undefined;
    if (this.closed) return;
    if (this.promised !== undefined && this.bytesOut !== this.promised) this.breakOff();
    else this.finishBody();
  }

  fail(): void {
    this.#responseSource = undefined;
    if (!this.closed) this.breakOff();
  }

  /** The network took what was written: the source may go on. */
  protected drained(): void {
    this.context.deadlines.disarm(this);
    this.#responseSource?.resume();
  }

  /** Gives the client the time that its slowest tolerated pace needs for what is still to be taken. */
  protected watchPace(): void {
    const { paceMs, paceBytes } = this.context.timeouts;
    if (paceMs > 0) this.context.deadlines.arm(this, paceMs + Math.ceil((this.unsent * paceMs) / paceBytes));
  }

  /** The client does not take its answer. */
  override expired(): void {
    this.breakOff();
  }

  /** To be called once, when the answer is on its way in full or will never be. */
  protected settle(complete: boolean): void {
    if (this.closed) return;
    this.closed = true;
    this.context.deadlines.disarm(this);
    this.client.active--;
    this.client.idleSince = performance.now();
    if (!complete) {
      this.#aborts?.abort(new ClientGoneError());
      this.#responseSource?.cancel();
      this.#responseSource = undefined;
    }
    if (this.#handled) this.#report(!complete);
  }

  #report(aborted: boolean): void {
    const handled = this.#handled;
    this.#handled = undefined;
    try {
      handled?.finished({
        bytesIn: this.requestSource?.received ?? this.body.buffered?.byteLength ?? 0,
        bytesOut: this.bytesOut,
        aborted,
        status: this.#status,
      });
    } catch (error) {
      this.context.unexpected(error);
    }
  }

  /** The software failed: 500 where that can still be said, and no word about why. */
  protected crash(error: unknown): void {
    this.context.unexpected(error);
    this.#handled?.response.body.discard();
    if (this.closed) return;
    try {
      if (this.headSent) this.breakOff();
      else {
        this.#status = INTERNAL_ERROR.status;
        this.bytesOut = 0;
        this.respondRefusal(INTERNAL_ERROR);
      }
    } catch {
      this.breakOff();
    }
  }
}
