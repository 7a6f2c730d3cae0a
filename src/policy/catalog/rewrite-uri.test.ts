import { describe, expect, it } from "vitest";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function rewritten(
  attributes: string,
  init: { query?: string; parameters?: Record<string, string>; urlTemplate?: string; templateQuery?: string[] } = {},
): Promise<string> {
  const x = testExchange({ url: `http://gateway.test/get${init.query ?? ""}` });
  x.matchedParameters = init.parameters ?? {};
  x.operation = {
    id: "op",
    name: "op",
    method: "GET",
    urlTemplate: init.urlTemplate ?? "/get",
    templateQuery: init.templateQuery ?? [],
  };
  x.variables.set("t", "/from/{id}?e=1");
  x.variables.set("copy", false);
  await runXml(`<rewrite-uri ${attributes} />`, x);
  return x.request.path + x.request.query;
}

describe("rewrite-uri", () => {
  it("is the reference's example", async () => {
    const init = { query: "?a=b&c=d", parameters: { b: "b" }, urlTemplate: "/get?a={b}", templateQuery: ["a"] };
    expect(await rewritten('template="/put"', init)).toBe("/put?c=d");
    expect(await rewritten('template="/put" copy-unmatched-params="false"', init)).toBe("/put");
  });

  it("fills parameters of the operation, in path and query", async () => {
    const init = { parameters: { id: "a b", kind: "x&y" }, query: "?kind=x%26y&z=%7e", templateQuery: ["kind"] };
    expect(await rewritten('template="/v2/{id}/items?type={kind}"', init)).toBe("/v2/a%20b/items?type=x%26y&z=%7e");
  });

  it("keeps what the template sets, whatever the client adds", async () => {
    expect(await rewritten('template="/x?api-version=1"', { query: "?api-version=0&%61pi-version=2&b=3" })).toBe(
      "/x?api-version=1&b=3",
    );
  });

  it("adds a missing slash", async () => {
    expect(await rewritten('template="keys"')).toBe("/keys");
  });

  it("evaluates template and flag, and fills the result", async () => {
    const attributes = `template='@((string)context.Variables["t"])' copy-unmatched-params='@((bool)context.Variables["copy"])'`;
    expect(await rewritten(attributes, { query: "?q=1", parameters: { id: "7" } })).toBe("/from/7?e=1");
  });

  it("does not let an expression's result climb", async () => {
    const attributes = `template='@("/a/" + context.Request.MatchedParameters["p"])'`;
    await expect(rewritten(attributes, { parameters: { p: "../x" } })).rejects.toMatchObject({ status: 400 });
  });

  it("fails for a parameter that the operation does not have", async () => {
    await expect(rewritten('template="/{other}"', { parameters: { id: "1" } })).rejects.toMatchObject({ status: 500 });
  });

  it("is refused with unbalanced braces, and outside inbound", () => {
    expect(compileXml('<rewrite-uri template="/{a" />').diagnostics).toMatchObject([{ code: "invalid-value" }]);
    expect(compileXml('<rewrite-uri template="/a" />', "outbound").diagnostics).toMatchObject([
      { code: "policy-not-allowed-in-section" },
    ]);
  });
});
