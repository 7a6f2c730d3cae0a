import { describe, expect, it } from "vitest";
import { BackendError } from "../../policy/exchange/errors.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import type { SeenRequest } from "../testing/raw-backend.ts";
import { failure, OK, outgoing, rested, say, text, upstreamKit } from "../testing/upstream.ts";

const { backend, client } = upstreamKit();

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
