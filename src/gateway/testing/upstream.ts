import type { createServer as createHttpServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { afterEach, expect } from "vitest";
import { Body } from "../../policy/exchange/body.ts";
import { BackendError } from "../../policy/exchange/errors.ts";
import type { ResponseMessage } from "../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { parseUrl, type UrlParts } from "../../policy/exchange/url.ts";
import { UpstreamClient, type UpstreamOptions } from "../upstream/client.ts";
import { RawBackend, type SeenRequest } from "./raw-backend.ts";

/** Clients, backends and servers of one test file; all of them end with the test that made them. */
export interface UpstreamKit {
  client(options?: UpstreamOptions): UpstreamClient;
  backend(answer: (request: SeenRequest, count: number) => void): Promise<RawBackend>;
  /** Listens on a free port and returns it. */
  listen(server: Server): Promise<number>;
}

export function upstreamKit(): UpstreamKit {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  return {
    client(options = {}) {
      const made = new UpstreamClient(options);
      closing.push(() => made.destroy());
      return made;
    },
    async backend(answer) {
      const made = await RawBackend.start(answer);
      closing.push(() => made.stop());
      return made;
    },
    async listen(server) {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      closing.push(
        () =>
          new Promise((resolve) => {
            server.close(resolve);
            if ("closeAllConnections" in server) (server as ReturnType<typeof createHttpServer>).closeAllConnections();
          }),
      );
      return (server.address() as AddressInfo).port;
    },
  };
}

/** A request as policies make it. */
export function outgoing(url: string, more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return {
    url: parseUrl(url) as UrlParts,
    method: "GET",
    headers: [],
    body: Body.none(),
    timeoutMs: 10_000,
    httpVersion: "1",
    followRedirects: false,
    signal: undefined,
    ...more,
  };
}

/** The body of a response, latin1. */
export async function text(response: ResponseMessage): Promise<string> {
  await response.body.buffer(1 << 24);
  return Buffer.from(response.body.buffered ?? []).toString("latin1");
}

/** The error of a call that must fail. */
export async function failure(promise: Promise<unknown>): Promise<BackendError> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BackendError);
  return error as BackendError;
}

/** undici takes a connection back in the next round of the event loop. */
export function rested(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A complete answer: `ok`. */
export const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** A backend's behaviour: these bytes, whatever the request. */
export function say(bytes: string): (request: SeenRequest) => void {
  return ({ socket }) => void socket.write(bytes, "latin1");
}
