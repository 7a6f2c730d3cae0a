import type { Socket } from "node:net";
import { Client, type Dispatcher, Pool } from "undici";
import { origin } from "../../policy/exchange/url.ts";
import type { Dialer, DialTarget, TlsSession } from "./dial.ts";
import type { OriginPool, PoolOptions, PoolTarget } from "./pools.ts";

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

/** The connections to one origin with one TLS setting, by undici: HTTP/2, and HTTP/1.1 where that is not offered. */
export class UndiciPool implements OriginPool {
  readonly dispatcher: Pool;
  readonly #limit: number;
  /** Requests that have been sent here and are not complete. */
  active = 0;

  constructor(target: PoolTarget, dialer: Dialer, options: PoolOptions, unused: (pool: UndiciPool) => void) {
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

  close(): Promise<void> {
    return this.dispatcher.close();
  }

  destroy(): Promise<void> {
    return this.dispatcher.destroy();
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
