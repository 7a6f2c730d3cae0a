import type { Readable } from "node:stream";
import { type Deadlines, Timed } from "../deadlines.ts";

const LONGEST_MS = 2000;
const MOST_BYTES = 256 * 1024;

/**
 * Reads and drops what a client is still sending although its answer is written, within bounds: closing at once would
 * reset the connection, and the reset can overtake the answer (RFC 9112 section 9.6).
 */
export class Linger extends Timed {
  readonly #deadlines: Deadlines;
  #done: (() => void) | undefined;
  #dropped = 0;

  constructor(stream: Readable, deadlines: Deadlines, done: () => void) {
    super();
    this.#deadlines = deadlines;
    this.#done = done;
    deadlines.arm(this, LONGEST_MS);
    stream.on("data", (chunk: Buffer) => {
      this.#dropped += chunk.byteLength;
      if (this.#dropped > MOST_BYTES) this.expired();
    });
    stream.on("end", () => this.expired());
    stream.resume();
  }

  override expired(): void {
    const done = this.#done;
    this.cancel();
    done?.();
  }

  /** The connection is gone: nothing is left to do. */
  cancel(): void {
    this.#deadlines.disarm(this);
    this.#done = undefined;
  }
}
