import { describe, expect, it } from "vitest";
import { ResponseMessage } from "../exchange/message.ts";
import { formatUrl } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function sent(xml: string): Promise<[url: string, body: string]> {
  const services = testServices(() => new ResponseMessage(204));
  await runXml(xml, testExchange({ services }));
  const [request] = services.sent;
  if (!request) throw new Error("nothing sent");
  expect(request).toMatchObject({ method: "POST", headers: ["Content-Type", "application/json"] });
  return [formatUrl(request.url), Buffer.from(request.body.buffered ?? []).toString()];
}

describe("invoke-dapr-binding", () => {
  it("posts operation, metadata and data to the binding", async () => {
    const xml = `<invoke-dapr-binding name='@("mail" + "er")' operation="get">
      <metadata><item key="a">@(context.Request.Method)</item><item key="__proto__">x"y</item></metadata>
      <data>hello</data></invoke-dapr-binding>`;
    expect(await sent(xml)).toEqual([
      "http://localhost:3500/v1.0/bindings/mailer",
      '{"operation":"get","metadata":{"a":"GET","__proto__":"x\\"y"},"data":"hello"}',
    ]);
  });

  it("needs a name only", async () => {
    expect(await sent('<invoke-dapr-binding name="a/b" />')).toEqual([
      "http://localhost:3500/v1.0/bindings/a%2Fb",
      '{"operation":"create"}',
    ]);
  });

  it.each([
    ['{"id": 12345678901234567890}', '{"id": 12345678901234567890}'],
    ["1.50", "1.50"],
    ["<a/>", '"<a/>"'],
    ["", '""'],
    ["{", '"{"'],
  ])("data %s is handed over as %s", async (text, written) => {
    const [, body] = await sent(`<invoke-dapr-binding name="b"><data>${text}</data></invoke-dapr-binding>`);
    expect(body).toBe(`{"operation":"create","data":${written}}`);
  });

  it("fills in a template", async () => {
    const xml = `<invoke-dapr-binding name="b" template="Liquid"><data>{"m": "{{context.Request.Method}}"}</data></invoke-dapr-binding>`;
    expect((await sent(xml))[1]).toBe('{"operation":"create","data":{"m": "GET"}}');
  });

  it("stores the response, and fails for an error", async () => {
    const xml = '<invoke-dapr-binding name="b" response-variable-name="r" />';
    const answer = (status: number) => testExchange({ services: testServices(() => new ResponseMessage(status)) });
    expect((await runXml(xml, answer(200))).variables.get("r")).toMatchObject({ status: 200 });
    await expect(runXml(xml, answer(500))).rejects.toMatchObject({ reason: "BackendConnectionFailure", status: 500 });
  });

  it.each(["..", "", " "])("does not call the binding %j", async (name) => {
    const x = testExchange();
    x.variables.set("v", name);
    const xml = `<invoke-dapr-binding name='@((string)context.Variables["v"])' />`;
    await expect(runXml(xml, x)).rejects.toMatchObject({ reason: "ExpressionValueEvaluationFailure" });
  });

  it.each([
    ["<invoke-dapr-binding />", "missing-attribute"],
    ['<invoke-dapr-binding name="b"><data /><metadata /></invoke-dapr-binding>', "element-order"],
    ['<invoke-dapr-binding name="b"><metadata><item>x</item></metadata></invoke-dapr-binding>', "missing-attribute"],
    ['<invoke-dapr-binding name="b" template="Liquid"><data>{% x %}</data></invoke-dapr-binding>', "invalid-policy"],
    ['<invoke-dapr-binding name="b" timeout="300" />', "invalid-value"],
    ['<invoke-dapr-binding name="b" operation="@("a")" />', "expression-not-allowed"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics.map((d) => d.code)).toEqual([code]);
  });
});
