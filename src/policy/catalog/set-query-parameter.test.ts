import { describe, expect, it } from "vitest";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function queryAfter(xml: string, query: string, variables: Record<string, unknown> = {}): Promise<string> {
  const x = testExchange({ url: `http://gateway.test/orders${query}` });
  for (const [name, value] of Object.entries(variables)) x.variables.set(name, value);
  await runXml(xml, x);
  return x.request.query;
}

describe("set-query-parameter", () => {
  it("replaces, keeping the other parameters byte for byte", async () => {
    const xml = '<set-query-parameter name="v"><value>\n  2\n</value></set-query-parameter>';
    expect(await queryAfter(xml, "?a=%2f+x&v=1&b==&c")).toBe("?a=%2f+x&v=2&b==&c");
  });

  it("repeats the parameter for several values", async () => {
    const xml =
      '<set-query-parameter name="v" exists-action="append"><value>a b</value><value>&amp;</value></set-query-parameter>';
    expect(await queryAfter(xml, "?v=1")).toBe("?v=1&v=a%20b&v=%26");
  });

  it("deletes and skips", async () => {
    expect(await queryAfter('<set-query-parameter name="v" exists-action="delete" />', "?v=1&w=2&v")).toBe("?w=2");
    const skip = '<set-query-parameter name="v" exists-action="skip"><value>2</value></set-query-parameter>';
    expect(await queryAfter(skip, "?v=1")).toBe("?v=1");
    expect(await queryAfter(skip, "")).toBe("?v=2");
  });

  it("evaluates name, action and values; a null value is left out", async () => {
    const xml = `<set-query-parameter name='@((string)context.Variables["n"])' exists-action='@((string)context.Variables["a"])'>
      <value>@((string)context.Variables["v"])</value><value>@((string)context.Variables["none"])</value></set-query-parameter>`;
    expect(await queryAfter(xml, "?x=1", { n: "y z", a: "override", v: " 5&" })).toBe("?x=1&y%20z=%205%26");
    await expect(queryAfter(xml, "", { n: "y", a: "drop", v: "" })).rejects.toThrow(/exists-action/);
  });

  it("needs a value unless it deletes", () => {
    const codes = (xml: string, section: "inbound" | "outbound" = "inbound") =>
      compileXml(xml, section).diagnostics.map((d) => d.code);
    expect(codes('<set-query-parameter name="v" />')).toEqual(["invalid-policy"]);
    expect(codes('<set-query-parameter name="v" exists-action="skip" />')).toEqual(["invalid-policy"]);
    expect(codes('<set-query-parameter name="v" exists-action="delete" />')).toEqual([]);
    expect(codes('<set-query-parameter name="v" exists-action="delete" />', "outbound")).toEqual([
      "policy-not-allowed-in-section",
    ]);
  });
});
