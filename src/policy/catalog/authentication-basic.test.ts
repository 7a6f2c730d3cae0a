import { expect, it } from "vitest";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function authorization(xml: string, variables: Record<string, unknown> = {}) {
  const x = testExchange({ headers: { authorization: "Bearer of the caller" } });
  for (const [name, value] of Object.entries(variables)) x.variables.set(name, value);
  await runXml(xml, x);
  return x.request.headers.all("authorization");
}

it("replaces the caller's credentials", async () => {
  expect(await authorization('<authentication-basic username="user" password="pass:word" />')).toEqual([
    "Basic dXNlcjpwYXNzOndvcmQ=",
  ]);
});

it("encodes in UTF-8", async () => {
  const [header] = await authorization('<authentication-basic username="jürgen" password="密" />');
  expect(Buffer.from((header as string).slice(6), "base64").toString("utf8")).toBe("jürgen:密");
});

it("evaluates both", async () => {
  const xml = `<authentication-basic username='@((string)context.Variables["u"])' password='@((string)context.Variables["p"])' />`;
  expect(await authorization(xml, { u: "user", p: "pass:word" })).toEqual(["Basic dXNlcjpwYXNzOndvcmQ="]);
});

it("needs both", () => {
  expect(compileXml('<authentication-basic username="u" />').diagnostics).toHaveLength(1);
  expect(compileXml('<authentication-basic password="p" />').diagnostics).toHaveLength(1);
});
