import { describe, expect, it } from "vitest";
import type { DescribedParameter } from "../../model/contract.ts";
import { HeaderList } from "../exchange/headers.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const POLICY =
  '<validate-parameters specified-parameter-action="prevent" unspecified-parameter-action="prevent" errors-variable-name="errs" />';

function parameter(
  name: string,
  where: DescribedParameter["in"],
  schema: unknown,
  more: object = {},
): DescribedParameter {
  return { name, in: where, required: false, list: where === "query" ? "multi" : ",", schema, ...more };
}

async function run(
  parameters: readonly DescribedParameter[] | undefined,
  {
    query = "",
    headers = [],
    path = {},
    xml = POLICY,
  }: { query?: string; headers?: string[]; path?: Record<string, string>; xml?: string },
) {
  const x = testExchange({ url: `http://gateway.test/a${query}` });
  x.request.headers = new HeaderList(headers);
  x.matchedParameters = path;
  const operation = parameters ? { parameters, bodyRequired: false, bodies: [], responses: [] } : null;
  x.contract = { operation, schemas: new Map() };
  return runXml(xml, x).then(
    () => undefined,
    (error: Error & { publicMessage?: string }) => error.publicMessage ?? error.message,
  );
}

describe("validate-parameters", () => {
  it.each([
    [parameter("a", "query", { type: "integer" }), "?a=%2B5", undefined],
    [parameter("a", "query", { type: "integer" }), `?a=${"9".repeat(400)}`, "couldn't be parsed"],
    [parameter("a", "query", { type: "number" }), "?a=1e999", undefined],
    [parameter("a", "query", { type: "boolean" }), "?a=True", undefined],
    [parameter("a", "query", { type: "boolean" }), "?a=1", "couldn't be parsed"],
    [parameter("a", "query", { type: "string", nullable: true }), "?a=", undefined],
    [parameter("a", "query", { anyOf: [{ type: "integer" }, { type: "string", enum: ["all"] }] }), "?a=all", undefined],
    [
      parameter("a", "query", { anyOf: [{ type: "integer" }, { type: "string", enum: ["all"] }] }),
      "?a=some",
      "does not conform",
    ],
    [parameter("a", "query", { type: "array", items: { type: "integer" } }, { list: "," }), "?a=1,2", undefined],
    [
      parameter("a", "query", { type: "array", items: { type: "integer" } }, { list: "|" }),
      "?a=1&a=2",
      "multiple values",
    ],
    [parameter("a", "query", { type: "array", minItems: 1 }, { list: "," }), "?a=", "does not conform"],
    [
      parameter("a", "query", { type: "object", properties: { r: { type: "integer" } } }, { list: "," }),
      "?a=r,1",
      undefined,
    ],
    [
      parameter("a", "query", { type: "object", properties: { r: { type: "integer" } } }, { list: "," }),
      "?a=r,x",
      "couldn't be parsed",
    ],
    [parameter("a", "query", { type: "object", properties: { r: { type: "integer" } } }), "?r=1", undefined],
    [parameter("a", "query", { type: "object", properties: { r: { type: "integer" } } }), "?r=x", "couldn't be parsed"],
    [parameter("a", "query", { type: "object", properties: { r: {} } }, { required: true }), "", "is required"],
    [
      parameter("a", "query", { type: "object", properties: { r: {} } }, { deepObject: true }),
      "?a[r]=1&a[r]=2",
      "multiple values",
    ],
    [parameter("a", "query", undefined), "?a=anything", undefined],
    [parameter("a", "query", { type: "string", pattern: "(" }), "?a=x", "internal error"],
    [parameter("a", "query", { $ref: "#/nowhere" }), "?a=x", "internal error"],
    [parameter("__proto__", "query", { type: "integer" }), "?__proto__=x", "couldn't be parsed"],
  ])("%j with %s: %s", async (described, query, message) => {
    const answer = await run([described], { query });
    if (message === undefined) expect(answer).toBeUndefined();
    else expect(answer).toContain(message);
  });

  it("knows the styles of path parameters", async () => {
    const label = parameter("id", "path", { type: "array", items: { type: "integer" } }, { prefix: "." });
    const matrix = parameter("id", "path", { type: "integer" }, { prefix: ";id=" });
    expect(await run([label], { path: { id: ".1,2" } })).toBeUndefined();
    expect(await run([matrix], { path: { id: ";id=5" } })).toBeUndefined();
    expect(await run([matrix], { path: { id: ";id=x" } })).toContain("couldn't be parsed");
  });

  it("takes a template parameter that nobody describes for unspecified", async () => {
    expect(await run([], { path: { id: "5" } })).toBe("Unspecified path parameter id is not allowed.");
    expect(await run([], { path: { "*": "a/b" } })).toBeUndefined();
  });

  it("names a header as the client wrote it", async () => {
    expect(await run([], { headers: ["X-Odd", "1"] })).toBe("Unspecified header X-Odd is not allowed.");
    expect(await run([], { headers: ["traceparent", "1", "x-request-id", "2"] })).toBeUndefined();
  });

  it("is an error of the API where nothing describes the operation", async () => {
    expect(await run(undefined, {})).toContain("internal error");
    const lax = POLICY.replace('"prevent"', '"ignore"');
    expect(await run(undefined, { xml: lax })).toBeUndefined();
  });

  it.each([
    [POLICY.replace(' specified-parameter-action="prevent"', ""), 'needs the attribute "specified-parameter-action"'],
    [POLICY.replace(" />", "><path /></validate-parameters>"), 'needs the attribute "specified-parameter-action"'],
    [
      POLICY.replace(
        " />",
        '><query specified-parameter-action="ignore" unspecified-parameter-action="ignore"><parameter name="a" /></query></validate-parameters>',
      ),
      'needs the attribute "action"',
    ],
    [
      POLICY.replace(" />", '><parameter name="a" action="ignore" /></validate-parameters>'),
      "<parameter> is not allowed",
    ],
    [
      POLICY.replace(
        " />",
        '><path specified-parameter-action="ignore" /><headers specified-parameter-action="ignore" unspecified-parameter-action="ignore" /></validate-parameters>',
      ),
      "must stand before",
    ],
  ])("is refused when it is written so: %s", (xml, message) => {
    expect(
      compileXml(xml)
        .diagnostics.map((d) => d.message)
        .join("\n"),
    ).toContain(message);
  });
});
