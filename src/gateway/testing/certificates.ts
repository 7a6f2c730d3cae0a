import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto as never);
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

export interface IssuedCertificate {
  cert: string;
  key: string;
}

/** A certificate authority for tests. */
export class TestAuthority {
  readonly cert: string;
  readonly #certificate: x509.X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#certificate = certificate;
    this.#keys = keys;
    this.cert = certificate.toString("pem");
  }

  static async create(): Promise<TestAuthority> {
    const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      // Two authorities of one name could not be told apart.
      name: `CN=Test CA ${webcrypto.randomUUID()}`,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
    });
    return new TestAuthority(certificate, keys);
  }

  /** A certificate for DNS names or addresses; the first is the common name. */
  async issue(...names: string[]): Promise<IssuedCertificate> {
    const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${names[0]}`,
      issuer: this.#certificate.subject,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: /^[\d.]+$/.test(value) ? "ip" : "dns", value })),
        ),
      ],
    });
    const exported = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
    const key = `-----BEGIN PRIVATE KEY-----\n${exported.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`;
    return { cert: certificate.toString("pem"), key };
  }
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 86_400_000), notAfter: new Date(now + 86_400_000) };
}
