import { expect, it } from "vitest";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const policy = (action: string, children = "") =>
  `<validate-status-code unspecified-status-code-action="${action}">${children}</validate-status-code>`;

async function run(xml: string, status: number, described: readonly string[] | undefined) {
  const x = testExchange();
  x.section = "outbound";
  x.response = new ResponseMessage(status);
  const responses = described?.map((one) => ({ status: one, headers: [], bodies: [] }));
  x.contract = responses && {
    operation: { parameters: [], bodyRequired: false, bodies: [], responses },
    schemas: new Map(),
  };
  return runXml(xml, x).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

it.each([
  [200, ["200"], undefined],
  [204, ["2XX"], undefined],
  [500, ["200", "default"], undefined],
  [500, ["200", "4XX"], "Response status code 500 is not allowed."],
  [500, undefined, "API's schema doesn't exist or it couldn't be resolved."],
])("%i where %j is described: %s", async (status, described, message) => {
  expect(await run(policy("prevent"), status, described)).toBe(message);
  expect(await run(policy("ignore"), status, described)).toBeUndefined();
});

it("asks the child for a status that is not described, and only then", async () => {
  const child = '<status-code code="500" action="ignore" /><status-code code="200" action="prevent" />';
  expect(await run(policy("prevent", child), 500, ["200"])).toBeUndefined();
  expect(await run(policy("ignore", child), 200, ["200"])).toBeUndefined();
  expect(await run(policy("ignore", child), 200, ["201"])).toBe("Response status code 200 is not allowed.");
});

it.each([
  ["<validate-status-code />", 'needs the attribute "unspecified-status-code-action"'],
  [policy("ignore", '<status-code code="x" action="ignore" />'), "must be a whole number"],
  [policy("ignore", '<status-code code="99" action="ignore" />'), "from 100 to 999"],
  [policy("ignore").replace(">", ' error-variable-name="e">'), 'no attribute "error-variable-name"'],
])("is refused when it is written so: %s", (xml, message) => {
  expect(
    compileXml(xml, "outbound")
      .diagnostics.map((d) => d.message)
      .join("\n"),
  ).toContain(message);
});
