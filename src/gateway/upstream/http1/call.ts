import { Body, type BodySink, type BodySource } from "../../../policy/exchange/body.ts";
import { BackendError, ClientGoneError } from "../../../policy/exchange/errors.ts";
import { HeaderList } from "../../../policy/exchange/headers.ts";
import { ResponseMessage } from "../../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../../policy/exchange/services.ts";
import { type AbortHook, unwatchSignal, watchSignal } from "../../client-signal.ts";
import { type Deadlines, Timed } from "../../deadlines.ts";
import { asBackendError } from "../failures.ts";
import type { Connection } from "./connection.ts";
import { returnReadBuffer } from "./read-buffers.ts";
import { RequestBody, type RequestBodyOwner } from "./request-body.ts";
import { requestText } from "./request-text.ts";
import type { ResponseHead } from "./response-head.ts";

/** Where calls get their connections. */
export interface Connections {
  /** Finds a connection for the call, now or later. `fresh`: none that has rested. */
  send(call: Call, fresh: boolean): void;
  /** The call is over, whether it had a connection or still waited for one. */
  left(call: Call): void;
}

/** What calls of one client share. */
export interface CallTiming {
  deadlines: Deadlines;
  /** Milliseconds between two pieces of a response body while somebody waits for them. */
  bodyTimeoutMs: number;
}

/** Body bytes held for a reader that has not come yet; then the backend must wait. */
const MOST_HELD = 64 * 1024;
/** Pieces up to this size are copied instead of keeping the large buffer that they stand in. */
const COPIED = 16 * 1024;
const MOST_RETRIES = 2;
const EMPTY = Buffer.alloc(0);
/** Methods that may be sent again when it is unknown whether the backend saw them (RFC 9110 section 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/**
 * One request over HTTP/1.1 and the response body coming back: what the connection reports to, and the body's source, in
 * one object, so that chunks pass from the backend's socket to the client's without a stream in between.
 */
export class Call extends Timed implements BodySource, AbortHook, RequestBodyOwner {
  /** Head of the request as it is written. */
  readonly head: string;
  /** A body in memory, not empty. */
  readonly content: Uint8Array | undefined;
  /** A body that streams. */
  readonly body: RequestBody | undefined;
  connection: Connection | undefined = undefined;
  abortListener: (() => void) | undefined = undefined;
  readonly #request: OutgoingRequest;
  readonly #connections: Connections;
  readonly #timing: CallTiming;
  readonly #resolve: (response: ResponseMessage) => void;
  readonly #reject: (error: Error) => void;
  /** Set while the body must wait for `100 Continue`. */
  #continue: ContinueWait | undefined;
  #retries = 0;
  /** The response has been handed over. */
  #resolved = false;
  /** Nothing more will come, or nobody wants it. */
  #done = false;
  #streamed: Body | undefined;
  #sink: BodySink | undefined;
  /** Pieces that nobody has taken yet. */
  #held: Uint8Array[] | undefined;
  #heldBytes = 0;
  /** The read buffer of the first of them, to be given back where its sink does not keep it. */
  #lent: Buffer | undefined;
  /** The sink wants no more for now. */
  #full = false;
  #ended = false;
  #error: Error | undefined;

  /** @throws {BackendError} `protocol` where the request cannot be written. */
  constructor(
    request: OutgoingRequest,
    connections: Connections,
    timing: CallTiming,
    resolve: (response: ResponseMessage) => void,
    reject: (error: Error) => void,
  ) {
    super();
    this.#request = request;
    this.#connections = connections;
    this.#timing = timing;
    this.#resolve = resolve;
    this.#reject = reject;
    const { announced } = request.body;
    const { bytes, source } = request.body.take();
    this.content = bytes && bytes.byteLength > 0 ? bytes : undefined;
    this.body = source && new RequestBody(source, announced, this);
    const framing = source ? (announced ?? "chunked") : (this.content?.byteLength ?? "none");
    if (request.continueTimeoutMs !== undefined && framing !== "none") this.#continue = new ContinueWait(this);
    try {
      this.head = requestText(request, framing, this.#continue !== undefined);
    } catch (error) {
      source?.cancel();
      throw error;
    }
  }

  /** The body follows only when the backend asks for it, or has been silent for long enough. */
  get waitsForContinue(): boolean {
    return this.#continue !== undefined;
  }

  /** Finds a connection and goes out. */
  send(): void {
    const { signal, timeoutMs } = this.#request;
    if (signal?.aborted) {
      this.handleAbort();
      return;
    }
    if (signal) watchSignal(signal, this);
    if (timeoutMs > 0) this.#timing.deadlines.arm(this, timeoutMs);
    this.#connections.send(this, false);
  }

  /** The caller's signal: the client has gone, or the answer is not needed any more. */
  handleAbort(): void {
    this.#abort(new BackendError("aborted", new ClientGoneError().message, this.#request.signal?.reason));
  }

  /** No headers, or no further bytes of the body, in time. */
  override expired(): void {
    const { url, timeoutMs } = this.#request;
    const waited = this.#resolved
      ? `no byte of the body within ${this.#timing.bodyTimeoutMs} ms`
      : `no response within ${timeoutMs} ms`;
    this.#abort(new BackendError("timeout", `${url.host}:${url.port} sent ${waited}.`));
  }

  /** No connection could be had. */
  unconnected(error: unknown): void {
    this.#fail(asBackendError(error));
  }

  // The connection's side.

  /** Its head has been written to this connection. */
  carried(connection: Connection): void {
    this.connection = connection;
    if (connection.remote !== undefined) this.#request.target = connection.remote;
    const { continueTimeoutMs } = this.#request;
    if (this.#continue) this.#timing.deadlines.arm(this.#continue, continueTimeoutMs as number);
  }

  /** The backend wants the body, or has been silent for long enough. */
  mayContinue(): void {
    if (this.#endContinueWait()) this.connection?.sendContent();
  }

  /** The socket has room again. */
  drained(): void {
    this.body?.drained();
  }

  requestSent(): void {
    this.connection?.requestSent();
  }

  /** The request body broke off, or is not as long as it said: the backend must not take it for a complete one. */
  requestBroke(error: Error): void {
    this.#abort(asBackendError(error));
  }

  /** Does a response with this status have no body, whatever its header fields say? */
  bodiless(status: number): boolean {
    return status === 204 || status === 304 || this.#request.method === "HEAD";
  }

  /**
   * The response's head is there, and the body's bytes from `from` to `to`; all of them where `complete`.
   * @returns whether `bytes` are in use beyond this call. `lent`: the read buffer that they stand in.
   */
  responded(
    head: ResponseHead,
    bytes: Buffer,
    from: number,
    to: number,
    complete: boolean,
    lent: Buffer | undefined,
  ): boolean {
    this.#timing.deadlines.disarm(this);
    this.#endContinueWait();
    let kept = false;
    let body: Body;
    if (this.bodiless(head.status)) {
      body = Body.none();
    } else if (complete && to - from <= COPIED) {
      body = Body.of(copied(bytes, from, to));
    } else {
      this.#streamed = body = Body.stream(this, head.announced);
      kept = this.#hold(bytes, from, to);
      if (kept) this.#lent = lent;
    }
    this.#resolved = true;
    this.#resolve(new ResponseMessage(head.status, head.reason, new HeaderList(head.headers), body));
    return kept;
  }

  /** More of the body; the last of it where `complete`. @returns whether `bytes` are in use beyond this call. */
  received(bytes: Buffer, from: number, to: number, complete: boolean): boolean {
    if (this.#done) return false;
    const sink = this.#sink;
    if (!sink || this.#held || this.#full) {
      const kept = this.#hold(bytes, from, to);
      if (!complete && (this.#full || this.#heldBytes >= MOST_HELD)) this.connection?.pause();
      return kept;
    }
    const copy = to - from <= COPIED && sink.holding !== false;
    const ready = sink.write(copy ? copied(bytes, from, to) : bytes.subarray(from, to));
    if (!complete && !this.#done) {
      if (ready) this.#timing.deadlines.arm(this, this.#timing.bodyTimeoutMs);
      else this.#wait();
    }
    return !copy && sink.holding !== false;
  }

  /** The response is complete, and the connection has gone its way. */
  completed(): void {
    if (this.#done) return;
    this.#release();
    this.#ended = true;
    const body = this.#streamed;
    if (this.#sink) {
      if (!this.#held) this.#sink.end();
    } else if (body?.source === this && this.#heldBytes <= COPIED) {
      // Everything was there before anybody looked: to all who come it is a body in memory.
      body.source = undefined;
      body.buffered = Buffer.concat(this.#held ?? [], this.#heldBytes);
    }
  }

  /** The connection went down. `retriable`: it had rested, and not a byte of a response came. */
  lost(error: Error, retriable: boolean): void {
    this.connection = undefined;
    if (retriable && this.#mayRetry()) {
      this.#retries++;
      this.#connections.send(this, true);
    } else {
      this.failed(error);
    }
  }

  /** The backend's bytes are no HTTP, or taking them failed. */
  failed(error: Error): void {
    this.connection = undefined;
    this.#fail(asBackendError(error));
  }

  #mayRetry(): boolean {
    return (
      !this.#done &&
      !this.#resolved &&
      this.#retries < MOST_RETRIES &&
      this.body === undefined &&
      IDEMPOTENT.has(this.#request.method)
    );
  }

  // The reader's side.

  start(sink: BodySink): void {
    this.#sink = sink;
    this.#flow();
  }

  resume(): void {
    this.#full = false;
    this.#flow();
  }

  cancel(): void {
    if (this.#done) {
      this.#held = undefined;
      return;
    }
    this.#abort(new BackendError("aborted", "Nobody wants the rest of the response."));
  }

  /** Hands over what was held, then lets the backend go on. */
  #flow(): void {
    const sink = this.#sink;
    if (!sink) return;
    while (this.#held) {
      const chunk = this.#held.shift() as Uint8Array;
      if (this.#held.length === 0) this.#held = undefined;
      const ready = sink.write(chunk);
      if (this.#lent && sink.holding === false) returnReadBuffer(this.#lent);
      this.#lent = undefined;
      if (!ready && !this.#done) {
        this.#wait();
        return;
      }
    }
    if (this.#error) sink.fail(this.#error);
    else if (this.#ended) sink.end();
    else if (!this.#done) {
      this.#heldBytes = 0;
      this.#timing.deadlines.arm(this, this.#timing.bodyTimeoutMs);
      this.connection?.resume();
    }
  }

  /** The reader is slow: the backend must wait, and its deadline does not run. */
  #wait(): void {
    this.#full = true;
    this.#timing.deadlines.disarm(this);
    this.connection?.pause();
  }

  /** @returns whether what is held stands in `bytes` themselves. */
  #hold(bytes: Buffer, from: number, to: number): boolean {
    const size = to - from;
    if (size === 0) return false;
    const copy = size <= COPIED;
    (this.#held ??= []).push(copy ? copied(bytes, from, to) : bytes.subarray(from, to));
    this.#heldBytes += size;
    return !copy;
  }

  #abort(error: Error): void {
    const { connection } = this;
    this.#fail(error);
    connection?.close();
  }

  #fail(error: Error): void {
    if (this.#done) return;
    this.#release();
    this.#error = error;
    if (!this.#resolved) this.#reject(error);
    else if (this.#sink && !this.#held) this.#sink.fail(error);
  }

  #release(): void {
    this.#done = true;
    this.connection = undefined;
    this.#connections.left(this);
    this.#timing.deadlines.disarm(this);
    this.#endContinueWait();
    if (this.#request.signal) unwatchSignal(this.#request.signal, this);
    this.body?.stop();
  }

  /** @returns whether the body was still waiting. */
  #endContinueWait(): boolean {
    const wait = this.#continue;
    if (!wait) return false;
    this.#continue = undefined;
    this.#timing.deadlines.disarm(wait);
    return true;
  }
}

/** The time that a request's body waits for `100 Continue`. */
class ContinueWait extends Timed {
  readonly #call: Call;

  constructor(call: Call) {
    super();
    this.#call = call;
  }

  override expired(): void {
    this.#call.mayContinue();
  }
}

function copied(bytes: Buffer, from: number, to: number): Buffer {
  if (from >= to) return EMPTY;
  const copy = Buffer.allocUnsafe(to - from);
  bytes.copy(copy, 0, from, to);
  return copy;
}
