import type { X509Certificate } from "node:crypto";
import { certificateFields, KEY_USAGE } from "./certificate-fields.ts";
import { bitOctets, contextTag, DerReader, DerSyntaxError, TAG } from "./der.ts";
import { EXTENSION, type Extension, readExtensions, readPointName } from "./extensions.ts";
import { isSignedBy } from "./signature.ts";

/** A revocation list whose signature was checked. Times in epoch milliseconds. */
export interface RevocationList {
  /** Serial numbers, hex. */
  revoked: ReadonlySet<string>;
  thisUpdate: number;
  /** Undefined: it does not say. */
  nextUpdate: number | undefined;
  /** Which certificates it speaks of. */
  covers: "all" | "clients" | "authorities";
}

/**
 * Reads a revocation list (RFC 5280 section 5) in DER or PEM and checks that it is the issuer's own.
 * @param url where it was found: a list for several points says which.
 * @throws {DerSyntaxError} where it is none, is somebody else's, or says less than which certificates are revoked.
 */
export function readRevocationList(bytes: Uint8Array, issuer: X509Certificate, url: string): RevocationList {
  const list = new DerReader(derOf(bytes)).enter();
  const signed = list.whole(TAG.sequence);
  const algorithm = list.whole(TAG.sequence);
  const signature = bitOctets(list.content(TAG.bitString));
  const fields = certificateFields(issuer);
  const maySign = fields.keyUsage === undefined || (fields.keyUsage & KEY_USAGE.crlSign) !== 0;
  if (!maySign || !isSignedBy(issuer.publicKey, algorithm, signed, signature)) fail("it is not signed by the issuer");
  const tbs = new DerReader(signed).enter();
  if (tbs.tag === TAG.integer) tbs.skip();
  tbs.skip();
  if (!same(tbs.whole(TAG.sequence), fields.subject)) fail("it is the list of another issuer");
  const thisUpdate = tbs.time();
  const nextUpdate = tbs.tag === TAG.sequence || tbs.tag === contextTag(0) || !tbs.more ? undefined : tbs.time();
  const entries = tbs.enterOptional(TAG.sequence);
  const tagged = tbs.enterOptional(contextTag(0));
  const covers = tagged ? readScope(readExtensions(tagged.enter()), url) : "all";
  return { revoked: readEntries(entries), thisUpdate, nextUpdate, covers };
}

/** A serial number as {@link RevocationList.revoked} writes it. */
export function serialText(serial: Uint8Array): string {
  return Buffer.from(serial.buffer, serial.byteOffset, serial.byteLength).toString("hex");
}

function readEntries(entries: DerReader | undefined): Set<string> {
  const revoked = new Set<string>();
  while (entries?.more) {
    const entry = entries.enter();
    revoked.add(serialText(entry.content(TAG.integer)));
    entry.skip();
    if (!entry.more) continue;
    for (const { critical } of readExtensions(entry.enter()).values()) {
      // It may say that the entry is about another issuer's certificate.
      if (critical) fail("it holds entries that are not understood");
    }
  }
  return revoked;
}

function readScope(extensions: ReadonlyMap<string, Extension>, url: string): RevocationList["covers"] {
  for (const [id, { critical }] of extensions) {
    if (critical && id !== EXTENSION.issuingPoint) fail("it holds what is not understood");
  }
  const point = extensions.get(EXTENSION.issuingPoint);
  if (!point) return "all";
  const parts = new DerReader(point.value).enter();
  const name = parts.enterOptional(contextTag(0));
  if (name && !readPointName(name).includes(url)) fail("it is the list of another point");
  const clients = flag(parts, 1);
  const authorities = flag(parts, 2);
  if (parts.more || (clients && authorities)) fail("it is for some reasons or other issuers only");
  return clients ? "clients" : authorities ? "authorities" : "all";
}

function flag(parts: DerReader, number: number): boolean {
  const tag = contextTag(number, false);
  return parts.tag === tag && parts.content(tag)[0] !== 0;
}

const PEM = "-----BEGIN X509 CRL-----";

function derOf(bytes: Uint8Array): Uint8Array {
  if (Buffer.from(bytes.subarray(0, PEM.length)).toString("latin1") !== PEM) return bytes;
  const text = Buffer.from(bytes).toString("latin1");
  return Buffer.from(text.slice(PEM.length, text.indexOf("-----END")), "base64");
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function fail(reason: string): never {
  throw new DerSyntaxError(`The revocation list cannot be used: ${reason}.`);
}
