import { describe, expect, it } from "vitest";
import type { MockResponse } from "../exchange/exchange.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const mocks: MockResponse[] = [
  {
    status: 200,
    representations: [
      { contentType: "application/json", samples: ['{"n":1}', '{"n":2}'] },
      { contentType: "text/xml; charset=utf-8", samples: ["<n>1</n>"] },
    ],
  },
  { status: 204, representations: [] },
  { status: 404, representations: [{ contentType: "text/plain", samples: [] }] },
];

async function mocked(attributes: string) {
  const x = testExchange();
  x.mocks = mocks;
  await runXml(`<mock-response ${attributes} /><set-variable name="after" value="1" />`, x);
  const { response } = x;
  return {
    ended: x.ended,
    status: response?.status,
    headers: response?.headers.raw,
    body: response?.body.buffered ? Buffer.from(response.body.buffered).toString() : undefined,
  };
}

describe("mock-response", () => {
  const json = ["Content-Type", "application/json"];
  it.each([
    ["", 200, json, '{"n":1}'],
    ['status-code="200"', 200, json, '{"n":1}'],
    ['index="1"', 200, json, '{"n":2}'],
    ['index="7"', 200, json, '{"n":1}'],
    ['content-type="Text/XML"', 200, ["Content-Type", "text/xml; charset=utf-8"], "<n>1</n>"],
    ['content-type="application/pdf"', 200, [], undefined],
    ['status-code="204"', 204, [], undefined],
    ['status-code="404"', 404, ["Content-Type", "text/plain"], undefined],
    ['status-code="500"', 500, [], undefined],
  ])("%s", async (attributes, status, headers, body) => {
    expect(await mocked(attributes)).toEqual({ ended: true, status, headers, body });
  });

  it("can be switched off", async () => {
    expect(await mocked('enabled="false"')).toMatchObject({ ended: false, status: undefined });
  });

  it("takes literals, outside backend", () => {
    const codes = (xml: string, section: "inbound" | "backend") =>
      compileXml(xml, section).diagnostics.map((d) => d.code);
    expect(codes('<mock-response status-code="@(200)" />', "inbound")).toEqual(["expression-not-allowed"]);
    expect(codes('<mock-response status-code="abc" />', "inbound")).toEqual(["invalid-value"]);
    expect(codes("<mock-response />", "backend")).toEqual(["policy-not-allowed-in-section"]);
  });
});
