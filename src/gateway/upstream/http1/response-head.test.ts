import { describe, expect, it } from "vitest";
import { BackendError } from "../../../policy/exchange/errors.ts";
import { HeadReader } from "./head-reader.ts";
import type { ResponseHead } from "./response-head.ts";

/** Feeds the pieces one after the other, each in front of rubbish that must not be looked at. */
function read(pieces: readonly string[], most = 65_536): { head: ResponseHead | undefined; rest: string } {
  const reader = new HeadReader(most);
  for (const [index, piece] of pieces.entries()) {
    const bytes = Buffer.from(`${piece}\r\n\r\nHTTP/1.1 200 OK\r\n\r\n`, "latin1");
    const head = reader.read(bytes, 0, piece.length);
    if (head) return { head, rest: piece.slice(head.bytes) + pieces.slice(index + 1).join("") };
  }
  return { head: undefined, rest: "" };
}

function problem(pieces: readonly string[], most?: number): string | undefined {
  try {
    read(pieces, most);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(BackendError);
    expect((error as BackendError).kind).toBe("protocol");
    return (error as BackendError).message;
  }
}

const head = (...lines: string[]) => `${["HTTP/1.1 200 OK", ...lines].join("\r\n")}\r\n\r\n`;

describe("response heads", () => {
  it("are status, reason and fields as written", () => {
    const { head: found, rest } = read([
      "HTTP/1.1 404 Not  Found\xe9\r\nX-A:1\r\nx-a: \t two \t\r\nEmpty:\r\n!#$%&'*+-.^_`|~09azAZ: \x80\xff~\r\n\r\nbody",
    ]);
    expect(found).toMatchObject({ status: 404, reason: "Not  Found\xe9", persistent: true, chunked: false });
    expect(found?.headers).toEqual(["X-A", "1", "x-a", "two", "Empty", "", "!#$%&'*+-.^_`|~09azAZ", "\x80\xff~"]);
    expect(rest).toBe("body");
  });

  it("may have no fields, and no reason", () => {
    expect(read(["HTTP/1.1 200 \r\n\r\n"]).head).toMatchObject({ status: 200, reason: "", headers: [] });
    expect(read(["HTTP/1.1 200\r\n\r\n"]).head).toMatchObject({ status: 200, reason: "", headers: [] });
  });

  it("leave out what belongs to the connection, and what Connection names, but not framing", () => {
    const { head: found } = read([
      head(
        "Connection: X-Hop, close, content-length",
        "X-Hop: 1",
        "Keep-Alive: max=5, timeout=7",
        "Proxy-Connection: keep-alive",
        "TE: x",
        "Trailer: x",
        "Upgrade: h2c",
        "Content-Length: 3",
        "X-Kept: 1",
      ),
    ]);
    expect(found?.headers).toEqual(["Content-Length", "3", "X-Kept", "1"]);
    expect(found).toMatchObject({ announced: 3, persistent: false, restMs: 7000 });
  });

  it.each([
    ["HTTP/1.1 200 OK\r\n\r\n", true],
    ["HTTP/1.1 200 OK\r\nConnection: Close\r\n\r\n", false],
    ["HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n\r\n", true],
    ["HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n\r\n", false],
  ])("say whether the connection lives on: %j", (text, persistent) => {
    expect(read([text]).head?.persistent).toBe(persistent);
  });

  it.each([
    ["timeout=5", 5000],
    ['max=100, timeout="12"', 12_000],
    ["xtimeout=5", undefined],
    ["timeout=soon", undefined],
  ])("tell how long a connection may rest: %s", (value, restMs) => {
    expect(read([head(`Keep-Alive: ${value}`)]).head?.restMs).toBe(restMs);
  });

  it.each([
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n"],
    ["an empty line first", `\r\n${head()}`],
    ["a space first", ` ${head()}`],
    ["a lower-case protocol", "http/1.1 200 OK\r\n\r\n"],
    ["version 2", "HTTP/2 200 OK\r\n\r\n"],
    ["version 1.2", "HTTP/1.2 200 OK\r\n\r\n"],
    ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"],
    ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"],
    ["a status below 100", "HTTP/1.1 099 OK\r\n\r\n"],
    ["two spaces before the status", "HTTP/1.1  200 OK\r\n\r\n"],
    ["a control character in the reason", "HTTP/1.1 200 O\x07K\r\n\r\n"],
    ["a bare LF behind the status line", "HTTP/1.1 200 OK\nX: 1\r\n\r\n"],
    ["a bare LF behind a field", "HTTP/1.1 200 OK\r\nX: 1\nY: 2\r\n\r\n"],
    ["a bare CR in a value", head("X: 1\rY: 2")],
    ["a CR twice", head("X: 1\r")],
    ["NUL in a value", head("X: a\0b")],
    ["DEL in a value", head("X: a\x7fb")],
    ["a folded line", head("X: a", " b")],
    ["a folded first line", head(" b")],
    ["a folded line of tabs", head("X: a", "\tb")],
    ["a space before a colon", head("X : a")],
    ["no colon", head("X")],
    ["no name", head(": a")],
    ["a name with a space", head("X Y: a")],
    ["a name past ASCII", head("X\xe9: a")],
    ["lengths that differ", head("Content-Length: 2", "Content-Length: 3")],
    ["lengths that agree", head("Content-Length: 2", "content-length: 2")],
    ["a list of lengths", head("Content-Length: 2, 2")],
    ["a signed length", head("Content-Length: +2")],
    ["a negative length", head("Content-Length: -2")],
    ["a hexadecimal length", head("Content-Length: 0x2")],
    ["a length with an exponent", head("Content-Length: 1e3")],
    ["an empty length", head("Content-Length:")],
    ["a length beyond counting", head("Content-Length: 1234567890123456")],
    ["length and chunks", head("Content-Length: 2", "Transfer-Encoding: chunked")],
    ["chunks and length", head("Transfer-Encoding: chunked", "Content-Length: 2")],
    ["another coding", head("Transfer-Encoding: gzip, chunked")],
    ["a coding behind chunked", head("Transfer-Encoding: chunked, gzip")],
    ["an unknown coding", head("Transfer-Encoding: identity")],
    ["a quoted coding", head('Transfer-Encoding: "chunked"')],
    ["a coding with a vertical tab", head("Transfer-Encoding: \x0bchunked")],
    ["chunked twice", head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")],
    ["chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
  ])("are refused with %s, wherever reads divide them", (_name, text) => {
    expect(problem([text])).toBeDefined();
    for (let at = 1; at < text.length; at++) expect(problem([text.slice(0, at), text.slice(at)])).toBeDefined();
    expect(problem([...text])).toBeDefined();
  });

  it("of other protocols are refused before they end", () => {
    expect(problem(["S"])).toContain("status line");
    expect(problem(["HTTP", "X"])).toContain("status line");
    expect(problem(["HTTP/1.1 200 OK\r\nA: b", "\n"])).toContain("LF");
  });

  it("are bounded in bytes and in fields", () => {
    const large = head(`X: ${"x".repeat(6000)}`);
    expect(read([large], large.length).head?.headers[1]).toHaveLength(6000);
    expect(problem([large], large.length - 1)).toContain("larger than");
    expect(problem([head("X: 1")], 20)).toContain("larger than 20 bytes");
    expect(problem([...large], 4000)).toContain("larger than 4000 bytes");
    const many = (count: number) => head(...Array.from({ length: count }, () => "X: 1"));
    expect(read([many(500)]).head?.headers).toHaveLength(1000);
    expect(problem([many(501)])).toContain("more than 500");
  });

  it("read the same wherever reads divide them", () => {
    const heads = [
      head("Content-Length: 5", "X-A: \t b \t", "x-a:c"),
      head("Transfer-Encoding: Chunked", "Connection: X-B, keep-alive", "X-B: 1", "Keep-Alive: timeout=5"),
      "HTTP/1.0 301 \r\nLocation: /\xe9\r\nConnection: keep-alive\r\n\r\n",
    ];
    for (const text of heads) {
      const { bytes: _bytes, ...whole } = read([`${text}rest`]).head as ResponseHead;
      for (let at = 1; at < text.length; at++) {
        const { head: parts, rest } = read([text.slice(0, at), `${text.slice(at)}rest`]);
        expect(parts).toMatchObject(whole);
        expect(rest).toBe("rest");
      }
      const drops = read([...text, "rest"]);
      expect(drops.head).toMatchObject(whole);
      expect(drops.rest).toBe("rest");
    }
  });

  it("that drip in are read in time that grows with their size alone", () => {
    const text = head(`X: ${"x".repeat(60_000)}`);
    const reader = new HeadReader(65_536);
    const byte = Buffer.alloc(1);
    let found: ResponseHead | undefined;
    for (let i = 0; i < text.length; i++) {
      byte[0] = text.charCodeAt(i);
      found = reader.read(byte, 0, 1);
    }
    expect(found?.headers[1]).toHaveLength(60_000);
  });
});
