import { type ClientRequest, request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { BackendError, ClientGoneError } from "../../policy/exchange/errors.ts";
import type { ResponseMessage } from "../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { defaultPort } from "../../policy/exchange/url.ts";
import { type AbortHook, unwatchSignal, watchSignal } from "../client-signal.ts";
import { type Deadlines, Timed } from "../deadlines.ts";
import { BodyIterator } from "./body-iterator.ts";
import type { Dialer } from "./dial.ts";
import { asBackendError } from "./failures.ts";
import { receivedResponse } from "./readable-source.ts";
import { requestTarget } from "./request-head.ts";

interface Timing {
  deadlines: Deadlines;
  bodyTimeoutMs: number;
}

/**
 * Sends a request with `Expect: 100-continue` over HTTP/1.1: the body follows when the backend asks for it or
 * `continueTimeoutMs` have passed, and never where the backend answers first. undici has this for HTTP/2 only, so the
 * request goes over a connection of its own.
 */
export function sendExpectingContinue(
  request: OutgoingRequest,
  head: { headers: string[]; host: string | undefined; servername: string },
  content: Uint8Array | BodyIterator,
  dialer: Dialer,
  timing: Timing,
): Promise<ResponseMessage> {
  return new Promise((resolve, reject) => {
    new ContinueCall(request, head, content, timing, resolve, reject).dial(dialer);
  });
}

class ContinueCall extends Timed implements AbortHook {
  abortListener: (() => void) | undefined = undefined;
  readonly #request: OutgoingRequest;
  readonly #head: { headers: string[]; host: string | undefined; servername: string };
  readonly #content: Uint8Array | BodyIterator;
  readonly #timing: Timing;
  readonly #resolve: (response: ResponseMessage) => void;
  readonly #reject: (error: Error) => void;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #settled = false;
  #bodySent = false;

  constructor(
    request: OutgoingRequest,
    head: { headers: string[]; host: string | undefined; servername: string },
    content: Uint8Array | BodyIterator,
    timing: Timing,
    resolve: (response: ResponseMessage) => void,
    reject: (error: Error) => void,
  ) {
    super();
    this.#request = request;
    this.#head = head;
    this.#content = content;
    this.#timing = timing;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  dial(dialer: Dialer): void {
    const { url, tls, signal, timeoutMs } = this.#request;
    if (signal) watchSignal(signal, this);
    if (timeoutMs > 0) this.#timing.deadlines.arm(this, timeoutMs);
    const target = {
      secure: url.scheme === "https",
      host: url.host,
      port: url.port,
      servername: this.#head.servername,
      tls,
      alpn: ["http/1.1" as const],
      halfOpen: false,
    };
    this.#socket = dialer.dial(target, undefined, (error, socket) => {
      if (error || !socket) this.#fail(error ?? new Error("no socket"));
      else if (!this.#settled) this.#send(socket);
    });
  }

  handleAbort(): void {
    this.#fail(new BackendError("aborted", new ClientGoneError().message, this.#request.signal?.reason));
  }

  override expired(): void {
    const { url, timeoutMs } = this.#request;
    this.#fail(new BackendError("timeout", `${url.host}:${url.port} sent no response within ${timeoutMs} ms.`));
  }

  #send(socket: Socket): void {
    const { url, method, continueTimeoutMs } = this.#request;
    this.#request.target = `${socket.remoteAddress}:${socket.remotePort}`;
    const headers = [...this.#head.headers, "Expect", "100-continue"];
    if (this.#head.host === undefined) {
      headers.unshift("Host", url.port === defaultPort(url.scheme) ? url.host : `${url.host}:${url.port}`);
    }
    if (!(this.#content instanceof BodyIterator)) headers.push("Content-Length", String(this.#content.byteLength));
    else if (!headers.some((name, i) => i % 2 === 0 && name === "Content-Length")) {
      headers.push("Transfer-Encoding", "chunked");
    }
    let req: ClientRequest;
    try {
      req = httpRequest({ method, path: requestTarget(url), headers, createConnection: () => socket });
    } catch (error) {
      this.#fail(new BackendError("protocol", error instanceof Error ? error.message : String(error), error));
      return;
    }
    req.on("continue", () => this.#sendBody(req));
    req.on("response", (response) => {
      if (this.#settled) return;
      this.#settle();
      if (this.#content instanceof BodyIterator) this.#content.stop();
      response.on("end", () => socket.destroy());
      this.#resolve(receivedResponse(method, response, this.#timing));
    });
    req.on("error", (error) => this.#fail(error));
    this.#timer = setTimeout(() => this.#sendBody(req), continueTimeoutMs);
    req.flushHeaders();
  }

  async #sendBody(req: ClientRequest): Promise<void> {
    if (this.#bodySent || this.#settled) return;
    this.#bodySent = true;
    clearTimeout(this.#timer);
    if (!(this.#content instanceof BodyIterator)) {
      req.end(this.#content);
      return;
    }
    try {
      for await (const chunk of this.#content) {
        if (!req.write(chunk)) await writable(req);
        if (req.destroyed) return;
      }
      // A body that was given up because the answer is there must not look complete.
      if (!this.#settled) req.end();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#settled) return;
    this.#settle();
    if (this.#content instanceof BodyIterator) this.#content.stop();
    this.#socket?.destroy();
    this.#reject(asBackendError(error));
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#timing.deadlines.disarm(this);
    if (this.#request.signal) unwatchSignal(this.#request.signal, this);
  }
}

function writable(req: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      req.off("drain", done);
      req.off("close", done);
      resolve();
    };
    req.on("drain", done);
    req.on("close", done);
  });
}
