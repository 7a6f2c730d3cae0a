import { expect, it } from "vitest";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

it("stays an element of its name, which the engine replaces, and does nothing by itself", async () => {
  expect(compileXml("<base />").elements).toEqual([{ name: "base", at: "policy.xml:1:10", path: "base[1]" }]);
  const x = testExchange();
  await runXml("<base />", x);
  expect(x.response).toBeNull();
});

it("takes no attributes", () => {
  expect(compileXml('<base scope="api" />').diagnostics).toMatchObject([{ code: "unknown-attribute" }]);
});
