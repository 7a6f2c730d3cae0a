import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { LoggerPart } from "../../plan/plan.ts";
import { ResponseMessage } from "../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { formatUrl } from "../../policy/exchange/url.ts";
import { testServices } from "../../policy/testing/exchange.ts";
import { appendToFile } from "./log-file.ts";
import { LogQueue, type QueuedEvent } from "./log-queue.ts";
import { LoggerStore } from "./logger-store.ts";
import { namespaceHost, parseConnectionString, sasToken } from "./sas-token.ts";

const KEY = "Endpoint=sb://NS.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=c2VjcmV0Kw==";

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "loggers-"));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

/** A store with one logger `l`, and what it sends. */
function store(target: LoggerPart["target"], answer: (request: OutgoingRequest) => number = () => 201) {
  const services = testServices((request) => new ResponseMessage(answer(request)));
  const loggers = new LoggerStore({ ...services, folder: "unused" });
  const part: LoggerPart = { kind: "logger", id: "l", target };
  const sent = () =>
    services.sent.map(({ url, headers, body }) => [
      formatUrl(url),
      Object.fromEntries(headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []))),
      Buffer.from(body.buffered ?? []).toString(),
    ]);
  const plan = loggers.forPlan([{ hash: "h", part }], (name) => (name === "key" ? KEY : `secret-${name}`));
  return { services, loggers, part, plan, sent };
}

describe("an event hub", () => {
  const target = { kind: "event-hub", name: "my hub", connectionString: { template: [{ secret: "key" }] } } as const;

  it("gets an event with a shared access signature", async () => {
    const { plan, loggers, sent, services } = store(target);
    plan.log("l", { text: "häi" });
    await loggers.close();
    const resource = encodeURIComponent("https://ns.servicebus.windows.net/my%20hub");
    const expiry = Math.floor(services.clock.now() / 1000) + 3600;
    const signature = createHmac("sha256", "c2VjcmV0Kw==").update(`${resource}\n${expiry}`).digest("base64");
    expect(sent()).toEqual([
      [
        "https://ns.servicebus.windows.net/my%20hub/messages",
        expect.objectContaining({
          Authorization: `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=send`,
          "Content-Type": "application/atom+xml;type=entry;charset=utf-8",
        }),
        "häi",
      ],
    ]);
  });

  it("gets neighbours as a batch, partitions of their own, and keys in a header", async () => {
    const { plan, loggers, sent } = store(target);
    plan.log("l", { text: "a" });
    plan.log("l", { text: "b" });
    plan.log("l", { text: "c", partitionId: "3" });
    plan.log("l", { text: "d", partitionKey: 'ü"' });
    plan.log("l", { text: "e", partitionKey: 'ü"' });
    await loggers.close();
    const hub = "https://ns.servicebus.windows.net/my%20hub";
    expect(sent().map(([url, , body]) => [url, body])).toEqual([
      [`${hub}/messages`, '[{"Body":"a"},{"Body":"b"}]'],
      [`${hub}/partitions/3/messages`, "c"],
      [`${hub}/messages`, "d"],
      [`${hub}/messages`, "e"],
    ]);
    expect(sent()[0]?.[1]).toMatchObject({ "Content-Type": "application/vnd.microsoft.servicebus.json" });
    expect(sent()[3]?.[1]).toMatchObject({ BrokerProperties: '{"PartitionKey":"\\u00fc\\""}' });
  });

  it("is reached by the gateway's identity as well", async () => {
    const identity = { kind: "event-hub-identity", name: "h", endpoint: "sb://ns.servicebus.windows.net" } as const;
    for (const [clientId, suffix] of [
      [null, ""],
      ["SystemAssigned", ""],
      ["c-1", " as c-1"],
    ] as const) {
      const { plan, loggers, sent } = store({ ...identity, clientId });
      plan.log("l", { text: "a" });
      await loggers.close();
      expect(sent()[0]?.[1]).toMatchObject({ Authorization: `Bearer token for https://eventhubs.azure.net${suffix}` });
    }
  });

  it("takes the name from the connection string where the logger has none, and drops events without any", async () => {
    const named = store({ kind: "event-hub", name: null, connectionString: `${KEY};EntityPath=inner` });
    named.plan.log("l", { text: "a" });
    await named.loggers.close();
    expect(named.sent()[0]?.[0]).toBe("https://ns.servicebus.windows.net/inner/messages");
    const unnamed = store({ kind: "event-hub", name: null, connectionString: KEY });
    unnamed.plan.log("l", { text: "a" });
    await unnamed.loggers.close();
    expect(unnamed.sent()).toEqual([]);
    expect(unnamed.services.metrics.list).toMatchObject([
      {
        name: "Dropped Log Events",
        value: 1,
        dimensions: [
          ["Logger", "l"],
          ["Reason", "delivery failed"],
        ],
      },
    ]);
  });

  it("is not sent again what has arrived", async () => {
    let calls = 0;
    const { plan, loggers, sent, services } = store(target, () => (++calls === 2 ? 503 : 201));
    plan.log("l", { text: "a", partitionKey: "1" });
    plan.log("l", { text: "b", partitionKey: "2" });
    await new Promise((resolve) => setImmediate(resolve));
    await loggers.close();
    expect(sent().map(([, , body]) => body)).toEqual(["a", "b", "b"]);
    expect(services.metrics.list).toEqual([]);
  });
});

describe("connection strings", () => {
  it.each([
    "",
    "Endpoint=sb://a.b/;SharedAccessKeyName=x",
    "Endpoint=sb://a.b/c/d;SharedAccessKeyName=x;SharedAccessKey=y",
  ])("%j is none, and the error tells nothing of it", (text) => {
    expect(() => parseConnectionString(text)).toThrow(/^The (?:connection string has no|address of)/);
  });

  it("keep the padding of their key", () => {
    expect(parseConnectionString(KEY)).toEqual({
      host: "ns.servicebus.windows.net",
      keyName: "send",
      key: "c2VjcmV0Kw==",
      entity: undefined,
    });
  });

  it("name hosts only", () => {
    expect(namespaceHost("https://Ns.servicebus.windows.net:8443/")).toBe("ns.servicebus.windows.net:8443");
    for (const bad of ["", "a b", "a@b", "http://a/b", "a?b", "-a"]) expect(() => namespaceHost(bad)).toThrow();
  });

  it("sign for a time", () => {
    expect(sasToken("https://a/b", "n", "k", 1)).not.toBe(sasToken("https://a/b", "n", "k", 2));
  });
});

describe("an HTTP logger", () => {
  it("posts each event", async () => {
    const authorization = { template: ["Bearer ", { secret: "t" }] };
    const { plan, loggers, sent } = store({ kind: "http", url: "http://log.upstream/in", authorization });
    plan.log("l", { text: '{"a":1}' });
    plan.log("l", { text: "b" });
    await loggers.close();
    expect(sent()).toMatchObject([
      ["http://log.upstream/in", { "Content-Type": "application/json", Authorization: "Bearer secret-t" }, '{"a":1}'],
      ["http://log.upstream/in", { "Content-Type": "text/plain; charset=utf-8" }, "b"],
    ]);
  });

  it("is tried three times, and each event arrives once", async () => {
    let calls = 0;
    const { plan, loggers, sent, services } = store(
      { kind: "http", url: "http://log.upstream/", authorization: null },
      () => (++calls < 3 ? 500 : 204),
    );
    plan.log("l", { text: "a" });
    while (services.sent.length < 3) await new Promise((resolve) => setImmediate(resolve));
    await loggers.close();
    expect(sent().map(([, , body]) => body)).toEqual(["a", "a", "a"]);
    expect(services.clock.sleeps).toEqual([500, 2000]);
    expect(services.metrics.list).toEqual([]);
  });

  it("loses what it never takes, which is counted", async () => {
    const { plan, loggers, services } = store(
      { kind: "http", url: "http://log.upstream/", authorization: null },
      () => 500,
    );
    plan.log("l", { text: "a" });
    plan.log("other", { text: "a" });
    await loggers.close();
    expect(services.metrics.list.map(({ value, dimensions }) => [value, dimensions])).toEqual([
      [
        1,
        [
          ["Logger", "other"],
          ["Reason", "unknown logger"],
        ],
      ],
      [
        1,
        [
          ["Logger", "l"],
          ["Reason", "delivery failed"],
        ],
      ],
    ]);
  });
});

describe("a file", () => {
  const event = (text: string): QueuedEvent => ({ text, time: Date.UTC(2026, 0, 2) });

  it("gets a JSON line for each event", async () => {
    const path = join(folder(), "deep", "events.log");
    const deliver = appendToFile(path);
    await deliver([event("a\nb"), { ...event("c"), partitionKey: "k" }]);
    await deliver([event("d")]);
    expect(
      readFileSync(path, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { time: "2026-01-02T00:00:00.000Z", message: "a\nb" },
      { time: "2026-01-02T00:00:00.000Z", message: "c", partitionKey: "k" },
      { time: "2026-01-02T00:00:00.000Z", message: "d" },
    ]);
  });

  it("is set aside when it is full, and there are two at most", async () => {
    const root = folder();
    const deliver = appendToFile(join(root, "e.log"), 150);
    for (const text of ["first", "second", "third", "fourth", "fifth"]) await deliver([event(text)]);
    expect(readdirSync(root).sort()).toEqual(["e.log", "e.log.1"]);
    expect(readFileSync(join(root, "e.log"), "utf8")).toContain("fifth");
    expect(readFileSync(join(root, "e.log.1"), "utf8")).not.toContain("second");
  });
});

describe("a queue", () => {
  it("drops what finds no room, by number and by size", async () => {
    const { clock } = testServices();
    const gate = Promise.withResolvers<void>();
    const delivered: string[] = [];
    const drops: unknown[] = [];
    const queue = new LogQueue(
      clock,
      async (events) => {
        await gate.promise;
        delivered.push(...events.map(({ text }) => text));
      },
      (...drop) => drops.push(drop),
      { events: 2, characters: 10 },
    );
    queue.add({ text: "a".repeat(11) });
    queue.add({ text: "first" });
    queue.add({ text: "secon" });
    queue.add({ text: "" });
    gate.resolve();
    await queue.close();
    expect(delivered).toEqual(["first", "secon"]);
    expect(drops).toEqual([
      [1, "queue full"],
      [1, "queue full"],
    ]);
    queue.add({ text: "again" });
    await queue.close();
    expect(delivered.at(-1)).toBe("again");
  });

  it("survives a plan that keeps the logger, with its new secrets", async () => {
    const authorization = { template: [{ secret: "t" }] };
    const { loggers, part, services } = store({ kind: "http", url: "http://log.upstream/", authorization });
    const next = loggers.forPlan([{ hash: "h", part }], () => "new");
    next.log("l", { text: "a" });
    await loggers.close();
    expect(services.sent[0]?.headers).toContain("new");
  });
});
