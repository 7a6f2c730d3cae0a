import type { Socket } from "node:net";
import { BackendError } from "../../../policy/exchange/errors.ts";
import type { Deadlines } from "../../deadlines.ts";
import type { Dialer, DialTarget, TlsSession } from "../dial.ts";
import type { OriginPool, PoolOptions, PoolTarget } from "../pools.ts";
import type { Call, Connections } from "./call.ts";
import { Connection, type ConnectionHome } from "./connection.ts";

/** A backend closes a resting connection at the time it states: ours must be over before a request could cross that. */
const REST_MARGIN_MS = 1000;
const LONGEST_REST_MS = 600_000;

/** The HTTP/1.1 connections to one origin with one TLS setting, and the calls that wait for one. */
export class Http1Pool implements OriginPool, Connections, ConnectionHome {
  readonly #target: DialTarget;
  readonly #dialer: Dialer;
  readonly #deadlines: Deadlines;
  readonly #options: PoolOptions;
  readonly #unused: (pool: Http1Pool) => void;
  /** Connections at rest; the one that rested last goes first, as it is the least likely to be closed by the backend. */
  readonly #resting: Connection[] = [];
  readonly #open = new Set<Connection>();
  readonly #waiting = new Set<Call>();
  /** Sockets of connections that do not stand yet. */
  readonly #dials = new Set<Socket>();
  #active = 0;
  readonly #session: TlsSession = { latest: undefined };
  #closing: PromiseWithResolvers<void> | undefined;

  constructor(
    target: PoolTarget,
    dialer: Dialer,
    deadlines: Deadlines,
    options: PoolOptions,
    unused: (pool: Http1Pool) => void,
  ) {
    this.#target = {
      secure: target.scheme === "https",
      host: target.host,
      port: target.port,
      servername: target.servername,
      tls: target.tls,
      alpn: ["http/1.1"],
      halfOpen: false,
    };
    this.#dialer = dialer;
    this.#deadlines = deadlines;
    this.#options = options;
    this.#unused = unused;
  }

  get full(): boolean {
    return this.#active >= this.#options.connections + this.#options.waiting;
  }

  send(call: Call, fresh: boolean): void {
    if (fresh) {
      // What rested as long as the connection that failed is as likely to be gone: it makes room for a new one.
      if (this.#crowded) this.#resting[0]?.close();
    } else {
      this.#active++;
      const connection = this.#resting.pop();
      if (connection) {
        this.#deadlines.disarm(connection);
        connection.carry(call);
        return;
      }
    }
    this.#waiting.add(call);
    this.#dialForWaiting();
  }

  left(call: Call): void {
    this.#active--;
    this.#waiting.delete(call);
    this.#look();
  }

  rested(connection: Connection, restMs: number | undefined): void {
    for (const call of this.#waiting) {
      this.#waiting.delete(call);
      connection.carry(call);
      return;
    }
    const ms = restMs === undefined ? this.#options.keepAliveMs : Math.min(restMs - REST_MARGIN_MS, LONGEST_REST_MS);
    if (ms <= 0 || this.#closing) {
      connection.close();
      return;
    }
    this.#resting.push(connection);
    this.#deadlines.arm(connection, ms);
  }

  gone(connection: Connection): void {
    this.#deadlines.disarm(connection);
    this.#open.delete(connection);
    const index = this.#resting.indexOf(connection);
    if (index >= 0) this.#resting.splice(index, 1);
    this.#dialForWaiting();
    this.#look();
  }

  /** Lets running calls end, then closes every connection. */
  close(): Promise<void> {
    this.#closing ??= Promise.withResolvers();
    for (const connection of [...this.#resting]) connection.close();
    this.#look();
    return this.#closing.promise;
  }

  /** Closes every connection; calls fail. */
  destroy(): Promise<void> {
    this.#closing ??= Promise.withResolvers();
    const error = new BackendError("connection", "The gateway closes its connections.");
    for (const call of [...this.#waiting]) call.unconnected(error);
    for (const socket of this.#dials) socket.destroy();
    for (const connection of [...this.#open]) connection.destroy(error);
    this.#look();
    return this.#closing.promise;
  }

  /** Is every connection that may be open, or about to be? */
  get #crowded(): boolean {
    return this.#open.size + this.#dials.size >= this.#options.connections;
  }

  #dialForWaiting(): void {
    while (this.#dials.size < this.#waiting.size && !this.#crowded) this.#dial();
  }

  /** Opens a connection. Whichever call has waited longest when it stands goes out on it. */
  #dial(): void {
    const connection = new Connection(this, this.#options.headerBytes);
    const { secure } = this.#target;
    let socket: Socket;
    try {
      socket = this.#dialer.dial(
        this.#target,
        this.#session,
        (error) => this.#dialled(connection, socket, error),
        secure ? undefined : connection.reader(),
      );
    } catch (error) {
      // A client certificate that is none, a port beyond all ports.
      this.#unreachable(error);
      return;
    }
    this.#dials.add(socket);
  }

  #dialled(connection: Connection, socket: Socket, error: Error | null): void {
    this.#dials.delete(socket);
    if (error) {
      this.#unreachable(error);
      return;
    }
    this.#open.add(connection);
    connection.opened(socket, this.#target.secure);
    this.rested(connection, undefined);
  }

  #unreachable(error: unknown): void {
    // With no connection open and none on its way, nobody who waits has better prospects.
    const alone = this.#open.size === 0 && this.#dials.size === 0;
    for (const call of [...this.#waiting]) {
      call.unconnected(error);
      if (!alone) break;
    }
    this.#dialForWaiting();
    this.#look();
  }

  get unused(): boolean {
    return this.#active === 0 && this.#open.size === 0 && this.#dials.size === 0;
  }

  #look(): void {
    if (!this.unused) return;
    if (this.#closing) this.#closing.resolve();
    else this.#unused(this);
  }
}
