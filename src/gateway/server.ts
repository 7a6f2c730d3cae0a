import { createServer, type Server as HttpServer } from "node:http";
import { performServerHandshake, type ServerOptions } from "node:http2";
import { createServer as createTlsServer, type Server as HttpsServer } from "node:https";
import { Server as NetServer, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { RequestHandler } from "../engine/handler.ts";
import { Deadlines } from "./deadlines.ts";
import { Connections, connectionOf } from "./listener/connections.ts";
import type { ListenerContext } from "./listener/exchange.ts";
import { http1Options, serveHttp1 } from "./listener/http1-server.ts";
import { serveSession } from "./listener/http2.ts";
import { DEFAULT_LIMITS, DEFAULT_TIMEOUTS, type ListenerLimits, type ListenerTimeouts } from "./listener/options.ts";
import { ProtocolSniff } from "./listener/protocol-sniff.ts";
import type { Refusal } from "./listener/refusal.ts";
import { type ListenCertificate, ListenerCertificates, type ListenTls } from "./listener/tls.ts";
import { Dialer } from "./upstream/dial.ts";

/** Where to listen. */
export interface Listen {
  host: string;
  /** 0: any free port. */
  port: number;
  tls?: ListenTls | undefined;
}

export interface GatewayOptions {
  listen: readonly Listen[];
  handler: RequestHandler;
  limits?: Partial<ListenerLimits>;
  timeouts?: Partial<ListenerTimeouts>;
  /** Connects WebSocket tunnels; the HTTP client's own, so that both find the same hosts. */
  dialer?: Dialer;
  /** Told of requests that a listener refused before the handler saw them (broken framing, limits). */
  refused?: (refusal: Refusal, address: string) => void;
  /** Told of failures of the software itself. */
  unexpected?: (error: unknown) => void;
}

/** A keep-alive connection that was used this recently may already carry the next request when the gateway stops. */
const RECENT_MS = 500;

/**
 * The node data plane: listeners that hand requests to a handler, which may be exchanged while they run. HTTP/1.1,
 * HTTP/1.0 and HTTP/2 (by ALPN, or in cleartext with prior knowledge). Not passed on, in either direction: trailers, and
 * interim responses (100 Continue is each side's own affair); upgrades other than WebSocket are answered as ordinary requests.
 */
export class Gateway {
  readonly #context: ListenerContext;
  readonly #listeners: Listener[];
  #stopping: Promise<void> | undefined;

  private constructor(context: ListenerContext, listeners: Listener[]) {
    this.#context = context;
    this.#listeners = listeners;
  }

  /** Resolves when every listener takes connections; where one cannot, none stays open. */
  static async start(options: GatewayOptions): Promise<Gateway> {
    const context: ListenerContext = {
      handler: options.handler,
      draining: false,
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
      deadlines: new Deadlines(),
      dialer: options.dialer ?? new Dialer(),
      tunnels: 0,
      refused: options.refused ?? (() => {}),
      unexpected: options.unexpected ?? (() => {}),
    };
    const listeners = options.listen.map((listen) => new Listener(listen, context));
    const started = await Promise.allSettled(listeners.map((listener) => listener.start()));
    const failed = started.find((result) => result.status === "rejected");
    if (failed) {
      await Promise.all(listeners.map((listener) => listener.stop(0)));
      throw failed.reason;
    }
    return new Gateway(context, listeners);
  }

  /** Host and real port of each listener, in the order given. */
  get addresses(): { host: string; port: number }[] {
    return this.#listeners.map((listener) => listener.address);
  }

  /** Requests from now on go to this handler; those that run end on the one they began with. */
  setHandler(handler: RequestHandler): void {
    this.#context.handler = handler;
  }

  /** New certificates for the listener at `index`; connections that stand keep theirs. @throws where they are not valid. */
  setCertificates(index: number, certificates: readonly ListenCertificate[]): void {
    const listener = this.#listeners[index];
    if (!listener) throw new RangeError(`There is no listener ${index}.`);
    listener.setCertificates(certificates);
  }

  /**
   * Takes no further connections, lets running requests end and tells clients to close, for `drainMs` at most; what
   * is left then (also WebSocket tunnels) is cut.
   */
  stop({ drainMs }: { drainMs: number }): Promise<void> {
    this.#context.draining = true;
    this.#stopping ??= Promise.all(this.#listeners.map((listener) => listener.stop(drainMs))).then(() => {});
    return this.#stopping;
  }
}

/** One listening socket with its HTTP/1 server and, beside it, HTTP/2 sessions. */
class Listener {
  readonly #listen: Listen;
  readonly #context: ListenerContext;
  readonly #connections: Connections;
  readonly #certificates: ListenerCertificates | undefined;
  readonly #server: HttpServer | HttpsServer;

  constructor(listen: Listen, context: ListenerContext) {
    this.#listen = listen;
    this.#context = context;
    this.#connections = new Connections(context.timeouts.idleMs);
    this.#certificates = listen.tls ? new ListenerCertificates(listen.tls) : undefined;
    const options = http1Options(context);
    const server = this.#certificates
      ? createTlsServer({ ...options, ...this.#certificates.options(), handshakeTimeout: context.timeouts.handshakeMs })
      : createServer(options);
    this.#server = server;
    if (context.limits.connections !== undefined) server.maxConnections = context.limits.connections;
    const scheme = listen.tls ? "https" : "http";
    serveHttp1(server, scheme, context);
    this.#divideProtocols(scheme);
  }

  /** Puts itself before node's HTTP/1 server: connections that speak HTTP/2 go another way. */
  #divideProtocols(scheme: "http" | "https"): void {
    const server = this.#server;
    const event = scheme === "https" ? "secureConnection" : "connection";
    const [http1] = server.listeners(event) as ((socket: Socket) => void)[];
    if (!http1) throw new Error("node:http has no connection listener.");
    server.removeAllListeners(event);
    if (scheme === "https") {
      server.on("connection", (socket: Socket) => this.#connections.add(socket));
      server.on("secureConnection", (socket: TLSSocket) => {
        this.#register(socket);
        if (socket.alpnProtocol === "h2") this.#serveHttp2(socket, scheme);
        else http1.call(server, socket);
      });
      return;
    }
    const { deadlines, timeouts } = this.#context;
    server.on("connection", (socket: Socket) => {
      this.#register(socket);
      new ProtocolSniff(socket, deadlines, timeouts.headersMs, (protocol) => {
        if (protocol === "h2") this.#serveHttp2(socket, scheme);
        else http1.call(server, socket);
      });
    });
  }

  #register(socket: Socket): void {
    this.#connections.add(socket);
    connectionOf(socket);
  }

  #serveHttp2(socket: Socket, scheme: "http" | "https"): void {
    const session = performServerHandshake(socket, http2Options(this.#context.limits));
    serveSession(session, connectionOf(socket), scheme, this.#context);
    if (this.#context.draining) session.close();
  }

  get address(): { host: string; port: number } {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The listener is not listening.");
    return { host: address.address, port: address.port };
  }

  setCertificates(certificates: readonly ListenCertificate[]): void {
    if (!this.#certificates) throw new Error("The listener has no TLS.");
    const own = this.#certificates.replace(certificates);
    (this.#server as HttpsServer).setSecureContext(own);
  }

  start(): Promise<void> {
    const { host, port } = this.#listen;
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off("error", reject);
        this.#server.on("error", (error) => this.#context.unexpected(error));
        resolve();
      });
    });
  }

  async stop(drainMs: number): Promise<void> {
    const server = this.#server;
    const connections = this.#connections;
    const closed = new Promise<void>((resolve) => {
      // net's own close: node:http's would cut keep-alive connections whose next request may be under way.
      if (server.listening) NetServer.prototype.close.call(server, () => resolve());
      else resolve();
    });
    connections.goAway();
    connections.endIdle(RECENT_MS);
    const timers = [
      setTimeout(() => connections.endIdle(0), Math.min(RECENT_MS, drainMs)),
      setTimeout(() => connections.destroy(), drainMs),
    ];
    await closed;
    for (const timer of timers) clearTimeout(timer);
    connections.destroy();
    // The server counts a socket as gone before its requests have heard of it.
    await connections.empty();
    // Its check of header timeouts would go on otherwise.
    server.close(() => {});
  }
}

function http2Options(limits: ListenerLimits): ServerOptions {
  return {
    maxHeaderListPairs: limits.headerCount + 8,
    settings: {
      enablePush: false,
      maxConcurrentStreams: limits.streams,
      maxHeaderListSize: limits.headerBytes,
    },
  };
}
