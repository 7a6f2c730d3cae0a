import { describe, expect, it } from "vitest";
import { Body, BodyTooLargeError } from "../../policy/exchange/body.ts";
import { ClientGoneError } from "../../policy/exchange/errors.ts";
import { PushedSource } from "../testing/pushed-source.ts";
import type { SeenRequest } from "../testing/raw-backend.ts";
import { failure, OK, outgoing, say, text, upstreamKit } from "../testing/upstream.ts";

const { backend, client } = upstreamKit();

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
