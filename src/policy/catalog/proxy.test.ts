import { describe, expect, it } from "vitest";
import type { Exchange } from "../exchange/exchange.ts";
import { parseUrl, type UrlParts } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

function exchange() {
  const services = testServices();
  const x = testExchange({ services });
  x.backend = { kind: "url", base: parseUrl("https://backend.upstream") as UrlParts };
  return { x, services };
}

async function forwarded(x: Exchange) {
  x.section = "backend";
  await runXml("<forward-request />", x);
}

describe("proxy", () => {
  it("stands before the backend from then on; the last one wins", async () => {
    const { x, services } = exchange();
    await runXml(
      '<proxy url="http://first.test:3128" username="u" password="p" /><proxy url=" http://192.168.1.1:8080/ " />',
      x,
    );
    await forwarded(x);
    expect(services.sent[0]?.proxy).toMatchObject({ url: { host: "192.168.1.1", port: 8080 } });
    expect(services.sent[0]?.proxy).not.toHaveProperty("username");
  });

  it("is told who asks, as expressions say", async () => {
    const { x, services } = exchange();
    x.variables.set("host", "p.test");
    await runXml(`<proxy url='@("http://" + (string)context.Variables["host"])' username='@("u" + 1)' />`, x);
    await forwarded(x);
    expect(services.sent[0]?.proxy).toMatchObject({ url: { host: "p.test", port: 80 }, username: "u1", password: "" });
  });

  it("stands before a call inside it alone", async () => {
    const { x, services } = exchange();
    const call = (inside: string) =>
      `<send-request><set-url>http://a.test</set-url><set-method>GET</set-method>${inside}</send-request>`;
    await runXml(`<proxy url="http://outer.test" />${call('<proxy url="http://inner.test" />')}${call("")}`, x);
    await forwarded(x);
    expect(services.sent.map(({ proxy }) => proxy?.url.host)).toEqual(["inner.test", undefined, "outer.test"]);
  });

  it.each(["https://p.test:1", "p.test:3128", "socks5://p.test", ""])(
    "fails where %j is no such proxy",
    async (url) => {
      const { x } = exchange();
      await expect(runXml(`<proxy url='@("${url}")' />`, x)).rejects.toMatchObject({
        reason: "ExpressionValueEvaluationFailure",
      });
    },
  );
});

it.each([
  ["<proxy />", "error", 'needs the attribute "url"'],
  ['<proxy url="https://p.test:3128" />', "warning", "must be http://host:port"],
  ['<proxy url="http://p.test/path" />', "warning", "must be http://host:port"],
])("%s", (xml, severity, message) => {
  const { diagnostics } = compileXml(xml);
  expect(diagnostics).toMatchObject([{ severity, message: expect.stringContaining(message) }]);
});
