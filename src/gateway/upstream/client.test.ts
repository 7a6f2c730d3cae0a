import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttp2Server, createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect as connectTcp } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Body, BodyTooLargeError } from "../../policy/exchange/body.ts";
import { BackendError, ClientGoneError } from "../../policy/exchange/errors.ts";
import type { ResponseMessage } from "../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { parseUrl, type UrlParts } from "../../policy/exchange/url.ts";
import { TestAuthority } from "../testing/certificates.ts";
import { PushedSource } from "../testing/pushed-source.ts";
import { RawBackend, type SeenRequest } from "../testing/raw-backend.ts";
import { UpstreamClient, type UpstreamOptions } from "./client.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

function client(options: UpstreamOptions = {}): UpstreamClient {
  const made = new UpstreamClient(options);
  closing.push(() => made.destroy());
  return made;
}
async function backend(answer: (request: SeenRequest, count: number) => void): Promise<RawBackend> {
  const made = await RawBackend.start(answer);
  closing.push(() => made.stop());
  return made;
}
async function listen(
  server: Server | ReturnType<typeof createHttpsServer> | ReturnType<typeof createSecureServer>,
): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}
function outgoing(url: string, more: Partial<OutgoingRequest> = {}): OutgoingRequest {
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
async function text(response: ResponseMessage): Promise<string> {
  await response.body.buffer(1 << 24);
  return Buffer.from(response.body.buffered ?? []).toString("latin1");
}
async function failure(promise: Promise<unknown>): Promise<BackendError> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BackendError);
  return error as BackendError;
}
/** undici takes a connection back in the next round of the event loop. */
const rested = () => new Promise((resolve) => setImmediate(resolve));
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const say = (bytes: string) => (request: SeenRequest) => void request.socket.write(bytes, "latin1");

describe("requests", () => {
  it("go out with method, target, header fields and Host", async () => {
    const server = await backend(say(OK));
    const request = outgoing(`http://127.0.0.1:${server.port}/a%2Fb?q=1`, {
      method: "OPTIONS",
      headers: ["X-A", "1", "x-a", "2", "Cookie", "c=1"],
    });
    const response = await client().send(request);
    expect([response.status, await text(response)]).toEqual([200, "ok"]);
    const [line, ...fields] = (server.requests[0] as SeenRequest).head.trimEnd().split("\r\n");
    expect(line).toBe("OPTIONS /a%2Fb?q=1 HTTP/1.1");
    expect(fields.filter((field) => !/^connection:/i.test(field))).toEqual([
      `host: 127.0.0.1:${server.port}`,
      "X-A: 1",
      "x-a: 2",
      "Cookie: c=1",
    ]);
    expect(request.target).toBe(`127.0.0.1:${server.port}`);
  });

  it("take Host from the list, and never what belongs to one connection", async () => {
    const server = await backend(say(OK));
    const headers = [
      "Host",
      "api.test",
      "Host",
      "evil.test",
      "Connection",
      "x",
      "Keep-Alive",
      "y",
      "TE",
      "trailers",
      "Trailer",
      "t",
      "Upgrade",
      "h2c",
      "Transfer-Encoding",
      "chunked",
      "Content-Length",
      "7",
      "Expect",
      "100-continue",
      "Proxy-Connection",
      "z",
    ];
    await client().send(outgoing(`http://127.0.0.1:${server.port}/`, { headers }));
    expect((server.requests[0] as SeenRequest).head).toBe(
      "GET / HTTP/1.1\r\nhost: api.test\r\nconnection: keep-alive\r\n\r\n",
    );
  });

  it("have what cannot stand in a request line encoded", async () => {
    const server = await backend(say(OK));
    const url = { scheme: "http", host: "127.0.0.1", port: server.port, path: "/a b/ä\r\nX: y", query: "?q=\ud800é" };
    await client().send(outgoing("http://x/", { url }));
    expect((server.requests[0] as SeenRequest).head).toMatch(
      /^GET \/a%20b\/%C3%A4%0D%0AX:%20y\?q=%EF%BF%BD%C3%A9 HTTP/,
    );
  });

  it.each([
    ["a value with a line break", ["X", "a\r\nY: b"]],
    ["a name that is none", ["X Y", "a"]],
    ["a value past latin1", ["X", "\u20ac"]],
  ])("fail with %s, without costing a connection", async (_name, headers) => {
    const server = await backend(say(OK));
    const sender = client({ connections: 1 });
    for (let i = 0; i < 3; i++) {
      const error = await failure(sender.send(outgoing(`http://127.0.0.1:${server.port}/`, { headers })));
      expect(error.kind).toBe("protocol");
    }
    expect((await sender.send(outgoing(`http://127.0.0.1:${server.port}/`))).status).toBe(200);
  });

  it("reuse connections, and open no more than allowed", async () => {
    const server = await backend(say(OK));
    const sender = client({ connections: 2 });
    const send = async () => text(await sender.send(outgoing(`http://127.0.0.1:${server.port}/`)));
    for (let i = 0; i < 3; i++) {
      await send();
      await rested();
    }
    expect(server.connections).toBe(1);
    await Promise.all(Array.from({ length: 10 }, send));
    expect(server.connections).toBe(2);
  });

  it("fail at once where too many wait", async () => {
    const server = await backend(() => {});
    const sender = client({ connections: 1, waiting: 1 });
    const pending = [1, 2].map(() => sender.send(outgoing(`http://127.0.0.1:${server.port}/`)).catch(() => {}));
    const error = await failure(sender.send(outgoing(`http://127.0.0.1:${server.port}/`)));
    expect(error).toMatchObject({ kind: "connection", message: expect.stringContaining("Too many requests") });
    await sender.destroy();
    await Promise.all(pending);
  });

  it("to ever new hosts keep no more than so many pools", async () => {
    const server = await backend(({ socket }) => socket.end(OK));
    const sender = client({ connectTo: () => ({ host: "127.0.0.1", port: server.port }) });
    for (let i = 0; i < 300; i++) await text(await sender.send(outgoing(`http://host-${i}.test/`)));
    expect(sender.pools).toBeLessThanOrEqual(257);
    // The ones in use are not among those that go.
    expect((await sender.send(outgoing("http://host-1.test/"))).status).toBe(200);
  });

  it("go where connectTo says", async () => {
    const server = await backend(say(OK));
    const asked: unknown[] = [];
    const sender = client({
      connectTo(host, port) {
        asked.push([host, port]);
        return { host: "127.0.0.1", port: server.port };
      },
    });
    expect((await sender.send(outgoing("http://orders.upstream/"))).status).toBe(200);
    expect(asked).toEqual([["orders.upstream", 80]]);
    expect((server.requests[0] as SeenRequest).head).toContain("host: orders.upstream\r\n");
  });
});

describe("request bodies", () => {
  it("in memory state their length", async () => {
    const server = await backend(say(OK));
    const sender = client();
    await sender.send(outgoing(`http://127.0.0.1:${server.port}/`, { method: "POST", body: Body.text("hällo") }));
    await server.until(() => server.received[0]?.endsWith("llo") ?? false);
    expect(server.received[0]).toMatch(/\r\ncontent-length: 6\r\n\r\nh\xc3\xa4llo$/);
    await sender.send(outgoing(`http://127.0.0.1:${server.port}/`, { method: "POST" }));
    expect((server.requests[1] as SeenRequest).head).toMatch(/\r\ncontent-length: 0\r\n/);
  });

  it.each([
    ["with their length where it is known", 6, /content-length: 6\r\n\r\nabcdef$/i],
    ["chunked where it is not", undefined, /transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n$/],
  ])("stream %s", async (_name, announced, expected) => {
    const server = await backend(() => {});
    const source = new PushedSource();
    const response = client().send(
      outgoing(`http://127.0.0.1:${server.port}/`, { method: "POST", body: Body.stream(source, announced) }),
    );
    const sink = await source.started;
    sink.write(Buffer.from("abc"));
    await server.until(() => server.received[0]?.includes("abc") ?? false);
    sink.write(Buffer.from("def"));
    sink.end();
    await server.until(() => expected.test(server.received[0] as string));
    (server.requests[0] as SeenRequest).socket.write(OK);
    expect((await response).status).toBe(200);
  });

  it("wait for a backend that does not read", async () => {
    const server = await backend(({ socket }) => socket.pause());
    const source = new PushedSource();
    const response = client().send(
      outgoing(`http://127.0.0.1:${server.port}/`, { method: "POST", body: Body.stream(source) }),
    );
    const sink = await source.started;
    sink.write(Buffer.from("x"));
    await server.until(() => server.requests.length === 1);
    const chunk = Buffer.alloc(65536, "x");
    // The network takes some megabytes; then the source must be held back.
    let written = 0;
    for (; written < 1000; written++) {
      if (sink.write(chunk)) continue;
      const resumed = source.untilResumed();
      const more = await Promise.race([resumed, new Promise((resolve) => setTimeout(() => resolve("held"), 100))]);
      if (more === "held") break;
    }
    expect(written).toBeLessThan(1000);
    const { socket } = server.requests[0] as SeenRequest;
    socket.on("data", () => {});
    socket.resume();
    sink.end();
    await server.until(() => server.received[0]?.endsWith("0\r\n\r\n") ?? false);
    socket.write(OK);
    expect((await response).status).toBe(200);
  });

  it("are given up when the backend answers first", async () => {
    const server = await backend(say("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"));
    const source = new PushedSource();
    const sender = client();
    const response = sender.send(
      outgoing(`http://127.0.0.1:${server.port}/`, { method: "POST", body: Body.stream(source, 1000) }),
    );
    (await source.started).write(Buffer.from("abc"));
    expect((await response).status).toBe(413);
    await source.untilCancelled();
    // The connection is spoilt; the next request finds another.
    expect((await sender.send(outgoing(`http://127.0.0.1:${server.port}/`))).status).toBe(413);
    expect(server.connections).toBe(2);
  });

  it("that break off break the request off", async () => {
    const server = await backend(() => {});
    const sender = client();
    const send = (source: PushedSource) =>
      sender.send(outgoing(`http://127.0.0.1:${server.port}/`, { method: "POST", body: Body.stream(source, 10) }));
    const gone = new PushedSource();
    const first = failure(send(gone));
    (await gone.started).write(Buffer.from("abc"));
    await server.until(() => server.received[0]?.endsWith("abc") ?? false);
    gone.sink?.fail(new ClientGoneError());
    expect((await first).kind).toBe("aborted");
    const large = new PushedSource();
    const second = send(large);
    (await large.started).fail(new BodyTooLargeError(5));
    await expect(second).rejects.toBeInstanceOf(BodyTooLargeError);
    const short = new PushedSource();
    const third = failure(send(short));
    (await short.started).write(Buffer.from("abc"));
    short.sink?.end();
    expect((await third).kind).toBe("protocol");
  });
});

describe("responses", () => {
  it("keep their header fields as written, without those of the connection", async () => {
    const server = await backend(
      say(
        "HTTP/1.1 299 Fine Then\r\nX-B: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: x\r\nTrailer: T\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n",
      ),
    );
    const response = await client().send(outgoing(`http://127.0.0.1:${server.port}/`));
    expect([response.status, response.reason]).toEqual([299, "Fine Then"]);
    expect(response.headers.raw).toEqual(["X-B", "1", "Set-Cookie", "a=1", "set-cookie", "b=2"]);
    expect(await text(response)).toBe("ok");
  });

  it("that are there in full are in memory, without waiting", async () => {
    const server = await backend(say(OK));
    const response = await client().send(outgoing(`http://127.0.0.1:${server.port}/`));
    expect(response.body.source).toBeUndefined();
    expect(Buffer.from(response.body.buffered ?? []).toString()).toBe("ok");
  });

  it("skip interim ones", async () => {
    const server = await backend(say(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`));
    const response = await client().send(outgoing(`http://127.0.0.1:${server.port}/`));
    expect([response.status, response.headers.raw]).toEqual([200, ["Content-Length", "2"]]);
  });

  it.each([
    ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"],
    ["GET", "HTTP/1.1 204 No Content\r\n\r\n"],
    ["GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n"],
  ])("to %s without body have none (%j)", async (method, bytes) => {
    const server = await backend(say(bytes));
    const response = await client().send(outgoing(`http://127.0.0.1:${server.port}/`, { method }));
    expect(response.body.absent).toBe(true);
  });

  it("end with the connection where nothing else says so", async () => {
    const server = await backend(({ socket }) => socket.end("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
    const response = await client().send(outgoing(`http://127.0.0.1:${server.port}/`));
    expect(await text(response)).toBe("until the end");
  });

  it("stream with back-pressure", async () => {
    let blocked = false;
    const server = await backend(({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const more = () => {
        while (socket.write(Buffer.alloc(65536, "x")));
        blocked = true;
      };
      socket.on("drain", more);
      more();
    });
    const response = await client().send(outgoing(`http://127.0.0.1:${server.port}/`));
    const { source } = response.body.take();
    let received = 0;
    let ready = true;
    const first = Promise.withResolvers<void>();
    source?.start({
      write(chunk) {
        expect(ready).toBe(true);
        received += chunk.byteLength;
        ready = false;
        first.resolve();
        return false;
      },
      end() {},
      fail() {},
    });
    await first.promise;
    const before = received;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([received, blocked]).toEqual([before, true]);
    ready = true;
    source?.resume();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(received).toBeGreaterThan(before);
    source?.cancel();
  });

  it("that break off fail their reader", async () => {
    const server = await backend(({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", () => socket.destroy());
    });
    const response = await client().send(outgoing(`http://127.0.0.1:${server.port}/`));
    await expect(text(response)).rejects.toBeInstanceOf(BackendError);
  });

  it("free their connection when nobody wants the rest", async () => {
    const closed = Promise.withResolvers<void>();
    const server = await backend(({ socket }) => {
      socket.on("close", () => closed.resolve());
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    });
    const response = await client().send(outgoing(`http://127.0.0.1:${server.port}/`));
    response.body.discard();
    await closed.promise;
  });
});

describe("failures", () => {
  it("tell apart no connection, no answer in time, nonsense and a caller who left", async () => {
    const silent = await backend(() => {});
    const rude = await backend(say("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
    const dying = await backend(({ socket }) => socket.destroy());
    const free = await backend(() => {});
    const port = free.port;
    await free.stop();
    const sender = client();
    const kind = async (url: string, more: Partial<OutgoingRequest> = {}) =>
      (await failure(sender.send(outgoing(url, more)))).kind;
    expect(await kind(`http://127.0.0.1:${port}/`)).toBe("connection");
    expect(await kind("http://name.invalid/")).toBe("connection");
    expect(await kind(`http://127.0.0.1:${silent.port}/`, { timeoutMs: 50 })).toBe("timeout");
    expect(await kind(`http://127.0.0.1:${rude.port}/`)).toBe("protocol");
    expect(await kind(`http://127.0.0.1:${dying.port}/`)).toBe("connection");
    const abort = new AbortController();
    const pending = kind(`http://127.0.0.1:${silent.port}/`, { signal: abort.signal });
    await silent.until(() => silent.requests.length === 2);
    abort.abort();
    expect(await pending).toBe("aborted");
    expect(await kind(`http://127.0.0.1:${silent.port}/`, { signal: abort.signal })).toBe("aborted");
  });

  it.each([
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!"],
    [
      "length and chunks",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    ],
    ["a bare LF", "HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok"],
    ["a space before a colon", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok"],
  ])("are answers with %s", async (_name, bytes) => {
    const server = await backend(say(bytes));
    expect((await failure(client().send(outgoing(`http://127.0.0.1:${server.port}/`)))).kind).toBe("protocol");
  });

  it("include a body that stops coming", async () => {
    const server = await backend(say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
    const response = await client({ bodyTimeoutMs: 50 }).send(outgoing(`http://127.0.0.1:${server.port}/`));
    await expect(text(response)).rejects.toMatchObject({ kind: "timeout" });
  });

  it("of requests that waited too long for a connection cost no connection", async () => {
    const server = await backend(() => {});
    const sender = client({ connections: 1 });
    const url = `http://127.0.0.1:${server.port}/`;
    const first = sender.send(outgoing(url));
    await server.until(() => server.requests.length === 1);
    expect((await failure(sender.send(outgoing(url, { timeoutMs: 30 })))).kind).toBe("timeout");
    (server.requests[0] as SeenRequest).socket.write(OK);
    await text(await first);
    const third = sender.send(outgoing(url));
    await server.until(() => server.requests.length === 2);
    (server.requests[1] as SeenRequest).socket.write(OK);
    expect((await third).status).toBe(200);
    expect(server.connections).toBe(1);
  });

  it("of a connection that had rested are tried again where that is safe", async () => {
    const server = await backend((request, count) => {
      // The first connection dies with its second request.
      if (count === 2) request.socket.destroy();
      else request.socket.write(OK);
    });
    const sender = client();
    const url = `http://127.0.0.1:${server.port}/`;
    await text(await sender.send(outgoing(url)));
    await rested();
    expect((await sender.send(outgoing(url))).status).toBe(200);
    expect(server.requests).toHaveLength(3);
  });

  it("are not tried again on a new connection, nor where the method is not idempotent", async () => {
    const server = await backend((request, count) => {
      if (count === 1) request.socket.write(OK);
      else request.socket.destroy();
    });
    const sender = client();
    const url = `http://127.0.0.1:${server.port}/`;
    await text(await sender.send(outgoing(url)));
    await rested();
    await failure(sender.send(outgoing(url, { method: "POST" })));
    expect(server.requests).toHaveLength(2);
    await failure(sender.send(outgoing(url)));
    expect(server.requests).toHaveLength(3);
  });
});

describe("redirects", () => {
  it("are answers unless asked to follow", async () => {
    const server = await backend(say("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"));
    expect((await client().send(outgoing(`http://127.0.0.1:${server.port}/`))).status).toBe(302);
  });

  it("are followed, POST turning into GET where the status says so", async () => {
    const server = await backend((request, count) => {
      const answers = [
        "HTTP/1.1 307 Temporary\r\nLocation: /b?x=1#f\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 303 See Other\r\nLocation: c\r\nContent-Length: 0\r\n\r\n",
        OK,
      ];
      request.socket.write(answers[count - 1] as string);
    });
    const request = outgoing(`http://127.0.0.1:${server.port}/a`, {
      method: "POST",
      headers: ["Content-Type", "text/plain", "Authorization", "x"],
      body: Body.text("hello"),
      followRedirects: true,
    });
    expect((await client().send(request)).status).toBe(200);
    expect(server.requests.map(({ head }) => head.split(" HTTP")[0])).toEqual(["POST /a", "POST /b?x=1", "GET /c"]);
    expect(server.requests[1]?.head).toMatch(/content-type: text\/plain[\s\S]*content-length: 5/i);
    expect(server.requests[2]?.head).not.toMatch(/content-(type|length)/i);
    expect(server.requests[2]?.head).toMatch(/authorization: x/i);
    expect(request.target).toBe(`127.0.0.1:${server.port}`);
  });

  it("to another origin lose credentials", async () => {
    const other = await backend(say(OK));
    const server = await backend(
      say(`HTTP/1.1 301 Moved\r\nLocation: http://localhost:${other.port}/x\r\nContent-Length: 0\r\n\r\n`),
    );
    const headers = ["Authorization", "x", "Cookie", "y", "Host", "api.test", "X-A", "1"];
    await client().send(outgoing(`http://127.0.0.1:${server.port}/`, { headers, followRedirects: true }));
    expect(other.requests[0]?.head).toBe(
      `GET /x HTTP/1.1\r\nhost: localhost:${other.port}\r\nconnection: keep-alive\r\nX-A: 1\r\n\r\n`,
    );
  });

  it.each([
    ["without end", "/again", 11],
    ["to another scheme", "ftp://a/", 1],
    ["to nonsense", "http://[", 1],
  ])("%s are answers", async (_name, location, requests) => {
    const server = await backend(say(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`));
    const response = await client().send(outgoing(`http://127.0.0.1:${server.port}/`, { followRedirects: true }));
    expect(response.status).toBe(302);
    expect(server.requests).toHaveLength(requests);
  });
});

describe("Expect: 100-continue", () => {
  it("sends the body when the backend asks for it", async () => {
    const server = await backend((request) => request.socket.write("HTTP/1.1 100 Continue\r\n\r\n"));
    const request = outgoing(`http://127.0.0.1:${server.port}/`, {
      method: "POST",
      body: Body.text("hello"),
      continueTimeoutMs: 10_000,
    });
    const response = client().send(request);
    await server.until(() => server.received[0]?.endsWith("hello") ?? false);
    expect(server.received[0]).toMatch(/expect: 100-continue/i);
    (server.requests[0] as SeenRequest).socket.write(OK);
    expect(await text(await response)).toBe("ok");
  });

  it("sends it after the time where the backend says nothing", async () => {
    const server = await backend(() => {});
    const source = new PushedSource();
    const response = client().send(
      outgoing(`http://127.0.0.1:${server.port}/`, {
        method: "POST",
        body: Body.stream(source),
        continueTimeoutMs: 20,
      }),
    );
    const sink = await source.started;
    sink.write(Buffer.from("abc"));
    sink.end();
    await server.until(() => server.received[0]?.endsWith("3\r\nabc\r\n0\r\n\r\n") ?? false);
    (server.requests[0] as SeenRequest).socket.write(OK);
    expect((await response).status).toBe(200);
  });

  it("never sends it where the backend refuses", async () => {
    const server = await backend(say("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno"));
    const source = new PushedSource();
    const response = await client().send(
      outgoing(`http://127.0.0.1:${server.port}/`, {
        method: "POST",
        body: Body.stream(source, 5),
        continueTimeoutMs: 10_000,
      }),
    );
    expect([response.status, await text(response)]).toEqual([403, "no"]);
    expect([source.sink, source.cancelled]).toEqual([undefined, true]);
  });

  it("fails as other requests do", async () => {
    const silent = await backend(() => {});
    const free = await backend(() => {});
    const port = free.port;
    await free.stop();
    const more = { method: "POST", body: Body.text("x"), continueTimeoutMs: 10_000 };
    expect((await failure(client().send(outgoing(`http://127.0.0.1:${port}/`, more)))).kind).toBe("connection");
    expect(
      (await failure(client().send(outgoing(`http://127.0.0.1:${silent.port}/`, { ...more, timeoutMs: 40 })))).kind,
    ).toBe("timeout");
  });
});

describe("proxies", () => {
  it("get http requests in absolute-form with credentials, repeated fields kept", async () => {
    const proxy = await backend(say(OK));
    const response = await client().send(
      outgoing("http://orders.upstream/a?b=1", {
        headers: ["Set-X", "1", "Set-X", "2"],
        proxy: { url: parseUrl(`http://127.0.0.1:${proxy.port}`) as UrlParts, username: "u", password: "p" },
      }),
    );
    expect(await text(response)).toBe("ok");
    const { head } = proxy.requests[0] as SeenRequest;
    expect(head).toMatch(/^GET http:\/\/orders\.upstream\/a\?b=1 HTTP\/1\.1\r\nhost: orders\.upstream\r\n/i);
    expect(head).toMatch(/set-x: 1\r\nset-x: 2\r\n/i);
    expect(head).toMatch(/proxy-authorization: Basic dTpw\r\n/i);
  });

  it("that refuse are failures", async () => {
    const proxy = await backend(say("HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n"));
    const via = { url: parseUrl(`http://127.0.0.1:${proxy.port}`) as UrlParts };
    await failure(client().send(outgoing("http://orders.upstream/", { proxy: via })));
  });
});

describe("TLS and HTTP/2", () => {
  let authority: TestAuthority;
  let other: TestAuthority;
  beforeAll(async () => {
    [authority, other] = await Promise.all([TestAuthority.create(), TestAuthority.create()]);
  });
  const checked = { validateChain: true, validateName: true };

  async function secure(issuer: TestAuthority, ...names: string[]): Promise<{ port: number; seen: TLSSocket[] }> {
    const seen: TLSSocket[] = [];
    const certificate = await issuer.issue(...names);
    const server = createHttpsServer(
      { ...certificate, ca: [authority.cert], requestCert: true, rejectUnauthorized: false },
      (req, res) => {
        seen.push(req.socket as TLSSocket);
        res.end("secure");
      },
    );
    return { port: await listen(server), seen };
  }

  it("verifies chain and name, unless told not to", async () => {
    const good = await secure(authority, "localhost");
    const wrongName = await secure(authority, "elsewhere.test");
    const wrongChain = await secure(other, "localhost");
    const sender = client({ ca: [authority.cert] });
    const send = (port: number, tls?: OutgoingRequest["tls"]) =>
      sender.send(outgoing(`https://localhost:${port}/`, { tls }));
    expect(await text(await send(good.port))).toBe("secure");
    expect((await failure(send(wrongName.port))).kind).toBe("connection");
    expect((await failure(send(wrongChain.port))).kind).toBe("connection");
    expect((await send(wrongName.port, { ...checked, validateName: false })).status).toBe(200);
    expect((await failure(send(wrongName.port, { ...checked, validateChain: false }))).kind).toBe("connection");
    expect((await send(wrongChain.port, { ...checked, validateChain: false })).status).toBe(200);
    expect((await send(wrongChain.port, { ...checked, ca: [other.cert] })).status).toBe(200);
    // A lenient request's connection is not lent to a strict one.
    expect((await failure(send(wrongChain.port))).kind).toBe("connection");
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("resumes %s sessions, never those of a wrong name", async (version) => {
    const certificate = await authority.issue("localhost", "right.test");
    const reused: boolean[] = [];
    const server = createHttpsServer({ ...certificate, maxVersion: version }, (req, res) => {
      reused.push((req.socket as TLSSocket).isSessionReused());
      res.setHeader("connection", "close");
      res.end("x");
    });
    const port = await listen(server);
    const sender = client({ ca: [authority.cert] });
    for (const tls of [checked, { validateChain: false, validateName: true }]) {
      for (let i = 0; i < 2; i++) {
        await text(await sender.send(outgoing(`https://localhost:${port}/`, { tls })));
        // The session's ticket comes after the answer.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    expect(reused).toEqual([false, true, false, true]);
    const elsewhere = client({ connectTo: () => ({ host: "127.0.0.1", port }) });
    for (let i = 0; i < 3; i++) {
      const tls = { validateChain: false, validateName: true };
      expect((await failure(elsewhere.send(outgoing("https://wrong.test/", { tls })))).kind).toBe("connection");
    }
    expect(reused).toHaveLength(4);
  });

  it("asks for the name in Host, and checks the certificate against it", async () => {
    const { port, seen } = await secure(authority, "api.test");
    const response = await client({ ca: [authority.cert] }).send(
      outgoing(`https://localhost:${port}/`, { headers: ["Host", "api.test"] }),
    );
    expect(response.status).toBe(200);
    expect((seen[0] as unknown as { servername: string }).servername).toBe("api.test");
  });

  it("presents a client certificate", async () => {
    const { port, seen } = await secure(authority, "localhost");
    const clientCertificate = await authority.issue("gateway");
    await client({ ca: [authority.cert] }).send(
      outgoing(`https://localhost:${port}/`, { tls: { ...checked, clientCertificate } }),
    );
    expect(seen[0]?.getPeerCertificate().subject.CN).toBe("gateway");
    expect(seen[0]?.authorized).toBe(true);
  });

  it("goes through a proxy by CONNECT", async () => {
    const { port } = await secure(authority, "localhost");
    const connects: string[] = [];
    const proxy = createHttpServer();
    proxy.on("connect", (req, socket) => {
      connects.push(`${req.url} ${req.headers["proxy-authorization"]}`);
      const upstream = connectTcp(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on("error", () => {});
      socket.on("error", () => upstream.destroy());
    });
    const proxyPort = await listen(proxy);
    const response = await client({ ca: [authority.cert] }).send(
      outgoing(`https://localhost:${port}/`, {
        proxy: { url: parseUrl(`http://127.0.0.1:${proxyPort}`) as UrlParts, username: "u", password: "p" },
      }),
    );
    expect(await text(response)).toBe("secure");
    expect(connects).toEqual([`localhost:${port} Basic dTpw`]);
  });

  it("speaks HTTP/2 where asked to and offered", async () => {
    const certificate = await authority.issue("localhost");
    const versions: string[] = [];
    const server = createSecureServer({ ...certificate, allowHTTP1: true }, (req, res) => {
      versions.push(req.httpVersion);
      res.setHeader("set-cookie", ["a=1", "b=2"]);
      req.on("data", () => {});
      req.on("end", () => res.end("two"));
    });
    const port = await listen(server);
    const sender = client({ ca: [authority.cert] });
    const send = async (httpVersion: OutgoingRequest["httpVersion"], body = Body.none()) => {
      const method = body.absent ? "GET" : "POST";
      const response = await sender.send(outgoing(`https://localhost:${port}/`, { httpVersion, body, method }));
      expect(await text(response)).toBe("two");
      return response;
    };
    const [first] = await Promise.all([send("2or1"), send("2or1"), send("2", Body.text("hello"))]);
    expect(first.headers.all("set-cookie")).toEqual(["a=1", "b=2"]);
    await send("1");
    expect(versions.toSorted()).toEqual(["1.1", "2.0", "2.0", "2.0"]);
    const source = new PushedSource();
    const streaming = send("2", Body.stream(source));
    const sink = await source.started;
    sink.write(Buffer.from("a"));
    sink.end();
    await streaming;
  });

  it("falls back from 2or1, and fails where only 2 will do", async () => {
    const { port } = await secure(authority, "localhost");
    const sender = client({ ca: [authority.cert] });
    expect((await sender.send(outgoing(`https://localhost:${port}/`, { httpVersion: "2or1" }))).status).toBe(200);
    expect((await failure(sender.send(outgoing(`https://localhost:${port}/`, { httpVersion: "2" })))).kind).toBe(
      "connection",
    );
  });

  it("speaks HTTP/2 in cleartext with prior knowledge", async () => {
    const server = createHttp2Server((req, res) => res.end(req.httpVersion));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const port = (server.address() as AddressInfo).port;
    const sender = client();
    expect(await text(await sender.send(outgoing(`http://127.0.0.1:${port}/`, { httpVersion: "2" })))).toBe("2.0");
    await sender.destroy();
  });
});
