import { expect, it } from "vitest";
import { TokenUnavailableError } from "../exchange/identity.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

async function authorization(attributes: string): Promise<string | undefined> {
  const x = testExchange({ headers: { authorization: "Bearer of the caller" } });
  await runXml(`<authentication-token ${attributes} />`, x);
  return x.request.headers.get("authorization");
}

it("sends a token of the gateway's identity by default", async () => {
  expect(await authorization('resource-url="https://r.test"')).toBe("Bearer token for https://r.test");
  expect(await authorization('token-type="managed-service-identity" resource-url="r"')).toBe("Bearer token for r");
});

it("asks the token service that it names", async () => {
  const service = 'token-type="token-service" token-service-url="http://tokens.test/x"';
  expect(await authorization(`${service} resource-url="r"`)).toBe("Bearer token for r from http://tokens.test/x");
  expect(await authorization(service)).toBe("Bearer token for  from http://tokens.test/x");
});

it("goes on without a token only where it says so", async () => {
  const services = testServices();
  services.identityTokens.token = () => {
    throw new TokenUnavailableError("away");
  };
  const run = (attributes: string) => runXml(`<authentication-token ${attributes} />`, testExchange({ services }));
  await expect(run('resource-url="r"')).rejects.toMatchObject({ status: 500, publicMessage: "Internal server error" });
  await expect(run('resource-url="r" ignore-error="true"')).resolves.toBeDefined();
});

it("authenticates calls", async () => {
  const services = testServices();
  const call = `<send-one-way-request><set-url>http://a.test</set-url><set-method>GET</set-method><authentication-token resource-url="r" /></send-one-way-request>`;
  await runXml(call, testExchange({ services }));
  expect(services.sent[0]?.headers).toEqual(["Authorization", "Bearer token for r"]);
});

it.each([
  ['token-type="token-service"', 'needs the attribute "token-service-url"'],
  ['token-type="other"', 'allowed: "managed-service-identity", "token-service"'],
])("refuses %s", (attributes, message) => {
  const { diagnostics } = compileXml(`<authentication-token ${attributes} />`);
  expect(diagnostics.map((d) => d.message)).toEqual([expect.stringContaining(message)]);
});

it.each(['resource-url=""', "", 'token-type="token-service" token-service-url="nowhere"'])(
  "fails where %j leads nowhere",
  async (attributes) => {
    await expect(authorization(attributes)).rejects.toMatchObject({ reason: "ExpressionValueEvaluationFailure" });
  },
);
