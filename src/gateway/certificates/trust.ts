import { createHash, X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";
import type { CertificateChain } from "../../policy/exchange/identity.ts";
import type { ClientCertificate } from "../../policy/exchange/message.ts";
import type { Clock } from "../../policy/exchange/services.ts";
import { type CertificateFields, certificateFields, KEY_USAGE } from "./certificate-fields.ts";
import { DerSyntaxError } from "./der.ts";
import { EXTENSION } from "./extensions.ts";
import { isStrong } from "./signature.ts";

/** Whom a gateway trusts to vouch for clients, PEM. */
export interface Authorities {
  roots: readonly string[];
  /** Certificates between clients and roots, which clients need not present then. */
  intermediates: readonly string[];
}

const MOST_CERTIFICATES = 8;
/** A client may present many certificates of one name, to be tried in every order. */
const MOST_CHECKS = 64;
const MOST_REMEMBERED = 1000;

const CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
const ANY_PURPOSE = "2.5.29.37.0";

/** Critical extensions that are understood: here, or because they ask for nothing. */
const UNDERSTOOD: ReadonlySet<string> = new Set<string>([
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.alternativeName,
  EXTENSION.certificatePolicies,
  EXTENSION.crlPoints,
]);

/**
 * Builds chains from clients' certificates to authorities (RFC 5280 section 6, without certificate policies). What is
 * not understood is not trusted: unknown critical extensions, constraints on names, signatures with MD5 or SHA-1, RSA
 * keys below 2048 bits.
 */
export class CertificateTrust {
  readonly #clock: Clock;
  readonly #roots: readonly X509Certificate[];
  readonly #intermediates: readonly X509Certificate[];
  /**
   * Trusted chains by the client's certificate, least recently used first. Also because a resumed TLS session brings no
   * intermediate certificates: they are known from the first time.
   */
  readonly #remembered = new Map<string, { chain: CertificateChain; from: number; until: number }>();

  /** Publicly trusted roots count as well. @throws where a certificate cannot be read. */
  constructor(authorities: Authorities, clock: Clock) {
    this.#clock = clock;
    this.#roots = authorities.roots.map((pem) => new X509Certificate(pem));
    this.#intermediates = authorities.intermediates.map((pem) => new X509Certificate(pem));
  }

  chain(certificate: ClientCertificate): CertificateChain | undefined {
    const now = this.#clock.now();
    const digest = createHash("sha256").update(certificate.der).digest("base64");
    const known = this.#remembered.get(digest);
    if (known && known.from <= now && now <= known.until) {
      this.#remember(digest, known);
      return known.chain;
    }
    const search = this.#search(certificate, now);
    if (!search) return undefined;
    const found = search.run();
    if (!found.trusted) return found;
    const issuers = found.certificates.slice(1);
    this.#remember(digest, {
      chain: found,
      from: Math.max(Number.NEGATIVE_INFINITY, ...issuers.map((issuer) => Date.parse(issuer.validFrom))),
      until: Math.min(Number.POSITIVE_INFINITY, ...issuers.map((issuer) => Date.parse(issuer.validTo))),
    });
    return found;
  }

  #search({ der, intermediates = [] }: ClientCertificate, now: number): Search | undefined {
    const presented = intermediates.slice(0, MOST_CERTIFICATES).flatMap((bytes) => read(bytes) ?? []);
    const leaf = read(der);
    return leaf && new Search(leaf, [...this.#intermediates, ...presented], this.#roots, now);
  }

  #remember(digest: string, entry: { chain: CertificateChain; from: number; until: number }): void {
    this.#remembered.delete(digest);
    const [oldest] = this.#remembered.size >= MOST_REMEMBERED ? this.#remembered.keys() : [];
    if (oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.set(digest, entry);
  }
}

/** One look for a chain. */
class Search {
  readonly #leaf: X509Certificate;
  readonly #intermediates: readonly X509Certificate[];
  readonly #roots: readonly X509Certificate[];
  readonly #now: number;
  #checks = 0;
  /** As far as issuers were found. */
  #longest: readonly [X509Certificate, ...X509Certificate[]];

  constructor(
    leaf: X509Certificate,
    intermediates: readonly X509Certificate[],
    roots: readonly X509Certificate[],
    now: number,
  ) {
    this.#leaf = leaf;
    this.#intermediates = intermediates;
    this.#roots = roots;
    this.#now = now;
    this.#longest = [leaf];
  }

  run(): CertificateChain {
    const found = servesClients(this.#leaf) ? this.#grow([this.#leaf]) : undefined;
    if (found) return { certificates: found, trusted: true };
    // For conditions on the issuer alone, where trust is not asked for.
    if (this.#longest.length === 1 && this.#checks === 0) this.#grow([this.#leaf]);
    return { certificates: this.#longest, trusted: false };
  }

  #grow(
    path: readonly [X509Certificate, ...X509Certificate[]],
  ): readonly [X509Certificate, ...X509Certificate[]] | undefined {
    const last = path.at(-1) as X509Certificate;
    if (path.length > this.#longest.length) this.#longest = path;
    if (this.#isRoot(last)) return path;
    if (path.length >= MOST_CERTIFICATES) return undefined;
    for (const issuer of this.#issuers(last)) {
      if (path.some((one) => one.raw.equals(issuer.raw)) || !this.#vouches(issuer, last, path.length - 1)) continue;
      const found = this.#grow([...path, issuer]);
      if (found) return found;
    }
    return undefined;
  }

  #isRoot(certificate: X509Certificate): boolean {
    const same = (root: X509Certificate) => root.raw.equals(certificate.raw);
    return this.#roots.some(same) || publicRoots(certificate.subject).some(same);
  }

  *#issuers(certificate: X509Certificate): Generator<X509Certificate> {
    const { issuer } = certificate;
    for (const candidate of this.#roots) if (candidate.subject === issuer) yield candidate;
    yield* publicRoots(issuer);
    for (const candidate of this.#intermediates) if (candidate.subject === issuer) yield candidate;
  }

  /** @param between certificates between the issuer and the client's own. */
  #vouches(issuer: X509Certificate, subject: X509Certificate, between: number): boolean {
    if (++this.#checks > MOST_CHECKS) return false;
    if (!issuer.ca || !subject.checkIssued(issuer) || !isValidAt(issuer, this.#now)) return false;
    const fields = fieldsOf(issuer);
    const own = fieldsOf(subject);
    if (!fields || !own || !isUnderstood(fields) || fields.hasNameConstraints) return false;
    if (fields.pathLength !== undefined && between > fields.pathLength) return false;
    if (fields.keyUsage !== undefined && (fields.keyUsage & KEY_USAGE.keyCertSign) === 0) return false;
    if (!isForClients(fields)) return false;
    return isStrong(own.signatureAlgorithm, issuer.publicKey) && subject.verify(issuer.publicKey);
  }
}

/** A certificate for another purpose, such as that of a server, does not stand for a client. */
function servesClients(leaf: X509Certificate): boolean {
  const fields = fieldsOf(leaf);
  return fields !== undefined && isUnderstood(fields) && isForClients(fields) && !fields.hasNameConstraints;
}

function isForClients({ extendedKeyUsage }: CertificateFields): boolean {
  return extendedKeyUsage?.some((purpose) => purpose === CLIENT_AUTHENTICATION || purpose === ANY_PURPOSE) ?? true;
}

function isUnderstood({ critical }: CertificateFields): boolean {
  return critical.every((id) => UNDERSTOOD.has(id));
}

function isValidAt(certificate: X509Certificate, now: number): boolean {
  return now >= Date.parse(certificate.validFrom) && now <= Date.parse(certificate.validTo);
}

function fieldsOf(certificate: X509Certificate): CertificateFields | undefined {
  try {
    return certificateFields(certificate);
  } catch (error) {
    if (error instanceof DerSyntaxError) return undefined;
    throw error;
  }
}

function read(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

let publicBySubject: Map<string, X509Certificate[]> | undefined;

/** The roots that Node.js trusts, with this name. Read when first needed: there are many. */
function publicRoots(subject: string): readonly X509Certificate[] {
  if (!publicBySubject) {
    publicBySubject = new Map();
    for (const pem of getCACertificates("default")) {
      const root = new X509Certificate(pem);
      const same = publicBySubject.get(root.subject);
      if (same) same.push(root);
      else publicBySubject.set(root.subject, [root]);
    }
  }
  return publicBySubject.get(subject) ?? [];
}
