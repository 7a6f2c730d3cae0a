import { describe, expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function converted(
  attributes: string,
  body = "<a><b>1</b></a>",
  init: { accept?: string; type?: string } = {},
): Promise<{ body: string; type: string | undefined }> {
  const x = testExchange(init.accept === undefined ? {} : { headers: { Accept: init.accept } });
  x.section = "outbound";
  x.response = new ResponseMessage(200, "", new HeaderList(), Body.text(body));
  if (init.type !== undefined) x.response.headers.set("Content-Type", init.type);
  await runXml(`<xml-to-json ${attributes} />`, x);
  return {
    body: Buffer.from(x.response.body.buffered ?? []).toString(),
    type: x.response.headers.get("content-type"),
  };
}

const always = 'kind="direct" apply="always" consider-accept-header="false"';

describe("xml-to-json", () => {
  it("converts body and Content-Type", async () => {
    expect(await converted(always)).toEqual({ body: '{"a":{"b":"1"}}', type: "application/json" });
  });

  it("converts a request in inbound", async () => {
    const x = testExchange({ method: "POST", body: Body.text("<a>1</a>") });
    await runXml(`<xml-to-json ${always} />`, x);
    expect(Buffer.from(x.request.body.buffered ?? []).toString()).toBe('{"a":"1"}');
  });

  it.each([
    ["text/xml", true],
    ["application/soap+xml; charset=utf-8", true],
    ["application/json", false],
    [undefined, false],
  ])("by Content-Type %s: %s", async (type, applies) => {
    const init = type === undefined ? {} : { type };
    const attributes = 'kind="direct" apply="content-type-xml" consider-accept-header="false"';
    expect((await converted(attributes, "<a/>", init)).body.startsWith("{")).toBe(applies);
  });

  it.each([
    ["application/json", true],
    ["application/xml, application/hal+json;q=0.1", true],
    ["application/xml", false],
    ["application/json;q=0", false],
    ["*/*", false],
    [undefined, false],
  ])("by Accept %s: %s", async (accept, applies) => {
    const init = accept === undefined ? {} : { accept };
    const result = await converted('kind="direct" apply="always"', "<a/>", init);
    expect(result.body.startsWith("{")).toBe(applies);
  });

  it("evaluates its attributes", async () => {
    const attributes = `kind='@("javascript" + "-friendly")' apply='@("al" + "ways")'
      consider-accept-header='@(1 == 2)' always-array-child-elements='@(1 == 1)'`;
    expect((await converted(attributes, '<a c="2"><b>1</b></a>')).body).toBe('{"a":{"c":"2","b":["1"]}}');
  });

  it("leaves an empty body alone", async () => {
    expect(await converted(always, "")).toEqual({ body: "", type: undefined });
  });

  it.each(["<a>", "text", "<a/><b/>", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'])(
    "fails for what is no XML: %s",
    async (body) => {
      await expect(converted(always, body)).rejects.toMatchObject({ status: 500, reason: "InvalidBody" });
    },
  );

  it("survives deep nesting", async () => {
    const deep = "<a>".repeat(100_000) + "</a>".repeat(100_000);
    await expect(converted(always, deep)).rejects.toMatchObject({ reason: "InvalidBody" });
  });

  it.each([
    ['<xml-to-json apply="always" />', "missing-attribute"],
    ['<xml-to-json kind="direct" />', "missing-attribute"],
    ['<xml-to-json kind="badgerfish" apply="always" />', "invalid-value"],
    ['<xml-to-json kind="direct" apply="content-type-json" />', "invalid-value"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics.map((d) => d.code)).toEqual([code]);
  });
});
