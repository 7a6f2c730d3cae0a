import { describe, expect, it } from "vitest";
import { Loader } from "../compiler/loader.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";
import { policies } from "./index.ts";

async function filter(xml: string, address: string, variables: Record<string, unknown> = {}) {
  const x = testExchange({ address });
  for (const [name, value] of Object.entries(variables)) x.variables.set(name, value);
  return runXml(xml, x).then(
    () => "in",
    (error: unknown) => error,
  );
}

const policy = (action: string) => `
  <ip-filter action="${action}">
    <address> 192.0.2.1 </address>
    <address-range from="10.0.0.0" to="10.0.0.255" />
    <address>2001:db8::1</address>
    <address-range from="2001:db8:1::" to="2001:db8:1:ffff::" />
  </ip-filter>`;

const LISTED = [
  "192.0.2.1",
  "10.0.0.0",
  "10.0.0.77",
  "10.0.0.255",
  "2001:db8::1",
  "2001:DB8:1:1::9",
  "::ffff:10.0.0.3",
];
const OTHERS = ["192.0.2.2", "9.255.255.255", "10.0.1.0", "2001:db8::2", "2001:db8:2::", "::1"];

describe("ip-filter", () => {
  it.each(LISTED)("knows %s", async (address) => {
    expect(await filter(policy("allow"), address)).toBe("in");
    expect(await filter(policy("forbid"), address)).toMatchObject({
      reason: "CallerIpBlocked",
      status: 403,
      message: "Caller IP address is blocked. Access denied.",
      publicMessage: "Forbidden",
    });
  });

  it.each(OTHERS)("does not know %s", async (address) => {
    expect(await filter(policy("forbid"), address)).toBe("in");
    expect(await filter(policy("allow"), address)).toMatchObject({
      reason: "CallerIpNotAllowed",
      status: 403,
      message: `Caller IP address ${address} is not allowed. Access denied.`,
      publicMessage: "Forbidden",
    });
  });

  it("keeps out callers whose address cannot be read, unless it only forbids", async () => {
    expect(await filter(policy("allow"), "")).toMatchObject({
      reason: "FailedToParseCallerIP",
      status: 403,
      message: "Failed to establish IP address for the caller. Access denied.",
      publicMessage: "Forbidden",
    });
    expect(await filter(policy("forbid"), "unknown")).toBe("in");
  });

  it("allows by default", async () => {
    const xml = "<ip-filter><address>192.0.2.1</address></ip-filter>";
    expect(await filter(xml, "192.0.2.1")).toBe("in");
    expect(await filter(xml, "192.0.2.9")).toMatchObject({ reason: "CallerIpNotAllowed" });
  });

  const dynamic = `<ip-filter action='@((string)context.Variables["do"])'>
    <address>@((string)context.Variables["a"])</address>
    <address-range from='@((string)context.Variables["a"])' to="192.0.2.9" /></ip-filter>`;

  it("evaluates action and addresses", async () => {
    expect(await filter(dynamic, "192.0.2.7", { do: "allow", a: "192.0.2.5" })).toBe("in");
    expect(await filter(dynamic, "192.0.2.4", { do: "allow", a: "192.0.2.5" })).toMatchObject({
      reason: "CallerIpNotAllowed",
    });
    expect(await filter(dynamic, "192.0.2.5", { do: "forbid", a: "192.0.2.5" })).toMatchObject({
      reason: "CallerIpBlocked",
    });
  });

  it.each([
    { do: "permit", a: "192.0.2.5" },
    { do: "forbid", a: "nowhere" },
    { do: "forbid", a: "" },
    { do: "forbid", a: "192.0.2.10" },
    { do: "forbid", a: "::1" },
  ])("lets nobody in when it cannot tell: %j", async (variables) => {
    expect(await filter(dynamic, "198.51.100.1", variables)).toMatchObject({
      reason: "ExpressionValueEvaluationFailure",
      status: 500,
    });
  });

  it.each([
    ["<ip-filter />", "<address>"],
    ["<ip-filter><address>10.0.0.300</address></ip-filter>", "10.0.0.300"],
    ["<ip-filter><address>localhost</address></ip-filter>", "an IPv4 or IPv6 address"],
    ["<ip-filter><address>1::2::3</address></ip-filter>", "not an IP address"],
    ['<ip-filter><address-range from="10.0.0.9" to="10.0.0.1" /></ip-filter>', "holds no address"],
    ['<ip-filter><address-range from="10.0.0.9" to="::1" /></ip-filter>', "holds no address"],
    ['<ip-filter><address-range from="10.0.0.9" /></ip-filter>', '"to"'],
    ['<ip-filter action="deny"><address>10.0.0.1</address></ip-filter>', '"allow", "forbid"'],
  ])("is refused when it is written so: %s", (xml, message) => {
    expect(compileXml(xml).diagnostics.map((d) => d.message)).toContainEqual(expect.stringContaining(message));
  });

  it("lets nobody in when a named value holds no address", () => {
    const { elements, diagnostics } = compileXml(
      "<ip-filter action='forbid'><address>{{a}}</address></ip-filter>",
      "inbound",
      new Map([["a", { secret: false, value: "1::2::3" }]]),
    );
    expect(diagnostics).toEqual([]);
    const [step] = new Loader(policies, "api").load(elements);
    expect(() => step?.run(testExchange({ address: "198.51.100.1" }))).toThrow("cannot read the address");
  });
});
