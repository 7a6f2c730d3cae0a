import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

/** An HTTP/1 response as a raw client cuts it out of the bytes. */
export interface RawResponse {
  status: number;
  /** Header section as received, without the status line. */
  head: string;
  body: string;
}

/** A client that writes bytes as told and reads what comes. Everything it waits for ends with the connection. */
export class RawClient {
  readonly socket: Socket;
  /** All bytes so far, latin1. */
  received = "";
  closed = false;
  /** The connection was reset. */
  reset = false;
  #waiting: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.received += chunk.toString("latin1");
      this.#wake();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET") this.reset = true;
    });
    socket.on("close", () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async connect(port: number, tls?: ConnectionOptions): Promise<RawClient> {
    const options = { host: "127.0.0.1", port, allowHalfOpen: false };
    const socket = tls ? connectTls({ ...options, ...tls }) : connect(options);
    await new Promise<void>((resolve, reject) => {
      socket.once(tls ? "secureConnect" : "connect", () => resolve());
      socket.once("error", reject);
    });
    return new RawClient(socket);
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  /** Waits until what was received fulfils the condition, or the connection has closed. */
  async until(condition: (received: string) => boolean): Promise<string> {
    while (!condition(this.received) && !this.closed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.received;
  }

  /** Waits for the end of the connection. */
  async end(): Promise<string> {
    return this.until(() => false);
  }

  /** Takes the next response with Content-Length, or without body, off what was received. */
  async response(bodiless = false): Promise<RawResponse> {
    await this.until((text) => text.includes("\r\n\r\n"));
    const end = this.received.indexOf("\r\n\r\n");
    if (end < 0) throw new Error(`no response, but ${JSON.stringify(this.received)}`);
    const [line = "", ...fields] = this.received.slice(0, end).split("\r\n");
    const head = fields.join("\r\n");
    const length = bodiless ? 0 : Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    await this.until((text) => text.length >= end + 4 + length);
    const body = this.received.slice(end + 4, end + 4 + length);
    this.received = this.received.slice(end + 4 + length);
    return { status: Number(line.split(" ")[1]), head, body };
  }

  close(): void {
    this.socket.destroy();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
