import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SourceText } from "../../../model/source-text.ts";
import { Exchange } from "../../exchange/exchange.ts";
import { testExchange, testServices } from "../../testing/exchange.ts";
import { compileExpression, loadExpression } from "../compile.ts";
import { toText } from "../convert.ts";
import { Certificate } from "./certificate.ts";

/** Self-signed, made for this test by OpenSSL; valid until 2126. */
const pem = `-----BEGIN CERTIFICATE-----
MIICXDCCAgOgAwIBAgIDChssMAoGCCqGSM49BAMCMHcxCzAJBgNVBAYTAk5MMRYw
FAYDVQQIDA1Ob29yZC1Ib2xsYW5kMRMwEQYDVQQKDApBY21lLCBJbmMuMQwwCgYD
VQQLDANEZXYxFDASBgNVBAMMC2NsaWVudC50ZXN0MRcwFQYJKoZIhvcNAQkBFghh
QGIudGVzdDAgFw0yNjExMjAxOTMyNDZaGA8yMTI2MTAyNzE5MzI0NlowdzELMAkG
A1UEBhMCTkwxFjAUBgNVBAgMDU5vb3JkLUhvbGxhbmQxEzARBgNVBAoMCkFjbWUs
IEluYy4xDDAKBgNVBAsMA0RldjEUMBIGA1UEAwwLY2xpZW50LnRlc3QxFzAVBgkq
hkiG9w0BCQEWCGFAYi50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEne1H
qKzCxxZE1Q4rVK2VAgl4NdMJJmdMtyHJpuook5WZaHeveRBA+UaCTkAhTPYWNXOX
Vi1RYYzcXqyRr181R6N8MHowHQYDVR0OBBYEFD+em82g02ZvMn3K/Ff4WL3RmpUI
MB8GA1UdIwQYMBaAFD+em82g02ZvMn3K/Ff4WL3RmpUIMA8GA1UdEwEB/wQFMAMB
Af8wJwYDVR0RBCAwHoILY2xpZW50LnRlc3SBCGFAYi50ZXN0hgV1cm46eDAKBggq
hkjOPQQDAgNHADBEAiBJNFP6IrKVPofU+01+sxhv8lhQQqeIiTN/aKnRbKyaVAIg
NdWW1+b4g39lKb/kYCtThMbdndwVKKxrLKZiCvkL3W8=
-----END CERTIFICATE-----`;

function exchange(): Exchange {
  const services = {
    ...testServices(),
    certificate: (name: string) => (name === "main" ? { cert: pem, key: undefined } : undefined),
    certificateIds: () => ["main"],
  };
  const plain = testExchange({ services });
  const der = new Uint8Array(new X509Certificate(pem).raw);
  return new Exchange({
    services,
    id: plain.id,
    startedAt: plain.startedAt,
    client: { address: "192.0.2.1", certificate: { der } },
    originalUrl: plain.originalUrl,
    request: plain.request,
  });
}

function text(expression: string): string | null {
  const { compiled, diagnostics } = compileExpression(SourceText.of(`@(${expression})`));
  if (!compiled) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return toText(loadExpression(compiled.js)(exchange()));
}

describe("client certificates", () => {
  it.each([
    ["context.Request.Certificate.Thumbprint", "03C7E4C1ED0297E251C820EE31591628F95F1125"],
    [
      "context.Request.Certificate.Subject",
      'E=a@b.test, CN=client.test, OU=Dev, O="Acme, Inc.", S=Noord-Holland, C=NL',
    ],
    ["context.Request.Certificate.SubjectName.Name == context.Request.Certificate.Subject", "True"],
    ["context.Request.Certificate.IssuerName.Name == context.Request.Certificate.Issuer", "True"],
    ["context.Request.Certificate.SerialNumber", "0A1B2C"],
    ["context.Request.Certificate.NotBefore", "11/20/2026 19:32:46"],
    ["context.Request.Certificate.NotAfter.Year", "2126"],
    ["context.Request.Certificate.HasPrivateKey", "False"],
    [
      'BitConverter.ToString(context.Request.Certificate.GetCertHash()).Replace("-", "")',
      "03C7E4C1ED0297E251C820EE31591628F95F1125",
    ],
    ["context.Request.Certificate.GetNameInfo(X509NameType.SimpleName, false)", "client.test"],
    ["context.Request.Certificate.GetNameInfo(X509NameType.DnsName, false)", "client.test"],
    ["context.Request.Certificate.GetNameInfo(X509NameType.EmailName, false)", "a@b.test"],
    ["context.Request.Certificate.GetNameInfo(X509NameType.UrlName, false)", "urn:x"],
    ["context.Request.Certificate.Verify() || context.Request.Certificate.VerifyNoRevocation()", "False"],
    [
      "new X509Certificate2(context.Request.Certificate.RawData).Thumbprint == context.Request.Certificate.Thumbprint",
      "True",
    ],
    ["context.Deployment.Certificates.Any(c => c.Value.Thumbprint == context.Request.Certificate.Thumbprint)", "True"],
    ['context.Deployment.Certificates["main"].Subject.Contains("CN=client.test")', "True"],
    ['context.Deployment.Certificates.ContainsKey("other")', "False"],
    ['context.Request.Certificate.ToString().StartsWith("[Subject]")', "True"],
  ])("%s", (expression, expected) => {
    expect(text(expression)).toBe(expected);
  });
});

describe("Certificate", () => {
  it("refuses bytes that are none", () => {
    expect(() => Certificate.fromBytes(Uint8Array.of(1, 2, 3))).toThrow("Cannot find the requested object");
  });
  it("is not valid outside its time", () => {
    expect(new Certificate(new X509Certificate(pem)).verify(Date.UTC(2000, 0, 1))).toBe(false);
  });
});
