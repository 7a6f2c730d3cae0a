import { afterEach, describe, expect, it } from "vitest";
import type { IncomingRequest, Sent } from "../../engine/handler.ts";
import { Body, BodyTooLargeError } from "../../policy/exchange/body.ts";
import { ClientGoneError } from "../../policy/exchange/errors.ts";
import { answer, answerWith, startGateway, type TestGateway } from "../testing/gateway.ts";
import { PushedSource } from "../testing/pushed-source.ts";
import { RawClient } from "../testing/raw-client.ts";

const started: TestGateway[] = [];
async function start(...parameters: Parameters<typeof startGateway>): Promise<TestGateway> {
  const test = await startGateway(...parameters);
  started.push(test);
  return test;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((test) => test.gateway.stop({ drainMs: 0 })));
});

async function text(request: IncomingRequest): Promise<string> {
  await request.body.buffer(1 << 20);
  return Buffer.from(request.body.buffered ?? []).toString();
}

describe("what the handler sees", () => {
  it("has the parts of the URL, the raw header list and the client", async () => {
    const seen: IncomingRequest[] = [];
    const test = await start((request) => {
      seen.push(request);
      return answer("ok");
    });
    const client = await RawClient.connect(test.port);
    client.send(
      "GET /a%2Fb?q=1&q=2 HTTP/1.1\r\nHost: Example.COM:8080\r\nX-A: 1\r\nx-a: 2\r\nConnection: keep-alive\r\n\r\n",
    );
    expect(await client.response()).toMatchObject({ status: 200, body: "ok" });
    expect(seen[0]).toMatchObject({
      method: "GET",
      scheme: "http",
      host: "example.com",
      port: 8080,
      path: "/a%2Fb",
      query: "?q=1&q=2",
      httpVersion: "1.1",
      client: { address: "127.0.0.1" },
    });
    expect(seen[0]?.headers.raw).toEqual([
      "Host",
      "Example.COM:8080",
      "X-A",
      "1",
      "x-a",
      "2",
      "Connection",
      "keep-alive",
    ]);
    expect(seen[0]?.body.absent).toBe(true);
    client.close();
  });

  it("tells an empty body from none", async () => {
    const absent: boolean[] = [];
    const test = await start((request) => {
      absent.push(request.body.absent);
      return answer("ok");
    });
    const client = await RawClient.connect(test.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    await client.response();
    client.send("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n");
    await client.response();
    expect(absent).toEqual([false, true]);
    client.close();
  });

  it("streams bodies with Content-Length and chunked ones, trailers dropped", async () => {
    const lengths: (number | undefined)[] = [];
    const test = await start(async (request) => {
      lengths.push(request.body.length);
      return answer(await text(request));
    });
    const client = await RawClient.connect(test.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
    client.send("lo");
    expect((await client.response()).body).toBe("hello");
    client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX: y\r\n\r\n",
    );
    expect((await client.response()).body).toBe("abcde");
    expect(lengths).toEqual([5, undefined]);
    client.close();
  });

  it("is told that the client has gone, and so is the reader of its body", async () => {
    const gone = Promise.withResolvers<unknown>();
    const body = Promise.withResolvers<unknown>();
    const sent = Promise.withResolvers<Sent>();
    const test = await start(async (request) => {
      const { signal } = request;
      signal?.addEventListener("abort", () => gone.resolve(signal.reason));
      await Promise.resolve(request.body.buffer(1000)).catch(body.resolve);
      return answer("too late", { sent: sent.resolve });
    });
    const client = await RawClient.connect(test.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhalf");
    client.socket.end();
    expect(await gone.promise).toBeInstanceOf(ClientGoneError);
    expect(await body.promise).toBeInstanceOf(ClientGoneError);
    expect(await sent.promise).toMatchObject({ aborted: true, bytesIn: 4, bytesOut: 0 });
  });
});

describe("the answer", () => {
  it("keeps order, case and repetition of header fields, and frames the body itself", async () => {
    const test = await start(() =>
      answer("body", {
        headers: [
          "X-B",
          "1",
          "Set-Cookie",
          "a=1",
          "set-cookie",
          "b=2",
          "Content-Length",
          "99",
          "Transfer-Encoding",
          "chunked",
          "Connection",
          "x",
          "Keep-Alive",
          "timeout=9",
        ],
      }),
    );
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const { head } = await client.response();
    expect(head.replace(/Date: .*\r\n|\r\nDate: .*/, "")).toBe(
      "X-B: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 4",
    );
    expect(head).toMatch(/Date: .* GMT/);
    client.close();
  });

  it("leaves the backend's Date", async () => {
    const test = await start(() => answer("x", { headers: ["date", "Mon, 05 Jan 2026 09:05:07 GMT"] }));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect((await client.response()).head.match(/date:/gi)).toHaveLength(1);
    client.close();
  });

  it.each([204, 304])("has no body with %i", async (status) => {
    const source = new PushedSource();
    const test = await start(() => answerWith(Body.stream(source), { status }));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const received = await client.end();
    expect(received).not.toMatch(/content-length|transfer-encoding/i);
    expect(received.split("\r\n\r\n").map((part) => part.slice(0, 12))).toEqual([
      `HTTP/1.1 ${status}`,
      `HTTP/1.1 ${status}`,
      "",
    ]);
    expect(source.cancelled).toBe(true);
  });

  it("to HEAD states the length and has no body", async () => {
    const test = await start((request) =>
      request.path === "/made" ? answer("12345") : answerWith(Body.none(), { headers: ["content-length", "77"] }),
    );
    const client = await RawClient.connect(test.port);
    client.send("HEAD /made HTTP/1.1\r\nHost: a\r\n\r\n");
    expect((await client.response(true)).head).toMatch(/content-length: 5/i);
    client.send("HEAD /passed HTTP/1.1\r\nHost: a\r\n\r\n");
    expect((await client.response(true)).head).toMatch(/content-length: 77/i);
    expect(client.received).toBe("");
    client.close();
  });

  it("passes large bodies whole", async () => {
    const large = "x".repeat(300_000);
    const test = await start(() => answer(large));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect((await client.response()).body).toBe(large);
    client.close();
  });

  it("keeps bytes that are no text", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const test = await start(() => answerWith(Body.of(bytes)));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(Buffer.from((await client.response()).body, "latin1")).toEqual(Buffer.from(bytes));
    client.close();
  });

  it("sends the head and each piece of a stream at once", async () => {
    const source = new PushedSource();
    const test = await start(() => answerWith(Body.stream(source), { headers: ["content-type", "text/event-stream"] }));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const sink = await source.started;
    expect(await client.until((received) => received.includes("\r\n\r\n"))).toMatch(/transfer-encoding: chunked/i);
    sink.write(Buffer.from("data: 1\n\n"));
    await client.until((received) => received.endsWith("data: 1\n\n\r\n"));
    sink.write(Buffer.from("data: 2\n\n"));
    await client.until((received) => received.endsWith("data: 2\n\n\r\n"));
    sink.end();
    expect(await client.until((received) => received.endsWith("0\r\n\r\n"))).toContain("0\r\n\r\n");
    client.close();
  });

  it("waits for a client that does not read", async () => {
    const source = new PushedSource();
    const test = await start(() => answerWith(Body.stream(source)));
    const client = await RawClient.connect(test.port);
    client.socket.pause();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const sink = await source.started;
    const chunk = Buffer.alloc(65536, "x");
    let written = 0;
    while (sink.write(chunk)) written++;
    expect(source.resumed).toBe(0);
    const resumed = source.untilResumed();
    client.socket.resume();
    await resumed;
    sink.end();
    await client.until((received) => received.endsWith("\r\n0\r\n\r\n"));
    expect(client.received.length).toBeGreaterThan((written + 1) * chunk.length);
    client.close();
  });

  it("cancels the source when the client goes away", async () => {
    const source = new PushedSource();
    const sent = Promise.withResolvers<Sent>();
    const test = await start(() => answerWith(Body.stream(source), { sent: sent.resolve }));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    (await source.started).write(Buffer.from("abc"));
    await client.until((received) => received.includes("abc"));
    client.close();
    await source.untilCancelled();
    expect(await sent.promise).toEqual({ bytesIn: 0, bytesOut: 3, aborted: true, status: 200 });
  });

  it.each([
    ["chunked", undefined, "HTTP/1.1"],
    ["with Content-Length", 100, "HTTP/1.1"],
    ["until the connection ends", undefined, "HTTP/1.0"],
  ])("that breaks off (%s) never looks complete", async (_name, announced, version) => {
    const source = new PushedSource();
    const test = await start(() => answerWith(Body.stream(source, announced)));
    const client = await RawClient.connect(test.port);
    client.send(`GET / ${version}\r\nHost: a\r\n\r\n`);
    const sink = await source.started;
    sink.write(Buffer.from("abc"));
    await client.until((received) => received.includes("abc"));
    sink.fail(new Error("backend died"));
    const received = await client.end();
    expect(received).not.toMatch(/0\r\n\r\n$/);
    if (version === "HTTP/1.0") expect(client.reset).toBe(true);
  });

  it.each([2, 4])("with another length (%i) than announced (3) never looks complete", async (length) => {
    const source = new PushedSource();
    const sent = Promise.withResolvers<Sent>();
    const test = await start(() => answerWith(Body.stream(source, 3), { sent: sent.resolve }));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const sink = await source.started;
    sink.write(Buffer.alloc(length, "x"));
    sink.end();
    await client.end();
    expect((await sent.promise).aborted).toBe(true);
  });

  it("is 500 without a word about the cause when the handler fails", async () => {
    const test = await start((request) => {
      if (request.path === "/sync") throw new Error("secret detail");
      return Promise.reject(new Error("secret detail"));
    });
    for (const path of ["/sync", "/async"]) {
      const client = await RawClient.connect(test.port);
      client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect(await client.end()).toMatch(
        /^HTTP\/1.1 500 [\s\S]*\r\n\r\n\{ "statusCode": 500, "message": "Internal server error" \}$/,
      );
    }
    expect(test.unexpected).toHaveLength(2);
  });

  it.each([
    ["a header value with a line break", 200, ["X", "a\r\nY: b"]],
    ["a header name that is none", 200, ["X Y", "a"]],
    ["a status that is none", 42, []],
    ["an interim status", 101, []],
  ])("is 500 when policies made %s", async (_name, status, headers) => {
    const sent = Promise.withResolvers<Sent>();
    const test = await start(() => answer("x", { status, headers, sent: sent.resolve }));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const received = await client.end();
    expect(received).toMatch(/^HTTP\/1.1 500 /);
    expect(received).not.toContain("Y: b");
    expect(await sent.promise).toMatchObject({ status: 500, aborted: false });
  });

  it("is reported once with the bytes of both bodies", async () => {
    const reports: Sent[] = [];
    const reported = Promise.withResolvers<void>();
    const test = await start(async (request) => {
      await text(request);
      return answer("four", {
        sent: (sent) => {
          reports.push(sent);
          reported.resolve();
        },
      });
    });
    const client = await RawClient.connect(test.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n1234567");
    await client.response();
    await reported.promise;
    client.close();
    expect(reports).toEqual([{ bytesIn: 7, bytesOut: 4, aborted: false, status: 200 }]);
  });

  it("survives a report that fails", async () => {
    const test = await start(() =>
      answer("x", {
        sent: () => {
          throw new Error("no disk");
        },
      }),
    );
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await client.response();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect((await client.response()).status).toBe(200);
    client.close();
  });
});

describe("connections", () => {
  it("serve request after request, also pipelined ones, in order", async () => {
    const test = await start(async (request) => {
      if (request.path === "/slow") await new Promise((resolve) => setTimeout(resolve, 20));
      return answer(request.path);
    });
    const client = await RawClient.connect(test.port);
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /fast HTTP/1.1\r\nHost: a\r\n\r\n");
    expect((await client.response()).body).toBe("/slow");
    expect((await client.response()).body).toBe("/fast");
    client.close();
  });

  it("close where the client asks", async () => {
    const test = await start(() => answer("x"));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect(await client.end()).toMatch(/connection: close/i);
  });

  it("of HTTP/1.0 close after the answer, unless asked to stay", async () => {
    const test = await start((request) => answer(`${request.host}:${request.port}`));
    const closing = await RawClient.connect(test.port);
    closing.send("GET / HTTP/1.0\r\n\r\n");
    expect(await closing.end()).toMatch(new RegExp(`\r\n\r\n127.0.0.1:${test.port}$`));
    const staying = await RawClient.connect(test.port);
    staying.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    expect((await staying.response()).head).toMatch(/connection: keep-alive/i);
    staying.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    expect((await staying.response()).status).toBe(200);
    staying.close();
  });

  it("without requests end in time", async () => {
    const test = await start(() => answer("x"), { timeouts: { idleMs: 60 } });
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(await client.end()).toMatch(/^HTTP\/1.1 200 /);
  });

  it("that send a head too slowly get a 408, silent ones nothing", async () => {
    const test = await start(() => answer("x"), { timeouts: { headersMs: 100 } });
    const slow = await RawClient.connect(test.port);
    slow.send("GET / HTTP/1.1\r\nHost:");
    const silent = await RawClient.connect(test.port);
    expect(await slow.end()).toMatch(/^HTTP\/1.1 408 [\s\S]*\{ "statusCode": 408, /);
    expect(await silent.end()).toBe("");
  });

  it("that send a body too slowly end", async () => {
    const body = Promise.withResolvers<unknown>();
    const test = await start(
      async (request) => {
        await Promise.resolve(request.body.buffer(1000)).catch(body.resolve);
        return answer("x");
      },
      { timeouts: { paceMs: 50, paceBytes: 100 } },
    );
    const client = await RawClient.connect(test.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n1");
    await client.end();
    expect(await body.promise).toBeInstanceOf(ClientGoneError);
  });

  it("that do not take their answer end", async () => {
    const source = new PushedSource();
    const test = await start(() => answerWith(Body.stream(source)), { timeouts: { paceMs: 20, paceBytes: 1 << 30 } });
    const client = await RawClient.connect(test.port);
    client.socket.pause();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const sink = await source.started;
    const chunk = Buffer.alloc(65536);
    // The network's own buffers take a few megabytes first.
    while (!source.cancelled) {
      while (sink.write(chunk)) if (source.cancelled) break;
      await Promise.race([source.untilResumed(), source.untilCancelled()]);
    }
    client.close();
  });
});

describe("limits", () => {
  it("of the URL give 414", async () => {
    const test = await start(() => answer("x"), { limits: { urlBytes: 100 } });
    const client = await RawClient.connect(test.port);
    client.send(`GET /${"x".repeat(100)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await client.end()).toMatch(/^HTTP\/1.1 414 /);
    expect(test.refused).toEqual([414]);
  });

  it("of header bytes and header count give 431", async () => {
    const test = await start(() => answer("x"), { limits: { headerBytes: 2000, headerCount: 10 } });
    const large = await RawClient.connect(test.port);
    large.send(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(2000)}\r\n\r\n`);
    expect(await large.end()).toMatch(/^HTTP\/1.1 431 /);
    const many = await RawClient.connect(test.port);
    many.send(`GET / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(10)}\r\n`);
    expect(await many.end()).toMatch(/^HTTP\/1.1 431 /);
  });

  it("of header count are no way to hide fields from the checks", async () => {
    const test = await start(() => answer("x"), { limits: { headerCount: 5000 } });
    const client = await RawClient.connect(test.port);
    client.send(`POST / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(2500)}Content-Length: 5\r\nHost: b\r\n\r\nabcde`);
    expect(await client.end()).toMatch(/^HTTP\/1.1 400 /);
  });

  it("of the body give 413 where it is announced, and stop it where it is not", async () => {
    const errors: unknown[] = [];
    const test = await start(
      async (request) => {
        await Promise.resolve(request.body.buffer(1000)).catch((error: unknown) => errors.push(error));
        return answer("x", { status: errors.length > 0 ? 413 : 200 });
      },
      { limits: { bodyBytes: 10 } },
    );
    const announced = await RawClient.connect(test.port);
    announced.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n12345678901");
    expect(await announced.end()).toMatch(/^HTTP\/1.1 413 /);
    const chunked = await RawClient.connect(test.port);
    chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n");
    expect((await chunked.response()).status).toBe(413);
    expect(errors[0]).toBeInstanceOf(BodyTooLargeError);
    chunked.close();
  });

  it("of connections close further ones", async () => {
    const test = await start(() => answer("x"), { limits: { connections: 1 } });
    const first = await RawClient.connect(test.port);
    first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await first.response();
    const second = await RawClient.connect(test.port);
    expect(await second.end()).toBe("");
    first.close();
  });
});

describe("early answers", () => {
  it("reach a client that is still sending, then the connection ends", async () => {
    const test = await start(() => answer("no", { status: 401 }));
    const client = await RawClient.connect(test.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    const { status, head } = await client.response();
    expect(status).toBe(401);
    expect(head).toMatch(/connection: close/i);
    // The rest is read and dropped, so that no reset hides the answer.
    client.send("x".repeat(100_000));
    await client.end();
    expect(client.reset).toBe(false);
  });

  it("keep the connection where the body has arrived", async () => {
    const test = await start(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return answer(request.path);
    });
    const client = await RawClient.connect(test.port);
    client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345");
    expect((await client.response()).head).not.toMatch(/connection: close/i);
    client.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    expect((await client.response()).body).toBe("/2");
    client.close();
  });

  it("answer Expect: 100-continue when the body is wanted, not before", async () => {
    const wanted = Promise.withResolvers<void>();
    const test = await start(async (request) => {
      await wanted.promise;
      return answer(await text(request));
    });
    const client = await RawClient.connect(test.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.received).toBe("");
    wanted.resolve();
    await client.until((received) => received.startsWith("HTTP/1.1 100 Continue\r\n\r\n"));
    client.received = "";
    client.send("hello");
    expect((await client.response()).body).toBe("hello");
    client.close();
  });

  it("take Expect: 100-continue without a body for what it is", async () => {
    const test = await start(() => answer("x"));
    const client = await RawClient.connect(test.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
    expect(await client.end()).toMatch(/^HTTP\/1.1 200 [\s\S]*connection: close/i);
  });

  it("refuse Expect: 100-continue without having the body sent", async () => {
    const test = await start(() => answer("no", { status: 403 }));
    const client = await RawClient.connect(test.port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    expect(await client.end()).toMatch(/^HTTP\/1.1 403 [\s\S]*connection: close/i);
  });
});
