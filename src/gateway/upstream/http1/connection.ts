import type { OnReadOpts, Socket } from "node:net";
import { BackendError } from "../../../policy/exchange/errors.ts";
import { Timed } from "../../deadlines.ts";
import { isLostConnection } from "../failures.ts";
import type { Call } from "./call.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import { HeadReader } from "./head-reader.ts";
import { takeReadBuffer } from "./read-buffers.ts";
import { latin1 } from "./request-body.ts";
import { malformed, type ResponseHead } from "./response-head.ts";

/** Where a connection belongs: it is told when it may carry another request, and when it is gone. */
export interface ConnectionHome {
  rested(connection: Connection, restMs: number | undefined): void;
  gone(connection: Connection): void;
}

/** Bodies up to this size go out as one string with the head: one write, no gathering. */
const ONE_WRITE = 8192;
/** Interim responses to one request at most. */
const MOST_INTERIM = 32;

/** How the end of the message that is being read will show. */
type Reading = "head" | "length" | "chunked" | "close";

/** One HTTP/1.1 connection to a backend: one request at a time, and strict about what comes back. */
export class Connection extends Timed {
  /** `address:port` of the other side; undefined while connecting. */
  remote: string | undefined = undefined;
  /** Responses that came over it: with none, the connection is new. */
  served = 0;
  readonly #home: ConnectionHome;
  readonly #head: HeadReader;
  #socket: Socket | undefined;
  #buffer: Buffer | undefined;
  #call: Call | undefined;
  #reading: Reading = "head";
  #interim = 0;
  /** Bytes of a body of known length that have not come. */
  #left = 0;
  #chunks: ChunkedDecoder | undefined;
  #persistent = false;
  #restMs: number | undefined;
  /** The request has been written in full. */
  #sent = false;
  #paused = false;
  #closed = false;

  constructor(home: ConnectionHome, headerBytes: number) {
    super();
    this.#home = home;
    this.#head = new HeadReader(headerBytes);
  }

  /** For sockets that can read into memory of ours (TLS cannot without copying). */
  reader(): OnReadOpts {
    return {
      buffer: () => (this.#buffer ??= takeReadBuffer()),
      callback: (size, buffer) => {
        // Bytes that are in use beyond this call keep their buffer.
        if (this.#received(buffer as Buffer, size, buffer as Buffer)) this.#buffer = undefined;
        return true;
      },
    };
  }

  /** The connection stands. */
  opened(socket: Socket, secure: boolean): void {
    this.#socket = socket;
    this.remote = `${socket.remoteAddress}:${socket.remotePort}`;
    if (secure) socket.on("data", (chunk: Buffer) => this.#received(chunk, chunk.length, undefined));
    socket.on("drain", () => this.#call?.drained());
    socket.on("end", () => this.#ended());
    socket.on("error", (error) => this.#lost(error));
    socket.on("close", () => this.#lost(undefined));
  }

  /** Sends a request. The connection must be at rest. */
  carry(call: Call): void {
    const socket = this.#socket as Socket;
    this.#call = call;
    this.#sent = false;
    this.#interim = 0;
    const { head, content, body } = call;
    call.carried(this);
    if (call.waitsForContinue) {
      socket.write(head, "latin1");
    } else if (content) {
      this.#sent = true;
      if (content.byteLength <= ONE_WRITE) {
        socket.write(head + latin1(content), "latin1");
      } else {
        socket.cork();
        socket.write(head, "latin1");
        socket.write(content);
        socket.uncork();
      }
    } else if (body) {
      body.start(socket, head);
    } else {
      this.#sent = true;
      socket.write(head, "latin1");
    }
  }

  /** Sends the body of a request that waited with it. */
  sendContent(): void {
    const socket = this.#socket;
    const call = this.#call;
    if (!socket || !call) return;
    if (call.body) {
      call.body.start(socket, undefined);
    } else if (call.content) {
      socket.write(call.content);
      this.#sent = true;
    }
  }

  /** The request body has been written to its end. */
  requestSent(): void {
    this.#sent = true;
  }

  pause(): void {
    if (this.#paused || this.#closed) return;
    this.#paused = true;
    this.#socket?.pause();
  }

  resume(): void {
    if (!this.#paused || this.#closed) return;
    this.#paused = false;
    this.#socket?.resume();
  }

  /** Ends the connection at once; the call on it, if any, has been told or does not care. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#call = undefined;
    this.#socket?.destroy();
    this.#home.gone(this);
  }

  /** Ends the connection; the call on it fails. */
  destroy(error: Error): void {
    const call = this.#call;
    this.close();
    call?.failed(error);
  }

  /** It has rested for as long as it may. */
  override expired(): void {
    this.close();
  }

  /** @returns whether the memory is in use beyond this call. `lent`: the buffer that `bytes` are in, if it is ours. */
  #received(bytes: Buffer, end: number, lent: Buffer | undefined): boolean {
    const call = this.#call;
    if (!call) {
      // Nothing was asked: whatever this is, it must not become the next request's answer.
      this.close();
      return false;
    }
    try {
      return this.#read(call, bytes, end, lent);
    } catch (error) {
      this.close();
      call.failed(error instanceof Error ? error : new Error(String(error)));
      return true;
    }
  }

  #read(call: Call, bytes: Buffer, end: number, lent: Buffer | undefined): boolean {
    let at = 0;
    let head: ResponseHead | undefined;
    while (this.#reading === "head") {
      head = this.#head.read(bytes, at, end);
      if (!head) return false;
      at += head.bytes;
      if (head.status >= 200) this.#begin(call, head);
      else this.#skip(call, head);
      if (this.#call !== call) return false;
    }
    let from = at;
    let to = end;
    let complete = false;
    if (this.#reading === "length") {
      to = Math.min(end, at + this.#left);
      this.#left -= to - at;
      at = to;
      complete = this.#left === 0;
    } else if (this.#chunks) {
      at = this.#chunks.decode(bytes, at, end);
      from = this.#chunks.from;
      to = this.#chunks.to;
      complete = this.#chunks.done;
    }
    const kept = head
      ? call.responded(head, bytes, from, to, complete, lent)
      : from < to && call.received(bytes, from, to, complete);
    if (complete && this.#call === call) this.#finish(call, at === end);
    return kept;
  }

  /** An interim response: only 100 means something here. */
  #skip(call: Call, head: ResponseHead): void {
    if (head.status === 101) throw malformed("nobody asked for another protocol");
    if (++this.#interim > MOST_INTERIM) throw malformed("it sends too many interim responses");
    if (head.status === 100) call.mayContinue();
  }

  /** Works out where the response ends (RFC 9112 section 6.3). */
  #begin(call: Call, head: ResponseHead): void {
    this.#persistent = head.persistent;
    this.#restMs = head.restMs;
    if (call.bodiless(head.status)) {
      this.#reading = "length";
      this.#left = 0;
    } else if (head.chunked) {
      this.#reading = "chunked";
      this.#chunks = new ChunkedDecoder();
    } else if (head.announced !== undefined) {
      this.#reading = "length";
      this.#left = head.announced;
    } else {
      this.#reading = "close";
      this.#persistent = false;
    }
  }

  /** The response is complete. `clean`: nothing came behind it. */
  #finish(call: Call, clean: boolean): void {
    const reusable = clean && this.#persistent && (this.#sent || call.body?.written === true);
    this.#call = undefined;
    this.#reading = "head";
    this.#chunks = undefined;
    this.served++;
    if (reusable) {
      this.resume();
      this.#home.rested(this, this.#restMs);
    } else {
      this.close();
    }
    call.completed();
  }

  /** The backend sends no more. */
  #ended(): void {
    const call = this.#call;
    if (call && this.#reading === "close") this.#finish(call, false);
    else this.#lost(undefined);
  }

  #lost(error: Error | undefined): void {
    const call = this.#call;
    const within = this.#reading !== "head";
    const begun = within || this.#head.begun || this.#interim > 0;
    this.close();
    if (!call) return;
    const retriable = !begun && this.served > 0 && (error === undefined || isLostConnection(error));
    const closed = `The backend closed the connection ${within ? "within" : "before"} its response.`;
    call.lost(error ?? new BackendError("connection", closed), retriable);
  }
}
