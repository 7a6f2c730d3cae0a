import { type Dispatcher, errors } from "undici";
import { Body, type BodySink, type BodySource } from "../../policy/exchange/body.ts";
import { BackendError, ClientGoneError } from "../../policy/exchange/errors.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import { ResponseMessage } from "../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { type AbortHook, unwatchSignal, watchSignal } from "../client-signal.ts";
import { type Deadlines, Timed } from "../deadlines.ts";
import type { BodyIterator } from "./body-iterator.ts";
import { asBackendError, isLostConnection } from "./failures.ts";
import { receiveHeaders } from "./response-headers.ts";
import type { Link, PoolUser } from "./undici-pool.ts";

/** Where requests are sent: a pool of connections, or a proxy. */
export interface Route {
  readonly dispatcher: Dispatcher;
  /** Requests under way. */
  active: number;
}

/** Body bytes held for a reader that has not come yet; then the backend must wait. */
const MOST_HELD = 64 * 1024;
const MOST_RETRIES = 2;
const EMPTY = Buffer.alloc(0);
/** Methods that may be sent again when it is unknown whether the backend saw them (RFC 9110 section 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/**
 * One request on its way through undici and the response body coming back: undici's handler and the body's source in
 * one object, so that chunks pass from the backend's socket to the client's without a stream in between.
 */
export class Dispatch extends Timed implements PoolUser, BodySource, AbortHook {
  link: Link | undefined = undefined;
  abortListener: (() => void) | undefined = undefined;
  /** undici would not even queue the request: nothing happened to the connection. */
  refused = false;
  readonly #request: OutgoingRequest;
  readonly #route: Route;
  readonly #options: Dispatcher.DispatchOptions;
  readonly #requestBody: BodyIterator | undefined;
  readonly #deadlines: Deadlines;
  readonly #bodyTimeoutMs: number;
  readonly #resolve: (response: ResponseMessage) => void;
  readonly #reject: (error: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #retries = 0;
  #answering = false;
  /** The response has been handed over. */
  #resolved = false;
  /** Nothing more will come, or nobody wants it. */
  #done = false;
  #body: Body | undefined;
  #sink: BodySink | undefined;
  /** Chunks that nobody has taken yet. */
  #held: Uint8Array[] | undefined;
  #heldBytes = 0;
  #full = false;
  #ended = false;
  #error: Error | undefined;

  constructor(
    request: OutgoingRequest,
    route: Route,
    options: Dispatcher.DispatchOptions,
    requestBody: BodyIterator | undefined,
    timing: { deadlines: Deadlines; bodyTimeoutMs: number },
    resolve: (response: ResponseMessage) => void,
    reject: (error: Error) => void,
  ) {
    super();
    this.#request = request;
    this.#route = route;
    this.#options = options;
    this.#requestBody = requestBody;
    this.#deadlines = timing.deadlines;
    this.#bodyTimeoutMs = timing.bodyTimeoutMs;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  send(): void {
    this.#route.active++;
    const { signal, timeoutMs } = this.#request;
    if (signal) watchSignal(signal, this);
    if (timeoutMs > 0) this.#deadlines.arm(this, timeoutMs);
    this.#route.dispatcher.dispatch(this.#options, this);
  }

  /** The caller's signal: the client has gone, or the answer is not needed any more. */
  handleAbort(): void {
    this.#abort(new BackendError("aborted", new ClientGoneError().message, this.#request.signal?.reason));
  }

  /** No headers, or no further bytes of the body, in time. */
  override expired(): void {
    const { url, timeoutMs } = this.#request;
    const waited = this.#resolved
      ? `no byte of the body within ${this.#bodyTimeoutMs} ms`
      : `no response within ${timeoutMs} ms`;
    this.#abort(new BackendError("timeout", `${url.host}:${url.port} sent ${waited}.`));
  }

  // undici's side.

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, not aborted: an abort would cost the connection, on which nothing has been written.
    if (this.#done) throw new errors.RequestAbortedError();
    this.#controller = controller;
  }

  onResponseStarted(): void {
    this.#answering = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    parsed: unknown,
    reason: string | undefined,
  ): void {
    if (status < 200 || this.#done) return;
    this.#deadlines.disarm(this);
    const { raw, announced } = receiveHeaders(controller.rawHeaders ?? parsed);
    let body: Body;
    if (this.#request.method === "HEAD" || status === 204 || status === 304) body = Body.none();
    else if (announced === 0) body = Body.of(EMPTY);
    else this.#body = body = Body.stream(this, announced);
    this.#nameTarget();
    this.#resolved = true;
    this.#resolve(new ResponseMessage(status, reason ?? "", new HeaderList(raw), body));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#done || !this.#body) return;
    if (this.#sink && !this.#held && !this.#full) {
      if (this.#sink.write(chunk)) {
        this.#deadlines.arm(this, this.#bodyTimeoutMs);
      } else {
        this.#wait();
      }
      return;
    }
    (this.#held ??= []).push(chunk);
    this.#heldBytes += chunk.byteLength;
    if (this.#full || this.#heldBytes >= MOST_HELD) controller.pause();
  }

  /** The reader is slow: the backend must wait, and its deadline does not run. */
  #wait(): void {
    this.#full = true;
    this.#deadlines.disarm(this);
    this.#controller?.pause();
  }

  onResponseEnd(): void {
    if (this.#done) return;
    if (this.link) this.link.served++;
    this.#release();
    this.#ended = true;
    const body = this.#body;
    if (body?.source === this && !this.#sink) {
      // Everything was there before anybody looked: to all who come it is a body in memory.
      body.source = undefined;
      body.buffered = joined(this.#held, this.#heldBytes);
    } else if (this.#sink && !this.#held) {
      this.#sink.end();
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#done) return;
    if (error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError) this.refused = true;
    if (!this.#resolved && this.#mayRetry(error)) {
      this.#retries++;
      this.#controller = undefined;
      queueMicrotask(() => {
        if (!this.#done) this.#route.dispatcher.dispatch(this.#options, this);
      });
      return;
    }
    this.#fail(asBackendError(error));
  }

  /** Only a connection that had rested can have been closed before it saw the request; only then is it sent again. */
  #mayRetry(error: Error): boolean {
    return (
      this.#retries < MOST_RETRIES &&
      !this.#answering &&
      isLostConnection(error) &&
      (this.link?.served ?? 0) > 0 &&
      !this.#options.body &&
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
      if (!sink.write(chunk) && !this.#done) {
        this.#wait();
        return;
      }
    }
    if (this.#error) sink.fail(this.#error);
    else if (this.#ended) sink.end();
    else if (!this.#done) {
      this.#heldBytes = 0;
      this.#deadlines.arm(this, this.#bodyTimeoutMs);
      this.#controller?.resume();
    }
  }

  #abort(error: BackendError): void {
    const controller = this.#controller;
    this.#fail(error);
    controller?.abort(error);
  }

  #fail(error: Error): void {
    if (this.#done) return;
    this.#release();
    this.#error = error;
    if (!this.#resolved) {
      this.#nameTarget();
      this.#reject(error);
    } else if (this.#sink && !this.#held) {
      this.#sink.fail(error);
    }
  }

  #nameTarget(): void {
    if (this.link?.remote !== undefined) this.#request.target = this.link.remote;
  }

  #release(): void {
    this.#done = true;
    this.#route.active--;
    this.#deadlines.disarm(this);
    if (this.#request.signal) unwatchSignal(this.#request.signal, this);
    this.#requestBody?.stop();
  }
}

function joined(chunks: readonly Uint8Array[] | undefined, size: number): Uint8Array {
  if (!chunks) return EMPTY;
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, size);
}
