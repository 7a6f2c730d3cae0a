import { describe, expect, test } from "vitest";
import type { Measurement } from "../exchange/metrics.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function emitted(xml: string): Promise<Measurement[]> {
  const added: Measurement[] = [];
  const services = { ...testServices(), metrics: { add: (measurement: Measurement) => added.push(measurement) } };
  const x = testExchange({ services });
  x.subscription = { id: "sub", name: "S", createdDate: "", startDate: null, endDate: null, user: null };
  await runXml(xml, x);
  return added;
}

describe("emit-metric", () => {
  test("adds 1 without a value, in the default namespace", async () => {
    expect(
      await emitted(
        '<emit-metric name="calls"><dimension name="Subscription ID" /><dimension name="User ID" /></emit-metric>',
      ),
    ).toEqual([
      {
        namespace: "API Management",
        name: "calls",
        value: 1,
        dimensions: [
          ["Subscription ID", "sub"],
          ["User ID", ""],
        ],
      },
    ]);
  });

  test("takes value and dimensions from expressions", async () => {
    const xml =
      '<emit-metric name="size" namespace="mine" value="@(2.5 * 2)"><dimension name="@("d" + 1)" value="@(context.Request.Method)" /><dimension name="custom" /></emit-metric>';
    expect(await emitted(xml)).toEqual([
      {
        namespace: "mine",
        name: "size",
        value: 5,
        dimensions: [
          ["d1", "GET"],
          ["custom", ""],
        ],
      },
    ]);
  });

  test("refuses more than ten dimensions, and a name that is an expression", () => {
    const dimensions = '<dimension name="a" value="b" />'.repeat(11);
    expect(compileXml(`<emit-metric name="n">${dimensions}</emit-metric>`).diagnostics.map((d) => d.code)).toEqual([
      "element-repeated",
    ]);
    expect(compileXml('<emit-metric name="@("n")" />').diagnostics.map((d) => d.code)).toEqual([
      "expression-not-allowed",
    ]);
  });
});

describe("block", () => {
  test("runs its policies in order", async () => {
    const x = await runXml(
      '<block><set-variable name="a" value="1" /><block><set-variable name="a" value="@(context.Variables["a"] + "2")" /></block></block>',
      testExchange(),
    );
    expect(x.variables.get("a")).toBe("12");
  });
});

describe("set-request-metric-dimension-value", () => {
  test("is accepted and does nothing", async () => {
    const x = testExchange();
    await runXml('<set-request-metric-dimension-value name="a" value="@(context.Request.Method)" />', x);
    expect(x.variables.size).toBe(0);
  });
});
