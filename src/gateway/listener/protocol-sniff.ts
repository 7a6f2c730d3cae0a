import type { Socket } from "node:net";
import { type Deadlines, Timed } from "../deadlines.ts";

/** How an HTTP/2 client that knows what it talks to begins (RFC 9113 section 3.4). */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/**
 * Looks at the first bytes of a cleartext connection and hands it, unread, to whom they belong. A client that sends
 * nothing is cut off in the time for a header section.
 */
export class ProtocolSniff extends Timed {
  readonly #socket: Socket;
  readonly #deadlines: Deadlines;
  readonly #serve: (protocol: "h2" | "h1") => void;
  #seen: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, deadlines: Deadlines, withinMs: number, serve: (protocol: "h2" | "h1") => void) {
    super();
    this.#socket = socket;
    this.#deadlines = deadlines;
    this.#serve = serve;
    deadlines.arm(this, withinMs);
    socket.on("data", this.#look);
    socket.on("error", this.#fail);
    socket.on("end", this.#fail);
    socket.on("close", this.#stop);
  }

  override expired(): void {
    this.#socket.destroy();
  }

  readonly #look = (chunk: Buffer): void => {
    this.#seen = this.#seen.byteLength === 0 ? chunk : Buffer.concat([this.#seen, chunk]);
    const length = Math.min(this.#seen.byteLength, PREFACE.byteLength);
    const h2 = this.#seen.compare(PREFACE, 0, length, 0, length) === 0;
    if (h2 && length < PREFACE.byteLength) return;
    this.#stop();
    // An HTTP/2 session reads what is in the socket's buffer; flowing on, the socket would lose it to nobody.
    if (h2) this.#socket.pause();
    this.#socket.unshift(this.#seen);
    this.#serve(h2 ? "h2" : "h1");
  };

  readonly #fail = (): void => {
    this.#socket.destroy();
  };

  readonly #stop = (): void => {
    this.#deadlines.disarm(this);
    this.#socket.off("data", this.#look);
    this.#socket.off("error", this.#fail);
    this.#socket.off("end", this.#fail);
    this.#socket.off("close", this.#stop);
  };
}
