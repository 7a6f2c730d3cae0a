import { describe, expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function converted(
  attributes: string,
  body = '{"a":"1"}',
  init: { accept?: string; type?: string } = {},
): Promise<{ body: string; type: string | undefined }> {
  const x = testExchange(init.accept === undefined ? {} : { headers: { Accept: init.accept } });
  x.section = "outbound";
  x.response = new ResponseMessage(200, "", new HeaderList(), Body.text(body));
  if (init.type !== undefined) x.response.headers.set("Content-Type", init.type);
  await runXml(`<json-to-xml ${attributes} />`, x);
  return {
    body: Buffer.from(x.response.body.buffered ?? []).toString(),
    type: x.response.headers.get("content-type"),
  };
}

const always = 'apply="always" consider-accept-header="false"';

describe("json-to-xml", () => {
  it("converts body and Content-Type", async () => {
    expect(await converted(always)).toEqual({ body: "<a>1</a>", type: "application/xml" });
  });

  it("converts a request in inbound", async () => {
    const x = testExchange({ method: "POST", body: Body.text('{"a":1}') });
    await runXml(`<json-to-xml ${always} />`, x);
    expect(Buffer.from(x.request.body.buffered ?? []).toString()).toBe("<a>1</a>");
    expect(x.request.headers.get("content-type")).toBe("application/xml");
  });

  it.each([
    ["application/json", true],
    ["application/problem+json; charset=utf-8", true],
    ["text/plain", false],
    [undefined, false],
  ])("by Content-Type %s: %s", async (type, applies) => {
    const init = type === undefined ? {} : { type };
    const result = await converted('apply="content-type-json" consider-accept-header="false"', '{"a":1}', init);
    expect(result.body.startsWith("<")).toBe(applies);
  });

  it.each([
    ["application/xml", true],
    ["text/html, text/xml;q=0.5", true],
    ["application/json", false],
    ["*/*", false],
    [undefined, false],
  ])("by Accept %s: %s", async (accept, applies) => {
    const init = accept === undefined ? {} : { accept };
    expect((await converted('apply="always"', '{"a":1}', init)).body.startsWith("<")).toBe(applies);
  });

  it("evaluates its attributes", async () => {
    const attributes = `apply='@("al" + "ways")' consider-accept-header='@(1 == 2)' namespace-separator='@("" + ":")'
      namespace-prefix='@("xm" + "lns")' attribute-block-name='@("#" + "a")'`;
    expect((await converted(attributes, '{"p:r":{"xmlns:p":"urn:p","#a":{"b":1}}}')).body).toBe(
      '<p:r xmlns:p="urn:p" b="1" />',
    );
  });

  it("copies dates as they are where asked", async () => {
    const json = '{"a":"2026-01-05T09:05:07.000Z"}';
    expect((await converted(always, json)).body).toBe("<a>2026-01-05T09:05:07Z</a>");
    expect((await converted(`${always} parse-date="false"`, json)).body).toBe("<a>2026-01-05T09:05:07.000Z</a>");
  });

  it("leaves an empty body alone", async () => {
    expect(await converted(always, " ")).toEqual({ body: " ", type: undefined });
    const x = testExchange();
    await runXml(`<json-to-xml ${always} />`, x);
    expect(x.request.body.absent).toBe(true);
  });

  it("reads the body in its charset", async () => {
    const x = testExchange({
      method: "POST",
      headers: { "Content-Type": "application/json; charset=iso-8859-1" },
      body: Body.of(Buffer.from('{"a":"é"}', "latin1")),
    });
    await runXml(`<json-to-xml ${always} />`, x);
    expect(Buffer.from(x.request.body.buffered ?? []).toString("utf8")).toBe("<a>é</a>");
  });

  it("fails for what is no JSON", async () => {
    await expect(converted(always, "{")).rejects.toMatchObject({ status: 500, reason: "InvalidBody" });
    await expect(converted(always, "[".repeat(100_000))).rejects.toMatchObject({ reason: "InvalidBody" });
  });

  it.each([
    ["<json-to-xml />", "missing-attribute"],
    ['<json-to-xml apply="content-type-xml" />', "invalid-value"],
    ['<json-to-xml apply="always" namespace-separator="::" />', "invalid-value"],
    ['<json-to-xml apply="always" parse-date="@(true)" />', "expression-not-allowed"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics.map((d) => d.code)).toEqual([code]);
  });
});
