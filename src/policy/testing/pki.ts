import "reflect-metadata";
import { KeyObject, webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto as never);

/** What tests make certificates of: imported here, behind the polyfill that the library needs. */
export const { Extension, KeyUsageFlags } = x509;

/** A WebCrypto algorithm with its parameters. */
export type KeyAlgorithm = { name: string; hash?: string } & Record<string, unknown>;

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;

/** What a test varies about a certificate. Defaults: two days around the test clock's beginning, for any purpose. */
export interface CertificateOptions {
  notBefore?: Date;
  notAfter?: Date;
  /** May issue others; the number of authorities that may stand between it and a client. */
  authority?: number | "unlimited";
  /** Key usages, as bits of `x509.KeyUsageFlags`. */
  keyUsage?: number;
  purposes?: string[];
  alternativeNames?: x509.JsonGeneralNames;
  /** Addresses of its revocation list and its OCSP responder. */
  crl?: string;
  ocsp?: string;
  extensions?: x509.Extension[];
  serialNumber?: string;
  /** WebCrypto algorithm of the certificate's own key. */
  algorithm?: KeyAlgorithm;
  /** Digest of the signature over it. */
  hash?: string;
}

/** What a revocation list of a {@link TestCertificate} says. */
export interface ListOptions {
  revoked?: readonly TestCertificate[];
  thisUpdate?: Date;
  nextUpdate?: Date | undefined;
  extensions?: x509.Extension[];
  entryExtensions?: x509.Extension[];
}

/** A certificate with its key, that may issue others. */
export class TestCertificate {
  readonly cert: string;
  readonly certificate: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #made: x509.X509Certificate;
  readonly #algorithm: KeyAlgorithm;

  private constructor(made: x509.X509Certificate, keys: webcrypto.CryptoKeyPair, algorithm: KeyAlgorithm) {
    this.#made = made;
    this.#keys = keys;
    this.#algorithm = algorithm;
    this.cert = made.toString("pem");
    this.certificate = new X509Certificate(this.cert);
  }

  /** A self-signed one. */
  static create(name: string, options: CertificateOptions = {}): Promise<TestCertificate> {
    return TestCertificate.#issue(name, options, undefined);
  }

  /** An authority at the top. */
  static root(name = "CN=Root", options: CertificateOptions = {}): Promise<TestCertificate> {
    return TestCertificate.create(name, { authority: "unlimited", ...options });
  }

  issue(name: string, options: CertificateOptions = {}): Promise<TestCertificate> {
    return TestCertificate.#issue(name, options, this);
  }

  get der(): Uint8Array {
    return new Uint8Array(this.certificate.raw);
  }

  get privateKey(): KeyObject {
    return KeyObject.from(this.#keys.privateKey);
  }

  /** PEM (PKCS#8). */
  get key(): string {
    return this.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  }

  /** A revocation list that this authority signs, DER. */
  async revocationList(options: ListOptions = {}): Promise<Uint8Array> {
    const list = await x509.X509CrlGenerator.create({
      issuer: this.#made.subject,
      thisUpdate: options.thisUpdate ?? new Date(NOW - DAY),
      ...("nextUpdate" in options
        ? options.nextUpdate
          ? { nextUpdate: options.nextUpdate }
          : {}
        : { nextUpdate: new Date(NOW + DAY) }),
      ...(options.extensions ? { extensions: options.extensions } : {}),
      entries: (options.revoked ?? []).map(({ certificate }) => ({
        serialNumber: certificate.serialNumber,
        revocationDate: new Date(NOW - DAY),
        ...(options.entryExtensions
          ? { extensions: options.entryExtensions }
          : { reason: x509.X509CrlReason.keyCompromise }),
      })),
      signingAlgorithm: this.#signingAlgorithm("SHA-256"),
      signingKey: this.#keys.privateKey as never,
    });
    return new Uint8Array(list.rawData);
  }

  static async #issue(
    name: string,
    options: CertificateOptions,
    issuer: TestCertificate | undefined,
  ): Promise<TestCertificate> {
    const algorithm = options.algorithm ?? EC;
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
    const hash = options.hash ?? "SHA-256";
    const made = await x509.X509CertificateGenerator.create({
      subject: name,
      issuer: issuer?.certificateName ?? name,
      publicKey: keys.publicKey as never,
      signingKey: (issuer ? issuer.#keys : keys).privateKey as never,
      signingAlgorithm: issuer ? issuer.#signingAlgorithm(hash) : { ...algorithm, hash },
      notBefore: options.notBefore ?? new Date(NOW - DAY),
      notAfter: options.notAfter ?? new Date(NOW + DAY),
      ...(options.serialNumber === undefined ? {} : { serialNumber: options.serialNumber }),
      extensions: extensionsOf(options),
    });
    return new TestCertificate(made, keys, algorithm);
  }

  get certificateName(): string {
    return this.#made.subject;
  }

  #signingAlgorithm(hash: string): KeyAlgorithm & { hash: string } {
    return { ...this.#algorithm, hash };
  }
}

/** The beginning of the manual clock of tests. */
const NOW = Date.UTC(2026, 0, 5, 9, 5, 7);

function extensionsOf(options: CertificateOptions): x509.Extension[] {
  const { authority } = options;
  const limit = authority === "unlimited" ? undefined : authority;
  return [
    ...(authority === undefined ? [] : [new x509.BasicConstraintsExtension(true, limit, true)]),
    ...(options.keyUsage === undefined ? [] : [new x509.KeyUsagesExtension(options.keyUsage, true)]),
    ...(options.purposes === undefined ? [] : [new x509.ExtendedKeyUsageExtension(options.purposes)]),
    ...(options.alternativeNames ? [new x509.SubjectAlternativeNameExtension(options.alternativeNames)] : []),
    ...(options.crl === undefined ? [] : [new x509.Extension("2.5.29.31", false, crlPoint(options.crl))]),
    ...(options.ocsp === undefined ? [] : [new x509.Extension("1.3.6.1.5.5.7.1.1", false, responder(options.ocsp))]),
    ...(options.extensions ?? []),
  ];
}

/** DER of a value with these contents (below 64 KiB). */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), ...parts]);
}

/** `DistributionPointName` with one address. */
export function pointName(url: string): Uint8Array {
  return der(0xa0, der(0xa0, der(0x86, Buffer.from(url))));
}

function crlPoint(url: string): Uint8Array {
  return der(0x30, der(0x30, pointName(url)));
}

function responder(url: string): Uint8Array {
  const method = Uint8Array.from([0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01]);
  return der(0x30, der(0x30, method, der(0x86, Buffer.from(url))));
}
