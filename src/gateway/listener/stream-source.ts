import type { Readable } from "node:stream";
import { type BodySink, type BodySource, BodyTooLargeError } from "../../policy/exchange/body.ts";
import { ClientGoneError } from "../../policy/exchange/errors.ts";
import { type Deadlines, Timed } from "../deadlines.ts";
import type { ListenerLimits, ListenerTimeouts } from "./options.ts";

/** The body of a request while it arrives. */
export class StreamSource extends Timed implements BodySource {
  /** Bytes so far. */
  received = 0;
  /** All of it has arrived and has been passed on. */
  ended = false;
  readonly #stream: Readable;
  readonly #context: { limits: ListenerLimits; timeouts: ListenerTimeouts; deadlines: Deadlines };
  /** Called when somebody wants the body: the time for `100 Continue`. */
  readonly #wanted: (() => void) | undefined;
  #sink: BodySink | undefined;
  #cancelled = false;
  #receivedBefore = 0;

  constructor(
    stream: Readable,
    context: { limits: ListenerLimits; timeouts: ListenerTimeouts; deadlines: Deadlines },
    wanted?: () => void,
  ) {
    super();
    this.#stream = stream;
    this.#context = context;
    this.#wanted = wanted;
  }

  start(sink: BodySink): void {
    const stream = this.#stream;
    if (this.#cancelled || stream.destroyed || stream.readableEnded) {
      sink.fail(new ClientGoneError());
      return;
    }
    this.#sink = sink;
    this.#wanted?.();
    stream.on("data", (chunk: Buffer) => this.#data(chunk));
    stream.on("end", () => this.#end());
    stream.on("error", () => this.#gone());
    stream.on("close", () => this.#gone());
    this.#watch();
  }

  resume(): void {
    if (this.#cancelled || this.ended) return;
    this.#stream.resume();
    this.#watch();
  }

  cancel(): void {
    if (this.#cancelled || this.ended) return;
    this.#cancelled = true;
    this.#context.deadlines.disarm(this);
    if (this.#sink) this.#stream.pause();
  }

  /** The client neither sends at the slowest tolerated pace nor says that it is done. */
  override expired(): void {
    if (this.received - this.#receivedBefore < this.#context.timeouts.paceBytes) this.#stream.destroy();
    else this.#watch();
  }

  #watch(): void {
    this.#receivedBefore = this.received;
    if (this.#context.timeouts.paceMs > 0) this.#context.deadlines.arm(this, this.#context.timeouts.paceMs);
  }

  #data(chunk: Buffer): void {
    this.received += chunk.byteLength;
    if (this.#cancelled || !this.#sink) return;
    const limit = this.#context.limits.bodyBytes;
    if (limit !== undefined && this.received > limit) {
      this.cancel();
      this.#sink.fail(new BodyTooLargeError(limit));
      return;
    }
    const ready = this.#sink.write(chunk);
    if (this.#sink.holding === false) freeMemory(chunk);
    if (!ready && !this.#cancelled) {
      // The sink is slow, not the client.
      this.#context.deadlines.disarm(this);
      this.#stream.pause();
    }
  }

  #end(): void {
    this.ended = true;
    this.#context.deadlines.disarm(this);
    if (!this.#cancelled) this.#sink?.end();
  }

  #gone(): void {
    if (this.ended || this.#cancelled) return;
    this.cancel();
    this.#sink?.fail(new ClientGoneError());
  }
}

/** Smaller chunks are left to the garbage collector. */
const LARGE = 8 * 1024;

/**
 * Frees the memory of a chunk that nobody needs any more. Left to the garbage collector, the chunks of large bodies make
 * it go through the whole heap again and again.
 */
function freeMemory(chunk: Buffer): void {
  const memory = chunk.buffer;
  // Only where no other chunk stands in the same memory.
  if (chunk.byteLength >= LARGE && memory.byteLength === chunk.byteLength && memory instanceof ArrayBuffer) {
    memory.transfer(0);
  }
}
