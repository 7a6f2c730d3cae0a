import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { CertificateOptions } from "./case.ts";

cryptoProvider.set(webcrypto as never);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 86_400_000;

/** A certificate with its private key, PEM. */
export interface Credentials {
  cert: string;
  key: string;
}

/** The kit's certificate authority: issues what listeners, upstreams and clients of a case present. */
export class CertificateAuthority {
  readonly certificate: string;
  readonly #issuer: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #issued = new Map<string, Promise<Credentials>>();

  private constructor(issuer: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#issuer = issuer;
    this.#keys = keys;
    this.certificate = issuer.toString("pem");
  }

  static async create(): Promise<CertificateAuthority> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const issuer = await X509CertificateGenerator.createSelfSigned({
      name: "CN=Gatehouse test CA",
      keys: keys as never,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + 30 * DAY),
      extensions: [
        new BasicConstraintsExtension(true, 1, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority(issuer, keys as webcrypto.CryptoKeyPair);
  }

  /** Credentials of a server by DNS name, `localhost` and 127.0.0.1. */
  serverCredentials(name: string, others: readonly string[] = []): Promise<Credentials> {
    const dnsNames = [name, ...others, "localhost"];
    return this.#once(`server ${dnsNames.join(" ")}`, { commonName: name, dnsNames }, ["127.0.0.1"]);
  }

  /** Credentials of a client as a case declares them. */
  clientCredentials(name: string, options: CertificateOptions): Promise<Credentials> {
    return this.#once(`client ${name} ${JSON.stringify(options)}`, { commonName: name, ...options }, []);
  }

  #once(id: string, options: CertificateOptions, addresses: readonly string[]): Promise<Credentials> {
    let issued = this.#issued.get(id);
    if (!issued) this.#issued.set(id, (issued = this.#issue(options, addresses)));
    return issued;
  }

  async #issue(options: CertificateOptions, addresses: readonly string[]): Promise<Credentials> {
    const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
    const names: JsonGeneralName[] = [
      ...(options.dnsNames ?? []).map((value): JsonGeneralName => ({ type: "dns", value })),
      ...addresses.map((value): JsonGeneralName => ({ type: "ip", value })),
    ];
    const signer = options.selfSigned ? keys : this.#keys;
    const subject = options.subject ?? `CN=${options.commonName ?? "client"}`;
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: options.selfSigned ? subject : this.#issuer.subject,
      publicKey: keys.publicKey as never,
      signingKey: signer.privateKey as never,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() + (options.validFromDays ?? -1) * DAY),
      notAfter: new Date(Date.now() + (options.validToDays ?? 7) * DAY),
      extensions: names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : [],
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
    const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`;
    return { cert: certificate.toString("pem"), key };
  }
}
