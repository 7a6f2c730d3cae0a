import type { Body } from "../policy/exchange/body.ts";
import type { HeaderList } from "../policy/exchange/headers.ts";
import type { ClientConnection, ResponseMessage } from "../policy/exchange/message.ts";
import type { BackendTls } from "../policy/exchange/services.ts";
import type { UrlParts } from "../policy/exchange/url.ts";

/** A request as a listener received it. */
export interface IncomingRequest {
  method: string;
  scheme: "http" | "https";
  /** From Host or `:authority`, without the port. */
  host: string;
  port: number;
  /** As received, begins with `/`. */
  path: string;
  /** Empty, or begins with `?`. */
  query: string;
  /** As received, hop-by-hop fields included, without pseudo header fields. */
  headers: HeaderList;
  body: Body;
  client: ClientConnection;
  httpVersion: string;
  /** Aborted when the client goes away; listeners make it on first use. */
  readonly signal: AbortSignal | undefined;
}

/** What became of a response on the wire. Bytes are those of the bodies. */
export interface Sent {
  bytesIn: number;
  bytesOut: number;
  /** The client went away, or the backend broke off, before the end. */
  aborted: boolean;
  status: number;
}

/** The answer to a request, to be written by the listener. */
export interface Handled {
  response: ResponseMessage;
  /** Called once, when the response has been written or broke off. */
  finished(sent: Sent): void;
}

/** A WebSocket handshake that the policies let pass: the listener tunnels to `target`. */
export interface Tunnel {
  target: UrlParts;
  /** Header fields for the backend's handshake, flat. */
  headers: string[];
  tls: BackendTls | undefined;
  finished(sent: Sent): void;
}

/** Decides requests. The engine implements it; listeners call it and know nothing of policies. */
export interface RequestHandler {
  handle(request: IncomingRequest): Handled | Promise<Handled>;
  handshake?(request: IncomingRequest): Promise<Tunnel | Handled>;
}
