import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { IncomingRequest, RequestHandler, Sent, Tunnel } from "../engine/handler.ts";
import { parseUrl, type UrlParts } from "../policy/exchange/url.ts";
import type { GatewayOptions } from "./server.ts";
import { TestAuthority } from "./testing/certificates.ts";
import { answer, startGateway, type TestGateway } from "./testing/gateway.ts";
import { RawBackend, type SeenRequest } from "./testing/raw-backend.ts";
import { RawClient } from "./testing/raw-client.ts";
import { Dialer } from "./upstream/dial.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}
/** A WebSocket server that answers every message with itself. */
async function echo(
  server: Server & { on: unknown } = createHttpServer(),
): Promise<{ port: number; upgrades: IncomingMessage[] }> {
  const upgrades: IncomingMessage[] = [];
  const sockets = new WebSocketServer({ server: server as never, handleProtocols: () => "chat" });
  sockets.on("connection", (socket, request) => {
    upgrades.push(request);
    socket.on("message", (data, binary) => socket.send(data, { binary }));
    socket.on("error", () => {});
  });
  closing.push(async () => {
    for (const socket of sockets.clients) socket.terminate();
  });
  return { port: await listen(server), upgrades };
}
interface Tunnelled extends TestGateway {
  requests: IncomingRequest[];
  sent: Sent[];
  url: string;
}
/** A gateway that tunnels every handshake to `target`. */
async function tunnel(
  target: string,
  more: { tunnel?: Partial<Tunnel>; options?: Partial<GatewayOptions>; handshake?: RequestHandler["handshake"] } = {},
): Promise<Tunnelled> {
  const requests: IncomingRequest[] = [];
  const sent: Sent[] = [];
  const test = await startGateway(
    {
      handle: () => answer("plain"),
      handshake:
        more.handshake ??
        (async (request) => {
          requests.push(request);
          const headers: string[] = [];
          const { raw } = request.headers;
          for (let i = 0; i < raw.length; i += 2) {
            if (!/^(host|connection|upgrade)$/i.test(raw[i] as string))
              headers.push(raw[i] as string, raw[i + 1] as string);
          }
          return {
            target: parseUrl(target) as UrlParts,
            headers,
            tls: undefined,
            finished: (end) => sent.push(end),
            ...more.tunnel,
          };
        }),
    },
    more.options,
  );
  closing.push(() => test.gateway.stop({ drainMs: 0 }));
  return { ...test, requests, sent, url: `ws://127.0.0.1:${test.port}` };
}
const HANDSHAKE =
  "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
async function rawBackend(answerWith: (request: SeenRequest) => void): Promise<RawBackend> {
  const made = await RawBackend.start(answerWith);
  closing.push(() => made.stop());
  return made;
}
const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";

describe("WebSockets", () => {
  it("pass, with protocol, compression and large messages", async () => {
    const backend = await echo();
    const test = await tunnel(`ws://127.0.0.1:${backend.port}/base?x=1`);
    const socket = new WebSocket(`${test.url}/chat`, "chat");
    await once(socket, "open");
    expect(socket.protocol).toBe("chat");
    const large = "x".repeat(1_000_000);
    for (const message of ["hello", large]) {
      socket.send(message);
      const [data] = await once(socket, "message");
      expect(String(data)).toBe(message);
    }
    socket.close(1000, "bye");
    const [code] = await once(socket, "close");
    expect(code).toBe(1000);
    expect(backend.upgrades[0]?.url).toBe("/base?x=1");
    expect(backend.upgrades[0]?.headers.host).toBe(`127.0.0.1:${backend.port}`);
    expect(test.requests[0]).toMatchObject({ method: "GET", path: "/chat", httpVersion: "1.1" });
  });

  it("are reported when they end, with the bytes each way", async () => {
    const backend = await rawBackend(({ socket }) => {
      socket.write(`${SWITCH}\r\nhello`);
    });
    const test = await tunnel(`ws://127.0.0.1:${backend.port}/`);
    const client = await RawClient.connect(test.port);
    client.send(`${HANDSHAKE}abc`);
    await client.until((received) => received.endsWith("hello"));
    await backend.until(() => backend.received[0]?.endsWith("abc") ?? false);
    expect(test.sent).toEqual([]);
    client.socket.end();
    (backend.requests[0] as SeenRequest).socket.end();
    await client.end();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(test.sent).toEqual([{ bytesIn: 3, bytesOut: 5, aborted: false, status: 101 }]);
  });

  it("end each direction on its own", async () => {
    const backend = await rawBackend(({ socket }) => {
      socket.allowHalfOpen = true;
      socket.write(`${SWITCH}\r\n`);
      socket.on("end", () => setTimeout(() => socket.end("last words"), 20));
    });
    const test = await tunnel(`ws://127.0.0.1:${backend.port}/`);
    const client = await RawClient.connect(test.port);
    client.socket.allowHalfOpen = true;
    client.send(HANDSHAKE);
    await client.until((received) => received.includes("\r\n\r\n"));
    client.socket.end("done");
    expect(await client.end()).toMatch(/last words$/);
  });

  it("end on both sides when one breaks", async () => {
    const sides: Socket[] = [];
    const backend = await rawBackend(({ socket }) => {
      sides.push(socket);
      socket.write(`${SWITCH}\r\n`);
    });
    const test = await tunnel(`ws://127.0.0.1:${backend.port}/`);
    const client = await RawClient.connect(test.port);
    client.send(HANDSHAKE);
    await client.until((received) => received.includes("\r\n\r\n"));
    (sides[0] as Socket).resetAndDestroy();
    await client.end();
    const other = await RawClient.connect(test.port);
    other.send(HANDSHAKE);
    await other.until((received) => received.includes("\r\n\r\n"));
    const gone = once(sides[1] as Socket, "close");
    other.socket.resetAndDestroy();
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(test.sent.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it("end when nothing moves for too long, and with the gateway", async () => {
    const backend = await rawBackend(({ socket }) => void socket.write(`${SWITCH}\r\n`));
    const idle = await tunnel(`ws://127.0.0.1:${backend.port}/`, { options: { timeouts: { tunnelIdleMs: 30 } } });
    const first = await RawClient.connect(idle.port);
    first.send(HANDSHAKE);
    expect(await first.end()).toMatch(/^HTTP\/1.1 101 /);
    const stopping = await tunnel(`ws://127.0.0.1:${backend.port}/`);
    const second = await RawClient.connect(stopping.port);
    second.send(HANDSHAKE);
    await second.until((received) => received.includes("\r\n\r\n"));
    await stopping.gateway.stop({ drainMs: 20 });
    await second.end();
  });

  it("go over TLS to wss backends, verified", async () => {
    const authority = await TestAuthority.create();
    const certificate = await authority.issue("localhost");
    const backend = await echo(createHttpsServer(certificate));
    const trusting = new Dialer({ ca: [authority.cert] });
    const test = await tunnel(`wss://localhost:${backend.port}/`, { options: { dialer: trusting } });
    const socket = new WebSocket(test.url, "chat");
    await once(socket, "open");
    socket.send("secret");
    const [data] = await once(socket, "message");
    expect(String(data)).toBe("secret");
    socket.terminate();
    const wary = await tunnel(`wss://localhost:${backend.port}/`);
    const client = await RawClient.connect(wary.port);
    client.send(HANDSHAKE);
    expect(await client.end()).toMatch(/^HTTP\/1.1 500 /);
  });
});

describe("handshakes", () => {
  it("that policies refuse get their answer", async () => {
    const test = await tunnel("ws://a.test/", { handshake: async () => answer('{ "no": 1 }', { status: 401 }) });
    const client = await RawClient.connect(test.port);
    client.send(HANDSHAKE);
    expect(await client.end()).toMatch(/^HTTP\/1.1 401 [\s\S]*connection: close[\s\S]*\{ "no": 1 \}$/i);
  });

  it("that the backend refuses get the backend's answer", async () => {
    const backend = await rawBackend(
      ({ socket }) => void socket.write("HTTP/1.1 403 No\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nnever"),
    );
    const test = await tunnel(`ws://127.0.0.1:${backend.port}/`);
    const client = await RawClient.connect(test.port);
    client.send(HANDSHAKE);
    expect(await client.end()).toMatch(/^HTTP\/1.1 403 No\r\nX-A: 1\r\n[\s\S]*never$/);
    expect(test.sent).toEqual([{ bytesIn: 0, bytesOut: 5, aborted: false, status: 403 }]);
  });

  it.each([
    ["nobody listens", undefined],
    ["the backend hangs up", (request: SeenRequest) => void request.socket.destroy()],
    [
      "the backend switches to something else",
      ({ socket }: SeenRequest) => void socket.write("HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
    ],
    ["the backend speaks nonsense", ({ socket }: SeenRequest) => void socket.write("nonsense\r\n\r\n")],
  ])("are a 500 where %s", async (_name, act) => {
    const backend = await RawBackend.start(act ?? (() => {}));
    const { port } = backend;
    if (act) closing.push(() => backend.stop());
    else await backend.stop();
    const test = await tunnel(`ws://127.0.0.1:${port}/`);
    const client = await RawClient.connect(test.port);
    client.send(HANDSHAKE);
    expect(await client.end()).toMatch(
      /^HTTP\/1.1 500 [\s\S]*\{ "statusCode": 500, "message": "Internal server error" \}$/,
    );
    expect(test.sent).toMatchObject([{ status: 500 }]);
  });

  it("are a 503 past the limit of tunnels", async () => {
    const backend = await rawBackend(({ socket }) => void socket.write(`${SWITCH}\r\n`));
    const test = await tunnel(`ws://127.0.0.1:${backend.port}/`, { options: { limits: { tunnels: 1 } } });
    const first = await RawClient.connect(test.port);
    first.send(HANDSHAKE);
    await first.until((received) => received.includes("\r\n\r\n"));
    const second = await RawClient.connect(test.port);
    second.send(HANDSHAKE);
    expect(await second.end()).toMatch(/^HTTP\/1.1 503 /);
    first.close();
    // Its place is free again.
    for (;;) {
      const third = await RawClient.connect(test.port);
      third.send(HANDSHAKE);
      const received = await third.until((text) => text.includes("\r\n\r\n"));
      third.close();
      if (received.startsWith("HTTP/1.1 101 ")) break;
    }
  });

  it("are a 500 where the handler fails or policies made a header that is none", async () => {
    const failing = await tunnel("ws://a.test/", { handshake: () => Promise.reject(new Error("secret")) });
    const client = await RawClient.connect(failing.port);
    client.send(HANDSHAKE);
    expect(await client.end()).toMatch(/^HTTP\/1.1 500 /);
    expect(failing.unexpected).toHaveLength(1);
    const backend = await rawBackend(() => {});
    const test = await tunnel(`ws://127.0.0.1:${backend.port}/`, { tunnel: { headers: ["X", "a\r\nb"] } });
    const other = await RawClient.connect(test.port);
    other.send(HANDSHAKE);
    expect(await other.end()).toMatch(/^HTTP\/1.1 500 /);
  });

  it("end when the client leaves, and so does the call to the backend", async () => {
    const ended = Promise.withResolvers<void>();
    const backend = await rawBackend(({ socket }) => void socket.on("close", () => ended.resolve()));
    const test = await tunnel(`ws://127.0.0.1:${backend.port}/`);
    const client = await RawClient.connect(test.port);
    client.send(HANDSHAKE);
    await backend.until(() => backend.requests.length === 1);
    client.close();
    await ended.promise;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(test.sent).toMatchObject([{ aborted: true }]);
  });

  it("that are none are ordinary requests", async () => {
    const test = await tunnel("ws://a.test/");
    for (const head of [
      HANDSHAKE.replace("websocket", "h2c"),
      HANDSHAKE.replace("GET", "POST"),
      HANDSHAKE.replace("Sec-WebSocket-Version: 13", "Content-Length: 0"),
    ]) {
      const client = await RawClient.connect(test.port);
      client.send(head);
      expect((await client.response()).body).toBe("plain");
      client.close();
    }
    expect(test.requests).toEqual([]);
  });

  it("with a bad head are refused as every request", async () => {
    const test = await tunnel("ws://a.test/");
    const client = await RawClient.connect(test.port);
    client.send(HANDSHAKE.replace("Host: a", "Host: a\r\nHost: b"));
    expect(await client.end()).toMatch(/^HTTP\/1.1 400 /);
  });
});
