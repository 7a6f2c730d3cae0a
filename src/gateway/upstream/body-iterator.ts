import type { BodySink, BodySource } from "../../policy/exchange/body.ts";

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/**
 * A request body as undici pulls it: chunks wait here while the socket is full, and the source is asked for more when
 * they have gone. Cheaper than a Readable, and the same for HTTP/1 and HTTP/2.
 */
export class BodyIterator implements BodySink, AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  /** Somebody pulled: the body may be on its way, and cannot be sent a second time. */
  started = false;
  readonly #source: BodySource;
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  #error: Error | undefined;
  #held = false;
  #waiting: PromiseWithResolvers<IteratorResult<Uint8Array>> | undefined;

  constructor(source: BodySource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (!this.started) {
      this.started = true;
      this.#source.start(this);
    }
    const chunk = this.#chunks.shift();
    if (chunk) {
      if (this.#held && this.#chunks.length === 0) {
        this.#held = false;
        this.#source.resume();
      }
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#error) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve(DONE);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** Nobody pulls any more: the response is complete, or the request failed. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.stop();
    return Promise.resolve(DONE);
  }

  /** Gives up the rest of the source. */
  stop(): void {
    if (!this.#ended && !this.#error) {
      this.#ended = true;
      this.#source.cancel();
    }
    this.#chunks.length = 0;
    this.#settle()?.resolve(DONE);
  }

  write(chunk: Uint8Array): boolean {
    if (this.#ended) return true;
    const waiting = this.#settle();
    if (waiting) {
      waiting.resolve({ done: false, value: chunk });
      return true;
    }
    this.#chunks.push(chunk);
    this.#held = true;
    return false;
  }

  end(): void {
    this.#ended = true;
    this.#settle()?.resolve(DONE);
  }

  fail(error: Error): void {
    if (this.#ended) return;
    this.#error = error;
    this.#settle()?.reject(error);
  }

  #settle(): PromiseWithResolvers<IteratorResult<Uint8Array>> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
