import type { BaseBlock } from "asn1js";
import { encoding, identifier, members, octets, readDer, taggedOctets } from "./der.ts";
import { decrypt } from "./password-encryption.ts";

/** What a PKCS#12 file holds: certificates and PKCS#8 keys in DER. */
export interface Pkcs12Content {
  certificates: Buffer[];
  keys: Buffer[];
}

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const KEY_BAG = "1.2.840.113549.1.12.10.1.1";
const ENCRYPTED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
const NESTED_BAG = "1.2.840.113549.1.12.10.1.6";
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";

const MAX_NESTING = 4;

/**
 * Reads a PKCS#12 file (`.pfx`, `.p12`; RFC 7292). node:crypto can use one for TLS, but does not give its parts away.
 * The file's own checksum is not looked at: a wrong password shows in what it decrypts.
 * @throws {DerError} where it is none.
 * @throws {DecryptionError} where the password or the encryption does not allow to read it.
 */
export function readPkcs12(bytes: Buffer, password: string): Pkcs12Content {
  const [, authSafe] = members(readDer(bytes));
  const content: Pkcs12Content = { certificates: [], keys: [] };
  for (const part of members(readDer(plainContent(authSafe)))) {
    readBags(readDer(partContent(part, password)), password, content, 0);
  }
  return content;
}

/** Decrypts an EncryptedPrivateKeyInfo (PKCS#8) in DER. @throws {DerError | DecryptionError} */
export function decryptPrivateKey(bytes: Buffer, password: string): Buffer {
  return decryptKeyInfo(readDer(bytes), password);
}

function decryptKeyInfo(block: BaseBlock | undefined, password: string): Buffer {
  const [algorithm, data] = members(block);
  return decrypt(algorithm, octets(data), password);
}

/** The octets of a ContentInfo of type data. */
function plainContent(contentInfo: BaseBlock | undefined): Buffer {
  const [, tagged] = members(contentInfo);
  return octets(members(tagged)[0]);
}

function partContent(contentInfo: BaseBlock, password: string): Buffer {
  const [type, tagged] = members(contentInfo);
  const kind = identifier(type);
  if (kind === DATA) return plainContent(contentInfo);
  if (kind !== ENCRYPTED_DATA) return Buffer.from([0x30, 0x00]);
  const [, encrypted] = members(members(tagged)[0]);
  const [, algorithm, data] = members(encrypted);
  return decrypt(algorithm, taggedOctets(data), password);
}

function readBags(bags: BaseBlock, password: string, content: Pkcs12Content, depth: number): void {
  for (const bag of members(bags)) {
    const [type, tagged] = members(bag);
    const value = members(tagged)[0];
    const kind = identifier(type);
    if (kind === KEY_BAG) content.keys.push(encoding(value));
    else if (kind === ENCRYPTED_KEY_BAG) content.keys.push(decryptKeyInfo(value, password));
    else if (kind === CERTIFICATE_BAG) {
      const [certificateType, certificate] = members(value);
      if (identifier(certificateType) === X509_CERTIFICATE) content.certificates.push(octets(members(certificate)[0]));
    } else if (kind === NESTED_BAG && value && depth < MAX_NESTING) readBags(value, password, content, depth + 1);
  }
}
