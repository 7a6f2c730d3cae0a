import { contextTag, type DerReader, TAG } from "./der.ts";

/** An extension of a certificate, a revocation list or one of its entries (RFC 5280 section 4.1). */
export interface Extension {
  critical: boolean;
  value: Uint8Array;
}

export const EXTENSION = {
  keyUsage: "2.5.29.15",
  alternativeName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  deltaCrl: "2.5.29.27",
  issuingPoint: "2.5.29.28",
  nameConstraints: "2.5.29.30",
  crlPoints: "2.5.29.31",
  certificatePolicies: "2.5.29.32",
  extendedKeyUsage: "2.5.29.37",
  authorityAccess: "1.3.6.1.5.5.7.1.1",
} as const;

/** Reads `Extensions`: a sequence of identifier, critical flag and value. */
export function readExtensions(list: DerReader): Map<string, Extension> {
  const extensions = new Map<string, Extension>();
  while (list.more) {
    const one = list.enter();
    const id = one.identifier();
    const critical = one.tag === TAG.boolean && one.content(TAG.boolean)[0] !== 0;
    extensions.set(id, { critical, value: one.content(TAG.octetString) });
  }
  return extensions;
}

/** The addresses (URIs) of a `GeneralNames` list. */
export function readUris(names: DerReader): string[] {
  const uris: string[] = [];
  const tag = contextTag(6, false);
  while (names.more) {
    if (names.tag === tag) uris.push(Buffer.from(names.content(tag)).toString("latin1"));
    else names.skip();
  }
  return uris;
}

/** The full name of a `DistributionPointName`, as addresses. */
export function readPointName(point: DerReader): string[] {
  const full = point.enterOptional(contextTag(0));
  return full ? readUris(full) : [];
}
