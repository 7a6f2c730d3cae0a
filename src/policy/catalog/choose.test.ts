import { describe, expect, it } from "vitest";
import { Loader } from "../compiler/loader.ts";
import { runSteps, StepFailure } from "../compiler/pipeline.ts";
import { Body, type BodySource } from "../exchange/body.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";
import { policies } from "./index.ts";

const put = (value: string) => `<set-variable name="taken" value="${value}" />`;
const when = (condition: string, value: string) => `<when condition='${condition}'>${put(value)}</when>`;

async function taken(xml: string, x: Exchange = testExchange()): Promise<unknown> {
  await runXml(xml, x);
  return x.variables.get("taken");
}

describe("choose", () => {
  it.each([
    [`<choose>${when("true", "a")}${when("true", "b")}</choose>`, "a"],
    [`<choose>${when("false", "a")}${when("@(1 == 1)", "b")}<otherwise>${put("c")}</otherwise></choose>`, "b"],
    [`<choose>${when("@(1 == 2)", "a")}<otherwise>${put("c")}</otherwise></choose>`, "c"],
    [`<choose>${when("@(1 == 2)", "a")}</choose>`, undefined],
    [`<choose><when condition="true"><choose>${when("true", "inner")}</choose></when></choose>`, "inner"],
    [`<choose><when condition="true" /><otherwise>${put("c")}</otherwise></choose>`, undefined],
  ])("%s", async (xml, expected) => {
    expect(await taken(xml)).toBe(expected);
  });

  it("evaluates no condition after the first true one", async () => {
    const fails = '@{ throw new Exception("evaluated"); }';
    expect(await taken(`<choose>${when("@(1 == 1)", "a")}${when(fails, "b")}</choose>`)).toBe("a");
    await expect(taken(`<choose>${when("@(1 == 2)", "a")}${when(fails, "b")}</choose>`)).rejects.toThrow("evaluated");
  });

  it("stays synchronous where its branches do", () => {
    const { elements } = compileXml(`<choose>${when("@(1 == 1)", "a")}</choose>`);
    const x = testExchange();
    expect(runSteps(new Loader(policies, "api").load(elements), x)).toBeUndefined();
    expect(x.variables.get("taken")).toBe("a");
  });

  it("reads a body only for a condition that is reached", async () => {
    let started = 0;
    const source: BodySource = {
      start(sink) {
        started++;
        sink.write(Buffer.from("yes"));
        sink.end();
      },
      resume() {},
      cancel() {},
    };
    const reading = '@(context.Request.Body.As<string>(true) == "yes")';
    const xml = `<choose>${when('@(context.Request.Method == "GET")', "plain")}${when(reading, "read")}</choose>`;
    expect(await taken(xml, testExchange({ body: Body.stream(source) }))).toBe("plain");
    expect(started).toBe(0);
    expect(await taken(xml, testExchange({ method: "POST", body: Body.stream(source) }))).toBe("read");
    expect(started).toBe(1);
  });

  it("reports a failure in a branch with its path, one in a condition as its own", async () => {
    const pathOf = async (xml: string) => {
      const { elements } = compileXml(xml);
      const run = async () => runSteps(new Loader(policies, "api").load(elements), testExchange());
      const failure = await run().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StepFailure);
      return (failure as StepFailure).element.path;
    };
    const fails = '@{ throw new Exception("no"); }';
    const failing = `<set-variable name="v" value='${fails}' />`;
    const inBranch = `<choose>${when("false", "a")}<when condition="true">${put("b")}${failing}</when></choose>`;
    expect(await pathOf(`<choose>${when("true", "a")}</choose>${inBranch}`)).toBe("choose[2]/when[2]/set-variable[2]");
    expect(await pathOf(`<choose>${when(fails, "a")}</choose>`)).toBe("choose[1]");
  });

  it.each([
    ["<choose />", "missing-element"],
    [`<choose><otherwise/>${when("true", "a")}</choose>`, "element-order"],
    [`<choose>${when("true", "a")}<otherwise/><otherwise/></choose>`, "element-repeated"],
    ["<choose><when /></choose>", "missing-attribute"],
    [`<choose><when condition="yes" /></choose>`, "invalid-value"],
    [`<choose>${put("a")}</choose>`, "unexpected-element"],
    [`<choose id="c">${when("true", "a")}</choose>`, undefined],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics[0]?.code).toBe(code);
  });
});
