import type { Handled, IncomingRequest, RequestHandler, Sent } from "../../engine/handler.ts";
import { Body } from "../../policy/exchange/body.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import { ResponseMessage } from "../../policy/exchange/message.ts";
import { Gateway, type GatewayOptions, type Listen } from "../server.ts";

/** A gateway with one listener on a free port and what it was told. */
export interface TestGateway {
  gateway: Gateway;
  port: number;
  /** Requests the listener refused itself. */
  refused: number[];
  unexpected: unknown[];
}

/** Starts a gateway for a test; the caller stops it. */
export async function startGateway(
  handler: RequestHandler | ((request: IncomingRequest) => Handled | Promise<Handled>),
  options: Partial<GatewayOptions> & { tls?: Listen["tls"] } = {},
): Promise<TestGateway> {
  const refused: number[] = [];
  const unexpected: unknown[] = [];
  const { tls, ...others } = options;
  const gateway = await Gateway.start({
    listen: [{ host: "127.0.0.1", port: 0, tls }],
    handler: typeof handler === "function" ? { handle: handler } : handler,
    refused: (refusal) => refused.push(refusal.status),
    unexpected: (error) => unexpected.push(error),
    ...others,
  });
  return { gateway, port: (gateway.addresses[0] as { port: number }).port, refused, unexpected };
}

/** An answer with a text body. */
export function answer(
  text: string,
  more: { status?: number; headers?: string[]; sent?: (sent: Sent) => void } = {},
): Handled {
  return answerWith(Body.text(text), more);
}

/** An answer with any body. */
export function answerWith(
  body: Body,
  more: { status?: number; headers?: string[]; sent?: (sent: Sent) => void } = {},
): Handled {
  return {
    response: new ResponseMessage(more.status ?? 200, "", new HeaderList(more.headers ?? []), body),
    finished: more.sent ?? (() => {}),
  };
}
