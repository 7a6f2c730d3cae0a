import type { Socket } from "node:net";
import { type Deadlines, Timed } from "./deadlines.ts";

/** Bytes that went each way. */
export interface TunnelEnd {
  bytesIn: number;
  bytesOut: number;
  /** One side broke off instead of closing. */
  aborted: boolean;
}

/**
 * Joins two sockets: bytes pass as they come, with back-pressure, and each direction ends on its own. Ends when both
 * sides have closed, one breaks, or nothing has moved for `idleMs` (0: for ever).
 */
export class SocketTunnel extends Timed {
  readonly #client: Socket;
  readonly #backend: Socket;
  readonly #deadlines: Deadlines;
  readonly #idleMs: number;
  readonly #ended: (end: TunnelEnd) => void;
  #bytesIn = 0;
  #bytesOut = 0;
  #aborted = false;
  #open = 2;

  constructor(client: Socket, backend: Socket, deadlines: Deadlines, idleMs: number, ended: (end: TunnelEnd) => void) {
    super();
    this.#client = client;
    this.#backend = backend;
    this.#deadlines = deadlines;
    this.#idleMs = idleMs;
    this.#ended = ended;
    this.#carry(client, backend, (bytes) => {
      this.#bytesIn += bytes;
    });
    this.#carry(backend, client, (bytes) => {
      this.#bytesOut += bytes;
    });
    this.#touch();
  }

  override expired(): void {
    this.#client.destroy();
    this.#backend.destroy();
  }

  #carry(from: Socket, to: Socket, count: (bytes: number) => void): void {
    from.on("data", (chunk: Buffer) => {
      count(chunk.byteLength);
      this.#touch();
      if (!to.write(chunk)) from.pause();
    });
    to.on("drain", () => {
      this.#touch();
      from.resume();
    });
    from.on("end", () => to.end());
    from.on("error", () => {
      this.#aborted = true;
      to.destroy();
    });
    from.on("close", () => {
      // Without its end having been seen, the side is gone: what it would have said is missing.
      if (!from.readableEnded) {
        this.#aborted = true;
        to.destroy();
      }
      this.#open--;
      if (this.#open > 0) return;
      this.#deadlines.disarm(this);
      this.#ended({ bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, aborted: this.#aborted });
    });
  }

  #touch(): void {
    if (this.#idleMs > 0) this.#deadlines.arm(this, this.#idleMs);
  }
}
