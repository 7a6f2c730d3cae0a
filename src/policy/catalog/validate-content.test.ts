import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { OperationContract, SchemaDocument } from "../../model/contract.ts";
import { Body } from "../exchange/body.ts";
import type { Section } from "../exchange/errors.ts";
import { JArray } from "../expression/clr/json/array.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const CONTRACT: OperationContract = {
  parameters: [],
  bodyRequired: false,
  bodies: [
    { contentType: "application/json", definition: "Order", schema: { $ref: "#/components/schemas/Order" } },
    { contentType: "text/*", definition: "T", schema: { type: "string" } },
  ],
  responses: [
    { status: "200", headers: [], bodies: [{ contentType: "application/json", definition: "R", schema: true }] },
  ],
};

const SCHEMAS: readonly [string, SchemaDocument][] = [
  ["#json", { kind: "definitions", definitions: { "#/components/schemas/Order": { required: ["id"] } } }],
];

interface Setting {
  section?: Section;
  headers?: Record<string, string>;
  contract?: OperationContract | null;
  limit?: number;
}

async function run(xml: string, body: Body | undefined, setting: Setting = {}) {
  const services = testServices();
  if (setting.limit !== undefined) services.limits.bodyBytes = setting.limit;
  const headers = setting.headers ?? { "content-type": "application/json" };
  const x = testExchange({ method: "POST", headers, services, ...(body ? { body } : {}) });
  x.section = setting.section ?? "inbound";
  if (setting.contract !== null) x.contract = { operation: setting.contract ?? CONTRACT, schemas: new Map(SCHEMAS) };
  const error: unknown = await runXml(xml, x).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { x, error };
}

const policy = (more = "", action = "prevent", size = 100) =>
  `<validate-content unspecified-content-type-action="${action}" max-size="${size}" size-exceeded-action="${action}" errors-variable-name="errs">
    <content type="application/json" validate-as="json" action="${action}" ${more} /></validate-content>`;

describe("validate-content", () => {
  it("finds the definition of the specification", async () => {
    expect((await run(policy(), Body.text('{"id":1}'))).error).toBeUndefined();
    expect((await run(policy(), Body.text("{}"))).error).toMatchObject({
      reason: "Bad request",
      status: 400,
      message:
        "Body of the request does not conform to the definition Order, which is associated with the content type application/json. Required properties are missing from object: id. Line: 1, Position: 1",
    });
  });

  it("is an error of the API where there is no description at all", async () => {
    expect((await run(policy(), Body.text("{}"), { contract: null })).error).toMatchObject({
      message: "API's schema does not exist or it could not be resolved.",
      publicMessage: "The request could not be processed due to an internal error. Contact the API owner.",
    });
  });

  it("appends to what the variable holds already", async () => {
    const { x, error } = await run(policy("", "detect") + policy("", "detect"), Body.text("{}"));
    expect(error).toBeUndefined();
    const list = x.variables.get("errs");
    expect(list).toBeInstanceOf(JArray);
    expect((list as JArray).items).toHaveLength(2);
  });

  it("counts the bytes of the content, not of its compression, and stops where that grows without end", async () => {
    const bomb = gzipSync(Buffer.alloc(3_000_000));
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    expect((await run(policy(), Body.of(bomb), { headers, limit: 1_000_000 })).error).toMatchObject({
      message: expect.stringContaining("exceeds the configured limit of 100 bytes"),
      status: 400,
    });
  });

  it("gives up a stream without a length at the gateway's limit", async () => {
    let cancelled = false;
    const source = {
      start(sink: { write(chunk: Uint8Array): boolean }) {
        while (!cancelled) sink.write(new Uint8Array(500));
      },
      resume() {},
      cancel() {
        cancelled = true;
      },
    };
    const { error } = await run(policy(), Body.stream(source), { limit: 2000 });
    expect(error).toMatchObject({
      message: "Request's body is 2001 bytes long and it exceeds the configured limit of 100 bytes.",
    });
    expect(cancelled).toBe(true);
  });

  it("refuses a body that cannot be decompressed", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    expect((await run(policy(), Body.text("no gzip"), { headers })).error).toMatchObject({
      status: 400,
      message: expect.stringContaining("cannot be validated for the content type application/json."),
    });
  });

  it("covers ranges of content types that the API lists", async () => {
    const xml = policy().replace('type="application/json"', "");
    const headers = { "content-type": "text/x" };
    expect((await run(xml, Body.text('"a"'), { headers })).error).toBeUndefined();
    expect((await run(xml, Body.text("1"), { headers })).error).toMatchObject({ status: 400 });
  });

  it("validates the size alone where no content is listed", async () => {
    const xml =
      '<validate-content unspecified-content-type-action="prevent" max-size="5" size-exceeded-action="prevent" />';
    expect((await run(xml, Body.text("not"))).error).toBeUndefined();
    expect((await run(xml, Body.text("longer"))).error).toMatchObject({ status: 400 });
  });

  it("says nothing of the cause in outbound", async () => {
    const { error } = await run(policy(), undefined, { section: "outbound" });
    expect(error).toBeUndefined();
  });

  it.each([
    [policy().replace(/ action="prevent" +[/]>/, " />"), 'needs the attribute "action"'],
    [policy().replace('"json"', '"text"'), '"validate-as" of <content> is "text"'],
    [policy().replace('max-size="100"', 'max-size="4194305"'), "from 0 to 4194304"],
    [policy().replace('"prevent"', '"refuse"'), '"ignore", "detect", "prevent"'],
    [
      policy().replace('validate-as="json"', 'validate-as="xml" schema-ref="#/x"'),
      '"schema-ref" has a meaning for validate-as="json" only',
    ],
    [policy().replace('validate-as="json"', 'validate-as="soap"'), 'validate-as="soap" needs the type'],
    [
      policy().replace("<content ", '<content-type-map><type to="a/b" /></content-type-map><content '),
      'either "from" or "when"',
    ],
    [policy().replace("</validate-content>", "<content-type-map /></validate-content>"), "must stand before <content>"],
    [
      policy().replace('errors-variable-name="errs"', "errors-variable-name='@(\"a\")'"),
      "does not allow a policy expression",
    ],
  ])("is refused when it is written so: %s", (xml, message) => {
    expect(
      compileXml(xml)
        .diagnostics.map((d) => d.message)
        .join("\n"),
    ).toContain(message);
  });

  it("is not allowed in backend", () => {
    expect(compileXml(policy(), "backend").diagnostics.map((d) => d.code)).toContain("policy-not-allowed-in-section");
  });
});
