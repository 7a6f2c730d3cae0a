import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from "node:http2";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { IncomingRequest, Sent } from "../../engine/handler.ts";
import { Body } from "../../policy/exchange/body.ts";
import { type IssuedCertificate, TestAuthority } from "../testing/certificates.ts";
import { answer, answerWith, startGateway, type TestGateway } from "../testing/gateway.ts";
import { PushedSource } from "../testing/pushed-source.ts";
import { RawClient } from "../testing/raw-client.ts";

const started: TestGateway[] = [];
const sessions: ClientHttp2Session[] = [];
async function start(...parameters: Parameters<typeof startGateway>): Promise<TestGateway> {
  const test = await startGateway(...parameters);
  started.push(test);
  return test;
}
function session(port: number): ClientHttp2Session {
  const client = connect(`http://127.0.0.1:${port}`);
  client.on("error", () => {});
  sessions.push(client);
  return client;
}
afterEach(async () => {
  for (const client of sessions.splice(0)) client.destroy();
  await Promise.all(started.splice(0).map((test) => test.gateway.stop({ drainMs: 0 })));
});

async function call(
  client: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string,
): Promise<{ status: number; headers: Record<string, unknown>; body: string; code: number }> {
  const stream = client.request(headers, { endStream: body === undefined });
  stream.on("error", () => {});
  if (body !== undefined) stream.end(body);
  return receive(stream);
}

async function receive(stream: ClientHttp2Stream) {
  let headers: Record<string, unknown> = {};
  let text = "";
  stream.on("response", (received) => (headers = received));
  stream.setEncoding("latin1");
  stream.on("data", (chunk: string) => (text += chunk));
  await new Promise<void>((resolve) => stream.on("close", resolve));
  return { status: Number(headers[":status"]), headers, body: text, code: stream.rstCode };
}

describe("HTTP/2 in cleartext with prior knowledge", () => {
  it("carries requests as HTTP/1 does", async () => {
    const seen: IncomingRequest[] = [];
    const test = await start(async (request) => {
      seen.push(request);
      await request.body.buffer(1000);
      return answer(`got ${Buffer.from(request.body.buffered ?? []).toString()}`, {
        headers: [
          "X-Answer",
          "1",
          "Set-Cookie",
          "a=1",
          "Set-Cookie",
          "b=2",
          "Connection",
          "close",
          "Transfer-Encoding",
          "chunked",
        ],
      });
    });
    const client = session(test.port);
    const result = await call(
      client,
      { ":method": "POST", ":path": "/a?q=1", ":authority": "Api.Test", cookie: ["c=1", "d=2"], "x-a": "y" },
      "hello",
    );
    expect(result).toMatchObject({ status: 200, body: "got hello", code: 0 });
    expect(result.headers).toMatchObject({ "x-answer": "1", "set-cookie": ["a=1", "b=2"], "content-length": "9" });
    expect(result.headers).not.toHaveProperty("connection");
    expect(seen[0]).toMatchObject({
      method: "POST",
      host: "api.test",
      port: 80,
      path: "/a",
      query: "?q=1",
      httpVersion: "2",
    });
    expect(seen[0]?.headers.get("host")).toBe("Api.Test");
    expect(seen[0]?.headers.all("cookie")).toEqual(["c=1; d=2"]);
    expect(seen[0]?.headers.raw.some((name) => name.startsWith(":"))).toBe(false);
  });

  it("multiplexes", async () => {
    const gate = Promise.withResolvers<void>();
    const test = await start(async (request) => {
      if (request.path === "/1") await gate.promise;
      else gate.resolve();
      return answer(request.path);
    });
    const client = session(test.port);
    const [one, two] = await Promise.all([call(client, { ":path": "/1" }), call(client, { ":path": "/2" })]);
    expect([one.body, two.body]).toEqual(["/1", "/2"]);
  });

  it("streams both ways with back-pressure, and large bodies whole", async () => {
    const large = "x".repeat(500_000);
    const test = await start(async (request) => {
      await request.body.buffer(1 << 20);
      return answerWith(Body.of(request.body.buffered as Uint8Array));
    });
    expect((await call(session(test.port), { ":method": "POST", ":path": "/" }, large)).body).toBe(large);
  });

  it("answers HEAD, 204 and 304 without body", async () => {
    const test = await start((request) =>
      answer("12345", { status: request.path === "/" ? 200 : Number(request.path.slice(1)) }),
    );
    const client = session(test.port);
    const head = await call(client, { ":method": "HEAD", ":path": "/" });
    expect(head).toMatchObject({ status: 200, body: "", code: 0 });
    expect(head.headers["content-length"]).toBe("5");
    for (const status of [204, 304]) {
      expect(await call(client, { ":path": `/${status}` })).toMatchObject({ status, body: "" });
    }
  });

  it.each([
    ["a host that is none", { ":authority": "a,b" }],
    ["a Host that differs from :authority", { ":authority": "a", host: "b" }],
    ["a path that holds a fragment", { ":path": "/#a" }],
    ["an asterisk", { ":method": "OPTIONS", ":path": "*" }],
  ])("refuses %s", async (_name, headers) => {
    const test = await start(() => answer("x"));
    const result = await call(session(test.port), { ":path": "/", ...headers });
    expect(result.status).toBe(400);
    expect(result.body).toMatch(/^\{ "statusCode": 400, /);
    expect(test.refused).toEqual([400]);
  });

  it("is 500 when policies made a header value with a line break", async () => {
    const test = await start(() => answer("x", { headers: ["X", "a\r\nY: b"] }));
    const result = await call(session(test.port), { ":path": "/" });
    expect([result.status, result.headers.x]).toEqual([500, undefined]);
    expect(test.unexpected).toHaveLength(1);
  });

  it("keeps to its limits", async () => {
    const test = await start(() => answer("x"), { limits: { urlBytes: 50, headerCount: 5, bodyBytes: 10 } });
    const client = session(test.port);
    expect((await call(client, { ":path": `/${"x".repeat(50)}` })).status).toBe(414);
    const many = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`x-${i}`, "y"]));
    expect((await call(client, { ":path": "/", ...many })).status).toBe(431);
    expect(
      (await call(client, { ":method": "POST", ":path": "/", "content-length": "11" }, "12345678901")).status,
    ).toBe(413);
  });

  it("resets a stream whose backend dies, and tells the handler of a client that resets", async () => {
    const source = new PushedSource();
    const sent = Promise.withResolvers<Sent>();
    const test = await start(() => answerWith(Body.stream(source), { sent: sent.resolve }));
    const result = call(session(test.port), { ":path": "/" });
    const sink = await source.started;
    sink.write(Buffer.from("abc"));
    sink.fail(new Error("dead"));
    expect((await result).code).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect((await sent.promise).aborted).toBe(true);

    const other = new PushedSource();
    const resetting = await start(() => answerWith(Body.stream(other)));
    const stream = session(resetting.port).request({ ":path": "/" });
    stream.on("error", () => {});
    await other.started;
    stream.close(constants.NGHTTP2_CANCEL);
    await other.untilCancelled();
  });

  it("is told apart from HTTP/1 however its first bytes are cut", async () => {
    const test = await start(() => answer("x"));
    const h1 = await RawClient.connect(test.port);
    for (const part of ["P", "O", "ST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", "y"]) {
      h1.send(part);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await h1.response()).status).toBe(200);
    h1.close();
    const h2 = await RawClient.connect(test.port);
    const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    h2.send(preface.slice(0, 10));
    await new Promise((resolve) => setTimeout(resolve, 5));
    h2.send(`${preface.slice(10)}\0\0\0\x04\0\0\0\0\0`);
    // The server's SETTINGS frame: type 4 on stream 0.
    expect((await h2.until((received) => received.length >= 9)).slice(3, 9)).toBe("\x04\0\0\0\0\0");
    h2.close();
  });

  it("ends idle connections", async () => {
    const test = await start(() => answer("x"), { timeouts: { idleMs: 60 } });
    const client = session(test.port);
    await call(client, { ":path": "/" });
    await once(client, "close");
  });

  it("ends connections whose header section never becomes complete", async () => {
    const test = await start(() => answer("x"), { timeouts: { idleMs: 60 } });
    const client = await RawClient.connect(test.port);
    // HEADERS of 100 bytes on stream 1, of which 5 come.
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x64\x01\x05\0\0\0\x01abcde");
    const dripping = setInterval(() => client.socket.write("x"), 10);
    await client.end();
    clearInterval(dripping);
  });
});

describe("HTTP/2 over TLS", () => {
  let authority: TestAuthority;
  let certificate: IssuedCertificate;
  beforeAll(async () => {
    authority = await TestAuthority.create();
    certificate = await authority.issue("localhost", "127.0.0.1");
  });

  it("is chosen by ALPN, HTTP/1.1 where the client knows no better", async () => {
    const seen: IncomingRequest[] = [];
    const test = await start(
      (request) => {
        seen.push(request);
        return answer("secure");
      },
      { tls: { certificates: [certificate] } },
    );
    const h2 = connect(`https://127.0.0.1:${test.port}`, { ca: authority.cert });
    sessions.push(h2);
    expect((await call(h2, { ":path": "/" })).body).toBe("secure");
    const h1 = await RawClient.connect(test.port, { ca: authority.cert, ALPNProtocols: ["http/1.1"] });
    h1.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect((await h1.response()).body).toBe("secure");
    h1.close();
    expect(seen.map(({ httpVersion, scheme, port }) => [httpVersion, scheme, port])).toEqual([
      ["2", "https", test.port],
      ["1.1", "https", 443],
    ]);
  });

  it("is not offered where it is switched off", async () => {
    const test = await start(() => answer("x"), { tls: { certificates: [certificate], http2: false } });
    const client = await RawClient.connect(test.port, { ca: authority.cert, ALPNProtocols: ["h2", "http/1.1"] });
    expect((client.socket as unknown as { alpnProtocol: string }).alpnProtocol).toBe("http/1.1");
    client.close();
  });
});
