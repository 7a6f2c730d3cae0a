import type { Dispatcher } from "undici";
import { BackendError } from "../../policy/exchange/errors.ts";
import type { ResponseMessage } from "../../policy/exchange/message.ts";
import type { HttpClient, OutgoingRequest } from "../../policy/exchange/services.ts";
import { origin } from "../../policy/exchange/url.ts";
import { Deadlines } from "../deadlines.ts";
import { sendExpectingContinue } from "./await-continue.ts";
import { BodyIterator } from "./body-iterator.ts";
import { Dialer, type DialOptions } from "./dial.ts";
import { Dispatch } from "./dispatch.ts";
import { Pools } from "./pools.ts";
import { Proxies, proxyHeaders } from "./proxies.ts";
import { sendFollowing } from "./redirects.ts";
import { hostName, requestHead, requestTarget } from "./request-head.ts";

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
  readonly #pools: Pools;
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
    this.#pools = new Pools(this.dialer, poolOptions);
    this.#proxies = new Proxies(this.dialer, poolOptions, options.connectTimeoutMs);
    this.#timing = { deadlines: new Deadlines(), bodyTimeoutMs: options.bodyTimeoutMs ?? 300_000 };
  }

  send(request: OutgoingRequest): Promise<ResponseMessage> {
    if (request.followRedirects) return sendFollowing(request, (hop) => this.#send(hop));
    return this.#send(request);
  }

  /** Number of origins (with their TLS settings) that connections are kept for. */
  get pools(): number {
    return this.#pools.count;
  }

  /** Waits for running requests, then closes all connections. */
  async close(): Promise<void> {
    await Promise.all([this.#pools.close(), this.#proxies.close()]);
  }

  /** Closes all connections; running requests fail. */
  async destroy(): Promise<void> {
    await Promise.all([this.#pools.destroy(), this.#proxies.destroy()]);
  }

  #send(request: OutgoingRequest): Promise<ResponseMessage> {
    const { url, body, signal } = request;
    const { bytes, source } = body.take();
    if (signal?.aborted) {
      source?.cancel();
      return Promise.reject(new BackendError("aborted", "The client closed the connection.", signal.reason));
    }
    const head = requestHead(request, source ? body.announced : undefined);
    const servername = url.scheme === "https" ? hostName(head.host ?? url.host) : "";
    const content = source ? new BodyIterator(source) : bytes && bytes.byteLength > 0 ? bytes : null;
    const waitsForContinue = request.continueTimeoutMs !== undefined && request.httpVersion !== "2";
    if (waitsForContinue && content !== null && !request.proxy) {
      return sendExpectingContinue(request, { ...head, servername }, content, this.dialer, this.#timing);
    }
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
    if (waitsForContinue || request.continueTimeoutMs !== undefined) options.expectContinue = true;
    return new Promise((resolve, reject) => {
      const iterator = content instanceof BodyIterator ? content : undefined;
      const { proxy, tls, httpVersion } = request;
      if (proxy) {
        const route = this.#proxies.find(proxy, url, tls);
        options.origin = origin(url);
        options.headers = proxyHeaders(head.headers);
        new Dispatch(request, route, options, iterator, this.#timing, resolve, reject).send();
        return;
      }
      const pool = this.#pools.find({
        scheme: url.scheme,
        host: url.host,
        port: url.port,
        httpVersion: httpVersion === "2or1" && url.scheme === "http" ? "1" : httpVersion,
        servername,
        tls,
      });
      if (pool.full) {
        iterator?.stop();
        reject(new BackendError("connection", `Too many requests wait for a connection to ${url.host}:${url.port}.`));
        return;
      }
      new Dispatch(request, pool, options, iterator, this.#timing, resolve, reject).send();
    });
  }
}

/** Addresses are no names for SNI; undici leaves them out itself when it is given none. */
function isAddress(name: string): boolean {
  return name.startsWith("[") || /^[0-9.]+$/.test(name);
}
