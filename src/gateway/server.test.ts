import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { IncomingRequest } from "../engine/handler.ts";
import { Body } from "../policy/exchange/body.ts";
import { Gateway } from "./server.ts";
import { type IssuedCertificate, TestAuthority } from "./testing/certificates.ts";
import { answer, answerWith, startGateway, type TestGateway } from "./testing/gateway.ts";
import { PushedSource } from "./testing/pushed-source.ts";
import { RawClient } from "./testing/raw-client.ts";

const started: TestGateway[] = [];
async function start(...parameters: Parameters<typeof startGateway>): Promise<TestGateway> {
  const test = await startGateway(...parameters);
  started.push(test);
  return test;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((test) => test.gateway.stop({ drainMs: 0 })));
});
const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

describe("handlers", () => {
  it("are exchanged without losing a request: the old one ends what it began", async () => {
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const test = await start(async () => {
      entered.resolve();
      await gate.promise;
      return answer("old");
    });
    const first = await RawClient.connect(test.port);
    first.send(GET);
    await entered.promise;
    test.gateway.setHandler({ handle: () => answer("new") });
    const second = await RawClient.connect(test.port);
    second.send(GET);
    expect((await second.response()).body).toBe("new");
    gate.resolve();
    expect((await first.response()).body).toBe("old");
    first.send(GET);
    expect((await first.response()).body).toBe("new");
    first.close();
    second.close();
  });

  it("are exchanged under load without an error", async () => {
    const test = await start(() => answer("0"));
    const clients = await Promise.all(Array.from({ length: 8 }, () => RawClient.connect(test.port)));
    let swaps = 0;
    const swapping = setInterval(() => {
      const text = String(++swaps);
      test.gateway.setHandler({
        handle: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return answer(text);
        },
      });
    }, 1);
    const statuses = await Promise.all(
      clients.map(async (client) => {
        const seen = new Set<number>();
        for (let i = 0; i < 100; i++) {
          client.send(GET);
          seen.add((await client.response()).status);
        }
        return [...seen];
      }),
    );
    clearInterval(swapping);
    for (const client of clients) client.close();
    expect(statuses.flat().every((status) => status === 200)).toBe(true);
    expect(swaps).toBeGreaterThan(0);
  });
});

describe("stopping", () => {
  it("takes no new connections, ends idle ones and lets requests finish", async () => {
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const test = await startGateway(async (request) => {
      if (request.path === "/slow") {
        entered.resolve();
        await gate.promise;
      }
      return answer("done");
    });
    const idle = await RawClient.connect(test.port);
    idle.send(GET);
    await idle.response();
    const busy = await RawClient.connect(test.port);
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    await entered.promise;
    const stopped = test.gateway.stop({ drainMs: 10_000 });
    await expect(RawClient.connect(test.port)).rejects.toThrow();
    // A request that was already under way on a connection just used is still answered, as its last one.
    idle.send(GET);
    const last = await idle.response();
    expect([last.status, /connection: close/i.test(last.head)]).toEqual([200, true]);
    await idle.end();
    gate.resolve();
    const finished = await busy.response();
    expect([finished.body, /connection: close/i.test(finished.head)]).toEqual(["done", true]);
    await stopped;
    await busy.end();
  });

  it("cuts what is left after the time", async () => {
    const source = new PushedSource();
    const test = await startGateway(() => answerWith(Body.stream(source)));
    const client = await RawClient.connect(test.port);
    client.send(GET);
    await source.started;
    await test.gateway.stop({ drainMs: 20 });
    await client.end();
    expect(source.cancelled).toBe(true);
    await test.gateway.stop({ drainMs: 0 });
  });

  it("sends HTTP/2 clients away, their requests finished", async () => {
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const test = await startGateway(async () => {
      entered.resolve();
      await gate.promise;
      return answer("done");
    });
    const session = connectHttp2(`http://127.0.0.1:${test.port}`);
    const goaway = once(session, "goaway");
    const stream = session.request({ ":path": "/" });
    stream.setEncoding("utf8");
    let text = "";
    stream.on("data", (chunk: string) => (text += chunk));
    await entered.promise;
    const stopped = test.gateway.stop({ drainMs: 10_000 });
    await goaway;
    gate.resolve();
    await once(stream, "end");
    expect(text).toBe("done");
    await stopped;
    session.destroy();
  });
});

describe("listeners", () => {
  it("are several, each with its real port; none stays open where one fails", async () => {
    const handler = { handle: () => answer("x") };
    const gateway = await Gateway.start({
      listen: [
        { host: "127.0.0.1", port: 0 },
        { host: "127.0.0.1", port: 0 },
      ],
      handler,
    });
    const [first, second] = gateway.addresses.map(({ port }) => port);
    expect(first).not.toBe(second);
    await gateway.stop({ drainMs: 0 });
    const blocker = await startGateway(handler);
    await expect(
      Gateway.start({
        listen: [
          { host: "127.0.0.1", port: first as number },
          { host: "127.0.0.1", port: blocker.port },
        ],
        handler,
      }),
    ).rejects.toMatchObject({ code: "EADDRINUSE" });
    await expect(RawClient.connect(first as number)).rejects.toThrow();
    await blocker.gateway.stop({ drainMs: 0 });
  });
});

describe("TLS", () => {
  let authority: TestAuthority;
  let one: IssuedCertificate;
  let two: IssuedCertificate;
  beforeAll(async () => {
    authority = await TestAuthority.create();
    [one, two] = await Promise.all([authority.issue("one.test"), authority.issue("two.test")]);
  });
  async function shown(port: number, servername?: string): Promise<string> {
    const client = await RawClient.connect(port, {
      ca: authority.cert,
      checkServerIdentity: () => undefined,
      ...(servername ? { servername } : {}),
    });
    const name = (client.socket as TLSSocket).getPeerCertificate().subject.CN;
    client.close();
    return String(name);
  }

  it("shows the certificate for the name asked for, else the first, and takes new ones while it runs", async () => {
    const test = await start(() => answer("x"), {
      tls: { certificates: [one, { ...two, names: ["two.test", "*.two.test"] }] },
    });
    const names = () =>
      Promise.all([
        shown(test.port),
        shown(test.port, "TWO.test"),
        shown(test.port, "a.two.test"),
        shown(test.port, "a.b.two.test"),
      ]);
    expect(await names()).toEqual(["one.test", "two.test", "two.test", "one.test"]);
    expect(() => test.gateway.setCertificates(0, [{ cert: "nonsense", key: "nonsense" }])).toThrow();
    expect(await names()).toEqual(["one.test", "two.test", "two.test", "one.test"]);
    test.gateway.setCertificates(0, [two, { ...one, names: ["two.test"] }]);
    expect(await names()).toEqual(["two.test", "one.test", "two.test", "two.test"]);
  });

  it("hands over the client's certificate where one is asked for and sent", async () => {
    const seen: (string | undefined)[] = [];
    const handle = (request: IncomingRequest) => {
      const der = request.client.certificate?.der;
      seen.push(der && new X509Certificate(der).subject);
      return answer("x");
    };
    const test = await start(handle, { tls: { certificates: [one], requestClientCertificate: true } });
    const silent = await start(handle, { tls: { certificates: [one] } });
    const stranger = await (await TestAuthority.create()).issue("stranger");
    const call = async (port: number, certificate?: IssuedCertificate) => {
      const client = await RawClient.connect(port, { rejectUnauthorized: false, ...certificate });
      client.send(GET);
      await client.response();
      client.close();
    };
    await call(test.port, stranger);
    await call(test.port);
    await call(silent.port, stranger);
    expect(seen).toEqual(["CN=stranger", undefined, undefined]);
  });
});
