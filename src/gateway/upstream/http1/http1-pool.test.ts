import { randomBytes } from "node:crypto";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Body, type BodySource } from "../../../policy/exchange/body.ts";
import { BackendError, ClientGoneError } from "../../../policy/exchange/errors.ts";
import type { ResponseMessage } from "../../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../../policy/exchange/services.ts";
import { parseUrl, type UrlParts } from "../../../policy/exchange/url.ts";
import { TestAuthority } from "../../testing/certificates.ts";
import { PushedSource } from "../../testing/pushed-source.ts";
import { RawBackend, type SeenRequest } from "../../testing/raw-backend.ts";
import { UpstreamClient, type UpstreamOptions } from "../client.ts";

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

function outgoing(port: number, more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return {
    url: parseUrl(`http://127.0.0.1:${port}/`) as UrlParts,
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
  await response.body.buffer(1 << 26);
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

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const say = (bytes: string) => (request: SeenRequest) => void request.socket.write(bytes, "latin1");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("connections at rest", () => {
  it("are closed after the time that is configured, or less where the backend says so", async () => {
    const closed = Promise.withResolvers<void>();
    const server = await backend(({ socket }, count) => {
      if (count === 1) socket.on("close", () => closed.resolve());
      const hint = count === 1 ? "" : "Keep-Alive: timeout=1\r\n";
      socket.write(`HTTP/1.1 200 OK\r\n${hint}Content-Length: 0\r\n\r\n`);
    });
    const sender = client({ keepAliveMs: 60 });
    await text(await sender.send(outgoing(server.port)));
    await closed.promise;
    // A second is as long as the gateway allows for its own clock and the way: such a connection does not rest at all.
    await text(await sender.send(outgoing(server.port)));
    await text(await sender.send(outgoing(server.port)));
    expect(server.connections).toBe(3);
  });

  it("are kept longer than configured where the backend promises that", async () => {
    const server = await backend(say("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=30\r\nContent-Length: 0\r\n\r\n"));
    const sender = client({ keepAliveMs: 20 });
    await sender.send(outgoing(server.port));
    await pause(60);
    await sender.send(outgoing(server.port));
    expect(server.connections).toBe(1);
  });

  it("that the backend closes are not used", async () => {
    const gone = Promise.withResolvers<void>();
    const server = await backend(({ socket }) => {
      // Closed only when the other side has closed as well.
      socket.on("close", () => gone.resolve());
      socket.end(OK);
    });
    const sender = client();
    await text(await sender.send(outgoing(server.port)));
    await gone.promise;
    // Not even where a second sending would not be safe.
    expect((await sender.send(outgoing(server.port, { method: "POST", body: Body.text("x") }))).status).toBe(200);
    expect(server.requests).toHaveLength(2);
  });

  it("on which the backend says something are not used", async () => {
    const gone = Promise.withResolvers<void>();
    const server = await backend(({ socket }) => {
      socket.on("close", () => gone.resolve());
      socket.write(OK);
    });
    const sender = client();
    await text(await sender.send(outgoing(server.port)));
    server.requests[0]?.socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    await gone.promise;
    expect(await text(await sender.send(outgoing(server.port)))).toBe("ok");
    expect(server.connections).toBe(2);
  });

  it("that died under a request lead to a new connection, not to the next that may have died", async () => {
    const server = await backend((request, count) => {
      // Four connections stand; all of them die with their next request.
      if (count > 4 && request.connection <= 4) request.socket.destroy();
      else if (count >= 4) for (const seen of server.requests.slice(0, 4)) seen.socket.write(OK);
      if (request.connection > 4) request.socket.write(OK);
    });
    const sender = client({ connections: 4 });
    await Promise.all([1, 2, 3, 4].map(async () => text(await sender.send(outgoing(server.port)))));
    const body = Body.text("again");
    expect((await sender.send(outgoing(server.port, { method: "PUT", body }))).status).toBe(200);
    await server.until(() => server.received[4]?.endsWith("again") ?? false);
    expect([server.connections, server.requests.length]).toEqual([5, 6]);
  });
});

describe("requests that wait for a connection", () => {
  it("go out in their order, and leave without a trace when they give up", async () => {
    const server = await backend(() => {});
    const sender = client({ connections: 1, waiting: 3 });
    const send = (path: string, more: Partial<OutgoingRequest> = {}) =>
      sender.send(
        outgoing(server.port, { url: parseUrl(`http://127.0.0.1:${server.port}${path}`) as UrlParts, ...more }),
      );
    const abort = new AbortController();
    const first = send("/1");
    const second = failure(send("/2", { signal: abort.signal }));
    const third = failure(send("/3", { timeoutMs: 30 }));
    const fourth = send("/4");
    expect((await failure(send("/5"))).message).toContain("Too many requests");
    abort.abort();
    expect([(await second).kind, (await third).kind]).toEqual(["aborted", "timeout"]);
    // Their places are free again.
    const sixth = send("/6");
    for (const [index, answer] of [first, fourth, sixth].entries()) {
      await server.until(() => server.requests.length === index + 1);
      server.requests[index]?.socket.write(OK);
      expect((await answer).status).toBe(200);
    }
    expect(server.requests.map(({ head }) => head.slice(4, 6))).toEqual(["/1", "/4", "/6"]);
    expect(server.connections).toBe(1);
  });

  it("all fail where the backend cannot be reached, and cost nobody behind them anything", async () => {
    const server = await backend(say(OK));
    const { port } = server;
    await server.stop();
    const sender = client({ connections: 2 });
    const kinds = await Promise.all([1, 2, 3, 4, 5].map(async () => (await failure(sender.send(outgoing(port)))).kind));
    expect(kinds).toEqual(Array(5).fill("connection"));
    expect((await failure(sender.send(outgoing(port)))).kind).toBe("connection");
  });

  it("fail, and do no more, where a connection cannot even be tried", async () => {
    const sender = client({ connections: 1, waiting: 0 });
    const clientCertificate = { cert: "no certificate", key: "no key" };
    const tls = { validateChain: true, validateName: true, clientCertificate };
    const url = parseUrl("https://127.0.0.1:9/") as UrlParts;
    for (let i = 0; i < 3; i++) {
      expect((await failure(sender.send(outgoing(9, { url, tls })))).message).not.toContain("Too many");
    }
    expect((await failure(sender.send(outgoing(9, { url: { ...url, port: 70_000 } })))).kind).toBe("connection");
  });

  it("get the next connection when one is lost", async () => {
    const server = await backend((request, count) => {
      if (count === 1) setTimeout(() => request.socket.destroy(), 20);
      else request.socket.write(OK);
    });
    const sender = client({ connections: 1 });
    const lost = failure(sender.send(outgoing(server.port)));
    const next = sender.send(outgoing(server.port));
    expect((await lost).kind).toBe("connection");
    expect((await next).status).toBe(200);
  });
});

describe("a caller who leaves", () => {
  const gone = () => new ClientGoneError();

  it("before a connection stands costs nobody else theirs", async () => {
    const server = await backend(say(OK));
    const sender = client({ connections: 1 });
    const abort = new AbortController();
    const left = failure(sender.send(outgoing(server.port, { signal: abort.signal })));
    const stays = sender.send(outgoing(server.port));
    abort.abort(gone());
    expect((await left).kind).toBe("aborted");
    expect((await stays).status).toBe(200);
    expect([server.connections, server.requests.length]).toEqual([1, 1]);
  });

  it.each([
    ["while the request is sent", "", true],
    ["before the answer", "", false],
    ["within the head", "HTTP/1.1 200 OK\r\nX: ", false],
  ])("%s ends the connection", async (_name, bytes, sending) => {
    const ended = Promise.withResolvers<void>();
    const server = await backend(({ socket }) => {
      socket.on("close", () => ended.resolve());
      socket.write(bytes);
    });
    const abort = new AbortController();
    const source = new PushedSource();
    const body = sending ? Body.stream(source, 100) : Body.none();
    const sent = failure(client().send(outgoing(server.port, { method: "POST", body, signal: abort.signal })));
    await server.until(() => server.requests.length === 1);
    if (sending) (await source.started).write(Buffer.from("x"));
    abort.abort(gone());
    expect((await sent).kind).toBe("aborted");
    await ended.promise;
    if (sending) expect(source.cancelled).toBe(true);
  });

  it("within the body ends the connection, and the body", async () => {
    const ended = Promise.withResolvers<void>();
    const server = await backend(({ socket }) => {
      socket.on("close", () => ended.resolve());
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    });
    const abort = new AbortController();
    const response = await client().send(outgoing(server.port, { signal: abort.signal }));
    const body = failure(text(response));
    abort.abort(gone());
    expect((await body).kind).toBe("aborted");
    await ended.promise;
  });

  it("after the answer costs nothing", async () => {
    const server = await backend(say(OK));
    const sender = client();
    const abort = new AbortController();
    await text(await sender.send(outgoing(server.port, { signal: abort.signal })));
    abort.abort(gone());
    await text(await sender.send(outgoing(server.port)));
    expect(server.connections).toBe(1);
  });
});

describe("bodies in both directions", () => {
  it("stream at the same time where the backend answers early", async () => {
    const server = await backend(say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
    const source = new PushedSource();
    const sender = client();
    const response = await sender.send(outgoing(server.port, { method: "POST", body: Body.stream(source) }));
    const answer = text(response);
    const sink = await source.started;
    sink.write(Buffer.from("still sending"));
    await server.until(() => server.received[0]?.endsWith("d\r\nstill sending\r\n") ?? false);
    sink.end();
    await server.until(() => server.received[0]?.endsWith("\r\n0\r\n\r\n") ?? false);
    server.requests[0]?.socket.write("0\r\n\r\n");
    expect(await answer).toBe("hello");
    // Both ended: the connection serves on.
    const next = sender.send(outgoing(server.port));
    await server.until(() => server.requests.length === 2);
    expect(server.connections).toBe(1);
    server.requests[1]?.socket.write("0\r\n\r\n");
    await text(await next);
  });

  it("that say nothing for a moment do not hold the head back", async () => {
    const server = await backend(() => {});
    const source = new PushedSource();
    const sent = client().send(outgoing(server.port, { method: "POST", body: Body.stream(source) }));
    await server.until(() => server.requests.length === 1);
    expect(server.requests[0]?.head).toContain("transfer-encoding: chunked\r\n");
    source.sink?.end();
    await server.until(() => server.received[0]?.endsWith("\r\n\r\n0\r\n\r\n") ?? false);
    server.requests[0]?.socket.write(OK);
    expect((await sent).status).toBe(200);
  });

  it("never hold an empty chunk before the end", async () => {
    const server = await backend(() => {});
    const source = new PushedSource();
    const sent = client().send(outgoing(server.port, { method: "POST", body: Body.stream(source) }));
    const sink = await source.started;
    for (const piece of ["", "ab", "", "c"]) expect(sink.write(Buffer.from(piece))).toBe(true);
    sink.end();
    await server.until(() => server.received[0]?.endsWith("0\r\n\r\n") ?? false);
    expect(server.received[0]).toMatch(/\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n$/);
    server.requests[0]?.socket.write(OK);
    await sent;
  });

  it.each([
    ["longer", "abcdef"],
    ["shorter", "abc"],
  ])("that are %s than they say end the connection", async (how, content) => {
    const ended = Promise.withResolvers<void>();
    const server = await backend(({ socket }) => socket.on("close", () => ended.resolve()));
    const source = new PushedSource();
    const sent = failure(client().send(outgoing(server.port, { method: "PUT", body: Body.stream(source, 5) })));
    const sink = await source.started;
    sink.write(Buffer.from(content));
    sink.end();
    expect(await sent).toMatchObject({ kind: "protocol", message: expect.stringContaining(how) });
    await server.until(() => server.requests.length === 1);
    await ended.promise;
    expect(server.received[0]).not.toContain("abcdef");
  });

  it("arrive as they were sent, under pressure and many at a time", async () => {
    const sizes = [1, 4096, 16_384, 16_385, 65_536, 200_000, 1_000_000];
    const server = await backend(({ socket, head }) => {
      const size = Number(/size=(\d+)/.exec(head)?.[1]);
      const content = pattern(size);
      if (head.includes("chunked=1")) {
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (let at = 0; at < size; at += 7777) {
          const piece = content.subarray(at, at + 7777);
          socket.write(`${piece.byteLength.toString(16)}\r\n`);
          socket.write(piece);
          socket.write("\r\n");
        }
        socket.write("0\r\n\r\n");
      } else {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
        socket.write(content);
      }
    });
    const sender = client({ connections: 8 });
    const tasks = Array.from({ length: 200 }, async (_, n) => {
      const size = sizes[n % sizes.length] as number;
      const url = parseUrl(`http://127.0.0.1:${server.port}/?size=${size}&chunked=${n & 1}`) as UrlParts;
      const response = await sender.send(outgoing(server.port, { url }));
      const received = await slowly(response.body, n % 3 === 0);
      return received.equals(pattern(size));
    });
    expect(await Promise.all(tasks)).toEqual(Array(200).fill(true));
  });

  it("reach a TLS backend and come back, with back-pressure", async () => {
    const authority = await TestAuthority.create();
    const server = createHttpsServer(await authority.issue("localhost"), (req, res) => req.pipe(res));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => void server.close(resolve)));
    const url = parseUrl(`https://localhost:${(server.address() as AddressInfo).port}/`) as UrlParts;
    const sender = client({ ca: [authority.cert] });
    const content = randomBytes(3_000_000);
    for (const announced of [undefined, content.byteLength]) {
      const body = Body.stream(sliced(content, 50_000), announced);
      const response = await sender.send(outgoing(0, { url, method: "POST", body }));
      expect((await slowly(response.body, true)).equals(content)).toBe(true);
    }
    await sender.destroy();
  });
});

describe("waiting for 100 Continue", () => {
  const expecting = (port: number, body: Body) => outgoing(port, { method: "PUT", body, continueTimeoutMs: 10_000 });

  it("uses connections that rested, and leaves them usable", async () => {
    const server = await backend(({ socket, head }) => {
      socket.write(/expect:/i.test(head) ? "HTTP/1.1 100 Continue\r\n\r\n" : OK);
    });
    const sender = client();
    await text(await sender.send(outgoing(server.port)));
    const sent = sender.send(expecting(server.port, Body.text("hello")));
    await server.until(() => server.received[0]?.endsWith("hello") ?? false);
    server.requests[1]?.socket.write(OK);
    expect(await text(await sent)).toBe("ok");
    await text(await sender.send(outgoing(server.port)));
    expect(server.connections).toBe(1);
  });

  it("does not use a connection again whose backend may still expect the body", async () => {
    const server = await backend(say("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"));
    const sender = client();
    expect((await sender.send(expecting(server.port, Body.text("hello")))).status).toBe(417);
    await sender.send(outgoing(server.port));
    expect(server.connections).toBe(2);
    expect(server.received[0]).not.toContain("hello");
  });

  it("is for requests with content alone", async () => {
    const server = await backend(say(OK));
    await client().send(expecting(server.port, Body.none()));
    expect(server.requests[0]?.head).not.toMatch(/expect/i);
  });
});

describe("a client that closes", () => {
  it("lets running requests end, also those that still wait", async () => {
    const server = await backend(({ socket }) => void setTimeout(() => socket.write(OK), 20));
    const sender = client({ connections: 1 });
    const answers = [1, 2, 3].map(() => sender.send(outgoing(server.port)));
    await server.until(() => server.requests.length === 1);
    await sender.close();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("at once fails them, wherever they are", async () => {
    const server = await backend(({ socket }, count) => {
      if (count === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    });
    const sender = client({ connections: 2 });
    const body = failure(text(await sender.send(outgoing(server.port))));
    const head = failure(sender.send(outgoing(server.port)));
    const waiting = failure(sender.send(outgoing(server.port)));
    await server.until(() => server.requests.length === 2);
    await sender.destroy();
    expect((await Promise.all([body, head, waiting])).map(({ kind }) => kind)).toEqual(Array(3).fill("connection"));
  });
});

describe("methods", () => {
  it.each(["CONNECT", "", "GET X", "GET\r\nX: y"])("%j cannot be sent", async (method) => {
    const server = await backend(say(OK));
    const source = new PushedSource();
    const sent = failure(client().send(outgoing(server.port, { method, body: Body.stream(source) })));
    expect((await sent).kind).toBe("protocol");
    expect([server.connections, source.cancelled]).toEqual([0, true]);
  });
});

function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + size) & 0xff;
  return bytes;
}

/** Reads a body as a client does whose connection takes a chunk now and then: held where `holds`, else copied. */
function slowly(body: Body, holds: boolean): Promise<Buffer> {
  const { bytes, source } = body.take();
  if (!source) return Promise.resolve(Buffer.from(bytes ?? []));
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let holding = false;
    source.start({
      write(chunk) {
        chunks.push(holds ? chunk : Buffer.from(chunk));
        holding = holds;
        if (chunks.length % 3 !== 0) return true;
        setTimeout(() => source.resume(), 1);
        return false;
      },
      end: () => resolve(Buffer.concat(chunks)),
      fail: reject,
      get holding() {
        return holding;
      },
    });
  });
}

/** A source that delivers bytes in pieces, as fast as they are taken. */
function sliced(content: Uint8Array, size: number): BodySource {
  let at = 0;
  let sink: Parameters<BodySource["start"]>[0] | undefined;
  const flow = () => {
    while (at < content.byteLength) {
      const piece = content.subarray(at, at + size);
      at += size;
      if (!sink?.write(piece)) return;
    }
    sink?.end();
  };
  return {
    start(given) {
      sink = given;
      flow();
    },
    resume: flow,
    cancel() {},
  };
}
