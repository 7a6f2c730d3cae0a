import { describe, expect, it } from "vitest";
import { Body } from "../../../policy/exchange/body.ts";
import type { BackendError } from "../../../policy/exchange/errors.ts";
import type { ResponseMessage } from "../../../policy/exchange/message.ts";
import { Deadlines } from "../../deadlines.ts";
import { MemoryReads, ScriptedSocket } from "../../testing/scripted-socket.ts";
import { Call } from "./call.ts";
import { Connection } from "./connection.ts";

/** One connection, and what became of it. */
class Scene {
  readonly peer = new ScriptedSocket();
  readonly connection: Connection;
  readonly reads: MemoryReads;
  state: "busy" | "rested" | "gone" = "busy";
  /** Calls that asked for another connection. */
  retried = 0;

  constructor() {
    this.connection = new Connection(
      {
        rested: () => {
          this.state = "rested";
        },
        gone: () => {
          this.state = "gone";
        },
      },
      65_536,
    );
    this.reads = new MemoryReads(this.connection.reader());
    this.connection.opened(this.peer.socket, false);
  }

  send(method = "GET", body = Body.none()): Promise<ResponseMessage> {
    this.state = "busy";
    return new Promise((resolve, reject) => {
      new Call(
        {
          url: { scheme: "http", host: "backend.test", port: 80, path: "/", query: "" },
          method,
          headers: [],
          body,
          timeoutMs: 0,
          httpVersion: "1",
          followRedirects: false,
          signal: undefined,
        },
        {
          send: (call, fresh) => {
            if (fresh) this.retried++;
            else this.connection.carry(call);
          },
          left() {},
        },
        { deadlines: new Deadlines(), bodyTimeoutMs: 10_000 },
        resolve,
        reject,
      ).send();
    });
  }
}

/** What a reader sees of an answer. */
interface Seen {
  status?: number;
  headers?: readonly string[];
  body?: string;
  failure?: string;
  /** What became of the connection. */
  state: string;
}

/** How the reader of a body takes it. */
type Reader = "keeps" | "passes on" | "is slow";

/** Sends a request and delivers the answer in pieces. `late`: the body is looked at when all pieces have come. */
async function deliver(
  pieces: readonly string[],
  end: boolean,
  method: string,
  reader: Reader,
  late: boolean,
): Promise<Seen> {
  const scene = new Scene();
  const answer = scene
    .send(method)
    .then(async (response): Promise<Omit<Seen, "state">> => {
      if (late) await settled;
      const { status, headers } = response;
      return { status, headers: headers.raw, body: await content(response.body, reader) };
    })
    // What is wrong with a body shows before or after the head has been handed over: both are failures.
    .catch((error: BackendError) => ({ failure: error.kind }));
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  for (const piece of pieces) {
    scene.reads.read(piece);
    await undefined;
    if (!late) await new Promise((resolve) => setImmediate(resolve));
  }
  if (end) scene.peer.emit("end");
  settle();
  const seen = await answer;
  return { ...seen, state: scene.state };
}

function content(body: Body, how: Reader): Promise<string> {
  const { bytes, source } = body.take();
  if (!source) return Promise.resolve(body.absent ? "(none)" : Buffer.from(bytes ?? []).toString("latin1"));
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let text = "";
    source.start({
      write(chunk) {
        if (how === "keeps") chunks.push(chunk);
        else text += Buffer.from(chunk).toString("latin1");
        if (how !== "is slow") return true;
        setImmediate(() => source.resume());
        return false;
      },
      end: () => resolve(how === "keeps" ? Buffer.concat(chunks).toString("latin1") : text),
      fail: reject,
      ...(how === "passes on" ? { holding: false } : {}),
    });
  });
}

const LARGE = Array.from({ length: 5000 }, (_, n) => `line ${n};`).join("");
const CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

/** Answers with what they mean. `end`: the backend closes the connection behind them. */
const ANSWERS: readonly { name: string; text: string; end?: boolean; method?: string; seen: Seen }[] = [
  {
    name: "a length",
    text: "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 11\r\n\r\nhello world",
    seen: { status: 200, headers: ["X-A", "1", "Content-Length", "11"], body: "hello world", state: "rested" },
  },
  {
    name: "no content",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    seen: { status: 200, headers: ["Content-Length", "0"], body: "", state: "rested" },
  },
  {
    name: "chunks with extensions and trailers",
    text: `HTTP/1.1 200 OK\r\n${CHUNKED}5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX-T: 1\r\n\r\n`,
    seen: { status: 200, headers: [], body: "hello world", state: "rested" },
  },
  {
    name: "no chunk but the last",
    text: `HTTP/1.1 200 OK\r\n${CHUNKED}0\r\n\r\n`,
    seen: { status: 200, headers: [], body: "", state: "rested" },
  },
  {
    name: "the end of the connection",
    text: "HTTP/1.1 200 OK\r\n\r\nhello world",
    end: true,
    seen: { status: 200, headers: [], body: "hello world", state: "gone" },
  },
  {
    name: "interim responses first",
    text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    seen: { status: 200, headers: ["Content-Length", "2"], body: "ok", state: "rested" },
  },
  {
    name: "an answer to HEAD",
    method: "HEAD",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n",
    seen: { status: 200, headers: ["Content-Length", "50"], body: "(none)", state: "rested" },
  },
  {
    name: "an answer to HEAD with chunks announced",
    method: "HEAD",
    text: `HTTP/1.1 200 OK\r\n${CHUNKED}`,
    seen: { status: 200, headers: [], body: "(none)", state: "rested" },
  },
  {
    name: "status 204",
    text: "HTTP/1.1 204 No Content\r\n\r\n",
    seen: { status: 204, headers: [], body: "(none)", state: "rested" },
  },
  {
    name: "status 304",
    text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n",
    seen: { status: 304, headers: ["Content-Length", "50"], body: "(none)", state: "rested" },
  },
  {
    name: "close announced",
    text: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
    seen: { status: 200, headers: ["Content-Length", "2"], body: "ok", state: "gone" },
  },
  {
    name: "HTTP/1.0",
    text: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    seen: { status: 200, headers: ["Content-Length", "2"], body: "ok", state: "gone" },
  },
  {
    name: "bytes behind the answer",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
    seen: { status: 200, headers: ["Content-Length", "2"], body: "ok", state: "gone" },
  },
  {
    name: "bytes behind chunks",
    text: `HTTP/1.1 200 OK\r\n${CHUNKED}2\r\nok\r\n0\r\n\r\nX`,
    seen: { status: 200, headers: [], body: "ok", state: "gone" },
  },
  {
    name: "content behind an answer to HEAD",
    method: "HEAD",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    seen: { status: 200, headers: ["Content-Length", "2"], body: "(none)", state: "gone" },
  },
  {
    name: "another protocol",
    text: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    seen: { failure: "protocol", state: "gone" },
  },
  {
    name: "length and chunks",
    text: `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${CHUNKED}2\r\nok\r\n0\r\n\r\n`,
    seen: { failure: "protocol", state: "gone" },
  },
  {
    name: "a chunk that is longer than its size",
    text: `HTTP/1.1 200 OK\r\n${CHUNKED}2\r\nokay\r\n0\r\n\r\n`,
    seen: { failure: "protocol", state: "gone" },
  },
  {
    name: "an end within the head",
    text: "HTTP/1.1 200 OK\r\nContent-Le",
    end: true,
    seen: { failure: "connection", state: "gone" },
  },
  {
    name: "an end within a length",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd",
    end: true,
    seen: { failure: "connection", state: "gone" },
  },
  {
    name: "an end before the last chunk",
    text: `HTTP/1.1 200 OK\r\n${CHUNKED}2\r\nok\r\n`,
    end: true,
    seen: { failure: "connection", state: "gone" },
  },
  {
    name: "an end within the trailers",
    text: `HTTP/1.1 200 OK\r\n${CHUNKED}2\r\nok\r\n0\r\nX: 1\r\n`,
    end: true,
    seen: { failure: "connection", state: "gone" },
  },
];

describe("answers mean the same wherever reads divide them", () => {
  it.each(ANSWERS)("$name", async ({ text, end = false, method = "GET", seen }) => {
    const ways: [Reader, boolean][] = [
      ["keeps", false],
      ["passes on", true],
    ];
    for (const [reader, late] of ways) {
      expect(await deliver([text], end, method, reader, late)).toEqual(seen);
      for (let at = 1; at < text.length; at++) {
        const pieces = [text.slice(0, at), text.slice(at)];
        expect(await deliver(pieces, end, method, reader, late), `divided at ${at}`).toEqual(seen);
      }
      expect(await deliver([...text], end, method, reader, late)).toEqual(seen);
    }
  });

  it.each([
    ["a length", `HTTP/1.1 200 OK\r\nContent-Length: ${LARGE.length}\r\n\r\n${LARGE}`, false],
    ["one chunk", `HTTP/1.1 200 OK\r\n${CHUNKED}${chunk(LARGE)}0\r\n\r\n`, false],
    [
      "chunks",
      `HTTP/1.1 200 OK\r\n${CHUNKED}${(LARGE.match(/.{1,777}/g) as string[]).map(chunk).join("")}0\r\n\r\n`,
      false,
    ],
    ["the end", `HTTP/1.1 200 OK\r\n\r\n${LARGE}`, true],
  ])("large, framed by %s, to every kind of reader", async (_name, text, end) => {
    const sizes = [60_000, 20_000, 16_500, 9000, 1000];
    for (const reader of ["keeps", "passes on", "is slow"] as const) {
      for (const late of [false, true]) {
        for (const size of sizes) {
          const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) as string[];
          const seen = await deliver(pieces, end, "GET", reader, late);
          // Not shown in full where they differ: some ten thousand characters.
          expect(seen.body === LARGE, `${reader}, late ${late}, reads of ${size}`).toBe(true);
          expect(seen.state).toBe(end ? "gone" : "rested");
        }
      }
    }
  });
});

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

describe("a connection", () => {
  it("that nobody asked must say nothing", async () => {
    const scene = new Scene();
    scene.reads.read("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    expect([scene.state, scene.peer.destroyed]).toEqual(["gone", true]);
  });

  it("does not read on for a reader who is slow, and counts no deadline meanwhile", async () => {
    const scene = new Scene();
    const answer = scene.send();
    scene.reads.read(`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${"a".repeat(20_000)}`);
    const { source } = (await answer).body.take();
    const received: number[] = [];
    source?.start({ write: (piece) => received.push(piece.byteLength) < 0, end() {}, fail() {} });
    expect([received, scene.peer.paused]).toEqual([[20_000], true]);
    source?.resume();
    expect(scene.peer.paused).toBe(false);
    source?.cancel();
    expect([scene.state, scene.peer.destroyed]).toEqual(["gone", true]);
  });

  it("holds back a backend whose answer nobody takes", async () => {
    const scene = new Scene();
    const answer = scene.send();
    scene.reads.read("HTTP/1.1 200 OK\r\n\r\n");
    for (let i = 0; i < 3; i++) scene.reads.read("a".repeat(30_000));
    await answer;
    expect(scene.peer.paused).toBe(true);
  });

  it("counts interim responses", async () => {
    const scene = new Scene();
    const answer = scene.send();
    for (let i = 0; i < 33; i++) scene.reads.read("HTTP/1.1 102 Processing\r\n\r\n");
    await expect(answer).rejects.toMatchObject({ kind: "protocol" });
    expect(scene.state).toBe("gone");
  });

  it("is not used again where the request had not ended when the answer did", async () => {
    const scene = new Scene();
    let cancelled = 0;
    const body = Body.stream({ start() {}, resume() {}, cancel: () => cancelled++ }, 5);
    const answer = scene.send("POST", body);
    scene.reads.read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    expect((await answer).status).toBe(200);
    expect([scene.state, cancelled]).toEqual(["gone", 1]);
  });

  it("lets a call be tried again only before a byte of the answer, and only where that is safe", async () => {
    const fails = async (method: string, body: Body, first: string, served: number) => {
      const scene = new Scene();
      scene.connection.served = served;
      const answer = scene.send(method, body).catch(() => "failed");
      if (first !== "") scene.reads.read(first);
      scene.peer.emit("end");
      await Promise.race([answer, undefined]);
      return scene.retried;
    };
    expect(await fails("GET", Body.none(), "", 1)).toBe(1);
    expect(await fails("PUT", Body.text("x"), "", 1)).toBe(1);
    expect(await fails("GET", Body.none(), "", 0)).toBe(0);
    expect(await fails("GET", Body.none(), "H", 1)).toBe(0);
    expect(await fails("GET", Body.none(), "HTTP/1.1 102 Processing\r\n\r\n", 1)).toBe(0);
    expect(await fails("POST", Body.text("x"), "", 1)).toBe(0);
    expect(await fails("PATCH", Body.none(), "", 1)).toBe(0);
    expect(await fails("PUT", Body.stream({ start() {}, resume() {}, cancel() {} }), "", 1)).toBe(0);
  });
});
