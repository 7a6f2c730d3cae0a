import { EventEmitter } from "node:events";
import type { Socket } from "node:net";

/** The other side of an upstream connection, played by a test: what it received, and reads of any size at any time. */
export class ScriptedSocket extends EventEmitter {
  readonly remoteAddress = "192.0.2.1";
  readonly remotePort = 80;
  writableLength = 0;
  writableNeedDrain = false;
  destroyed = false;
  paused = false;
  /** Everything written, latin1. */
  written = "";

  get socket(): Socket {
    return this as unknown as Socket;
  }

  write(bytes: string | Uint8Array): boolean {
    this.written += typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("latin1");
    return true;
  }

  cork(): void {}

  uncork(): void {}

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

/** Takes reads: the part of node:net's OnReadOpts that is used. */
export interface MemoryReader {
  buffer: Uint8Array | (() => Uint8Array);
  callback(size: number, buffer: Uint8Array): boolean;
}

/** Reads into memory that a reader hands out, as node:net does it; what a read does not fill is rubbish. */
export class MemoryReads {
  readonly #reader: MemoryReader;
  #current: Uint8Array;

  constructor(reader: MemoryReader) {
    this.#reader = reader;
    this.#current = this.#next();
  }

  /** One read. Memory that is free afterwards is overwritten at once. */
  read(text: string): void {
    const memory = this.#current;
    memory.fill(0x0a);
    Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength).write(text, "latin1");
    this.#reader.callback(text.length, memory);
    this.#current = this.#next();
    if (this.#current === memory) memory.fill(0x58);
  }

  #next(): Uint8Array {
    const { buffer } = this.#reader;
    return typeof buffer === "function" ? buffer() : buffer;
  }
}
