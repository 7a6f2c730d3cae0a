// The node gateway on whole folders, for what the case format cannot say: WebSockets, swaps, schemes.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { materialOf } from "../gateway/material.ts";
import { NodeGateway, type NodeGatewayOptions } from "../gateway/node-gateway.ts";
import { compilePlan } from "../plan/compile.ts";
import { readArtifacts } from "../sources/artifacts/read.ts";
import { CertificateAuthority } from "./certificate-authority.ts";

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function compile(files: Record<string, string>) {
  const { catalog, diagnostics } = readArtifacts({ root: "", files: new Map(Object.entries(files)) });
  const compiled = compilePlan(catalog);
  const errors = [...diagnostics, ...compiled.diagnostics].filter((d) => d.severity === "error");
  expect(errors).toEqual([]);
  if (!compiled.plan) throw new Error("no plan");
  return { plan: compiled.plan, material: materialOf(catalog) };
}

async function gateway(files: Record<string, string>, options: Partial<NodeGatewayOptions>): Promise<NodeGateway> {
  const started = await NodeGateway.start({ ...compile(files), listen: [{ host: "127.0.0.1", port: 0 }], ...options });
  closing.push(() => started.stop(0));
  return started;
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const api = (properties: object) =>
  JSON.stringify({ properties: { displayName: "A", subscriptionRequired: false, ...properties } });
const SPECIFICATION =
  'openapi: 3.0.1\ninfo: { title: A, version: "1" }\npaths: { "/x": { get: { operationId: x, responses: { "200": { description: ok } } } } }\n';
const policy = (inbound: string) =>
  `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`;

test("a WebSocket passes when the handshake's policies let it, and is refused when they do not", async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const paths: string[] = [];
  sockets.on("connection", (socket, request) => {
    paths.push(request.url ?? "");
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
  const port = await listening(server);
  closing.push(() => sockets.close());
  const running = await gateway(
    {
      "apis/ws/apiInformation.json": api({
        path: "ws",
        type: "websocket",
        protocols: ["ws"],
        serviceUrl: "ws://b.upstream/base",
      }),
      "apis/ws/operations/onHandshake/policy.xml": policy(
        '<check-header name="x-ok" failed-check-httpcode="403" failed-check-error-message="not you" ignore-case="true"><value>yes</value></check-header><set-query-parameter name="who"><value>@(context.Operation.Id)</value></set-query-parameter>',
      ),
    },
    { upstream: { connectTo: () => ({ host: "127.0.0.1", port }) } },
  );
  const url = `ws://127.0.0.1:${running.addresses[0]?.port}/ws/room?a=1`;

  const socket = new WebSocket(url, { headers: { "x-ok": "yes" } });
  await once(socket, "open");
  socket.send("hello");
  const [answer] = (await once(socket, "message")) as [Buffer];
  expect(answer.toString()).toBe("hello");
  expect(paths).toEqual(["/base/room?a=1&who=onHandshake"]);
  socket.close();
  await once(socket, "close");

  const refused = new WebSocket(url);
  refused.on("error", () => {});
  const [, response] = (await once(refused, "unexpected-response")) as [unknown, import("node:http").IncomingMessage];
  expect(response.statusCode).toBe(403);
  response.resume();
  refused.terminate();
});

test("a request that runs while the plan is swapped ends on the plan it began with", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  const port = await listening(
    createServer(async (_, response) => {
      arrived();
      await held;
      response.end("late");
    }),
  );
  const files = (version: string) => ({
    "apis/a/apiInformation.json": api({ path: "a", protocols: ["http"], serviceUrl: "http://b.upstream" }),
    "apis/a/specification.yaml": SPECIFICATION,
    "apis/a/policy.xml": `<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /><set-header name="x-version"><value>${version}</value></set-header></outbound><on-error><base /></on-error></policies>`,
  });
  const running = await gateway(files("old"), { upstream: { connectTo: () => ({ host: "127.0.0.1", port }) } });
  const url = `http://127.0.0.1:${running.addresses[0]?.port}/a/x`;
  const first = fetch(url);
  await arrival;
  const { plan, material } = compile(files("new"));
  running.apply(plan, material);
  expect(running.planName).toBe(plan.name);
  release();
  expect((await first).headers.get("x-version")).toBe("old");
  expect((await fetch(url)).headers.get("x-version")).toBe("new");
});

test("counters and cache outlive a plan", async () => {
  const files = (limit: number) => ({
    "apis/a/apiInformation.json": api({ path: "a", protocols: ["http"], serviceUrl: "http://b.upstream" }),
    "apis/a/specification.yaml": SPECIFICATION,
    "apis/a/policy.xml": policy(
      `<rate-limit-by-key calls="2" renewal-period="300" counter-key="k" /><return-response><set-status code="${limit}" /></return-response>`,
    ),
  });
  const running = await gateway(files(200), {});
  const url = `http://127.0.0.1:${running.addresses[0]?.port}/a/x`;
  expect((await fetch(url)).status).toBe(200);
  const { plan, material } = compile(files(202));
  running.apply(plan, material);
  expect((await fetch(url)).status).toBe(202);
  expect((await fetch(url)).status).toBe(429);
});

test("where a listener has TLS, an API answers only over the schemes it lists", async () => {
  const authority = await CertificateAuthority.create();
  const credentials = await authority.serverCredentials("gateway.test");
  const running = await gateway(
    {
      "apis/a/apiInformation.json": api({ path: "a", protocols: ["https"], serviceUrl: "http://b.upstream" }),
      "apis/a/specification.yaml": SPECIFICATION,
      "apis/a/policy.xml": policy('<return-response><set-status code="200" /></return-response>'),
    },
    {
      listen: [
        { host: "127.0.0.1", port: 0 },
        { host: "127.0.0.1", port: 0, tls: { certificates: [credentials] } },
      ],
    },
  );
  const [http, https] = running.addresses;
  expect((await fetch(`http://127.0.0.1:${http?.port}/a/x`)).status).toBe(404);
  const { request } = await import("node:https");
  const call = request({ host: "127.0.0.1", port: https?.port, path: "/a/x", ca: authority.certificate, agent: false });
  call.end();
  const [response] = (await once(call, "response")) as [import("node:http").IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(200);
});

test("a plan that cannot be loaded leaves the one in force", async () => {
  const files = {
    "apis/a/apiInformation.json": api({ path: "a", protocols: ["http"], serviceUrl: "http://b.upstream" }),
    "apis/a/specification.yaml": SPECIFICATION,
    "apis/a/policy.xml": policy('<return-response><set-status code="200" /></return-response>'),
  };
  const running = await gateway(files, {});
  const { plan, material } = compile({ ...files, "apis/a/policy.xml": policy('<set-status code="201" />') });
  const broken = JSON.parse(JSON.stringify(plan).replaceAll('"set-status"', '"no-such-policy"')) as typeof plan;
  expect(() => running.apply(broken, material)).toThrow("no-such-policy");
  expect((await fetch(`http://127.0.0.1:${running.addresses[0]?.port}/a/x`)).status).toBe(200);
});

test("server-sent events arrive as the backend sends them, and a client that leaves ends the backend's request", async () => {
  let send: (text: string) => void = () => {};
  let gone = () => {};
  const left = new Promise<void>((resolve) => (gone = resolve));
  const port = await listening(
    createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      send = (text) => response.write(text);
      send("data: 1\n\n");
      response.on("close", gone);
    }),
  );
  const running = await gateway(
    {
      "apis/a/apiInformation.json": api({ path: "a", protocols: ["http"], serviceUrl: "http://b.upstream" }),
      "apis/a/specification.yaml": SPECIFICATION,
      "apis/a/policy.xml":
        '<policies><inbound><base /></inbound><backend><forward-request buffer-response="false" /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>',
    },
    { upstream: { connectTo: () => ({ host: "127.0.0.1", port }) } },
  );
  const stop = new AbortController();
  const response = await fetch(`http://127.0.0.1:${running.addresses[0]?.port}/a/x`, { signal: stop.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  expect(decoder.decode((await reader.read()).value)).toBe("data: 1\n\n");
  send("data: 2\n\n");
  expect(decoder.decode((await reader.read()).value)).toBe("data: 2\n\n");
  stop.abort();
  await left;
});

test("a request body streams to the backend while the client is still sending", async () => {
  let first: (chunk: string) => void = () => {};
  const received = new Promise<string>((resolve) => (first = resolve));
  const port = await listening(
    createServer((request, response) => {
      request.once("data", (chunk: Buffer) => first(chunk.toString()));
      request.on("end", () => response.end("all"));
    }),
  );
  const running = await gateway(
    {
      "apis/a/apiInformation.json": api({ path: "a", protocols: ["http"], serviceUrl: "http://b.upstream" }),
      "apis/a/specification.yaml": SPECIFICATION.replace("get:", "post:"),
    },
    { upstream: { connectTo: () => ({ host: "127.0.0.1", port }) } },
  );
  const { request } = await import("node:http");
  const call = request({
    host: "127.0.0.1",
    port: running.addresses[0]?.port,
    path: "/a/x",
    method: "POST",
    agent: false,
  });
  call.write("early");
  expect(await received).toBe("early");
  call.end("late");
  const [response] = (await once(call, "response")) as [import("node:http").IncomingMessage];
  expect(response.statusCode).toBe(200);
  response.resume();
  await once(response, "end");
});
