import { describe, expect, it } from "vitest";
import { OutgoingMessage } from "../../exchange/message.ts";
import { parseUrl, type UrlParts } from "../../exchange/url.ts";
import { testExchange, testServices } from "../../testing/exchange.ts";
import { compileXml, runXml } from "../../testing/run-policy.ts";
import { outgoingCall } from "./call.ts";

const base = { ...(parseUrl("https://other.upstream") as UrlParts), path: "" };

describe("outgoingCall", () => {
  it("presents the certificate and takes the proxy that policies inside the call set", () => {
    const message = new OutgoingMessage({ method: "GET", base, path: "/a", query: "?b" });
    message.headers.set("Connection", "close");
    message.headers.set("X-A", "1");
    expect(outgoingCall(message, 10, undefined)).toMatchObject({
      url: { host: "other.upstream", path: "/a", query: "?b" },
      headers: ["X-A", "1"],
      tls: undefined,
      proxy: undefined,
    });
    message.clientCertificate = { cert: "c", key: "k" };
    message.proxy = { url: parseUrl("http://proxy:3128") as UrlParts };
    expect(outgoingCall(message, 10, undefined)).toMatchObject({
      tls: { validateChain: true, validateName: true, clientCertificate: { cert: "c", key: "k" } },
      proxy: { url: { host: "proxy", port: 3128 } },
    });
  });
});

describe("a call's children", () => {
  const call = (inside: string) =>
    `<send-request><set-url>https://other.upstream/</set-url><set-method>GET</set-method>${inside}</send-request>`;

  it("may authenticate it, which leaves the current request alone", async () => {
    const services = testServices();
    const x = testExchange({ services });
    await runXml(call('<authentication-basic username="u" password="p" />'), x);
    expect(services.sent[0]?.headers).toEqual(["Authorization", "Basic dTpw"]);
    expect(x.request.headers.raw).toEqual([]);
  });

  it("authenticate it in one way", () => {
    const two = '<authentication-basic username="u" password="p" />';
    expect(compileXml(call(two + two)).diagnostics.map((d) => d.code)).toEqual(["element-repeated", "invalid-policy"]);
  });
});
