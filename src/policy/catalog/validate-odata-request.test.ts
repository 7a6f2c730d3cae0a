import { expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import type { JArray } from "../expression/clr/json/array.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function run(attributes: string, init: Parameters<typeof testExchange>[0] = {}) {
  const x = testExchange({ url: "http://gateway.test/Things", ...init });
  const error = await runXml(`<validate-odata-request error-variable-name="errs" ${attributes} />`, x).then(
    () => undefined,
    (thrown: Error) => thrown.message,
  );
  return { error, noted: x.variables.get("errs") };
}

it("compares versions as decimal fractions", async () => {
  const bounds = 'min-odata-version="4.0" max-odata-version="4.01"';
  const version = (text: string) => run(bounds, { headers: { "OData-Version": text } });
  expect((await version("4.01")).error).toBeUndefined();
  expect((await version("4.1")).error).toContain("above");
  expect((await version("3.9")).error).toContain("below");
  expect((await version("4.0;x")).error).toContain("not a version");
});

it("notes every problem and answers with the first", async () => {
  const { error, noted } = await run("", { url: "http://gateway.test/Things?$top=x&$skip=y" });
  expect(error).toContain("$top");
  expect((noted as JArray).items).toHaveLength(2);
});

it("limits the body where it is told to", async () => {
  expect((await run('max-size="3"', { body: Body.text("abc") })).error).toBeUndefined();
  expect((await run('max-size="2"', { body: Body.text("abc") })).error).toContain("3 bytes");
  expect((await run("", { body: Body.text("abc") })).error).toBeUndefined();
  expect((await run('max-size="0"')).error).toBeUndefined();
});

it.each([
  ['<validate-odata-request min-odata-version="5.0" max-odata-version="4.0" />', 'is above "max-odata-version"'],
  ['<validate-odata-request min-odata-version="four" />', "must be a version"],
  ['<validate-odata-request errors-variable-name="e" />', 'no attribute "errors-variable-name"'],
  ["<validate-odata-request /><validate-odata-request />", "only once"],
])("is refused when it is written so: %s", (xml, message) => {
  expect(
    compileXml(xml)
      .diagnostics.map((d) => d.message)
      .join("\n"),
  ).toContain(message);
});
