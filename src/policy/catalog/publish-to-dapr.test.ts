import { describe, expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import { BackendError } from "../exchange/errors.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { formatUrl } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const publish = (attributes: string, text = "hello") => `<publish-to-dapr ${attributes}>${text}</publish-to-dapr>`;

/** What the sidecar is sent: URL, content type and body. */
async function sent(xml: string, init: Parameters<typeof testExchange>[0] = {}) {
  const services = testServices(() => new ResponseMessage(204));
  await runXml(xml, testExchange({ ...init, services }));
  const [request] = services.sent;
  return request && [formatUrl(request.url), request.headers, Buffer.from(request.body.buffered ?? []).toString()];
}

const variable = (value: unknown) => {
  const x = testExchange({ services: testServices() });
  x.variables.set("v", value);
  return x;
};
const dynamic = `<publish-to-dapr topic='@((string)context.Variables["v"])'>m</publish-to-dapr>`;

describe("publish-to-dapr", () => {
  it("posts the message to the topic", async () => {
    expect(await sent(publish('pubsub-name="orders" topic="new"'))).toEqual([
      "http://localhost:3500/v1.0/publish/orders/new",
      ["Content-Type", "text/plain; charset=utf-8"],
      "hello",
    ]);
    expect(await sent(publish('topic="orders/new"', '@("{\\"m\\":\\"" + context.Request.Method + "\\"}")'))).toEqual([
      "http://localhost:3500/v1.0/publish/orders/new",
      ["Content-Type", "application/json"],
      '{"m":"GET"}',
    ]);
  });

  it("takes markup as it stands, and JSON's type where it is written", async () => {
    expect(await sent(publish('topic="a/b" content-type="application/json"', "<a><b/></a>"))).toMatchObject([
      {},
      ["Content-Type", "application/json"],
      "<a><b/></a>",
    ]);
  });

  it.each(["Liquid", "liquid"])("fills in a template %s", async (word) => {
    const xml = publish(`topic="a/b" template="${word}"`, '{"id": {{body.id}}, "by": "{{context.Request.Method}}"}');
    const body = Body.text('{"id": 7}');
    const request = await sent(xml, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    expect(request?.[2]).toBe('{"id": 7, "by": "POST"}');
  });

  it("encodes names, and lets a topic hold slashes", async () => {
    const [url] = (await sent(publish('pubsub-name="a b?" topic="x/y#z%20"'))) ?? [];
    expect(url).toBe("http://localhost:3500/v1.0/publish/a%20b%3F/x/y%23z%20");
  });

  it.each(["nothing", "a/", "/b", "a/../b", "a/%2e%2E/b", "../b", "a/x%2f..%2fy", "a/b\\..\\c"])(
    "does not let the topic %j leave its place",
    async (topic) => {
      const x = variable(topic);
      await expect(runXml(dynamic, x)).rejects.toMatchObject({ reason: "ExpressionValueEvaluationFailure" });
    },
  );

  it("stores the response", async () => {
    const services = testServices(() => new ResponseMessage(204));
    const x = await runXml(publish('topic="a/b" response-variable-name="r" timeout="7"'), testExchange({ services }));
    expect(x.variables.get("r")).toMatchObject({ status: 204 });
    expect(services.sent[0]?.timeoutMs).toBe(7000);
  });

  it("waits five seconds by default", async () => {
    const services = testServices();
    await runXml(publish('topic="a/b"'), testExchange({ services }));
    expect(services.sent[0]?.timeoutMs).toBe(5000);
  });

  it("fails for an error of the sidecar, unless that is ignored", async () => {
    const refused = () => testExchange({ services: testServices(() => new ResponseMessage(403)) });
    await expect(runXml(publish('topic="a/b"'), refused())).rejects.toMatchObject({ status: 500 });
    const ignoring = publish('topic="a/b" ignore-error="true" response-variable-name="r"');
    expect((await runXml(ignoring, refused())).variables.get("r")).toMatchObject({ status: 403 });

    const none = (kind: "connection" | "timeout") =>
      testExchange({ services: testServices(() => Promise.reject(new BackendError(kind, "gone"))) });
    const failing = publish('topic="a/b"');
    await expect(runXml(failing, none("connection"))).rejects.toMatchObject({ reason: "BackendConnectionFailure" });
    await expect(runXml(failing, none("timeout"))).rejects.toMatchObject({ reason: "Timeout" });
    expect((await runXml(ignoring, none("timeout"))).variables.get("r")).toBeNull();
  });

  it("goes to the sidecar's configured address", async () => {
    const services = { ...testServices(), daprAddress: "http://dapr.upstream:8080/side/" };
    const xml = publish('topic="a/b"');
    await runXml(xml, testExchange({ services }));
    expect(services.sent[0]?.url).toMatchObject({ host: "dapr.upstream", port: 8080, path: "/side/v1.0/publish/a/b" });
  });

  it.each([
    [publish(""), "missing-attribute"],
    [publish('topic="new"'), "invalid-policy"],
    [publish('topic="a/b" timeout="0"'), "invalid-value"],
    [publish('topic="a/b" timeout="241"'), "invalid-value"],
    [publish('topic="a/b" ignore-error="@(true)"'), "expression-not-allowed"],
    [publish('topic="a/b" content-type="text/xml"'), "invalid-value"],
    [publish('topic="a/b" template="razor"'), "invalid-value"],
    [publish('topic="a/b" template="Liquid"', "{% if %}"), "invalid-policy"],
    [publish('topic="a/b" pub-sub-name="c"'), "unknown-attribute"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics.map((d) => d.code)).toEqual([code]);
  });

  it("stands in inbound only", () => {
    expect(compileXml(publish('topic="a/b"'), "outbound").diagnostics).toHaveLength(1);
  });
});
