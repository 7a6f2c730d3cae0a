import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from "@peculiar/x509";
import type { CertificateOptions } from "./case.ts";
import { LIST_HOST } from "./revocation-lists.ts";

cryptoProvider.set(webcrypto as never);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 86_400_000;
const SERVER_PURPOSE = "1.3.6.1.5.5.7.3.1";
/** Authorities below one another that a case may have. */
const DEEPEST = 4;

/** A certificate with its private key, PEM. */
export interface Credentials {
  /** The certificate, and behind it those between it and the kit's CA. */
  cert: string;
  key: string;
}

/** Certificates of a case by name. */
type Declared = Readonly<Record<string, CertificateOptions | null>>;

interface Issued {
  certificate: X509Certificate;
  keys: webcrypto.CryptoKeyPair;
  /** PEM of those between it and the kit's CA. */
  between: readonly string[];
}

/** The kit's certificate authority: issues what listeners, upstreams and clients of a case present. */
export class CertificateAuthority {
  readonly certificate: string;
  readonly #own: Issued;
  readonly #issued = new Map<string, Promise<Issued>>();

  private constructor(own: Issued) {
    this.#own = own;
    this.certificate = own.certificate.toString("pem");
  }

  static async create(): Promise<CertificateAuthority> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: "CN=Gatehouse test CA",
      keys: keys as never,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + 30 * DAY),
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority({ certificate, keys, between: [] });
  }

  /** Credentials of a server by DNS name, `localhost` and 127.0.0.1. */
  async serverCredentials(name: string, others: readonly string[] = []): Promise<Credentials> {
    const dnsNames = [name, ...others, "localhost"];
    const id = `server ${dnsNames.join(" ")}`;
    return credentials(
      await this.#once(id, () => issue({ commonName: name, dnsNames }, ["127.0.0.1"], this.#own, undefined)),
    );
  }

  /** Credentials of a client as a case declares them. */
  async clientCredentials(name: string, declared: Declared): Promise<Credentials> {
    return credentials(await this.#client(name, declared, 0));
  }

  /** The revocation lists that certificates of a case name, by path. */
  async revocationLists(declared: Declared): Promise<Map<string, Uint8Array>> {
    const revoked = new Map<string, X509Certificate[]>();
    for (const [name, options] of Object.entries(declared)) {
      if (options?.revocation !== "good" && options?.revocation !== "revoked") continue;
      const list = revoked.get(options.issuedBy ?? "") ?? [];
      if (options.revocation === "revoked") list.push((await this.#client(name, declared, 0)).certificate);
      revoked.set(options.issuedBy ?? "", list);
    }
    const lists = new Map<string, Uint8Array>();
    for (const [issuer, certificates] of revoked) {
      const { certificate, keys } = issuer === "" ? this.#own : await this.#client(issuer, declared, 0);
      const list = await X509CrlGenerator.create({
        issuer: certificate.subject,
        thisUpdate: new Date(Date.now() - DAY),
        nextUpdate: new Date(Date.now() + DAY),
        entries: certificates.map(({ serialNumber }) => ({ serialNumber, revocationDate: new Date() })),
        signingAlgorithm: ALGORITHM,
        signingKey: keys.privateKey as never,
      });
      lists.set(listPath(issuer), new Uint8Array(list.rawData));
    }
    return lists;
  }

  #client(name: string, declared: Declared, depth: number): Promise<Issued> {
    const options: CertificateOptions = { commonName: name, ...declared[name] };
    const { issuedBy } = options;
    if (issuedBy !== undefined && (depth >= DEEPEST || !Object.hasOwn(declared, issuedBy))) {
      throw new Error(`the certificate "${name}" is issued by "${issuedBy}", which the case does not declare above it`);
    }
    const chain: unknown[] = [];
    for (let at: string | undefined = name; at !== undefined && chain.length <= DEEPEST; at = declared[at]?.issuedBy) {
      chain.push([at, declared[at]]);
    }
    return this.#once(`client ${JSON.stringify(chain)}`, async () => {
      const issuer = issuedBy === undefined ? this.#own : await this.#client(issuedBy, declared, depth + 1);
      const list = options.revocation && `http://${LIST_HOST}${pathOf(options)}`;
      return issue(options, [], issuer, list);
    });
  }

  #once(id: string, make: () => Promise<Issued>): Promise<Issued> {
    let issued = this.#issued.get(id);
    if (!issued) this.#issued.set(id, (issued = make()));
    return issued;
  }
}

/** Nobody serves the list of a certificate whose revocation cannot be found out. */
function pathOf({ issuedBy = "", revocation }: CertificateOptions): string {
  return revocation === "unreachable" ? "/unreachable" : listPath(issuedBy);
}

/** @param issuer name of the case's authority; empty for the kit's CA. */
function listPath(issuer: string): string {
  return `/${issuer || "test-ca"}.crl`;
}

async function issue(
  options: CertificateOptions,
  addresses: readonly string[],
  by: Issued,
  list: string | undefined,
): Promise<Issued> {
  const keys = await makeKeys();
  const subject = options.subject ?? `CN=${options.commonName ?? "client"}`;
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: options.selfSigned ? subject : by.certificate.subject,
    publicKey: keys.publicKey as never,
    signingKey: (options.selfSigned ? keys : by.keys).privateKey as never,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() + (options.validFromDays ?? -1) * DAY),
    notAfter: new Date(Date.now() + (options.validToDays ?? 7) * DAY),
    ...(options.serialNumber === undefined ? {} : { serialNumber: options.serialNumber }),
    extensions: extensionsOf(options, addresses, list),
  });
  const above = by.certificate.issuer === by.certificate.subject ? [] : [by.certificate.toString("pem"), ...by.between];
  return { certificate, keys, between: options.selfSigned ? [] : above };
}

function extensionsOf(
  options: CertificateOptions,
  addresses: readonly string[],
  list: string | undefined,
): Extension[] {
  const names: JsonGeneralName[] = [
    ...(options.dnsNames ?? []).map((value): JsonGeneralName => ({ type: "dns", value })),
    ...addresses.map((value): JsonGeneralName => ({ type: "ip", value })),
  ];
  return [
    ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
    ...(options.authority ? [new BasicConstraintsExtension(true, undefined, true)] : []),
    ...(options.purpose === "server" ? [new ExtendedKeyUsageExtension([SERVER_PURPOSE])] : []),
    ...(list === undefined ? [] : [new CRLDistributionPointsExtension([list])]),
  ];
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
}

async function credentials({ certificate, keys, between }: Issued): Promise<Credentials> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`;
  return { cert: [certificate.toString("pem"), ...between].join("\n"), key };
}
