import type { X509Certificate } from "node:crypto";
import { bitOctets, contextTag, DerReader, TAG } from "./der.ts";
import { EXTENSION, type Extension, readExtensions, readPointName } from "./extensions.ts";

/** What node:crypto does not tell about a certificate (RFC 5280 section 4.1). */
export interface CertificateFields {
  /** `AlgorithmIdentifier` of its signature. */
  signatureAlgorithm: Uint8Array;
  /** Content of the INTEGER. */
  serialNumber: Uint8Array;
  /** DER of the names. */
  issuer: Uint8Array;
  subject: Uint8Array;
  /** The key itself, without its algorithm. */
  publicKeyBits: Uint8Array;
  /** Certificates that may follow it on the way to a client's; undefined: any number. */
  pathLength: number | undefined;
  /** First octets of the key usage; undefined: unrestricted. */
  keyUsage: number | undefined;
  /** Purposes; undefined: unrestricted. */
  extendedKeyUsage: readonly string[] | undefined;
  hasNameConstraints: boolean;
  /** Extensions that must be understood. */
  critical: readonly string[];
  /** Addresses of revocation lists, and of OCSP responders. */
  crlUrls: readonly string[];
  ocspUrls: readonly string[];
}

/** Bits of the first octet of a key usage. */
export const KEY_USAGE = { keyCertSign: 0x04, crlSign: 0x02 } as const;

const OCSP_METHOD = "1.3.6.1.5.5.7.48.1";

const known = new WeakMap<X509Certificate, CertificateFields>();

/** Reads the fields; each certificate object once. @throws {DerSyntaxError} */
export function certificateFields(certificate: X509Certificate): CertificateFields {
  let fields = known.get(certificate);
  if (!fields) known.set(certificate, (fields = readFields(certificate.raw)));
  return fields;
}

function readFields(der: Uint8Array): CertificateFields {
  const outer = new DerReader(der).enter();
  const tbs = outer.enter();
  const signatureAlgorithm = outer.whole(TAG.sequence);
  tbs.enterOptional(contextTag(0));
  const serialNumber = tbs.content(TAG.integer);
  tbs.skip();
  const issuer = tbs.whole(TAG.sequence);
  tbs.skip();
  const subject = tbs.whole(TAG.sequence);
  const key = tbs.enter();
  key.skip();
  const publicKeyBits = bitOctets(key.content(TAG.bitString));
  let extensions = new Map<string, Extension>();
  while (tbs.more) {
    const tagged = tbs.enterOptional(contextTag(3));
    if (tagged) extensions = readExtensions(tagged.enter());
    else tbs.skip();
  }
  return {
    signatureAlgorithm,
    serialNumber,
    issuer,
    subject,
    publicKeyBits,
    ...readConstraints(extensions),
    critical: [...extensions].flatMap(([id, { critical }]) => (critical ? [id] : [])),
    crlUrls: readCrlUrls(extensions.get(EXTENSION.crlPoints)),
    ocspUrls: readOcspUrls(extensions.get(EXTENSION.authorityAccess)),
  };
}

function readConstraints(
  extensions: ReadonlyMap<string, Extension>,
): Pick<CertificateFields, "pathLength" | "keyUsage" | "extendedKeyUsage" | "hasNameConstraints"> {
  const usage = extensions.get(EXTENSION.keyUsage);
  const purposes = extensions.get(EXTENSION.extendedKeyUsage);
  const constraints = extensions.get(EXTENSION.basicConstraints);
  return {
    pathLength: constraints && readPathLength(constraints),
    keyUsage: usage && (new DerReader(usage.value).content(TAG.bitString)[1] ?? 0),
    extendedKeyUsage: purposes && readPurposes(purposes),
    hasNameConstraints: extensions.has(EXTENSION.nameConstraints),
  };
}

function readPathLength({ value }: Extension): number | undefined {
  const constraints = new DerReader(value).enter();
  if (constraints.tag === TAG.boolean) constraints.skip();
  if (constraints.tag !== TAG.integer) return undefined;
  const octets = constraints.content(TAG.integer);
  // More than a path can have; a negative number allows none.
  if (octets.length > 1)
    return octets.length > 4 ? undefined : Number.parseInt(Buffer.from(octets).toString("hex"), 16);
  return octets[0] !== undefined && octets[0] < 0x80 ? octets[0] : 0;
}

function readPurposes({ value }: Extension): string[] {
  const list = new DerReader(value).enter();
  const purposes: string[] = [];
  while (list.more) purposes.push(list.identifier());
  return purposes;
}

function readCrlUrls(extension: Extension | undefined): string[] {
  if (!extension) return [];
  const points = new DerReader(extension.value).enter();
  const urls: string[] = [];
  while (points.more) {
    const point = points.enter();
    const name = point.enterOptional(contextTag(0));
    // A list for some reasons only, or of another issuer, would not tell everything.
    if (name && !point.more) urls.push(...readPointName(name));
  }
  return urls;
}

function readOcspUrls(extension: Extension | undefined): string[] {
  if (!extension) return [];
  const methods = new DerReader(extension.value).enter();
  const urls: string[] = [];
  const uri = contextTag(6, false);
  while (methods.more) {
    const method = methods.enter();
    if (method.identifier() === OCSP_METHOD && method.tag === uri) {
      urls.push(Buffer.from(method.content(uri)).toString("latin1"));
    }
  }
  return urls;
}
