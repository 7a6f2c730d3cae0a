import { describe, expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const text = (response: ResponseMessage | null) => Buffer.from(response?.body.buffered ?? []).toString();

describe("return-response", () => {
  it("answers at once", async () => {
    const x = testExchange();
    await runXml(
      `<return-response>
        <set-status code="403" reason="No" />
        <set-header name="Content-Type"><value>application/json</value></set-header>
        <set-header name="X-A" exists-action="append"><value>@("1")</value></set-header>
        <set-body>{"error": "no"}</set-body>
      </return-response>
      <set-variable name="after" value="1" />`,
      x,
    );
    expect(x.ended).toBe(true);
    expect(x.response).toMatchObject({ status: 403, reason: "No" });
    expect(x.response?.headers.raw).toEqual(["Content-Type", "application/json", "X-A", "1"]);
    expect(text(x.response)).toBe('{"error": "no"}');
    expect(x.variables.has("after")).toBe(false);
    expect(x.request.headers.raw).toEqual([]);
  });

  it("is an empty 200 by default, with nothing of an earlier response", async () => {
    const x = testExchange();
    x.section = "outbound";
    x.response = new ResponseMessage(500, "Bad", new HeaderList(["X-Old", "1"]), Body.text("old"));
    await runXml("<return-response />", x);
    expect(x.response).toMatchObject({ status: 200, reason: "" });
    expect(x.response.headers.raw).toEqual([]);
    expect(x.response.body.absent).toBe(true);
  });

  it("reads the earlier response while it builds the new one", async () => {
    const x = testExchange();
    x.section = "outbound";
    x.response = new ResponseMessage(502, "", undefined, Body.text("old"));
    const xml = `<return-response><set-status code='@(context.Response.StatusCode + 1)' />
      <set-body>@("was " + context.Response.Body.As<string>(true))</set-body></return-response>`;
    await runXml(xml, x);
    expect(x.response.status).toBe(503);
    expect(text(x.response)).toBe("was old");
  });

  it("starts from a variable's response and leaves that as it is", async () => {
    const x = testExchange();
    const held = new ResponseMessage(418, "Teapot", new HeaderList(["X-A", "1"]), Body.text("short"));
    x.variables.set("held", held);
    const xml = `<return-response response-variable-name="held"><set-header name="X-A"><value>2</value></set-header></return-response>`;
    await runXml(xml, x);
    expect(x.response).toMatchObject({ status: 418, reason: "Teapot" });
    expect(x.response?.headers.raw).toEqual(["X-A", "2"]);
    expect(text(x.response)).toBe("short");
    expect(held.headers.raw).toEqual(["X-A", "1"]);
    expect(text(held)).toBe("short");
  });

  it("returns no body that an expression has consumed", async () => {
    const x = testExchange();
    const held = new ResponseMessage(200, "", undefined, Body.text("read"));
    held.body.consumed = true;
    x.variables.set("held", held);
    await runXml('<return-response response-variable-name="held" />', x);
    expect(text(x.response)).toBe("");
  });

  it.each([null, "text", undefined])("fails where the variable holds %j", async (value) => {
    const x = testExchange();
    if (value !== undefined) x.variables.set("held", value);
    await expect(runXml('<return-response response-variable-name="held" />', x)).rejects.toThrow(
      'The variable "held" holds no response.',
    );
    expect(x.ended).toBe(false);
  });

  it("does not end when one of its parts fails", async () => {
    const x = testExchange();
    const xml = `<return-response><set-body>@{ throw new Exception("no"); }</set-body></return-response>`;
    await expect(runXml(xml, x)).rejects.toThrow("no");
    expect(x.ended).toBe(false);
    expect(x.response).toBeNull();
  });

  it.each([
    ["<return-response><set-body>x</set-body><set-status code='200' /></return-response>", "element-order"],
    ["<return-response><set-status code='200' /><set-status code='200' /></return-response>", "element-repeated"],
    ["<return-response><include-fragment fragment-id='f' /></return-response>", "unexpected-element"],
    ["<return-response response-variable-name='@(1)' />", "expression-not-allowed"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics.map((d) => d.code)).toEqual([code]);
  });
});
