import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Body, BodyTooLargeError } from "../exchange/body.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function replaced(
  attributes: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Uint8Array> {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const x = testExchange({ method: "POST", headers, body: Body.of(bytes) });
  x.variables.set("f", "a.c");
  await runXml(`<find-and-replace ${attributes} />`, x);
  return x.request.body.buffered ?? new Uint8Array();
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

describe("find-and-replace", () => {
  it.each([
    ['from="a" to="bb"', "banana", "bbbnbbnbb"],
    ['from="aa" to="a"', "aaaaa", "aaa"],
    ['from="ana" to=""', "banana", "bna"],
    ['from="A" to="x"', "banana", "banana"],
    ['from="." to="x"', "a.b", "axb"],
    ['from="x" to="$&amp;$1"', "axb", "a$&$1b"],
    ['from="é" to="ü"', "café", "cafü"],
    ['from="" to="x"', "ab", "ab"],
    [`from='@((string)context.Variables["f"])' to='@("1" + "2")'`, "abc a.c", "abc 12"],
  ])("%s", async (attributes, body, expected) => {
    expect(text(await replaced(attributes, body))).toBe(expected);
  });

  it("keeps bytes that are no text", async () => {
    expect(await replaced('from="a" to="b"', new Uint8Array([0xff, 0x61, 0xfe]))).toEqual(
      Buffer.from([0xff, 0x62, 0xfe]),
    );
  });

  it("works in the body's charset", async () => {
    const headers = { "Content-Type": "text/plain; charset=iso-8859-1" };
    expect(await replaced('from="é" to="ü"', new Uint8Array([0xe9]), headers)).toEqual(Buffer.from([0xfc]));
  });

  it("sees through a Content-Encoding, in outbound too", async () => {
    const x = testExchange();
    x.section = "outbound";
    x.response = new ResponseMessage(200, "", undefined, Body.of(gzipSync("hello")));
    x.response.headers.set("Content-Encoding", "gzip");
    await runXml('<find-and-replace from="l" to="L" />', x);
    expect(text(x.response.body.buffered ?? new Uint8Array())).toBe("heLLo");
    expect(x.response.headers.has("content-encoding")).toBe(false);
  });

  it("leaves a message without body alone", async () => {
    const x = testExchange();
    await runXml('<find-and-replace from="a" to="b" />', x);
    expect(x.request.body.absent).toBe(true);
  });

  it("does not let a short text grow without bound", async () => {
    const services = { ...testServices(), limits: { bodyBytes: 1000 } };
    const x = testExchange({ method: "POST", services, body: Body.text("a".repeat(500)) });
    const xml = `<find-and-replace from="a" to="${"b".repeat(100)}" />`;
    await expect(runXml(xml, x)).rejects.toBeInstanceOf(BodyTooLargeError);
  });

  it("needs both attributes", () => {
    expect(compileXml("<find-and-replace />").diagnostics.map((d) => d.code)).toEqual([
      "missing-attribute",
      "missing-attribute",
    ]);
  });
});
