import { expect, it } from "vitest";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const policy = (specified: string, others: string, children = "") =>
  `<validate-headers specified-header-action="${specified}" unspecified-header-action="${others}">${children}</validate-headers>`;

async function run(xml: string, headers: string[], described = true) {
  const x = testExchange();
  x.section = "outbound";
  x.response = new ResponseMessage(200, "", new HeaderList(headers));
  const rate = { name: "X-Rate", required: true, list: "," as const, schema: { type: "integer" } };
  const responses = [{ status: "2XX", headers: [rate], bodies: [] }];
  x.contract = described
    ? { operation: { parameters: [], bodyRequired: false, bodies: [], responses }, schemas: new Map() }
    : undefined;
  return runXml(xml, x).then(
    () => undefined,
    (error: unknown) => error,
  );
}

it("refuses with 502 and keeps the cause to itself", async () => {
  expect(await run(policy("prevent", "ignore"), ["x-rate", "x"])).toMatchObject({
    reason: "Response not allowed",
    status: 502,
    message: "Value of the header X-Rate couldn't be parsed according to the definition.",
    publicMessage: "The request could not be processed due to an internal error. Contact the API owner.",
  });
});

it("misses required headers", async () => {
  expect(await run(policy("prevent", "ignore"), [])).toMatchObject({ status: 502 });
  expect(await run(policy("ignore", "ignore"), [])).toBeUndefined();
});

it("lets a header's own action win over both others", async () => {
  expect(
    await run(policy("ignore", "ignore", '<header name="x-RATE" action="prevent" />'), ["X-Rate", "x"]),
  ).toBeDefined();
  expect(
    await run(policy("prevent", "prevent", '<header name="x-rate" action="ignore" />'), ["X-Rate", "x"]),
  ).toBeUndefined();
  expect(await run(policy("ignore", "prevent"), ["a", "b"])).toMatchObject({
    message: "Unspecified header a is not allowed.",
  });
});

it("is an error of the API where nothing describes the operation", async () => {
  expect(await run(policy("prevent", "ignore"), [], false)).toMatchObject({
    message: "API's schema doesn't exist or it couldn't be resolved.",
  });
});

it.each([
  ['<validate-headers specified-header-action="ignore" />', 'needs the attribute "unspecified-header-action"'],
  [policy("ignore", "ignore", '<header action="ignore" />'), 'needs the attribute "name"'],
  [policy("ignore", "ignore", '<value name="a" />'), "<value> is not allowed"],
])("is refused when it is written so: %s", (xml, message) => {
  expect(
    compileXml(xml, "outbound")
      .diagnostics.map((d) => d.message)
      .join("\n"),
  ).toContain(message);
});
