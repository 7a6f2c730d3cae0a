import type { IncomingMessage, ServerOptions, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { acceptUpgrade, isWebSocketHandshake } from "../websocket.ts";
import { connectionOf } from "./connections.ts";
import type { ListenerContext } from "./exchange.ts";
import { TOO_MANY_FIELDS } from "./framing.ts";
import { Http1Exchange } from "./http1.ts";
import { type Refusal, refusalText } from "./refusal.ts";

/** The part of node:http's and node:https's servers that requests come through. */
export interface Http1Server {
  maxHeadersCount: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: node types each event's listener apart; they are named below.
  on(event: string, listener: (...values: any[]) => void): unknown;
}

/** Options of node's HTTP/1 parser and server: strict, with our limits in place of node's silent ones. */
export function http1Options(context: ListenerContext): ServerOptions {
  const { limits, timeouts } = context;
  return {
    insecureHTTPParser: false,
    // Both are checked, and answered in the gateway's own form, by readHead.
    requireHostHeader: false,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: timeouts.headersMs,
    // Bodies must keep a pace instead of ending within a fixed time; see StreamSource.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(5000, Math.max(50, Math.floor(timeouts.headersMs / 4))),
    // Idle connections are swept, which spares two timer changes per request.
    keepAliveTimeout: 0,
    noDelay: true,
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: (req: IncomingMessage) =>
      isWebSocketHandshake(req) && context.handler.handshake !== undefined,
  };
}

/** Serves the HTTP/1 requests of a server. */
export function serveHttp1(server: Http1Server, scheme: "http" | "https", context: ListenerContext): void {
  // node would drop further fields without a word; readHead refuses instead.
  server.maxHeadersCount = 0;
  const serve = (req: IncomingMessage, res: ServerResponse, awaitsContinue: boolean) => {
    const connection = connectionOf(req.socket);
    // What comes behind the last request of a connection is not a request, whatever it looks like.
    if (connection.closing) return undefined;
    return new Http1Exchange(context, connection, scheme, req, res, awaitsContinue);
  };
  server.on("request", (req: IncomingMessage, res: ServerResponse) => serve(req, res, false)?.start());
  server.on("checkContinue", (req: IncomingMessage, res: ServerResponse) => serve(req, res, true)?.start());
  server.on("checkExpectation", (req: IncomingMessage, res: ServerResponse) =>
    serve(req, res, false)?.refuse({ status: 417, message: "The expectation cannot be met." }),
  );
  server.on("upgrade", (req: IncomingMessage, socket: Socket, head: Buffer) => {
    const connection = connectionOf(socket);
    // An upgrade ends HTTP on the connection: answers that are still due would have no place.
    if (connection.closing || connection.active > 0) socket.destroy();
    else acceptUpgrade(context, connection, scheme, req, socket, head);
  });
  server.on("connect", (_req: IncomingMessage, socket: Socket) => {
    if (connectionOf(socket).active > 0) socket.destroy();
    else answerRaw(socket, { status: 405, message: "CONNECT is not supported.", headers: ["Allow", ALLOWED] }, context);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) =>
    onParserError(error, socket as Socket, context),
  );
}

const ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/** The parser gave up on what the client sent (or on waiting for it): the connection has no next message. */
function onParserError(error: ParserError, socket: Socket, context: ListenerContext): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const connection = connectionOf(socket);
  // The last answer is on its way; whatever else the client sends does not matter.
  if (connection.closing) return;
  const { active, latest } = connection;
  if (active === 0 || (active === 1 && latest?.receiving && !latest.headSent)) {
    // Nothing else is due; or the broken bytes are the body of the request being answered: this is its answer.
    answerRaw(socket, refusalOf(error), context);
  } else if (latest?.receiving) {
    socket.destroy();
  } else {
    // Complete requests came before the broken one: their answers go out, and `closing` ends the connection.
    connection.closing = true;
    socket.pause();
  }
}

function answerRaw(socket: Duplex, refusal: Refusal, context: ListenerContext): void {
  context.refused(refusal, connectionOf(socket as Socket).address);
  connectionOf(socket as Socket).closing = true;
  socket.on("error", () => {});
  socket.end(refusalText(refusal), "latin1");
  // Closing at once could reset the connection before the client has read the answer.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

const LINGER_MS = 1000;

/** What node tells of a parse error. */
interface ParserError extends NodeJS.ErrnoException {
  rawPacket?: Buffer;
  bytesParsed?: number;
}

function refusalOf(error: ParserError): Refusal {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return { ...TOO_MANY_FIELDS, message: "The request header fields are too large." };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return { status: 413, message: "The chunk extensions are too large." };
    case "HPE_INVALID_VERSION":
      // Also what the parser calls a version that is followed by the wrong bytes.
      return isVersion(error) ? { status: 505, message: "The HTTP version is not supported." } : MALFORMED;
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, message: "The request did not arrive in time." };
    default:
      return MALFORMED;
  }
}

const MALFORMED: Refusal = { status: 400, message: "The request is not valid HTTP." };

function isVersion({ rawPacket, bytesParsed = 0 }: ParserError): boolean {
  const around = rawPacket?.toString("latin1", Math.max(0, bytesParsed - 10), bytesParsed + 4) ?? "";
  return / HTTP\/\d\.\d\r/.test(around);
}
