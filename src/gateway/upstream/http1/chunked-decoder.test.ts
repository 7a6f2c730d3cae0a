import { describe, expect, it } from "vitest";
import { ChunkedDecoder } from "./chunked-decoder.ts";

interface Decoded {
  content: string;
  done: boolean;
  /** What came behind the message. */
  rest: string;
}

/** Decodes the pieces one after the other, each in the middle of rubbish that must not be looked at. */
function decode(pieces: readonly string[]): Decoded {
  const decoder = new ChunkedDecoder();
  let content = "";
  for (const [index, piece] of pieces.entries()) {
    const bytes = Buffer.from(`0\r\n${piece}\r\n0\r\n\r\n`, "latin1");
    const end = decoder.decode(bytes, 3, 3 + piece.length);
    content += bytes.toString("latin1", decoder.from, decoder.to);
    if (decoder.done) return { content, done: true, rest: piece.slice(end - 3) + pieces.slice(index + 1).join("") };
    expect(end).toBe(3 + piece.length);
  }
  return { content, done: false, rest: "" };
}

const MESSAGES: readonly (readonly [name: string, text: string, content: string])[] = [
  ["nothing", "0\r\n\r\n", ""],
  ["one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello"],
  [
    "many chunks, sizes with zeros and in both cases",
    "05\r\nhello\r\n1\r\n \r\n0A\r\n0123456789\r\na\r\nabcdefghij\r\n000\r\n\r\n",
    "hello 0123456789abcdefghij",
  ],
  ["chunks that look like framing", "7\r\n0\r\n\r\n\r\n\r\n2\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n\r\n\r\n"],
  ["extensions", '3;a=b\r\nabc\r\n3;q="x;\xe9"\r\ndef\r\n0;last\r\n\r\n', "abcdef"],
  ["trailers", "3\r\nabc\r\n0\r\nX-A: 1\r\nx-b:\r\n\r\n", "abc"],
];

describe("chunked bodies", () => {
  it.each(MESSAGES)("decode the same wherever reads divide them: %s", (_name, text, content) => {
    const expected = { content, done: true, rest: "HTTP/1.1" };
    expect(decode([`${text}HTTP/1.1`])).toEqual(expected);
    for (let at = 0; at <= text.length; at++) {
      expect(decode([text.slice(0, at), `${text.slice(at)}HTTP/1.1`])).toEqual(expected);
      for (let next = at; next <= text.length; next += 3) {
        const pieces = [text.slice(0, at), text.slice(at, next), `${text.slice(next)}HTTP/1.1`];
        expect(decode(pieces)).toEqual(expected);
      }
    }
    expect(decode([...text, "HTTP/1.1"])).toEqual(expected);
  });

  it.each(MESSAGES)("are not done before their end: %s", (_name, text) => {
    for (let at = 0; at < text.length; at++) expect(decode([text.slice(0, at)]).done).toBe(false);
  });

  it.each([
    ["no size", "\r\nabc\r\n0\r\n\r\n"],
    ["no digits before an extension", ";a\r\n\r\n"],
    ["a signed size", "+3\r\nabc\r\n0\r\n\r\n"],
    ["a negative size", "-3\r\nabc\r\n0\r\n\r\n"],
    ["a prefixed size", "0x3\r\nabc\r\n0\r\n\r\n"],
    ["a size with a space", "3 \r\nabc\r\n0\r\n\r\n"],
    ["a space before a size", " 3\r\nabc\r\n0\r\n\r\n"],
    ["a size with an underscore", "1_0\r\nabc\r\n0\r\n\r\n"],
    ["a size beyond counting", "1000000000000\r\nabc"],
    ["a bare LF behind a size", "3\nabc\r\n0\r\n\r\n"],
    ["a bare CR behind a size", "3\rabc\r\n0\r\n\r\n"],
    ["a bare LF in an extension", "3;a\nabc\r\n0\r\n\r\n"],
    ["a bare CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n"],
    ["NUL in an extension", "3;\0\r\nabc\r\n0\r\n\r\n"],
    ["no CR LF behind a chunk", "3\r\nabc0\r\n\r\n"],
    ["a bare LF behind a chunk", "3\r\nabc\n0\r\n\r\n"],
    ["a longer chunk than its size", "3\r\nabcd\r\n0\r\n\r\n"],
    ["a folded trailer", "0\r\nX: 1\r\n y\r\n\r\n"],
    ["a trailer without a name", "0\r\n: 1\r\n\r\n"],
    ["a trailer without a colon", "0\r\nX\r\n\r\n"],
    ["a trailer with a space in its name", "0\r\nX : 1\r\n\r\n"],
    ["NUL in a trailer", "0\r\nX: \0\r\n\r\n"],
    ["a bare LF behind a trailer", "0\r\nX: 1\n\r\n"],
    ["a bare LF at the end", "0\r\n\n"],
    ["a bare CR at the end", "0\r\n\rX"],
  ])("are refused with %s, wherever reads divide them", (_name, text) => {
    expect(() => decode([text])).toThrow("not valid");
    for (let at = 0; at < text.length; at++) expect(() => decode([text.slice(0, at), text.slice(at)])).toThrow();
    expect(() => decode([...text])).toThrow();
  });

  it("bound extensions and trailers", () => {
    const chunks = (count: number) => `1;${"e".repeat(1023)}\r\nx\r\n`.repeat(count);
    expect(decode([`${chunks(16)}0\r\n\r\n`]).content).toHaveLength(16);
    expect(() => decode([chunks(17)])).toThrow("extension");
    const trailers = (count: number) => `0\r\n${`X: ${"y".repeat(1019)}\r\n`.repeat(count)}\r\n`;
    expect(decode([trailers(15)]).done).toBe(true);
    expect(() => decode([trailers(17)])).toThrow("too large");
  });
});
