import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server, createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { connect as connectTcp } from "node:net";
import type { TLSSocket } from "node:tls";
import { beforeAll, describe, expect, it } from "vitest";
import { Body } from "../../policy/exchange/body.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { parseUrl, type UrlParts } from "../../policy/exchange/url.ts";
import { TestAuthority } from "../testing/certificates.ts";
import { PushedSource } from "../testing/pushed-source.ts";
import type { SeenRequest } from "../testing/raw-backend.ts";
import { failure, OK, outgoing, say, text, upstreamKit } from "../testing/upstream.ts";

const { backend, client, listen } = upstreamKit();

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
    const port = await listen(server);
    const sender = client();
    expect(await text(await sender.send(outgoing(`http://127.0.0.1:${port}/`, { httpVersion: "2" })))).toBe("2.0");
    await sender.destroy();
  });
});
