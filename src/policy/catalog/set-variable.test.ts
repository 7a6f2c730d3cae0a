import { expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

it.each([
  ["text", "text"],
  ["5", "5"],
  ["true", "true"],
  ["", ""],
  ["@(5)", 5],
  ["@(1 == 1)", true],
  ["@((string)null)", null],
  ['@("a" + "b")', "ab"],
])("stores %j", async (value, expected) => {
  const x = testExchange();
  await runXml(`<set-variable name="v" value='${value}' />`, x);
  expect(x.variables.get("v")).toBe(expected);
});

it("overwrites, also with another type, and tells names apart by case", async () => {
  const x = testExchange();
  await runXml('<set-variable name="v" value="1" /><set-variable name="V" value="2" />', x);
  await runXml('<set-variable name="v" value="@(context.Variables.ContainsKey(&quot;V&quot;))" />', x);
  expect([...x.variables]).toEqual([
    ["v", true],
    ["V", "2"],
  ]);
});

it("has the body that its value reads in memory", async () => {
  const x = testExchange({ method: "POST", body: Body.text("hello") });
  await runXml('<set-variable name="v" value="@(context.Request.Body.As<string>(true))" />', x);
  expect(x.variables.get("v")).toBe("hello");
});

it("needs a literal name and a value", () => {
  const codes = (xml: string) => compileXml(xml).diagnostics.map((d) => d.code);
  expect(codes("<set-variable />")).toEqual(["missing-attribute", "missing-attribute"]);
  expect(codes('<set-variable name="@(1)" value="" />')).toEqual(["expression-not-allowed"]);
});
