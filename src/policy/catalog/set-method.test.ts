import { expect, it } from "vitest";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

it.each([
  ["PUT", "PUT"],
  ["\n  post\n", "POST"],
  ["Purge", "Purge"],
  ['@("del" + "ete")', "DELETE"],
])("%j makes %s", async (text, expected) => {
  const x = testExchange();
  await runXml(`<set-method>${text}</set-method>`, x);
  expect(x.request.method).toBe(expected);
});

it("changes the request also in on-error", async () => {
  const x = testExchange();
  x.section = "on-error";
  await runXml("<set-method>PUT</set-method>", x);
  expect(x.request.method).toBe("PUT");
  expect(x.response).toBeNull();
});

it.each([
  ["<set-method />", "missing-text"],
  ["<set-method>GET IT</set-method>", "invalid-value"],
  ["<set-method>GET<!-- fine --></set-method>", undefined],
])("%s: %s", (xml, code) => {
  expect(compileXml(xml).diagnostics[0]?.code).toBe(code);
});

it("refuses a result that is no method", async () => {
  const x = testExchange();
  x.variables.set("m", "GET /x HTTP/1.1\r\n");
  const xml = '<set-method>@((string)context.Variables["m"])</set-method>';
  await expect(runXml(xml, x)).rejects.toMatchObject({ reason: "ExpressionValueEvaluationFailure" });
});
