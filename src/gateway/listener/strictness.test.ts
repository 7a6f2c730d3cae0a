import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, startGateway, type TestGateway } from "../testing/gateway.ts";
import { RawClient } from "../testing/raw-client.ts";

/** Requests with more than one meaning, or none: each is refused before any handler sees it, and the connection ends. */
const REFUSED: [name: string, status: number, request: string][] = [
  ["no Host", 400, "GET / HTTP/1.1\r\n\r\n"],
  ["two Hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"],
  ["an empty Host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"],
  ["a list of hosts", 400, "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"],
  ["a Host with user info", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"],
  ["a Host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"],
  ["a Host with a port out of range", 400, "GET / HTTP/1.1\r\nHost: a:70000\r\n\r\n"],
  ["a Host with a space inside", 400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"],
  ["absolute-form for another host", 400, "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["absolute-form for another port", 400, "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["absolute-form for another scheme", 400, "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["absolute-form of no web scheme", 400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["authority-form", 400, "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["asterisk-form", 400, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a fragment", 400, "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["raw UTF-8 in the path", 400, "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a tab in the path", 400, "GET /\tx HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a NUL in the path", 400, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a space after the version", 400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"],
  ["no version", 505, "GET /\r\nHost: a\r\n\r\n"],
  ["another protocol", 400, "GET / HTPP/1.1\r\nHost: a\r\n\r\n"],
  ["a version to come", 505, "GET / HTTP/1.9\r\nHost: a\r\n\r\n"],
  ["HTTP/2.0 in text", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"],
  ["HTTP/0.9 with its name", 505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"],
  ["a method in lower case", 400, "get / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a made-up method", 400, "GETT / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["CONNECT", 405, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"],
  [
    "both Content-Length and Transfer-Encoding",
    400,
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  [
    "both, the other way round",
    400,
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
  ],
  ["two Content-Lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"],
  ["two equal Content-Lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"],
  ["a list of Content-Lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc"],
  ["a signed Content-Length", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc"],
  ["a negative Content-Length", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc"],
  ["a hexadecimal Content-Length", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc"],
  ["an empty Content-Length", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nabc"],
  [
    "a Content-Length past all numbers",
    400,
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
  ],
  [
    "two Transfer-Encodings",
    400,
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["chunked twice in one", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"],
  ["a coding after chunked", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"],
  ["an unknown coding", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"],
  ["identity", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"],
  ["a quoted coding", 400, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n'],
  ["a vertical tab before chunked", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n"],
  ["an empty Transfer-Encoding", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n"],
  [
    "a coding that is not offered",
    501,
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
  ],
  ["Transfer-Encoding in HTTP/1.0", 400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["a space before the colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n"],
  ["a space before Content-Length's colon", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc"],
  ["a space before the first field", 400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"],
  ["a folded line", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"],
  ["a folded Transfer-Encoding", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"],
  ["a field without colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"],
  ["a field without name", 400, "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"],
  ["a name that is no token", 400, "GET / HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n"],
  ["a NUL in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"],
  ["a bare CR in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n"],
  ["a bare LF after the request line", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n"],
  ["a bare LF after a field", 400, "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"],
  ["a bare LF at the end", 400, "GET / HTTP/1.1\r\nHost: a\r\n\n"],
  ["an expectation nobody knows", 417, "GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n"],
];

/** Bodies that break off or contradict their framing, after a head that is good. */
const BROKEN_BODIES: [name: string, body: string][] = [
  ["a chunk size that is no number", "x\r\nabc\r\n0\r\n\r\n"],
  ["a chunk size with a prefix", "0x3\r\nabc\r\n0\r\n\r\n"],
  ["a signed chunk size", "+3\r\nabc\r\n0\r\n\r\n"],
  ["a space before the chunk size", " 3\r\nabc\r\n0\r\n\r\n"],
  ["a space after the chunk size", "3 \r\nabc\r\n0\r\n\r\n"],
  ["a chunk size past all numbers", "11111111111111111\r\nabc\r\n0\r\n\r\n"],
  ["a chunk size that ends with a bare LF", "3\nabc\r\n0\r\n\r\n"],
  ["a chunk longer than it says", "3\r\nabcdef\r\n0\r\n\r\n"],
  ["a chunk that ends with a bare LF", "3\r\nabc\n0\r\n\r\n"],
  ["a NUL in a chunk extension", "3;a=\0\r\nabc\r\n0\r\n\r\n"],
  ["a bare CR in a chunk extension", "3;a\rb\r\nabc\r\n0\r\n\r\n"],
  ["a trailer that is no field", "3\r\nabc\r\n0\r\nX y\r\n\r\n"],
];

describe("strict framing", () => {
  let test: TestGateway;
  let calls = 0;
  beforeAll(async () => {
    test = await startGateway(async (request) => {
      calls++;
      await request.body.buffer(1000);
      return answer("ok");
    });
  });
  afterAll(() => test.gateway.stop({ drainMs: 0 }));

  it.each(REFUSED)("refuses %s with %i", async (_name, status, request) => {
    calls = 0;
    const client = await RawClient.connect(test.port);
    // A second request behind the first: it must never be answered.
    client.send(`${request}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
    const received = await client.end();
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(received).toMatch(/\r\nconnection: close\r\n/i);
    expect(received).toMatch(/\r\ncontent-type: application\/json\r\n/i);
    const body = received.slice(received.indexOf("\r\n\r\n") + 4);
    expect(body).toMatch(new RegExp(`^\\{ "statusCode": ${status}, "message": ".+" \\}$`));
    expect(received).toMatch(new RegExp(`\r\ncontent-length: ${body.length}\r\n`, "i"));
    expect(calls).toBe(0);
  });

  it.each(BROKEN_BODIES)("ends the connection at %s", async (_name, body) => {
    const client = await RawClient.connect(test.port);
    client.send(
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    const received = await client.end();
    expect(received).toMatch(/^HTTP\/1.1 400 /);
    expect(received.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });

  it("answers complete requests before a broken one, then closes", async () => {
    const client = await RawClient.connect(test.port);
    client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n");
    const received = await client.end();
    expect(received).toMatch(/^HTTP\/1.1 200 /);
    expect(received).not.toContain("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200");
  });

  it("takes absolute-form that agrees with Host", async () => {
    const client = await RawClient.connect(test.port);
    client.send("GET http://A:80/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect(await client.end()).toMatch(/^HTTP\/1.1 200 /);
  });
});
