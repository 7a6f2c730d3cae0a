import { expect, it } from "vitest";
import { Body, type BodySource } from "../exchange/body.ts";
import { BackendError } from "../exchange/errors.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { formatUrl } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const one = (attributes: string, inside: string) =>
  `<send-one-way-request ${attributes}>${inside}</send-one-way-request>`;
const target = "<set-url>http://log.upstream/</set-url><set-method>POST</set-method><set-body>event</set-body>";

it("sends and goes on without the answer", async () => {
  const services = testServices(() => new Promise(() => {}));
  const x = testExchange({ services });
  await runXml(`${one('timeout="5"', target)}<set-variable name="after" value="1" />`, x);
  expect(x.variables.get("after")).toBe("1");
  const [sent] = services.sent;
  expect(sent && formatUrl(sent.url)).toBe("http://log.upstream/");
  expect(sent).toMatchObject({ method: "POST", timeoutMs: 5000, signal: undefined });
  expect(Buffer.from(sent?.body.buffered ?? []).toString()).toBe("event");
});

it("does not report failures", async () => {
  const services = testServices(() => Promise.reject(new BackendError("connection", "refused")));
  const x = testExchange({ services });
  await runXml(one("", target), x);
  await new Promise((resolve) => setImmediate(resolve));
  expect(services.sent).toHaveLength(1);
});

it("lets go of the answer", async () => {
  let cancelled = false;
  const source: BodySource = { start() {}, resume() {}, cancel: () => void (cancelled = true) };
  const services = testServices(() => new ResponseMessage(200, "", undefined, Body.stream(source)));
  await runXml(one("", target), testExchange({ services }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(cancelled).toBe(true);
});

it("copies the request, which keeps its body", async () => {
  const services = testServices();
  const x = testExchange({ services, method: "PUT", headers: { "X-A": "1" }, body: Body.text("mine") });
  await runXml(one('mode="copy"', "<set-url>http://log.upstream/</set-url>"), x);
  expect(services.sent[0]).toMatchObject({ method: "PUT", headers: ["X-A", "1"], timeoutMs: 60_000 });
  expect(Buffer.from(services.sent[0]?.body.buffered ?? []).toString()).toBe("mine");
  expect(x.request.body.absent).toBe(false);
});

it("fails for errors in what it evaluates", async () => {
  const bad = '<set-url>@("log")</set-url><set-method>GET</set-method>';
  await expect(runXml(one("", bad), testExchange())).rejects.toThrow("not an absolute");
});

it.each([
  [one("", ""), "invalid-policy invalid-policy"],
  [one('response-variable-name="r"', target), "unknown-attribute"],
  [one('ignore-error="true"', target), "unknown-attribute"],
])("%s: %s", (xml, codes) => {
  expect(
    compileXml(xml)
      .diagnostics.map((d) => d.code)
      .join(" "),
  ).toBe(codes);
});
