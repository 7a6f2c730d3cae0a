import { describe, expect, it } from "vitest";
import { BackendError } from "../exchange/errors.ts";
import { TokenUnavailableError } from "../exchange/identity.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { formatUrl } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const NAMESPACE = 'namespace="ns.servicebus.windows.net"';
const message = (attributes: string, inside = "<payload>m</payload>") =>
  `<send-service-bus-message ${attributes}>${inside}</send-service-bus-message>`;
const queue = message(`queue-name="q" ${NAMESPACE}`);

async function sent(xml: string) {
  const services = testServices(() => new ResponseMessage(201));
  await runXml(xml, testExchange({ services }));
  const [request] = services.sent;
  return request && [formatUrl(request.url), request.headers[1], JSON.parse(String(request.body.buffered))];
}

describe("send-service-bus-message", () => {
  it("posts payload and properties with a token of the gateway's identity", async () => {
    const properties = `<message-properties><message-property name="a">@(context.Request.Method)</message-property><message-property name="__proto__">b</message-property></message-properties>`;
    const expected = [
      "https://ns.servicebus.windows.net/q/messages",
      "Bearer token for https://servicebus.azure.net",
      JSON.parse('[{"Body":"m","UserProperties":{"a":"GET","__proto__":"b"}}]'),
    ];
    expect(await sent(message(`queue-name="q" ${NAMESPACE}`, `${properties}<payload>m</payload>`))).toEqual(expected);
    expect(await sent(message(`queue-name="q" ${NAMESPACE}`, `<payload>m</payload>${properties}`))).toEqual(expected);
  });

  it("sends to topics, and as one of several identities", async () => {
    expect(await sent(message(`topic-name='@("a/" + "b c")' client-id="c-1" ${NAMESPACE}`))).toEqual([
      "https://ns.servicebus.windows.net/a/b%20c/messages",
      "Bearer token for https://servicebus.azure.net as c-1",
      [{ Body: "m" }],
    ]);
  });

  it.each(["", "ns", "ns.a/x", "http://ns.a", "u@ns.a", "ns.a:1", "ns..a", "-ns.a", "ns.a#", "n\u00e4.a"])(
    "shows its token to no namespace %j",
    async (namespace) => {
      const services = testServices();
      const x = testExchange({ services });
      x.variables.set("v", namespace);
      const xml = message(`queue-name="q" namespace='@((string)context.Variables["v"])'`);
      await expect(runXml(xml, x)).rejects.toMatchObject({ reason: "ExpressionValueEvaluationFailure" });
      expect(services.sent).toEqual([]);
    },
  );

  it("does not leave the queue's place", async () => {
    const x = testExchange();
    x.variables.set("v", "q/../other");
    const xml = message(`queue-name='@((string)context.Variables["v"])' ${NAMESPACE}`);
    await expect(runXml(xml, x)).rejects.toThrow("may not hold the segment");
  });

  it("fails for a message that is not taken", async () => {
    const x = (answer: Parameters<typeof testServices>[0]) => testExchange({ services: testServices(answer) });
    await expect(
      runXml(
        queue,
        x(() => new ResponseMessage(404)),
      ),
    ).rejects.toMatchObject({
      reason: "BackendConnectionFailure",
      message: "Service Bus answered with status code 404.",
    });
    const late = x(() => Promise.reject(new BackendError("timeout", "late")));
    await expect(runXml(queue, late)).rejects.toMatchObject({ reason: "Timeout" });
  });

  it("fails without a token, and sends nothing", async () => {
    const services = testServices();
    services.identityTokens.token = () => Promise.reject(new TokenUnavailableError("no identity"));
    await expect(runXml(queue, testExchange({ services }))).rejects.toMatchObject({ reason: "TokenNotObtained" });
    expect(services.sent).toEqual([]);
  });

  it("warns where no namespace is named, and fails when it runs", async () => {
    const xml = message('queue-name="q"');
    expect(compileXml(xml).diagnostics).toMatchObject([{ severity: "warning" }]);
    await expect(runXml(xml, testExchange())).rejects.toThrow("The namespace is not a host name");
  });

  it.each([
    [message(NAMESPACE), "invalid-policy"],
    [message(`queue-name="q" topic-name="t" ${NAMESPACE}`), "invalid-policy"],
    [message(`queue-name="q" ${NAMESPACE}`, ""), "missing-element"],
    [message(`queue-name="q" ${NAMESPACE}`, "<payload>a</payload><payload>b</payload>"), "element-repeated"],
    [message(`queue-name="q" ${NAMESPACE}`, "<message-properties /><payload>a</payload>"), "missing-element"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics.map((d) => d.code)).toEqual([code]);
  });

  it("does not stand in the backend section", () => {
    expect(compileXml(queue, "backend").diagnostics).toHaveLength(1);
  });
});
