import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseUrl, type UrlParts } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

/** A PKCS#12 file of CN=client.test, its password "geheim". */
const PFX = readFileSync(new URL("../../model/certificates/fixtures/aes.p12.txt", import.meta.url), "utf8").replace(
  /\s/g,
  "",
);

function setup() {
  const services = testServices();
  services.certificate = (id) =>
    ({
      main: { cert: "CERT", key: "KEY" },
      AB01: { cert: "BY PRINT", key: "KEY" },
      public: { cert: "C", key: undefined },
    })[id];
  const x = testExchange({ services });
  x.backend = { kind: "url", base: parseUrl("https://backend.upstream") as UrlParts };
  const forwarded = async () => {
    x.section = "backend";
    await runXml("<forward-request />", x);
    return services.sent.at(-1)?.tls;
  };
  return { services, x, forwarded };
}

const policy = (attributes: string) => `<authentication-certificate ${attributes} />`;

describe("the certificate", () => {
  it.each([
    ['certificate-id="main"', "CERT"],
    [`certificate-id='@("ma" + "in")'`, "CERT"],
    ['thumbprint="AB01"', "BY PRINT"],
    ['thumbprint="\u200eAB 01 "', "BY PRINT"],
    ['thumbprint="AB:01"', "BY PRINT"],
  ])("%s is presented to the backend", async (attributes, cert) => {
    const { x, forwarded } = setup();
    await runXml(policy(attributes), x);
    expect(await forwarded()).toEqual({
      validateChain: true,
      validateName: true,
      clientCertificate: { cert, key: "KEY" },
    });
  });

  it.each([
    ["base64 text", `body="${PFX}" password="geheim"`],
    ["bytes", `body='@(Convert.FromBase64String("${PFX}"))' password='@("ge" + "heim")'`],
  ])("may stand in the policy as %s", async (_form, attributes) => {
    const { x, forwarded } = setup();
    await runXml(policy(attributes), x);
    const presented = (await forwarded())?.clientCertificate;
    expect(new X509Certificate(presented?.cert ?? "").subject).toBe("CN=client.test");
    expect(presented?.key).toContain("PRIVATE KEY");
    // The same file gives the same object: opening it is dear.
    const again = setup();
    await runXml(policy(attributes), again.x);
    expect(again.x.backendCertificate).toBe(x.backendCertificate);
  });

  it("is presented in a call inside it alone", async () => {
    const { x, services, forwarded } = setup();
    const call = (inside: string) =>
      `<send-request><set-url>https://a.test</set-url><set-method>GET</set-method>${inside}</send-request>`;
    await runXml(call(policy('certificate-id="main"')) + call(""), x);
    expect(services.sent.map(({ tls }) => tls?.clientCertificate?.cert)).toEqual(["CERT", undefined]);
    expect(await forwarded()).toBeUndefined();
  });
});

it("in the policy goes before one that it names as well", async () => {
  const { x, forwarded } = setup();
  await runXml(policy(`certificate-id="main" body="${PFX}" password="geheim"`), x);
  expect((await forwarded())?.clientCertificate?.cert).toContain("BEGIN CERTIFICATE");
});

describe("a certificate that cannot be presented", () => {
  it.each([
    ['certificate-id="other"', 'There is no certificate with the certificate-id "other".'],
    ['thumbprint="FF"', 'There is no certificate with the thumbprint "FF".'],
    ['certificate-id="public"', 'This gateway does not have the private key of the certificate "public".'],
    [`body="${PFX}" password="wrong"`, "The certificate cannot be read: the password is wrong."],
    ['body="!"', "The certificate cannot be read: it is neither PEM nor base64."],
    [`body='@(5)'`, "The certificate is not a byte[]."],
  ])("%s", async (attributes, message) => {
    await expect(runXml(policy(attributes), setup().x)).rejects.toMatchObject({
      name: "PolicyError",
      status: 500,
      publicMessage: "Internal server error",
      message,
    });
  });

  it("without a key in its file", async () => {
    const pem = readFileSync(new URL("../../model/certificates/fixtures/leaf.pem", import.meta.url), "utf8");
    const body = Buffer.from(pem).toString("base64");
    await expect(runXml(policy(`body="${body}"`), setup().x)).rejects.toThrow("it holds no private key");
  });
});

it.each(["", 'thumbprint="a" certificate-id="b"', 'thumbprint="a" certificate-id="b" body="c"', 'password="p"'])(
  "refuses %j",
  (attributes) => {
    const { diagnostics } = compileXml(policy(attributes));
    expect(diagnostics.map((d) => d.message)).toEqual([
      '<authentication-certificate> needs exactly one of "thumbprint" and "certificate-id", or "body"',
    ]);
  },
);
