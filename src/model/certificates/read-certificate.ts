import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { DerError } from "./der.ts";
import { DecryptionError } from "./password-encryption.ts";
import { decryptPrivateKey, readPkcs12 } from "./pkcs12.ts";

/** A certificate as the catalog holds it. */
export interface CertificateMaterial {
  /** PEM; the certificates that vouch for it follow. */
  certificate: string;
  /** PEM (PKCS#8), not encrypted. */
  key?: string;
  /** SHA-1 of the certificate, upper-case hex. */
  thumbprint: string;
}

const MAX_DATA = 512 * 1024;

/**
 * Reads a certificate with or without its private key from PEM text, base64 of PEM text, or base64 of PKCS#12 or of
 * one DER certificate.
 * @throws Error that says what is wrong, for people; it holds nothing of the data.
 */
export function readCertificateData(data: string, password: string | undefined): CertificateMaterial {
  if (data.length > MAX_DATA) throw new Error("it is too large");
  const text = data.trim();
  if (text.startsWith("-----BEGIN ")) return fromPem(text, password);
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) throw new Error("it is neither PEM nor base64");
  const bytes = Buffer.from(text, "base64");
  const decoded = bytes.toString("latin1");
  const pem = decoded.indexOf("-----BEGIN ");
  if (pem >= 0 && bytes[0] !== 0x30) return fromPem(decoded.slice(pem), password);
  try {
    return material([new X509Certificate(bytes)], undefined);
  } catch {
    return fromPkcs12(bytes, password ?? "");
  }
}

function fromPkcs12(bytes: Buffer, password: string): CertificateMaterial {
  try {
    const { certificates, keys } = readPkcs12(bytes, password);
    const key = keys[0] && createPrivateKey({ key: keys[0], format: "der", type: "pkcs8" });
    return material(
      certificates.map((certificate) => new X509Certificate(certificate)),
      key,
    );
  } catch (error) {
    if (error instanceof DecryptionError) throw error;
    if (error instanceof DerError) throw new Error("it is no PKCS#12 file, or the password is wrong");
    throw new Error("its PKCS#12 file is damaged, or the password is wrong");
  }
}

function fromPem(text: string, password: string | undefined): CertificateMaterial {
  const certificates: X509Certificate[] = [];
  let key: KeyObject | undefined;
  for (const { label, block } of pemBlocks(text)) {
    if (label === "CERTIFICATE") certificates.push(parseCertificate(block));
    else if (label.endsWith("PRIVATE KEY")) key ??= parseKey(label, block, password);
  }
  return material(certificates, key);
}

function parseCertificate(block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch {
    throw new Error("its certificate is damaged");
  }
}

function parseKey(label: string, block: string, password: string | undefined): KeyObject {
  const encrypted = label === "ENCRYPTED PRIVATE KEY" || block.includes("Proc-Type: 4,ENCRYPTED");
  if (encrypted && password === undefined) throw new Error('its key is encrypted; give the "password"');
  try {
    if (label !== "ENCRYPTED PRIVATE KEY") return createPrivateKey({ key: block, passphrase: password ?? "" });
    const der = Buffer.from(block.replace(/-----[^-]*-----/g, ""), "base64");
    return createPrivateKey({ key: decryptPrivateKey(der, password ?? ""), format: "der", type: "pkcs8" });
  } catch (error) {
    if (error instanceof DecryptionError) throw error;
    throw new Error(encrypted ? "its key is damaged, or the password is wrong" : "its key is damaged");
  }
}

/** The blocks of a PEM text, in order. */
function* pemBlocks(text: string): Generator<{ label: string; block: string }> {
  const begin = "-----BEGIN ";
  for (let start = text.indexOf(begin); start >= 0; ) {
    const labelEnd = text.indexOf("-----", start + begin.length);
    if (labelEnd < 0) return;
    const label = text.slice(start + begin.length, labelEnd);
    const closing = `-----END ${label}-----`;
    const end = text.indexOf(closing, labelEnd);
    if (end < 0) throw new Error(`"BEGIN ${label.slice(0, 40)}" has no end`);
    yield { label, block: text.slice(start, end + closing.length) };
    start = text.indexOf(begin, end + closing.length);
  }
}

/** Puts the certificate that belongs to the key first. */
function material(certificates: X509Certificate[], key: KeyObject | undefined): CertificateMaterial {
  if (certificates.length === 0) throw new Error("it holds no certificate");
  const own = key ? certificates.find((certificate) => certificate.checkPrivateKey(key)) : certificates[0];
  if (!own) throw new Error("its key does not belong to its certificate");
  const chain = [own, ...certificates.filter((certificate) => certificate !== own)];
  return {
    certificate: chain.map((certificate) => certificate.toString()).join(""),
    thumbprint: own.fingerprint.replaceAll(":", ""),
    ...(key ? { key: key.export({ type: "pkcs8", format: "pem" }) as string } : {}),
  };
}
