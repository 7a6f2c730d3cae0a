import type { Socket } from "node:net";
import { Connection } from "./connection.ts";

/** The connection of a socket hangs on the socket itself: a property read per request instead of a look-up. */
const CONNECTION = Symbol("connection");
type ConnectedSocket = Socket & { [CONNECTION]?: Connection };

/** The connection that a socket (TLS already undone) carries. */
export function connectionOf(socket: Socket): Connection {
  const connected = socket as ConnectedSocket;
  return (connected[CONNECTION] ??= new Connection(socket));
}

/** The sockets of one listener, so that idle ones can be swept and all of them ended. */
export class Connections {
  readonly #sockets = new Set<Socket>();
  readonly #sweeper: NodeJS.Timeout;
  #emptied: (() => void) | undefined;

  /** Ends connections without a request for `idleMs`. */
  constructor(idleMs: number) {
    this.#sweeper = setInterval(() => this.#sweep(idleMs), Math.min(5000, Math.max(20, idleMs / 4)));
    this.#sweeper.unref();
  }

  /** Registers a socket: of TCP when it is accepted, of TLS when its handshake is done. */
  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#emptied?.();
    });
  }

  /** Resolves when every socket has told its listeners that it is closed. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#sockets.size === 0) resolve();
      else this.#emptied = resolve;
    });
  }

  /** Ends the connections that no request has used for `ms`. */
  endIdle(ms: number): void {
    const before = performance.now() - ms;
    for (const socket of this.#sockets) {
      const connection = (socket as ConnectedSocket)[CONNECTION];
      if (connection && connection.active === 0 && connection.idleSince <= before) connection.endIdle();
    }
  }

  /**
   * As {@link endIdle}, but not where bytes came since the last look: the next HTTP/1 request may be arriving, and has
   * its own time limit. HTTP/2 has none for a header section, so there only whole requests keep a connection.
   */
  #sweep(idleMs: number): void {
    const before = performance.now() - idleMs;
    for (const socket of this.#sockets) {
      const connection = (socket as ConnectedSocket)[CONNECTION];
      if (!connection || connection.active > 0) continue;
      const { bytesRead } = socket;
      const quiet = connection.goAway !== undefined || connection.bytesAtSweep === bytesRead;
      if (quiet && connection.idleSince <= before) connection.endIdle();
      connection.bytesAtSweep = bytesRead;
    }
  }

  /** Tells HTTP/2 clients that no further request will be taken. */
  goAway(): void {
    for (const socket of this.#sockets) (socket as ConnectedSocket)[CONNECTION]?.goAway?.();
  }

  /** Ends all of them, whatever they do. */
  destroy(): void {
    clearInterval(this.#sweeper);
    for (const socket of this.#sockets) socket.destroy();
  }
}
