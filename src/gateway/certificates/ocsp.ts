import { createHash, X509Certificate } from "node:crypto";
import type { RevocationStatus } from "../../policy/exchange/identity.ts";
import { certificateFields } from "./certificate-fields.ts";
import { bitOctets, contextTag, DerReader, DerSyntaxError, derValue, TAG } from "./der.ts";
import { isSignedBy, isStrong } from "./signature.ts";

/** What a responder says about one certificate. Times in epoch milliseconds. */
export interface OcspAnswer {
  status: RevocationStatus;
  thisUpdate: number;
  nextUpdate: number | undefined;
}

/** `AlgorithmIdentifier` of SHA-1: what every responder understands. It names the issuer here and proves nothing. */
const SHA1 = Buffer.from("300906052b0e03021a0500", "hex");
const BASIC_RESPONSE = "1.3.6.1.5.5.7.48.1.1";
const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
const MOST_CERTIFICATES = 4;

/** Identifies a certificate for a responder (`CertID`, RFC 6960 section 4.1.1). */
export interface OcspSubject {
  nameHash: Uint8Array;
  keyHash: Uint8Array;
  serialNumber: Uint8Array;
}

export function ocspSubject(certificate: X509Certificate, issuer: X509Certificate): OcspSubject {
  const { subject, publicKeyBits } = certificateFields(issuer);
  const { serialNumber } = certificateFields(certificate);
  return { nameHash: sha1(subject), keyHash: sha1(publicKeyBits), serialNumber };
}

/** A request for one certificate. Without a nonce, as responders answer from a cache. */
export function ocspRequest({ nameHash, keyHash, serialNumber }: OcspSubject): Uint8Array {
  const id = derValue(
    TAG.sequence,
    SHA1,
    derValue(TAG.octetString, nameHash),
    derValue(TAG.octetString, keyHash),
    derValue(TAG.integer, serialNumber),
  );
  const list = derValue(TAG.sequence, derValue(TAG.sequence, id));
  return derValue(TAG.sequence, derValue(TAG.sequence, list));
}

/**
 * Reads a responder's answer and checks its signature: the issuer's, or that of somebody whom the issuer made its
 * responder.
 * @param now epoch milliseconds, at which the responder's certificate must be valid.
 * @throws {DerSyntaxError} where it is no answer about the certificate.
 */
export function readOcspAnswer(
  bytes: Uint8Array,
  subject: OcspSubject,
  issuer: X509Certificate,
  now: number,
): OcspAnswer {
  const outer = new DerReader(bytes).enter();
  if (outer.content(TAG.enumerated)[0] !== 0) fail("the responder refuses");
  const wrapped = outer.enter(contextTag(0)).enter();
  if (wrapped.identifier() !== BASIC_RESPONSE) fail("it is of another kind");
  const basic = new DerReader(wrapped.content(TAG.octetString)).enter();
  const signed = basic.whole(TAG.sequence);
  const algorithm = basic.whole(TAG.sequence);
  const signature = bitOctets(basic.content(TAG.bitString));
  const signers = [issuer, ...delegates(basic.enterOptional(contextTag(0)), issuer, now)];
  if (!signers.some(({ publicKey }) => isSignedBy(publicKey, algorithm, signed, signature))) {
    fail("it is not signed by the issuer or its responder");
  }
  return readAnswers(new DerReader(signed).enter(), subject);
}

function readAnswers(data: DerReader, subject: OcspSubject): OcspAnswer {
  data.enterOptional(contextTag(0));
  data.skip();
  data.skip();
  const answers = data.enter();
  while (answers.more) {
    const one = answers.enter();
    const id = one.enter();
    id.skip();
    const matches =
      same(id.content(TAG.octetString), subject.nameHash) &&
      same(id.content(TAG.octetString), subject.keyHash) &&
      same(id.content(TAG.integer), subject.serialNumber);
    const status = statusOf(one.tag);
    one.skip();
    const thisUpdate = one.time();
    const nextUpdate = one.enterOptional(contextTag(0))?.time();
    if (matches) return { status, thisUpdate, nextUpdate };
  }
  return fail("it says nothing about the certificate");
}

function statusOf(tag: number | undefined): RevocationStatus {
  if (tag === contextTag(0, false)) return "good";
  return tag === contextTag(1) ? "revoked" : "unknown";
}

/** Responders' certificates that the issuer signed for this purpose (RFC 6960 section 4.2.2.2); they are not asked about themselves. */
function delegates(tagged: DerReader | undefined, issuer: X509Certificate, now: number): X509Certificate[] {
  const list = tagged?.enter();
  const found: X509Certificate[] = [];
  for (let count = 0; list?.more && count < MOST_CERTIFICATES; count++) {
    const delegate = read(list.whole(TAG.sequence));
    if (!delegate?.checkIssued(issuer)) continue;
    const { extendedKeyUsage, signatureAlgorithm } = certificateFields(delegate);
    if (!extendedKeyUsage?.includes(OCSP_SIGNING) || !isStrong(signatureAlgorithm, issuer.publicKey)) continue;
    if (now < Date.parse(delegate.validFrom) || now > Date.parse(delegate.validTo)) continue;
    if (delegate.verify(issuer.publicKey)) found.push(delegate);
  }
  return found;
}

function read(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function sha1(bytes: Uint8Array): Uint8Array {
  return createHash("sha1").update(bytes).digest();
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function fail(reason: string): never {
  throw new DerSyntaxError(`The OCSP answer cannot be used: ${reason}.`);
}
