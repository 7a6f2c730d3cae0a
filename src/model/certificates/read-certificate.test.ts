import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCertificateData } from "./read-certificate.ts";

/** Made with openssl for these tests: an EC certificate of CN=client.test, signed by its own test CA. */
function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

const THUMBPRINT = "B468E99250618C2EA5343E84F1DEA16E622EAF74";
const PEM = fixture("ca.pem") + fixture("leaf.pem") + fixture("leaf.enc.pem");

describe("certificate and key", () => {
  it.each([
    ["PKCS#12 with AES-256", fixture("aes.p12.txt"), "geheim"],
    ["PKCS#12 with triple DES and a password outside of ASCII", fixture("triple-des.p12.txt"), "gehäim"],
    ["PKCS#12 without encryption", fixture("plain.p12.txt"), undefined],
    ["PEM with an encrypted key", PEM, "geheim"],
    ["PEM with a plain key", fixture("leaf.pem") + fixture("leaf.pk8.pem"), undefined],
    ["base64 of PEM", Buffer.from(PEM).toString("base64"), "geheim"],
  ])("are read from %s", (_title, data, password) => {
    const material = readCertificateData(data, password);
    const certificate = new X509Certificate(material.certificate);
    expect(material.thumbprint).toBe(THUMBPRINT);
    expect(certificate.subject).toBe("CN=client.test");
    expect(certificate.checkPrivateKey(createPrivateKey(material.key ?? ""))).toBe(true);
  });

  it("keeps the certificates that vouch for it behind it", () => {
    const { certificate } = readCertificateData(fixture("aes.p12.txt"), "geheim");
    const second = certificate.slice(certificate.indexOf("-----BEGIN", 1));
    expect(new X509Certificate(second).subject).toBe("CN=Gatehouse test CA");
  });
});

it("reads a certificate without a key", () => {
  const material = readCertificateData(fixture("leaf.pem"), undefined);
  expect(material).toMatchObject({ thumbprint: THUMBPRINT });
  expect(material.key).toBeUndefined();
  const der = new X509Certificate(fixture("leaf.pem")).raw.toString("base64");
  expect(readCertificateData(der, undefined)).toEqual(material);
});

it.each([
  ["a wrong password", fixture("aes.p12.txt"), "x", "the password is wrong"],
  ["a wrong password of the older kind", fixture("triple-des.p12.txt"), "x", "the password is wrong"],
  ["RC2", fixture("rc2.p12.txt"), "geheim", "export it again with AES-256"],
  ["an encrypted key without a password", PEM, undefined, 'give the "password"'],
  ["a key of another certificate", fixture("ca.pem") + fixture("leaf.pk8.pem"), undefined, "does not belong"],
  ["a key alone", fixture("leaf.pk8.pem"), undefined, "it holds no certificate"],
  ["a cut PEM block", fixture("leaf.pem").slice(0, 100), undefined, "has no end"],
  ["no base64", "!!", undefined, "neither PEM nor base64"],
  ["anything else", Buffer.from("hello world").toString("base64"), undefined, "no PKCS#12 file"],
])("says what is wrong with %s", (_title, data, password, message) => {
  expect(() => readCertificateData(data, password)).toThrow(message);
});

it("withstands damaged files", () => {
  const bytes = Buffer.from(fixture("aes.p12.txt"), "base64");
  for (let at = 0; at < bytes.length; at += 7) {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ 0x55;
    try {
      readCertificateData(damaged.toString("base64"), "geheim");
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }
});
