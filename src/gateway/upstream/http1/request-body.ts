import type { Socket } from "node:net";
import type { BodySink, BodySource } from "../../../policy/exchange/body.ts";
import { BackendError } from "../../../policy/exchange/errors.ts";

/** Chunks up to this size go out as one string with their framing. */
const ONE_WRITE = 4096;

/** Who is told how the sending of a body ended. */
export interface RequestBodyOwner {
  requestSent(): void;
  requestBroke(error: Error): void;
}

/** A request body on its way from its source to a connection, as it comes: nothing is kept but what the socket holds. */
export class RequestBody implements BodySink {
  readonly #source: BodySource;
  /** Content-Length that the head stated; undefined: chunked. */
  readonly #announced: number | undefined;
  readonly #owner: RequestBodyOwner;
  #socket: Socket | undefined;
  /** Head of the request that is to go out with the first chunk. */
  #head: string | undefined;
  #sent = 0;
  #waiting = false;
  /** The source has ended, or nobody wants the rest. */
  #done = false;

  constructor(source: BodySource, announced: number | undefined, owner: RequestBodyOwner) {
    this.#source = source;
    this.#announced = announced;
    this.#owner = owner;
  }

  /** The whole of an announced body has been written, though its source may not have said so. */
  get written(): boolean {
    return this.#sent === this.#announced;
  }

  /** Has any of it been asked for? Then it cannot be sent a second time. */
  get started(): boolean {
    return this.#socket !== undefined;
  }

  /**
   * Sends `head`, where there is one, and then the body. What there is of the body in this round of the event loop goes
   * out together with the head.
   */
  start(socket: Socket, head: string | undefined): void {
    if (this.#done || this.#socket) return;
    this.#socket = socket;
    this.#head = head;
    this.#source.start(this);
    if (this.#head !== undefined) process.nextTick(sendHead, this);
  }

  /** Nothing of the body has come yet: the head must not wait for it. */
  sendHead(): void {
    const head = this.#head;
    this.#head = undefined;
    if (head !== undefined && !this.#done) this.#socket?.write(head, "latin1");
  }

  write(chunk: Uint8Array): boolean {
    const size = chunk.byteLength;
    const socket = this.#socket;
    // In chunked framing an empty chunk would be the end.
    if (this.#done || !socket || size === 0) return true;
    this.#sent += size;
    if (this.#announced !== undefined && this.#sent > this.#announced) {
      this.#break(mismatch("longer"));
      return true;
    }
    const before = this.#announced === undefined ? `${size.toString(16)}\r\n` : "";
    this.#put(socket, before, chunk, this.#announced === undefined ? "\r\n" : "");
    // A chunk as large as the socket's own limit need not wait where the network has taken all of it.
    this.#waiting = socket.writableNeedDrain && socket.writableLength > 0;
    return !this.#waiting;
  }

  /** Writes a chunk with its framing, and with the head before the first, at once. */
  #put(socket: Socket, before: string, chunk: Uint8Array, after: string): void {
    const head = this.#head === undefined ? before : this.#head + before;
    this.#head = undefined;
    if (head === "" && after === "") {
      socket.write(chunk);
    } else if (chunk.byteLength <= ONE_WRITE) {
      socket.write(head + latin1(chunk) + after, "latin1");
    } else {
      socket.cork();
      if (head !== "") socket.write(head, "latin1");
      socket.write(chunk);
      if (after !== "") socket.write(after, "latin1");
      socket.uncork();
    }
  }

  get holding(): boolean {
    return this.#socket !== undefined && this.#socket.writableLength > 0;
  }

  end(): void {
    if (this.#done) return;
    if (this.#announced !== undefined && this.#sent !== this.#announced) {
      this.#break(mismatch("shorter"));
      return;
    }
    this.sendHead();
    this.#done = true;
    if (this.#announced === undefined) this.#socket?.write("0\r\n\r\n", "latin1");
    this.#owner.requestSent();
  }

  fail(error: Error): void {
    if (!this.#done) this.#break(error);
  }

  /** The socket has taken what was written. */
  drained(): void {
    if (!this.#waiting || this.#done) return;
    this.#waiting = false;
    this.#source.resume();
  }

  /** Nobody wants the rest. */
  stop(): void {
    if (this.#done) return;
    this.#done = true;
    this.#source.cancel();
  }

  #break(error: Error): void {
    this.stop();
    this.#owner.requestBroke(error);
  }
}

function sendHead(body: RequestBody): void {
  body.sendHead();
}

/** Bytes as a string of as many characters. */
export function latin1(bytes: Uint8Array): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("latin1", 0, buffer.length);
}

function mismatch(how: string): BackendError {
  return new BackendError("protocol", `The request body is ${how} than its Content-Length.`);
}
