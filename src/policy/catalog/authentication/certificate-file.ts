import { createHash } from "node:crypto";

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
 * A certificate with its key from a PKCS#12 file (bytes, or base64 text): at once when it has been opened before, and
 * then the same object.
 * @throws Error (as a rejection) that says what is wrong, and holds nothing of the file or the password.
 */
export function openCertificateFile(
  file: Uint8Array | string,
  password: string | undefined,
): PresentedCertificate | Promise<PresentedCertificate> {
  const digest = createHash("sha256")
    .update(`${file.length} `)
    .update(file)
    .update(password ?? "")
    .digest("base64");
  const known = opened.get(digest);
  if (!known) return open(file, password).then((made) => remember(digest, made));
  opened.delete(digest);
  return remember(digest, known);
}

function remember(digest: string, certificate: PresentedCertificate): PresentedCertificate {
  const [oldest] = opened.size >= MOST_FILES ? opened.keys() : [];
  if (oldest !== undefined) opened.delete(oldest);
  opened.set(digest, certificate);
  return certificate;
}

async function open(file: Uint8Array | string, password: string | undefined): Promise<PresentedCertificate> {
  // Few gateways ever open one, and every gateway starts.
  const { readCertificateData } = await import("../../../model/certificates/read-certificate.ts");
  const text = typeof file === "string" ? file : Buffer.from(file).toString("base64");
  const { certificate, key } = readCertificateData(text, password);
  if (key === undefined) throw new Error("it holds no private key");
  return { cert: certificate, key };
}
