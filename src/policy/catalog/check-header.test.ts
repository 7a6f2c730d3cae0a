import { describe, expect, it } from "vitest";
import { HeaderList } from "../exchange/headers.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function check(xml: string, headers: string[] = [], variables: Record<string, unknown> = {}) {
  const x = testExchange();
  x.request.headers = new HeaderList(headers);
  for (const [name, value] of Object.entries(variables)) x.variables.set(name, value);
  return runXml(xml, x).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const policy = (values: string[], ignoreCase = false, more = "") =>
  `<check-header name="X-Key" failed-check-httpcode="418" failed-check-error-message="No entry" ignore-case="${ignoreCase}"${more}>
    ${values.map((value) => `<value>${value}</value>`).join("")}</check-header>`;

describe("check-header", () => {
  it.each([[[]], [["X-Key", ""]]])("refuses a request whose headers are %j", async (headers) => {
    expect(await check(policy([]), headers)).toMatchObject({
      name: "PolicyError",
      reason: "HeaderNotFound",
      status: 418,
      message: "Header X-Key was not found in the request. Access denied.",
      publicMessage: "No entry",
    });
  });

  it("only asks for presence without values, whatever the case of the name", async () => {
    expect(await check(policy([]), ["x-KEY", "anything"])).toBeUndefined();
  });

  it("lets any listed value through and no other", async () => {
    expect(await check(policy(["a", "b"]), ["x-key", "b"])).toBeUndefined();
    expect(await check(policy(["a", "b"]), ["x-key", "B"])).toMatchObject({
      reason: "HeaderValueNotAllowed",
      message: "Header X-Key value of B is not allowed. Access denied.",
      publicMessage: "No entry",
    });
    expect(await check(policy(["a", "b"], true), ["x-key", "B"])).toBeUndefined();
  });

  it("does not let a listed value through beside another one", async () => {
    expect(await check(policy(["a"]), ["x-key", "a", "x-key", "evil"])).toMatchObject({
      reason: "HeaderValueNotAllowed",
    });
  });

  it("evaluates name, status, message, case and values", async () => {
    const xml = `<check-header name='@((string)context.Variables["n"])' failed-check-httpcode='@((int)context.Variables["s"])'
      failed-check-error-message='@((string)context.Variables["m"])' ignore-case='@((bool)context.Variables["i"])'>
      <value>@((string)context.Variables["v"])</value></check-header>`;
    const variables = { n: "A", s: 402, m: "pay", i: true, v: "PAID" };
    expect(await check(xml, ["a", "paid"], variables)).toBeUndefined();
    expect(await check(xml, ["a", "no"], variables)).toMatchObject({ status: 402, publicMessage: "pay" });
  });

  it("answers 500 where the status is none", async () => {
    const xml = `<check-header name="A" failed-check-httpcode='@((int)context.Variables["s"])' ignore-case="true" />`;
    expect(await check(xml, [], { s: 7 })).toMatchObject({ status: 500 });
  });

  it("says what is wrong where it was given no message", async () => {
    const error = await check('<check-header name="A" failed-check-httpcode="400" />');
    expect(error).toMatchObject({ publicMessage: undefined, message: expect.stringContaining("Header A") });
  });

  it.each([
    ['<check-header failed-check-httpcode="400" />', "name"],
    ['<check-header name="a" />', "failed-check-httpcode"],
    ['<check-header name="a" failed-check-httpcode="42" />', "from 100 to 999"],
    ['<check-header name="a b" failed-check-httpcode="400" />', "header name"],
  ])("is refused when it is written so: %s", (xml, message) => {
    expect(compileXml(xml).diagnostics.map((d) => d.message)).toContainEqual(expect.stringContaining(message));
  });
});
