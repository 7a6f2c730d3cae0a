import type { Socket } from "node:net";
import { Client, type Dispatcher, Pool } from "undici";
import type { BackendTls } from "../../policy/exchange/services.ts";
import { origin } from "../../policy/exchange/url.ts";
import type { Dialer, DialTarget, TlsSession } from "./dial.ts";
import { tlsKey } from "./tls-key.ts";

export interface PoolOptions {
  /** Connections to one origin at most. */
  connections: number;
  /** Requests that wait for a connection to one origin at most: a further one fails. */
  waiting: number;
  /** Milliseconds that a connection may rest, where the backend does not say otherwise. */
  keepAliveMs: number;
  /** Bytes of a response's header section at most. */
  headerBytes: number;
}

/** What tells one set of connections from another. */
export interface PoolTarget {
  scheme: string;
  host: string;
  port: number;
  httpVersion: "1" | "2or1" | "2";
  /** Name for SNI and certificate check; empty without TLS. */
  servername: string;
  tls: BackendTls | undefined;
}

/** The connection a request went out on. */
export interface Link {
  /** `address:port` of the other side; undefined while connecting. */
  remote: string | undefined;
  /** Responses that came over it: with none, the connection is new. */
  served: number;
}

/** Who sends through a pool, so that it can be told which connection was chosen. */
export interface PoolUser extends Dispatcher.DispatchHandler {
  link: Link | undefined;
  /** Set where undici rejects the request itself (a header value that is none). */
  refused: boolean;
}

/** The connections to one origin with one TLS setting. */
export class OriginPool {
  readonly dispatcher: Pool;
  readonly #target: PoolTarget;
  readonly #tlsKey: string;
  readonly #limit: number;
  /** Requests that have been sent here and are not complete. */
  active = 0;

  constructor(target: PoolTarget, dialer: Dialer, options: PoolOptions, unused: (pool: OriginPool) => void) {
    this.#target = target;
    this.#tlsKey = tlsKey(target.tls);
    this.#limit = options.connections + options.waiting;
    const h2c = target.httpVersion === "2" && target.scheme === "http";
    const allowH2 = target.httpVersion !== "1" && (h2c || target.scheme === "https");
    const dialTarget: DialTarget = {
      secure: target.scheme === "https",
      host: target.host,
      port: target.port,
      servername: target.servername,
      tls: target.tls,
      alpn: target.httpVersion === "1" ? ["http/1.1"] : target.httpVersion === "2" ? ["h2"] : ["h2", "http/1.1"],
      halfOpen: false,
    };
    const session: TlsSession = { latest: undefined };
    const dial = (link: Link, done: (error: Error | null, socket?: Socket) => void) => {
      dialer.dial(dialTarget, session, (error, connected) => {
        if (!error && connected) {
          link.remote = `${connected.remoteAddress}:${connected.remotePort}`;
          link.served = 0;
          const protocol = connected as Socket & { alpnProtocol?: string | false | null };
          if (h2c) protocol.alpnProtocol = "h2";
          else if (target.httpVersion === "2" && protocol.alpnProtocol !== "h2") {
            connected.destroy();
            done(new Error(`${target.host}:${target.port} does not speak HTTP/2.`));
            return;
          }
        }
        done(error, connected);
      });
    };
    this.dispatcher = new Pool(origin(target), {
      factory: (url, settings) => new LinkedClient(url, settings, dial),
      connections: options.connections,
      pipelining: 1,
      allowH2,
      ...(h2c ? { useH2c: true } : {}),
      keepAliveTimeout: options.keepAliveMs,
      maxHeaderSize: options.headerBytes,
      // Deadlines are the client's own: see Dispatch.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const look = () => {
      if (this.unused) unused(this);
    };
    this.dispatcher.on("disconnect", look);
    this.dispatcher.on("connectionError", look);
  }

  /** Is there neither a request nor a connection? */
  get unused(): boolean {
    return this.active === 0 && this.dispatcher.stats.connected === 0;
  }

  /** Would one more request wait in too long a queue? */
  get full(): boolean {
    return this.active >= this.#limit;
  }

  /** Do these connections lead where `target` wants? */
  serves(target: PoolTarget): boolean {
    const own = this.#target;
    return (
      own.port === target.port &&
      own.scheme === target.scheme &&
      own.httpVersion === target.httpVersion &&
      own.servername === target.servername &&
      (own.tls === target.tls || this.#tlsKey === tlsKey(target.tls))
    );
  }
}

/** A client (one connection) that tells each request which connection it is. */
class LinkedClient extends Client {
  readonly #link: Link;

  constructor(
    url: URL,
    settings: object,
    dial: (link: Link, done: (error: Error | null, socket?: Socket) => void) => void,
  ) {
    const link: Link = { remote: undefined, served: 0 };
    super(url, {
      ...settings,
      connect: (_options, done) =>
        dial(link, (error, socket) =>
          error || !socket ? done(error ?? new Error("no socket"), null) : done(null, socket),
        ),
    });
    this.#link = link;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: PoolUser): boolean {
    handler.link = this.#link;
    const ready = super.dispatch(options, handler);
    // undici answers false to a request that it does not take; the pool would wait for this client to drain, for ever.
    return ready || handler.refused;
  }
}

/**
 * Pools kept although they have no connections: they hold TLS sessions, which make the next connection cheap. Policies
 * may compute hosts, so beyond this number the unused ones are forgotten.
 */
const MOST_KEPT = 256;

/** All pools, found by where they lead. */
export class Pools {
  readonly #byHost = new Map<string, OriginPool[]>();
  #count = 0;
  readonly #dialer: Dialer;
  readonly #options: PoolOptions;

  constructor(dialer: Dialer, options: PoolOptions) {
    this.#dialer = dialer;
    this.#options = options;
  }

  find(target: PoolTarget): OriginPool {
    let pools = this.#byHost.get(target.host);
    if (pools) for (const pool of pools) if (pool.serves(target)) return pool;
    if (this.#count >= MOST_KEPT) this.#forgetUnused();
    const pool = new OriginPool(target, this.#dialer, this.#options, (unused) => {
      if (this.#count > MOST_KEPT) this.#forget(target.host, unused);
    });
    this.#count++;
    pools = this.#byHost.get(target.host);
    if (pools) pools.push(pool);
    else this.#byHost.set(target.host, [pool]);
    return pool;
  }

  get count(): number {
    return this.#count;
  }

  #forgetUnused(): void {
    for (const [host, pools] of this.#byHost) {
      for (const pool of [...pools]) if (pool.unused) this.#forget(host, pool);
    }
  }

  #forget(host: string, pool: OriginPool): void {
    const pools = this.#byHost.get(host);
    const index = pools?.indexOf(pool) ?? -1;
    if (!pools || index < 0) return;
    pools.splice(index, 1);
    this.#count--;
    if (pools.length === 0) this.#byHost.delete(host);
    void pool.dispatcher.close();
  }

  /** Closes every connection; running requests end first. */
  async close(): Promise<void> {
    const pools = [...this.#byHost.values()].flat();
    this.#byHost.clear();
    this.#count = 0;
    await Promise.all(pools.map((pool) => pool.dispatcher.close()));
  }

  async destroy(): Promise<void> {
    const pools = [...this.#byHost.values()].flat();
    this.#byHost.clear();
    this.#count = 0;
    await Promise.all(pools.map((pool) => pool.dispatcher.destroy()));
  }
}
