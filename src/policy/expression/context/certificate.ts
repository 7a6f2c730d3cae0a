import { createHash, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { CryptographicException } from "../clr/exceptions.ts";
import type { ClrObject } from "../clr/system/protocol.ts";
import { alternativeNames } from "./alternative-names.ts";
import { formatName, parseName } from "./distinguished-name.ts";

/** `X509Certificate2`, on top of node:crypto. */
export class Certificate implements ClrObject {
  readonly clrName = "System.Security.Cryptography.X509Certificates.X509Certificate2";
  readonly x509: X509Certificate;
  /** PEM of the private key, where the gateway holds it. */
  readonly #keyPem: string | undefined;
  #key: KeyObject | undefined;

  constructor(x509: X509Certificate, keyPem?: string) {
    this.x509 = x509;
    this.#keyPem = keyPem;
  }

  /** From DER or PEM bytes. @throws {CryptographicException} */
  static fromBytes(bytes: Uint8Array): Certificate {
    try {
      return new Certificate(new X509Certificate(bytes));
    } catch {
      throw new CryptographicException("Cannot find the requested object.");
    }
  }

  get der(): Uint8Array {
    return new Uint8Array(this.x509.raw);
  }

  get hash(): Uint8Array {
    return new Uint8Array(createHash("sha1").update(this.x509.raw).digest());
  }

  /** Upper-case hexadecimal SHA-1 of the certificate. */
  get thumbprint(): string {
    return this.x509.fingerprint.replaceAll(":", "");
  }

  get subject(): string {
    return formatName(this.x509.subject);
  }

  get issuer(): string {
    return formatName(this.x509.issuer);
  }

  get serialNumber(): string {
    return this.x509.serialNumber.toUpperCase();
  }

  get hasPrivateKey(): boolean {
    return this.#keyPem !== undefined;
  }

  get privateKey(): KeyObject | null {
    if (this.#keyPem === undefined) return null;
    return (this.#key ??= createPrivateKey(this.#keyPem));
  }

  /** One value out of the subject's or issuer's name; empty when it has none. */
  nameValue(attribute: string, ofIssuer: boolean): string {
    const parts = parseName(ofIssuer ? this.x509.issuer : this.x509.subject);
    return parts.findLast(({ name }) => name === attribute)?.value ?? "";
  }

  /** The first alternative name of a kind (`DNS`, `email`, `URI`); empty when there is none. */
  alternativeName(kind: string): string {
    return alternativeNames(this.x509.subjectAltName, kind)[0] ?? "";
  }

  /**
   * Whether the certificate is in its time of validity and signed by a publicly trusted root. Revocation is not
   * looked up, and intermediates that were not presented are not fetched.
   */
  verify(now = Date.now()): boolean {
    if (now < Date.parse(this.x509.validFrom) || now > Date.parse(this.x509.validTo)) return false;
    return trustedRoots().some(
      (root) => root.raw.equals(this.x509.raw) || (this.x509.checkIssued(root) && this.x509.verify(root.publicKey)),
    );
  }

  /** The form that `ToString()` prints. */
  toClrString(): string {
    const { x509 } = this;
    const blocks: [string, string][] = [
      ["Subject", this.subject],
      ["Issuer", this.issuer],
      ["Serial Number", this.serialNumber],
      ["Not Before", netDate(x509.validFrom)],
      ["Not After", netDate(x509.validTo)],
      ["Thumbprint", this.thumbprint],
    ];
    return `${blocks.map(([title, value]) => `[${title}]\n  ${value}`).join("\n\n")}\n`;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof Certificate && other.x509.raw.equals(this.x509.raw);
  }
}

function netDate(text: string): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = new Date(text);
  const day = `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${date.getUTCFullYear()}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

let roots: X509Certificate[] | undefined;

function trustedRoots(): X509Certificate[] {
  roots ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return roots;
}

const byDer = new WeakMap<Uint8Array, Certificate>();

/** The client's certificate; parsed once for each connection's bytes. Null when there is none or it cannot be read. */
export function certificateOf(der: Uint8Array | undefined): Certificate | null {
  if (der === undefined) return null;
  let known = byDer.get(der);
  if (!known) {
    try {
      known = new Certificate(new X509Certificate(der));
    } catch {
      return null;
    }
    byDer.set(der, known);
  }
  return known;
}

const byPem = new Map<string, Certificate>();

/** A certificate resource of the gateway. */
export function certificateOfPem(pem: string, key: string | undefined): Certificate {
  let known = byPem.get(pem);
  if (!known) {
    known = new Certificate(new X509Certificate(pem), key);
    if (byPem.size > 1000) byPem.clear();
    byPem.set(pem, known);
  }
  return known;
}
