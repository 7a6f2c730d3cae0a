import { expect, it } from "vitest";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

it("sets status and reason of the response, in any section", async () => {
  const x = testExchange();
  x.section = "outbound";
  x.response = new ResponseMessage(200, "Fine");
  await runXml('<set-status code="404" reason="Not here" />', x);
  expect(x.response).toMatchObject({ status: 404, reason: "Not here" });
  await runXml('<set-status code="201" />', x);
  expect(x.response).toMatchObject({ status: 201, reason: "" });

  const inbound = testExchange();
  await runXml('<set-status code="202" />', inbound);
  expect(inbound.response).toMatchObject({ status: 202 });
});

it("evaluates both", async () => {
  const x = testExchange();
  x.variables.set("r", "Slow\tdown ");
  await runXml(`<set-status code='@(400 + 29)' reason='@((string)context.Variables["r"])' />`, x);
  expect(x.response).toMatchObject({ status: 429, reason: "Slow\tdown" });
});

it("lets no line break into the status line, and changes nothing when it fails", async () => {
  const x = testExchange();
  x.response = new ResponseMessage(200, "Fine");
  x.variables.set("r", "OK\r\nX: y");
  await expect(runXml(`<set-status code="400" reason='@((string)context.Variables["r"])' />`, x)).rejects.toThrow();
  expect(x.response).toMatchObject({ status: 200, reason: "Fine" });
});

it("takes final statuses only", async () => {
  const codes = (xml: string) => compileXml(xml).diagnostics.map((d) => d.code);
  expect(codes('<set-status code="100" />')).toEqual(["invalid-value"]);
  expect(codes('<set-status code="1000" />')).toEqual(["invalid-value"]);
  expect(codes('<set-status code="abc" />')).toEqual(["invalid-value"]);
  expect(codes('<set-status reason="x" />')).toEqual(["missing-attribute"]);
  await expect(runXml("<set-status code='@(100 + 1)' />", testExchange())).rejects.toThrow("101");
});
