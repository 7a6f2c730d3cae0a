import { describe, expect, it } from "vitest";
import { Body, type BodySource } from "../exchange/body.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

function bodyOf(x: Exchange): string {
  return Buffer.from(x.request.body.buffered ?? []).toString("utf8");
}

async function bodyAfter(xml: string, init: Parameters<typeof testExchange>[0] = {}): Promise<string> {
  return bodyOf(await runXml(xml, testExchange({ method: "POST", ...init })));
}

describe("set-body", () => {
  it.each([
    ["<set-body>plain</set-body>", "plain"],
    ['<set-body>{"a": "ü"}</set-body>', '{"a": "ü"}'],
    ["<set-body> kept\n as is </set-body>", " kept\n as is "],
    ["<set-body><![CDATA[<a>&amp;</a>]]></set-body>", "<a>&amp;</a>"],
    ["<set-body>&lt;a/&gt;</set-body>", "<a/>"],
    ['<set-body><a x="1">&amp;<b/></a></set-body>', '<a x="1">&amp;<b/></a>'],
    ["<set-body />", ""],
    ["<set-body>\n <value>text</value> <!-- toolkit --> </set-body>", "text"],
    ['<set-body><value>@("a" + "b")</value></set-body>', "ab"],
    ["<set-body><value><b/></value></set-body>", "<value><b/></value>"],
    ['<set-body><value a="1">x</value></set-body>', '<value a="1">x</value>'],
    ["<set-body><value>x</value><value>y</value></set-body>", "<value>x</value><value>y</value>"],
    ["<set-body>z<value>x</value></set-body>", "z<value>x</value>"],
    ['<set-body>@("a" + "b")</set-body>', "ab"],
    ["<set-body>@((string)null)</set-body>", ""],
    ["<set-body>@(1 == 1)</set-body>", "True"],
    ['<set-body template="none">x</set-body>', "x"],
    ['<set-body xsi-nil="null" parse-date="false" html-decode-expression="true">x</set-body>', "x"],
  ])("%s", async (xml, expected) => {
    expect(await bodyAfter(xml)).toBe(expected);
  });

  it("takes bytes as they are", async () => {
    const x = testExchange({ method: "POST" });
    x.variables.set("bytes", new Uint8Array([0xff, 0x00, 0x61]));
    await runXml('<set-body>@(context.Variables["bytes"])</set-body>', x);
    expect(x.request.body.buffered).toEqual(new Uint8Array([0xff, 0x00, 0x61]));
  });

  it("can be made of the body it replaces", async () => {
    const xml = '<set-body>@(context.Request.Body.As<string>() + "!")</set-body>';
    expect(await bodyAfter(xml, { body: Body.text("hello") })).toBe("hello!");
  });

  it("leaves Content-Type, takes Content-Encoding away and frees the old stream", async () => {
    let cancelled = false;
    const source: BodySource = {
      start() {
        throw new Error("read");
      },
      resume() {},
      cancel() {
        cancelled = true;
      },
    };
    const headers = { "Content-Type": "text/x", "Content-Encoding": "gzip" };
    const x = testExchange({ method: "POST", headers, body: Body.stream(source) });
    await runXml("<set-body>new</set-body>", x);
    expect(x.request.headers.raw).toEqual(["Content-Type", "text/x"]);
    expect(cancelled).toBe(true);
    expect(bodyOf(x)).toBe("new");
  });

  it("replaces the response's body in outbound", async () => {
    const x = testExchange();
    x.section = "outbound";
    x.response = new ResponseMessage(200, "", undefined, Body.text("old"));
    await runXml("<set-body>new</set-body>", x);
    expect(Buffer.from(x.response.body.buffered ?? []).toString()).toBe("new");
    expect(x.request.body.absent).toBe(true);
  });

  it("leaves the braces of a Liquid template alone", () => {
    const { diagnostics } = compileXml('<set-body template="liquid">{"a":"{{body.a}}"}</set-body>');
    expect(diagnostics).toEqual([]);
  });

  it("refuses other words and expressions in its attributes", () => {
    const codes = (xml: string) => compileXml(xml).diagnostics.map((d) => d.code);
    expect(codes('<set-body template="razor">x</set-body>')).toEqual(["invalid-value"]);
    expect(codes('<set-body xsi-nil="empty">x</set-body>')).toEqual(["invalid-value"]);
    expect(codes('<set-body parse-date="@(true)">x</set-body>')).toEqual(["expression-not-allowed"]);
    expect(codes("<set-body>{{unknown}}</set-body>")).toEqual(["unknown-named-value"]);
  });
});
