import { describe, expect, it } from "vitest";
import { PolicyError } from "../exchange/errors.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function headersAfter(xml: string, headers: string[] = [], variables: Record<string, unknown> = {}) {
  const x = testExchange();
  x.request.headers = new HeaderList(headers);
  for (const [name, value] of Object.entries(variables)) x.variables.set(name, value);
  await runXml(xml, x);
  return x.request.headers.raw;
}

const set = (action: string, ...values: string[]) =>
  `<set-header name="X-A" exists-action="${action}">${values.map((v) => `<value>${v}</value>`).join("")}</set-header>`;

describe("set-header", () => {
  const existing = ["x-a", "0", "Other", "o", "X-A", "1"];
  it.each([
    [set("override", "2"), existing, ["Other", "o", "X-A", "2"]],
    [set("override", "2", "3"), existing, ["Other", "o", "X-A", "2,3"]],
    [set("override"), existing, ["Other", "o"]],
    [set("skip", "2"), existing, existing],
    [set("skip", "2"), ["Other", "o"], ["Other", "o", "X-A", "2"]],
    [set("append", "2"), existing, ["Other", "o", "X-A", "0,1,2"]],
    [set("append", "2"), [], ["X-A", "2"]],
    [set("append"), existing, existing],
    [set("delete"), existing, ["Other", "o"]],
    [set("delete", "2"), existing, ["Other", "o"]],
    ['<set-header name="X-A"><value>2</value></set-header>', existing, ["Other", "o", "X-A", "2"]],
  ])("%s", async (xml, before, after) => {
    expect(await headersAfter(xml, [...before])).toEqual(after);
  });

  it("sends some headers line by line", async () => {
    const xml =
      '<set-header name="Set-Cookie" exists-action="append"><value>b=2</value><value>c=3</value></set-header>';
    expect(await headersAfter(xml, ["set-cookie", "a=1"])).toEqual([
      ...["Set-Cookie", "a=1"],
      ...["Set-Cookie", "b=2"],
      ...["Set-Cookie", "c=3"],
    ]);
  });

  it.each(["Connection", "content-length", "Keep-Alive", "Transfer-Encoding"])("leaves %s alone", async (name) => {
    for (const action of ["override", "append", "delete", "skip"]) {
      const xml = `<set-header name="${name}" exists-action="${action}"><value>9</value></set-header>`;
      expect(await headersAfter(xml, [name, "1"])).toEqual([name, "1"]);
      expect(await headersAfter(xml, [])).toEqual([]);
      const evaluated = xml.replace(`"${name}"`, "'@((string)context.Variables[\"n\"])'");
      expect(await headersAfter(evaluated, [], { n: name })).toEqual([]);
    }
  });

  it("sets Server but does not remove it", async () => {
    const remove = '<set-header name="Server" exists-action="delete" />';
    expect(await headersAfter(remove, ["Server", "x"])).toEqual(["Server", "x"]);
    expect(await headersAfter('<set-header name="Server" />', ["Server", "x"])).toEqual(["Server", "x"]);
    const change = '<set-header name="server"><value>y</value></set-header>';
    expect(await headersAfter(change, ["Server", "x"])).toEqual(["server", "y"]);
  });

  it("evaluates name, action and values", async () => {
    const xml = `<set-header name='@("X-" + (string)context.Variables["n"])' exists-action='@((string)context.Variables["a"])'>
      <value>@((string)context.Variables["v"])</value><value>2</value></set-header>`;
    expect(await headersAfter(xml, ["X-B", "0"], { n: "B", a: "append", v: "1" })).toEqual(["X-B", "0,1,2"]);
  });

  it("leaves out a value that is null", async () => {
    const value = '@((string)context.Variables["missing"])';
    expect(await headersAfter(set("override", value, "2"))).toEqual(["X-A", "2"]);
    // What the client sent must not pass for what the policy sets.
    expect(await headersAfter(set("override", value), ["X-A", "forged"])).toEqual([]);
  });

  it("does not evaluate values that are not used", async () => {
    const xml = set("skip", '@{ throw new Exception("evaluated"); }');
    expect(await headersAfter(xml, ["X-A", "1"])).toEqual(["X-A", "1"]);
    await expect(headersAfter(xml)).rejects.toThrow("evaluated");
  });

  it("never sends a line break that an expression gives", async () => {
    const xml = set("override", '@((string)context.Variables["v"])');
    const failure = await headersAfter(xml, [], { v: "a\r\nX-Admin: true" }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PolicyError);
    expect(failure).toMatchObject({ reason: "ExpressionValueEvaluationFailure", status: 500 });
  });

  it("fails for a name that is none", async () => {
    const xml = `<set-header name='@((string)context.Variables["n"])'><value>1</value></set-header>`;
    await expect(headersAfter(xml, [], { n: "a\r\nb" })).rejects.toThrow("not a valid header name");
    await expect(headersAfter(xml, [], { n: "" })).rejects.toThrow("not a valid header name");
    const literal = '<set-header name="x-{placeholder}"><value>1</value></set-header>';
    expect(compileXml(literal).diagnostics).toMatchObject([{ severity: "warning", code: "invalid-value" }]);
    await expect(headersAfter(literal)).rejects.toThrow("not a valid header name");
  });

  it("makes one line of a literal over several lines", async () => {
    expect(await headersAfter(set("override", "\n  a;\n  b\n"))).toEqual(["X-A", "a; b"]);
  });

  it("refuses a word that is no action", async () => {
    expect(compileXml(set("replace", "1")).diagnostics).toMatchObject([{ code: "invalid-value" }]);
    const xml = `<set-header name="X-A" exists-action='@((string)context.Variables["a"])'><value>1</value></set-header>`;
    await expect(headersAfter(xml, [], { a: "replace" })).rejects.toThrow(/exists-action/);
  });

  it("works on the message of the section", async () => {
    for (const section of ["inbound", "backend", "outbound", "on-error"] as const) {
      const x = testExchange();
      x.section = section;
      x.response = new ResponseMessage(200);
      await runXml(set("override", "1"), x);
      const onRequest = section === "inbound" || section === "backend";
      expect(x.request.headers.has("x-a")).toBe(onRequest);
      expect(x.response.headers.has("x-a")).toBe(!onRequest);
    }
  });

  it("makes a response in outbound where there is none", async () => {
    const x = testExchange();
    x.section = "outbound";
    await runXml(set("override", "1"), x);
    expect(x.response).toMatchObject({ status: 200 });
  });
});
