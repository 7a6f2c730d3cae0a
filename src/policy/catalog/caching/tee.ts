import type { BodySink, BodySource } from "../../exchange/body.ts";

/**
 * A body source that passes another one on, chunk by chunk and with its back-pressure, and keeps a copy on the side.
 * `complete` receives the copy when the body has come to its end; never for a body that breaks off, is cancelled, or
 * is longer than `limit` bytes.
 */
export class Tee implements BodySource {
  readonly #source: BodySource;
  readonly #limit: number;
  readonly #complete: (bytes: Uint8Array) => void;
  #chunks: Uint8Array[] | undefined = [];
  #size = 0;

  constructor(source: BodySource, limit: number, complete: (bytes: Uint8Array) => void) {
    this.#source = source;
    this.#limit = limit;
    this.#complete = complete;
  }

  start(sink: BodySink): void {
    this.#source.start({
      write: (chunk) => {
        this.#keep(chunk);
        return sink.write(chunk);
      },
      end: () => {
        // A copy of its own: chunks may be small pieces of large network buffers.
        if (this.#chunks) this.#complete(Buffer.concat(this.#chunks, this.#size));
        this.#chunks = undefined;
        sink.end();
      },
      fail: (error) => {
        this.#chunks = undefined;
        sink.fail(error);
      },
    });
  }

  resume(): void {
    this.#source.resume();
  }

  cancel(reason?: Error): void {
    this.#chunks = undefined;
    this.#source.cancel(reason);
  }

  #keep(chunk: Uint8Array): void {
    if (!this.#chunks) return;
    this.#size += chunk.byteLength;
    if (this.#size > this.#limit) this.#chunks = undefined;
    else this.#chunks.push(chunk);
  }
}
