import { Body, type BodySink, type BodySource } from "../../exchange/body.ts";
import type { Message } from "../../exchange/message.ts";

/**
 * Brings a message's body into memory where it is not longer than `limit` bytes; a longer one, or one that breaks off,
 * streams on afterwards as if nobody had looked.
 * @returns its bytes (not decoded), undefined where they cannot be had.
 */
export async function readAhead(message: Message, limit: number): Promise<Uint8Array | undefined> {
  const { body } = message;
  if (body.consumed || body.taken) return undefined;
  const { source, announced } = body;
  if (!source) return body.buffered;
  if (announced !== undefined && announced > limit) return undefined;
  const ahead = new ReadAhead(source, limit);
  message.body = Body.stream(ahead, announced);
  const bytes = await ahead.read();
  if (bytes) message.body = Body.of(bytes);
  return bytes;
}

/** Reads a source before anybody starts it, and hands on what it has read together with the rest. */
class ReadAhead implements BodySource, BodySink {
  readonly #source: BodySource;
  readonly #limit: number;
  readonly #done = Promise.withResolvers<Uint8Array | undefined>();
  #held: Uint8Array[] = [];
  #size = 0;
  /** The source was told to hold back. */
  #paused = false;
  /** How the source came to its end; null: in good order. */
  #ended: Error | null | undefined;
  #sink: BodySink | undefined;

  constructor(source: BodySource, limit: number) {
    this.#source = source;
    this.#limit = limit;
  }

  /** All bytes; undefined where there are too many, or the source fails: then it is to be started. */
  read(): Promise<Uint8Array | undefined> {
    this.#source.start(this);
    return this.#done.promise;
  }

  write(chunk: Uint8Array): boolean {
    if (this.#sink && this.#held.length === 0) {
      this.#paused = !this.#sink.write(chunk);
    } else {
      this.#held.push(chunk);
      this.#size += chunk.byteLength;
      this.#paused = this.#size > this.#limit;
      if (this.#paused) this.#done.resolve(undefined);
    }
    return !this.#paused;
  }

  end(): void {
    this.#ended = null;
    this.#done.resolve(Buffer.concat(this.#held, this.#size));
    this.#handOn();
  }

  fail(error: Error): void {
    this.#ended = error;
    this.#done.resolve(undefined);
    this.#handOn();
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    this.#handOn();
  }

  resume(): void {
    this.#handOn();
  }

  cancel(reason?: Error): void {
    this.#sink = undefined;
    this.#held = [];
    this.#source.cancel(reason);
    this.#done.resolve(undefined);
  }

  /** What is held goes first, then how it ended, or more. */
  #handOn(): void {
    const sink = this.#sink;
    if (!sink) return;
    for (let chunk = this.#held.shift(); chunk; chunk = this.#held.shift()) if (!sink.write(chunk)) return;
    if (this.#ended !== undefined) {
      this.#sink = undefined;
      if (this.#ended === null) sink.end();
      else sink.fail(this.#ended);
    } else if (this.#paused) {
      this.#paused = false;
      this.#source.resume();
    }
  }
}
