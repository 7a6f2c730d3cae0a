import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from "node:net";
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import type { BackendTls } from "../../policy/exchange/services.ts";

export interface DialOptions {
  /** Milliseconds until a connection, TLS included, must stand. */
  connectTimeoutMs?: number;
  /** CA certificates (PEM) to trust for every backend, besides the ones Node trusts. */
  ca?: readonly string[];
  /** Sends connections elsewhere than the URL says, as curl's --connect-to does; TLS still checks the URL's name. */
  connectTo?: ((host: string, port: number) => { host: string; port: number } | undefined) | undefined;
}

/** Where to connect. */
export interface DialTarget {
  secure: boolean;
  /** IPv6 in brackets. */
  host: string;
  port: number;
  /** Name for SNI and for the check of the certificate. */
  servername: string;
  tls: BackendTls | undefined;
  /** Protocols to offer by ALPN, best first. */
  alpn: readonly ("h2" | "http/1.1")[];
  /** Each direction ends on its own: for tunnels. */
  halfOpen: boolean;
}

/** Remembers the TLS session of the last connection to a target, so that the next one can resume it. */
export interface TlsSession {
  latest: Buffer | undefined;
}

/** The connection did not stand in time. */
export class ConnectTimeoutError extends Error {
  readonly code = "ETIMEDOUT";
  constructor(target: DialTarget, ms: number) {
    super(`No connection to ${target.host}:${target.port} within ${ms} ms.`);
    this.name = "ConnectTimeoutError";
  }
}

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const TCP_KEEP_ALIVE_MS = 60_000;

/** Opens connections to backends: TCP, and TLS as the backend asks for it. */
export class Dialer {
  readonly #timeoutMs: number;
  readonly #ca: readonly string[];
  readonly #connectTo: DialOptions["connectTo"];
  /** Trust stores are dear to build: one per TLS setting. */
  readonly #contexts = new WeakMap<BackendTls, SecureContext>();
  #commonContext: SecureContext | undefined;

  constructor(options: DialOptions = {}) {
    this.#timeoutMs = options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
    this.#ca = options.ca ?? [];
    this.#connectTo = options.connectTo;
  }

  /**
   * Connects. `done` gets the socket when it can be written to, or why there is none.
   * @param session of connections to the same target alone: on resumption the certificate is not checked again.
   * @param reader takes what a connection without TLS reads, instead of the socket's own stream.
   */
  dial(
    target: DialTarget,
    session: TlsSession | undefined,
    done: (error: Error | null, socket?: Socket) => void,
    reader?: OnReadOpts,
  ): Socket {
    const { host, port } = this.address(target.host, target.port);
    const socket = target.secure
      ? connectTls({
          host,
          port,
          ...(session?.latest ? { session: session.latest } : {}),
          ...this.#tlsOptions(target),
        })
      : connectTcp({ host, port, allowHalfOpen: target.halfOpen, ...(reader ? { onread: reader } : {}) });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    const timer = setTimeout(() => socket.destroy(new ConnectTimeoutError(target, this.#timeoutMs)), this.#timeoutMs);
    let settled = false;
    const settle = (error: Error | null) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (error) done(error);
      else done(null, socket);
    };
    socket.once(target.secure ? "secureConnect" : "connect", () => {
      const mismatch = target.secure ? nameMismatch(socket as TLSSocket, target) : undefined;
      if (mismatch) {
        socket.destroy(mismatch);
        return;
      }
      if (session && target.secure) keepSession(socket as TLSSocket, session);
      settle(null);
    });
    socket.on("error", settle);
    socket.once("close", () => settle(new Error(`The connection to ${target.host}:${target.port} was closed.`)));
    return socket;
  }

  /** Where connections to this host and port go; IPv6 without brackets. */
  address(host: string, port: number): { host: string; port: number } {
    const elsewhere = this.#connectTo?.(host, port);
    return { host: bare(elsewhere?.host ?? host), port: elsewhere?.port ?? port };
  }

  /** What to trust and to show, for whoever makes the connection. */
  tlsSettings(
    tls: BackendTls | undefined,
  ): Pick<ConnectionOptions, "secureContext" | "rejectUnauthorized" | "checkServerIdentity"> {
    return {
      secureContext: this.#context(tls),
      rejectUnauthorized: tls?.validateChain ?? true,
      ...(tls?.validateName === false ? { checkServerIdentity: () => undefined } : {}),
    };
  }

  #tlsOptions(target: DialTarget): ConnectionOptions & { allowHalfOpen: boolean } {
    const name = bare(target.servername);
    return {
      ...this.tlsSettings(target.tls),
      allowHalfOpen: target.halfOpen,
      // RFC 6066 section 3: no SNI for addresses.
      ...(isIP(name) ? {} : { servername: name }),
      ALPNProtocols: [...target.alpn],
      checkServerIdentity: (_host, certificate) =>
        target.tls?.validateName === false ? undefined : checkServerIdentity(name, certificate),
    };
  }

  #context(tls: BackendTls | undefined): SecureContext {
    if (!tls || (!tls.clientCertificate && !tls.ca)) return (this.#commonContext ??= this.#newContext(undefined));
    let context = this.#contexts.get(tls);
    if (!context) this.#contexts.set(tls, (context = this.#newContext(tls)));
    return context;
  }

  #newContext(tls: BackendTls | undefined): SecureContext {
    const extra = [...this.#ca, ...(tls?.ca ?? [])];
    return createSecureContext({
      ...(extra.length > 0 ? { ca: [...getCACertificates("default"), ...extra] } : {}),
      ...(tls?.clientCertificate ? { cert: tls.clientCertificate.cert, key: tls.clientCertificate.key } : {}),
      minVersion: "TLSv1.2",
    });
  }
}

/** Only of a connection that passed the checks: whoever resumes it passes without them. */
function keepSession(socket: TLSSocket, session: TlsSession): void {
  // TLS 1.2 has its session by now; TLS 1.3 sends tickets after the handshake.
  if (socket.getProtocol() !== "TLSv1.3") session.latest = socket.getSession() ?? session.latest;
  socket.on("session", (fresh: Buffer) => {
    session.latest = fresh;
  });
}

/** With the chain unchecked Node does not enforce the name either: the backend's setting may still want it. */
function nameMismatch(socket: TLSSocket, target: DialTarget): Error | undefined {
  const { tls } = target;
  if (!tls || tls.validateChain || !tls.validateName) return undefined;
  // A resumed session shows no certificate; it was checked when the session began.
  if (socket.isSessionReused()) return undefined;
  return checkServerIdentity(bare(target.servername), socket.getPeerCertificate());
}

/** An IPv6 address without its brackets. */
function bare(host: string): string {
  return host.startsWith("[") ? host.slice(1, -1) : host;
}
