import { afterAll, beforeAll, expect, it } from "vitest";
import { answer, startGateway, type TestGateway } from "../testing/gateway.ts";
import { RawClient } from "../testing/raw-client.ts";

/** The same numbers in every run (mulberry32), so that a failure can be looked at again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SEEDS = [
  "GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "PUT http://a/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
  "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x05\x01\x05\0\0\0\x01abcde",
];
const PIECES = [
  "\r\n",
  "\n",
  "\r",
  " ",
  ":",
  "\0",
  "\xff",
  "Host: b\r\n",
  "Content-Length: 3\r\n",
  "0\r\n\r\n",
  "HTTP/1.1",
  ";",
  ",",
  "chunked",
];

function mutate(text: string, next: () => number): string {
  let mutated = text;
  for (let times = 1 + Math.floor(next() * 3); times > 0; times--) {
    const at = Math.floor(next() * mutated.length);
    const piece = PIECES[Math.floor(next() * PIECES.length)] as string;
    const cut = Math.floor(next() * 4);
    mutated =
      next() < 0.5 ? mutated.slice(0, at) + piece + mutated.slice(at) : mutated.slice(0, at) + mutated.slice(at + cut);
  }
  return mutated;
}

let test: TestGateway;
beforeAll(async () => {
  test = await startGateway(
    {
      handle: async (request) => {
        await Promise.resolve(request.body.buffer(100)).catch(() => {});
        return answer(JSON.stringify([request.host, request.path, request.query]));
      },
      handshake: async () => answer("no", { status: 403 }),
    },
    { timeouts: { headersMs: 300, idleMs: 300, paceMs: 200, paceBytes: 1 << 20 } },
  );
});
afterAll(() => test.gateway.stop({ drainMs: 0 }));

it("survives whatever bytes come, and ends every connection", async () => {
  const next = random(20260105);
  for (let round = 0; round < 8; round++) {
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const client = await RawClient.connect(test.port);
        client.send(mutate(SEEDS[Math.floor(next() * SEEDS.length)] as string, next));
        if (next() < 0.3) client.socket.end();
        const received = await client.end();
        // Whatever was answered as HTTP/1 is an HTTP/1 answer and nothing else.
        if (received.startsWith("HTTP")) expect(received).toMatch(/^HTTP\/1\.1 (100|200|4\d\d|50[135]) /);
      }),
    );
  }
  const client = await RawClient.connect(test.port);
  client.send("GET /alive HTTP/1.1\r\nHost: a\r\n\r\n");
  expect((await client.response()).body).toBe('["a","/alive",""]');
  client.close();
  expect(test.unexpected).toEqual([]);
});
