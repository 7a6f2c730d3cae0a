import { describe, expect, it } from "vitest";
import { TokenUnavailableError } from "../exchange/identity.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { loadXml } from "../testing/load-policy.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

const policy = (attributes: string) => `<authentication-managed-identity ${attributes} />`;

function setup(headers: Record<string, string> = { authorization: "Bearer of the caller" }) {
  const services = testServices();
  return { services, x: testExchange({ services, headers }) };
}

describe("the token", () => {
  it("replaces the caller's, at once where it is at hand", () => {
    const { x } = setup();
    expect(loadXml(policy('resource="https://storage.azure.com"'))(x)).toBeUndefined();
    expect(x.request.headers.raw).toEqual(["Authorization", "Bearer token for https://storage.azure.com"]);
  });

  it("is waited for", async () => {
    const { x, services } = setup();
    services.identityTokens.token = async () => "later";
    await runXml(policy('resource="r"'), x);
    expect(x.request.headers.raw).toEqual(["Authorization", "Bearer later"]);
  });

  it("is of the identity that is named; an empty name names none", async () => {
    const { x } = setup();
    await runXml(policy('resource="r" client-id="c"'), x);
    expect(x.request.headers.get("authorization")).toBe("Bearer token for r as c");
    await runXml(policy('resource="r" client-id=""'), x);
    expect(x.request.headers.get("authorization")).toBe("Bearer token for r");
  });

  it("goes into the variable instead, as a string", async () => {
    const { x } = setup();
    await runXml(policy(`resource='@("r" + 1)' output-token-variable-name="t"`), x);
    expect(x.variables.get("t")).toBe("token for r1");
    expect(x.request.headers.get("authorization")).toBe("Bearer of the caller");
  });

  it("never reaches the caller in outbound", async () => {
    const { x } = setup();
    x.section = "outbound";
    x.response = new ResponseMessage(200);
    await runXml(policy('resource="r" output-token-variable-name="t"') + policy('resource="r"'), x);
    expect(x.response.headers.raw).toEqual([]);
    expect(x.variables.get("t")).toBe("token for r");
  });

  it("authenticates a call inside it alone", async () => {
    const { x, services } = setup();
    const call = `<send-request><set-url>http://a.test</set-url><set-method>GET</set-method>${policy('resource="r"')}</send-request>`;
    await runXml(call, x);
    expect(services.sent[0]?.headers).toEqual(["Authorization", "Bearer token for r"]);
    expect(x.request.headers.get("authorization")).toBe("Bearer of the caller");
  });

  it("may be one of several things waited for", async () => {
    const { x } = setup();
    const wanted = (name: string) => policy(`resource="${name}" output-token-variable-name="${name}"`);
    await runXml(`<wait for="all">${wanted("a")}${wanted("b")}</wait>`, x);
    expect([...x.variables]).toEqual([
      ["a", "token for a"],
      ["b", "token for b"],
    ]);
  });
});

describe("without a token", () => {
  const failures: [string, () => string | Promise<string>][] = [
    [
      "at once",
      () => {
        throw new TokenUnavailableError("The endpoint answered 400.");
      },
    ],
    ["later", () => Promise.reject(new TokenUnavailableError("The endpoint answered 400."))],
  ];

  it.each(failures)("the request fails (%s)", async (_when, token) => {
    const { x, services } = setup();
    services.identityTokens.token = token;
    await expect(runXml(policy('resource="r"'), x)).rejects.toMatchObject({
      name: "PolicyError",
      status: 500,
      message: "The endpoint answered 400.",
      publicMessage: "Internal server error",
    });
  });

  it.each(failures)("it goes on where the policy says so (%s)", async (_when, token) => {
    const { x, services } = setup();
    services.identityTokens.token = token;
    await runXml(policy('resource="r" ignore-error="true"'), x);
    await runXml(policy('resource="r" ignore-error="true" output-token-variable-name="t"'), x);
    expect(x.request.headers.get("authorization")).toBe("Bearer of the caller");
    expect(x.variables.has("t")).toBe(false);
  });

  it("what is no failure to get one is not ignored", async () => {
    const { x, services } = setup();
    services.identityTokens.token = () => {
      throw new RangeError("a defect");
    };
    await expect(runXml(policy('resource="r" ignore-error="true"'), x)).rejects.toThrow("a defect");
    const empty = policy(`resource='@("")' ignore-error="true"`);
    await expect(runXml(empty, setup().x)).rejects.toMatchObject({ reason: "ExpressionValueEvaluationFailure" });
  });
});

it.each([
  ["<authentication-managed-identity />", "inbound", 'needs the attribute "resource"'],
  [policy('resource="r"'), "on-error", "is not allowed in <on-error>"],
  [policy('resource="r" ignore-error="maybe"'), "inbound", 'must be "true" or "false"'],
  [policy(`resource="r" output-token-variable-name='@("t")'`), "inbound", "does not allow a policy expression"],
  [policy('resource="r" output-token-variable-name=" "'), "inbound", "must be a name"],
] as const)("refuses %s in %s", (xml, section, message) => {
  const { diagnostics } = compileXml(xml, section);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]?.message).toContain(message);
});
