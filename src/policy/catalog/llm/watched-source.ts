import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { BodySink, BodySource } from "../../exchange/body.ts";

/** Sees a body pass, decoded; nothing that it does reaches the body. */
export interface BodyWatcher {
  chunk(bytes: Uint8Array): void;
  /** No more will come. `complete`: the body came to its end; else it broke off, or nobody wants the rest. */
  done(complete: boolean): void;
}

/** A source that passes another one on as it comes, chunk by chunk and with its back-pressure, and lets a watcher see it. */
export class WatchedSource implements BodySource {
  readonly #source: BodySource;
  #watcher: BodyWatcher | undefined;

  /** `encoding`: the body's Content-Encoding, which the watcher does not see. */
  constructor(source: BodySource, watcher: BodyWatcher, encoding?: string | undefined) {
    this.#source = source;
    this.#watcher = encoding === undefined ? watcher : decoded(watcher, encoding);
  }

  start(sink: BodySink): void {
    this.#source.start({
      write: (chunk) => {
        this.#watcher?.chunk(chunk);
        return sink.write(chunk);
      },
      // The watcher first: what it counts should be there when the caller has its answer.
      end: () => {
        this.#finish(true);
        sink.end();
      },
      fail: (error) => {
        this.#finish(false);
        sink.fail(error);
      },
    });
  }

  resume(): void {
    this.#source.resume();
  }

  cancel(reason?: Error): void {
    this.#finish(false);
    this.#source.cancel(reason);
  }

  #finish(complete: boolean): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    watcher?.done(complete);
  }
}

/** Decoded bytes that are looked at; more is no answer of a language model. */
const MOST_DECODED = 64 << 20;

const DECODERS = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** Decodes on the side what passes in one content coding; other codings are not seen at all. */
function decoded(watcher: BodyWatcher, encoding: string): BodyWatcher {
  const coding = encoding.trim().toLowerCase();
  if (coding === "identity" || coding === "") return watcher;
  const create = DECODERS.get(coding);
  if (!create) return { chunk() {}, done: () => watcher.done(false) };
  const decoder = create();
  let size = 0;
  let complete = false;
  const finish = (whole: boolean) => {
    decoder.destroy();
    // Once only: a decoder may fail after its end.
    const last = watcher;
    watcher = NOBODY;
    last.done(whole);
  };
  decoder.on("data", (bytes: Buffer) => {
    size += bytes.byteLength;
    if (size > MOST_DECODED) finish(false);
    else watcher.chunk(bytes);
  });
  decoder.on("end", () => finish(complete));
  decoder.on("error", () => finish(false));
  return {
    chunk: (bytes) => void decoder.write(bytes),
    done(whole) {
      complete = whole;
      decoder.end();
    },
  };
}

const NOBODY: BodyWatcher = { chunk() {}, done() {} };
