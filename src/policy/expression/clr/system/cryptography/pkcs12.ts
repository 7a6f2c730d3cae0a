import { createHmac, createPrivateKey, timingSafeEqual, X509Certificate } from "node:crypto";
import { BudgetExceededError, ClrException, CryptographicException } from "../../exceptions.ts";
import {
  CONTEXT_0,
  type DerValue,
  expectTag,
  OCTET_STRING,
  PRIMITIVE_0,
  readDer,
  readInteger,
  readOid,
  readParts,
} from "./der.ts";
import { decryptProtected, deriveKey } from "./pkcs12-keys.ts";

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const KEY_BAG = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";

const MAC_HASHES: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/** What a PKCS #12 file (.pfx, .p12) holds: the certificate with the key, or the first one, and the key. */
export interface Pkcs12 {
  /** DER. */
  certificate: Uint8Array;
  /** PEM, PKCS #8, unencrypted; undefined where the file has none. */
  keyPem: string | undefined;
}

/** True when bytes begin as a PKCS #12 file does: a sequence with the version 3. */
export function isPkcs12(bytes: Uint8Array): boolean {
  try {
    const [version, content] = readParts(readDer(bytes));
    return version?.tag === 2 && readInteger(version) === 3 && content !== undefined;
  } catch {
    return false;
  }
}

/** Opens a PKCS #12 file. @throws CryptographicException for a wrong password or a file that is none */
export function readPkcs12(bytes: Uint8Array, password: string): Pkcs12 {
  try {
    return openFile(bytes, password);
  } catch (error) {
    if (error instanceof ClrException || error instanceof BudgetExceededError) throw error;
    throw new CryptographicException("Cannot find the requested object.");
  }
}

function openFile(bytes: Uint8Array, password: string): Pkcs12 {
  const [, authSafe, macData] = readParts(readDer(bytes));
  const [, content] = readParts(authSafe);
  const safe = expectTag(readParts(content, CONTEXT_0)[0], OCTET_STRING).content;
  if (macData) checkMac(macData, safe, password);
  const bags = readParts(readDer(safe)).flatMap((info) => bagsOf(info, password));
  const certificates = bags.filter(({ kind }) => kind === CERTIFICATE_BAG).map(({ value }) => certificateOf(value));
  const keyBag = bags.find(({ kind }) => kind === KEY_BAG || kind === SHROUDED_KEY_BAG);
  const key = keyBag ? keyOf(keyBag, password) : null;
  const own = key && certificates.find((der) => new X509Certificate(der).checkPrivateKey(key));
  const certificate = own ?? certificates[0];
  if (!certificate) throw new CryptographicException("Cannot find the requested object.");
  return { certificate, keyPem: own ? String(key?.export({ type: "pkcs8", format: "pem" })) : undefined };
}

function checkMac(macData: DerValue, safe: Uint8Array, password: string): void {
  const [digestInfo, salt, count] = readParts(macData);
  const [algorithm, digest] = readParts(digestInfo);
  const hash = MAC_HASHES[readOid(readParts(algorithm)[0])];
  const expected = expectTag(digest, OCTET_STRING).content;
  if (hash === undefined) throw new CryptographicException("The algorithm of the certificate file is not supported.");
  const iterations = count ? readInteger(count) : 1;
  const key = deriveKey(hash, password, expectTag(salt, OCTET_STRING).content, iterations, 3, expected.length);
  const actual = createHmac(hash, key).update(safe).digest();
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    throw new CryptographicException("The specified network password is not correct.");
  }
}

interface Bag {
  kind: string;
  value: DerValue;
}

/** The bags of one part of the file, decrypted where it is encrypted. */
function bagsOf(info: DerValue, password: string): Bag[] {
  const [type, wrapped] = readParts(info);
  const kind = readOid(type);
  const inner = readParts(wrapped, CONTEXT_0)[0];
  let contents: Uint8Array;
  if (kind === DATA) contents = expectTag(inner, OCTET_STRING).content;
  else if (kind === ENCRYPTED_DATA) {
    const [, algorithm, encrypted] = readParts(readParts(inner)[1]);
    contents = decryptProtected(algorithm as DerValue, password, encryptedBytes(encrypted));
  } else return [];
  return readParts(readDer(contents)).map((bag) => {
    const [id, value] = readParts(bag);
    return { kind: readOid(id), value: readParts(value, CONTEXT_0)[0] as DerValue };
  });
}

/** `[0] IMPLICIT OCTET STRING`, which some writers split into several strings. */
function encryptedBytes(value: DerValue | undefined): Uint8Array {
  if (value?.tag === CONTEXT_0) return Buffer.concat(readParts(value, CONTEXT_0).map((part) => part.content));
  return expectTag(value, PRIMITIVE_0).content;
}

function certificateOf(value: DerValue): Uint8Array {
  const [, wrapped] = readParts(value);
  return expectTag(readParts(wrapped, CONTEXT_0)[0], OCTET_STRING).content;
}

function keyOf({ kind, value }: Bag, password: string) {
  let der = value.encoded;
  if (kind === SHROUDED_KEY_BAG) {
    const [algorithm, encrypted] = readParts(value);
    der = decryptProtected(algorithm as DerValue, password, expectTag(encrypted, OCTET_STRING).content);
  }
  try {
    return createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  } catch {
    throw new CryptographicException("The private key of the certificate file cannot be read.");
  }
}
