import { type ClientRequest, request as httpRequest, type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { errorResponse } from "../engine/default-response.ts";
import type { Sent, Tunnel } from "../engine/handler.ts";
import type { UrlParts } from "../policy/exchange/url.ts";
import { defaultPort } from "../policy/exchange/url.ts";
import type { Connection } from "./listener/connection.ts";
import type { ListenerContext } from "./listener/exchange.ts";
import { Http1Exchange } from "./listener/http1.ts";
import { endToEnd } from "./listener/response-head.ts";
import { SocketTunnel } from "./tunnel.ts";
import { receivedResponse } from "./upstream/readable-source.ts";
import { hostName, requestHead, requestTarget } from "./upstream/request-head.ts";

/** For the backend's answer to the handshake, once the connection stands. */
const HANDSHAKE_MS = 30_000;

/** Is this the opening of a WebSocket (RFC 6455 section 4.1)? Other upgrades are answered as if none were asked for. */
export function isWebSocketHandshake(req: IncomingMessage): boolean {
  const { headers } = req;
  return (
    req.method === "GET" &&
    req.httpVersion === "1.1" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    headers["content-length"] === undefined &&
    headers["transfer-encoding"] === undefined
  );
}

/** Runs the policies on a handshake, and joins client and backend where they let it pass. */
export function acceptUpgrade(
  context: ListenerContext,
  connection: Connection,
  scheme: "http" | "https",
  req: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  // Nobody else looks after the socket any more.
  socket.on("error", () => socket.destroy());
  const response = new ServerResponse(req);
  response.assignSocket(socket);
  response.on("finish", () => socket.destroySoon());
  connection.closing = true;
  new HandshakeExchange(context, connection, scheme, req, response, head).start();
}

class HandshakeExchange extends Http1Exchange {
  readonly #head: Buffer;
  #backend: Socket | undefined;
  #tunnelled = false;
  /** Counted among the open tunnels; from the call to the backend on, so that slow backends do not exceed the limit. */
  #counted = false;

  constructor(
    context: ListenerContext,
    client: Connection,
    scheme: "http" | "https",
    req: IncomingMessage,
    response: ServerResponse,
    head: Buffer,
  ) {
    super(context, client, scheme, req, response, false);
    this.#head = head;
    // A client that hangs up before the answer ends the handshake.
    client.socket.on("end", () => {
      if (!this.#tunnelled) client.socket.destroy();
    });
    client.socket.on("close", () => {
      if (!this.#tunnelled) this.#backend?.destroy();
    });
  }

  override run(): void {
    try {
      const decided = this.context.handler.handshake?.(this);
      if (!decided) throw new Error("The handler takes no WebSocket handshakes.");
      decided.then(
        (result) => {
          if ("response" in result) this.answer(result);
          else this.#connect(result);
        },
        (error: unknown) => this.crash(error),
      );
    } catch (error) {
      this.crash(error);
    }
  }

  #connect(tunnel: Tunnel): void {
    const { context } = this;
    if (this.closed) {
      this.#finished(tunnel, { bytesIn: 0, bytesOut: 0, aborted: true, status: 499 });
      return;
    }
    if (context.tunnels >= context.limits.tunnels) {
      this.#answerError(tunnel, 503, "Too many WebSocket connections are open.");
      return;
    }
    context.tunnels++;
    this.#counted = true;
    const { target, tls } = tunnel;
    const { headers, host } = requestHead({ headers: tunnel.headers }, undefined);
    const secure = target.scheme === "https" || target.scheme === "wss";
    const socket = context.dialer.dial(
      {
        secure,
        host: target.host,
        port: target.port,
        servername: hostName(host ?? target.host),
        tls,
        alpn: ["http/1.1"],
        halfOpen: true,
      },
      undefined,
      (error, connected) => {
        if (this.closed) this.#finished(tunnel, { bytesIn: 0, bytesOut: 0, aborted: true, status: 499 });
        else if (error || !connected) this.#unreachable(tunnel);
        else this.#shakeHands(tunnel, connected, host === undefined ? ["Host", hostOf(target), ...headers] : headers);
      },
    );
    this.#backend = socket;
  }

  #shakeHands(tunnel: Tunnel, backend: Socket, headers: string[]): void {
    const { context } = this;
    let answered = false;
    const once = (act: () => void) => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      act();
    };
    let req: ClientRequest;
    try {
      req = httpRequest({
        method: "GET",
        path: requestTarget(tunnel.target),
        headers: [...headers, "Connection", "Upgrade", "Upgrade", "websocket"],
        createConnection: () => backend,
      });
    } catch {
      // A policy set a header value that is none.
      backend.destroy();
      this.#unreachable(tunnel);
      return;
    }
    const timer = setTimeout(() => req.destroy(new Error("no answer to the handshake in time")), HANDSHAKE_MS);
    req.on("upgrade", (response, socket, head) =>
      once(() => {
        if (response.headers.upgrade?.toLowerCase() !== "websocket") {
          backend.destroy();
          this.#unreachable(tunnel);
        } else {
          this.#join(tunnel, socket as Socket, response, head);
        }
      }),
    );
    req.on("response", (response) =>
      once(() => {
        response.on("close", () => backend.destroy());
        const timing = { deadlines: context.deadlines, bodyTimeoutMs: HANDSHAKE_MS };
        this.answer({
          response: receivedResponse("GET", response, timing),
          finished: (sent) => this.#finished(tunnel, sent),
        });
      }),
    );
    const lost = () =>
      once(() => {
        if (this.closed) this.#finished(tunnel, { bytesIn: 0, bytesOut: 0, aborted: true, status: 499 });
        else this.#unreachable(tunnel);
      });
    req.on("error", lost);
    req.on("close", lost);
    req.end();
  }

  /** The backend agreed: its answer goes to the client, and from here on the gateway only carries bytes. */
  #join(tunnel: Tunnel, backend: Socket, response: IncomingMessage, backendHead: Buffer): void {
    const { context, client } = this;
    if (this.closed || client.socket.destroyed) {
      backend.destroy();
      this.#finished(tunnel, { bytesIn: 0, bytesOut: 0, aborted: true, status: 499 });
      return;
    }
    this.#tunnelled = true;
    let text = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    const kept = endToEnd(response.rawHeaders);
    for (let i = 0; i < kept.length; i += 2) text += `${kept[i]}: ${kept[i + 1]}\r\n`;
    client.socket.write(`${text}\r\n`, "latin1");
    if (backendHead.byteLength > 0) backend.unshift(backendHead);
    if (this.#head.byteLength > 0) client.socket.unshift(this.#head);
    new SocketTunnel(client.socket, backend, context.deadlines, context.timeouts.tunnelIdleMs, (end) => {
      this.#finished(tunnel, { ...end, status: 101 });
    });
  }

  /** As a backend that cannot be reached is answered elsewhere (policy reference 4.4). */
  #unreachable(tunnel: Tunnel): void {
    this.#answerError(tunnel, 500, "Internal server error");
  }

  #answerError(tunnel: Tunnel, status: number, message: string): void {
    this.answer({ response: errorResponse(status, message), finished: (sent) => this.#finished(tunnel, sent) });
  }

  #finished(tunnel: Tunnel, sent: Sent): void {
    if (this.#counted) this.context.tunnels--;
    this.#counted = false;
    try {
      tunnel.finished(sent);
    } catch (error) {
      this.context.unexpected(error);
    }
  }
}

function hostOf(target: UrlParts): string {
  return target.port === defaultPort(target.scheme) ? target.host : `${target.host}:${target.port}`;
}
