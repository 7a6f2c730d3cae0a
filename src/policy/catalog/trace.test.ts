import { describe, expect, it } from "vitest";
import { Body, type BodySource } from "../exchange/body.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function traced(xml: string, tracing = true) {
  const x = testExchange({ method: "POST", body: Body.text("hello") });
  x.tracing = tracing;
  await runXml(xml, x);
  return x.traceEntries;
}

describe("trace", () => {
  it("adds its message and metadata", async () => {
    const xml = `<trace source="mine" severity="error">
      <metadata name="a" value="1" />
      <message> @("m" + "essage") </message>
      <metadata name='@("b" + "c")' value='@(1 + 1)' />
    </trace>`;
    expect(await traced(xml)).toEqual([
      { source: "mine", severity: "error", message: "message", metadata: { a: "1", bc: "2" } },
    ]);
  });

  it("is verbose by default and takes the older form", async () => {
    expect(await traced('<trace source="s">\n  plain text\n</trace>')).toEqual([
      { source: "s", severity: "verbose", message: "plain text" },
    ]);
    expect(await traced('<trace source="s">@("a" + "b")</trace>')).toEqual([
      { source: "s", severity: "verbose", message: "ab" },
    ]);
  });

  it("evaluates and reads nothing while tracing is off", async () => {
    const fails = '<trace source="s"><message>@{ throw new Exception("evaluated"); }</message></trace>';
    expect(await traced(fails, false)).toEqual([]);
    await expect(traced(fails)).rejects.toThrow("evaluated");

    let started = 0;
    const source: BodySource = {
      start(sink) {
        started++;
        sink.write(Buffer.from("streamed"));
        sink.end();
      },
      resume() {},
      cancel() {},
    };
    const x = testExchange({ method: "POST", body: Body.stream(source) });
    const reads = '<trace source="s"><message>@(context.Request.Body.As<string>(true))</message></trace>';
    await runXml(reads, x);
    expect(started).toBe(0);
    x.tracing = true;
    await runXml(reads, x);
    expect(x.traceEntries).toMatchObject([{ message: "streamed" }]);
  });

  it.each([
    ['<trace source="s" />', "invalid-policy"],
    ['<trace source="s"><metadata name="a" value="b" /></trace>', "invalid-policy"],
    ["<trace><message>m</message></trace>", "missing-attribute"],
    ['<trace source="s" severity="warning"><message>m</message></trace>', "invalid-value"],
    ['<trace source="@(1)"><message>m</message></trace>', "expression-not-allowed"],
    ['<trace source="s"><message>a</message><message>b</message></trace>', "element-repeated"],
    ['<trace source="s"><message /></trace>', "missing-text"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics.map((d) => d.code)).toEqual([code]);
  });
});
