import type { Dispatcher } from "undici";
import { BackendError } from "../../policy/exchange/errors.ts";
import type { ResponseMessage } from "../../policy/exchange/message.ts";
import type { HttpClient, OutgoingRequest } from "../../policy/exchange/services.ts";
import { origin } from "../../policy/exchange/url.ts";
import { Deadlines } from "../deadlines.ts";
import { BodyIterator } from "./body-iterator.ts";
import { Dialer, type DialOptions } from "./dial.ts";
import { Dispatch } from "./dispatch.ts";
import { Call } from "./http1/call.ts";
import { Http1Pool } from "./http1/http1-pool.ts";
import { Pools, type PoolTarget } from "./pools.ts";
import { Proxies, proxyHeaders } from "./proxies.ts";
import { sendFollowing } from "./redirects.ts";
import { givenHost, hostName, requestHead, requestTarget } from "./request-head.ts";
import { UndiciPool } from "./undici-pool.ts";

export interface UpstreamOptions extends DialOptions {
  /** Connections to one origin at most. */
  connections?: number;
  /** Requests that wait for a connection to one origin at most: a further one fails at once. */
  waiting?: number;
  /** Milliseconds that a connection may rest where the backend does not say otherwise. */
  keepAliveMs?: number;
  /** Milliseconds between two pieces of a response body while somebody waits for them. */
  bodyTimeoutMs?: number;
  /** Bytes of a response's header section at most. */
  headerBytes?: number;
}

/**
 * Sends requests to backends: connections are kept and shared per origin, bodies stream with back-pressure in both
 * directions. Errors are {@link BackendError}s, and `BodyTooLargeError` where the request body grew past its limit.
 */
export class UpstreamClient implements HttpClient {
  readonly dialer: Dialer;
  readonly #http1: Pools<Http1Pool>;
  readonly #pools: Pools<UndiciPool>;
  readonly #proxies: Proxies;
  readonly #timing: { deadlines: Deadlines; bodyTimeoutMs: number };

  constructor(options: UpstreamOptions = {}) {
    const poolOptions = {
      connections: options.connections ?? 256,
      waiting: options.waiting ?? 4096,
      keepAliveMs: options.keepAliveMs ?? 4000,
      headerBytes: options.headerBytes ?? 64 * 1024,
    };
    this.dialer = new Dialer(options);
    const deadlines = new Deadlines();
    this.#http1 = new Pools((target, unused) => new Http1Pool(target, this.dialer, deadlines, poolOptions, unused));
    this.#pools = new Pools((target, unused) => new UndiciPool(target, this.dialer, poolOptions, unused));
    this.#proxies = new Proxies(this.dialer, poolOptions, options.connectTimeoutMs);
    this.#timing = { deadlines, bodyTimeoutMs: options.bodyTimeoutMs ?? 300_000 };
  }

  send(request: OutgoingRequest): Promise<ResponseMessage> {
    if (request.followRedirects) return sendFollowing(request, (hop) => this.#send(hop));
    return this.#send(request);
  }

  /** Number of origins (with their TLS settings) that connections are kept for. */
  get pools(): number {
    return this.#http1.count + this.#pools.count;
  }

  /** Waits for running requests, then closes all connections. */
  async close(): Promise<void> {
    await Promise.all([this.#http1.close(), this.#pools.close(), this.#proxies.close()]);
  }

  /** Closes all connections; running requests fail. */
  async destroy(): Promise<void> {
    await Promise.all([this.#http1.destroy(), this.#pools.destroy(), this.#proxies.destroy()]);
  }

  #send(request: OutgoingRequest): Promise<ResponseMessage> {
    const { body, proxy, signal } = request;
    if (signal?.aborted) {
      body.discard();
      return Promise.reject(new BackendError("aborted", "The client closed the connection.", signal.reason));
    }
    return speaksHttp1(request) && !proxy ? this.#sendHttp1(request) : this.#sendByUndici(request);
  }

  #sendHttp1(request: OutgoingRequest): Promise<ResponseMessage> {
    const { url } = request;
    const servername = url.scheme === "https" ? hostName(givenHost(request.headers) ?? url.host) : "";
    const pool = this.#http1.find(poolTarget(request, "1", servername));
    if (pool.full) {
      request.body.discard();
      return Promise.reject(tooManyWait(request));
    }
    return new Promise((resolve, reject) => {
      new Call(request, pool, this.#timing, resolve, reject).send();
    });
  }

  /** HTTP/2, and whatever goes through a proxy. */
  #sendByUndici(request: OutgoingRequest): Promise<ResponseMessage> {
    const { url, body, proxy, tls, httpVersion } = request;
    const { bytes, source } = body.take();
    const head = requestHead(request, source ? body.announced : undefined);
    const servername = url.scheme === "https" ? hostName(head.host ?? url.host) : "";
    const content = source ? new BodyIterator(source) : bytes && bytes.byteLength > 0 ? bytes : null;
    const options: Dispatcher.DispatchOptions & { servername?: string } = {
      path: requestTarget(url),
      method: request.method,
      headers: head.headers,
      // undici takes any async iterable; its types name fewer.
      body: content as Dispatcher.DispatchOptions["body"],
      // With its timeouts off here, undici sets no timer per request: Dispatch keeps the deadlines.
      headersTimeout: 0,
      bodyTimeout: 0,
    } as Dispatcher.DispatchOptions & { servername?: string };
    if (servername !== "" && !isAddress(servername)) options.servername = servername;
    if (request.continueTimeoutMs !== undefined) options.expectContinue = true;
    return new Promise((resolve, reject) => {
      const iterator = content instanceof BodyIterator ? content : undefined;
      if (proxy) {
        const route = this.#proxies.find(proxy, url, tls);
        options.origin = origin(url);
        options.headers = proxyHeaders(head.headers);
        new Dispatch(request, route, options, iterator, this.#timing, resolve, reject).send();
        return;
      }
      const pool = this.#pools.find(poolTarget(request, httpVersion, servername));
      if (pool.full) {
        iterator?.stop();
        reject(tooManyWait(request));
        return;
      }
      new Dispatch(request, pool, options, iterator, this.#timing, resolve, reject).send();
    });
  }
}

/** HTTP/2 needs TLS to be found out about; and `100 Continue` is waited for over HTTP/1.1 only, unless 2 is demanded. */
function speaksHttp1({ httpVersion, url, continueTimeoutMs, body }: OutgoingRequest): boolean {
  if (httpVersion === "1") return true;
  if (httpVersion === "2") return false;
  return url.scheme === "http" || (continueTimeoutMs !== undefined && body.length !== 0);
}

function poolTarget(
  { url, tls }: OutgoingRequest,
  httpVersion: PoolTarget["httpVersion"],
  servername: string,
): PoolTarget {
  return { scheme: url.scheme, host: url.host, port: url.port, httpVersion, servername, tls };
}

function tooManyWait({ url }: OutgoingRequest): BackendError {
  return new BackendError("connection", `Too many requests wait for a connection to ${url.host}:${url.port}.`);
}

/** Addresses are no names for SNI; undici leaves them out itself when it is given none. */
function isAddress(name: string): boolean {
  return name.startsWith("[") || /^[0-9.]+$/.test(name);
}
