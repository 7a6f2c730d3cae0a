import { createHash } from "node:crypto";
import { readCertificateData } from "../../../model/certificates/read-certificate.ts";

/** A certificate with its private key, PEM: what a client presents. */
export interface PresentedCertificate {
  cert: string;
  key: string;
}

/** Opening a file takes thousands of rounds of key derivation, so what was opened is remembered. */
const MOST_FILES = 100;

/** By digest of file and password, least recently used first. */
const opened = new Map<string, PresentedCertificate>();

/**
 * A certificate with its key from a PKCS#12 file (bytes, or base64 text). The same file gives the same object.
 * @throws Error that says what is wrong, and holds nothing of the file or the password.
 */
export function openCertificateFile(file: Uint8Array | string, password: string | undefined): PresentedCertificate {
  const digest = createHash("sha256")
    .update(`${file.length} `)
    .update(file)
    .update(password ?? "")
    .digest("base64");
  const known = opened.get(digest);
  if (known) {
    opened.delete(digest);
    opened.set(digest, known);
    return known;
  }
  const text = typeof file === "string" ? file : Buffer.from(file).toString("base64");
  const { certificate, key } = readCertificateData(text, password);
  if (key === undefined) throw new Error("it holds no private key");
  const [oldest] = opened.size >= MOST_FILES ? opened.keys() : [];
  if (oldest !== undefined) opened.delete(oldest);
  const made = { cert: certificate, key };
  opened.set(digest, made);
  return made;
}
