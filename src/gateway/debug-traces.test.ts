import { expect, test } from "vitest";
import type { IncomingRequest, RequestHandler } from "../engine/handler.ts";
import type { RequestTraceReport } from "../engine/request-trace.ts";
import { Body } from "../policy/exchange/body.ts";
import { HeaderList } from "../policy/exchange/headers.ts";
import { ResponseMessage } from "../policy/exchange/message.ts";
import { DebugTraces } from "./debug-traces.ts";

const TOKEN = "a-token-of-good-length";
const next: RequestHandler = { handle: () => ({ response: new ResponseMessage(299), finished() {} }) };

function request(path: string, headers: string[] = []): IncomingRequest {
  return {
    method: "GET",
    scheme: "http",
    host: "h",
    port: 80,
    path,
    query: "",
    headers: new HeaderList(headers),
    body: Body.none(),
    client: { address: "192.0.2.1" },
    httpVersion: "1.1",
    signal: undefined,
  };
}

function report(requestId: string): RequestTraceReport {
  return { requestId, method: "GET", url: "/", steps: [], messages: [], status: 200, totalMs: 1 };
}

async function read(traces: DebugTraces, id: string, token?: string): Promise<string> {
  const handled = await traces
    .inFrontOf(next)
    .handle(request(`/.gatehouse/traces/${id}`, token === undefined ? [] : ["Apim-Debug-Authorization", token]));
  return `${handled.response.status} ${Buffer.from(handled.response.body.buffered ?? []).toString()}`;
}

test("only the token asks for a trace, and it goes no further", () => {
  const traces = new DebugTraces(TOKEN);
  expect(traces.traces(request("/"))).toBeUndefined();
  const wrong = request("/", ["apim-debug-authorization", "no"]);
  expect(traces.traces(wrong)).toBeUndefined();
  expect(wrong.headers.raw).toEqual([]);
  const right = request("/", ["x", "y", "apim-debug-authorization", TOKEN]);
  expect(traces.traces(right)).toEqual({ showCredentials: false, requested: true });
  expect(right.headers.raw).toEqual(["x", "y"]);
});

test("a trace is read with the token; a wrong token and an unknown id look alike", async () => {
  const traces = new DebugTraces(TOKEN);
  traces.done(report("r1"));
  expect(await read(traces, "r1", TOKEN)).toContain('"requestId":"r1"');
  const unknown = await read(traces, "r2", TOKEN);
  expect(unknown).toMatch(/^404 /);
  expect(await read(traces, "r1", "wrong")).toBe(unknown);
  expect(await read(traces, "r1")).toBe(unknown);
});

test("only the newest are kept, and other paths go on", async () => {
  const traces = new DebugTraces(TOKEN);
  for (let i = 0; i < 101; i++) traces.done(report(`r${i}`));
  expect(await read(traces, "r0", TOKEN)).toMatch(/^404 /);
  expect(await read(traces, "r1", TOKEN)).toMatch(/^200 /);
  expect((await traces.inFrontOf(next).handle(request("/orders"))).response.status).toBe(299);
});
