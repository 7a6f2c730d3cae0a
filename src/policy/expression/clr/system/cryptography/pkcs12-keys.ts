import { createDecipheriv, createHash, pbkdf2Sync } from "node:crypto";
import { spend } from "../../budget.ts";
import { BudgetExceededError, CryptographicException } from "../../exceptions.ts";
import { type DerValue, expectTag, INTEGER, OCTET_STRING, readInteger, readOid, readParts } from "./der.ts";
import { decryptRc2 } from "./rc2.ts";

/** Iterations of a key derivation that a file may ask for. */
const MAX_ITERATIONS = 600_000;

/** @param cost units of the evaluation's budget for 16 iterations */
function checkIterations(count: number, cost: number): number {
  if (count > MAX_ITERATIONS) throw new BudgetExceededError("the key derivation of a certificate file");
  spend((count >> 4) * cost);
  return count;
}

/** A password as PKCS #12 hashes it: UTF-16, big-endian, with two zero bytes. */
function passwordBytes(password: string): Uint8Array {
  const bytes = Buffer.from(`${password}\0`, "utf16le").swap16();
  return new Uint8Array(bytes);
}

/** Bytes repeated up to a multiple of the block size. */
function fill(bytes: Uint8Array, block: number): Uint8Array {
  const size = Math.ceil(bytes.length / block) * block;
  return Uint8Array.from({ length: size }, (_, i) => bytes[i % bytes.length] ?? 0);
}

/**
 * The key derivation of PKCS #12 (RFC 7292, appendix B.2).
 * @param purpose 1 for a key, 2 for an initialization vector, 3 for a MAC key
 */
export function deriveKey(
  hash: string,
  password: string,
  salt: Uint8Array,
  iterations: number,
  purpose: number,
  size: number,
): Uint8Array {
  checkIterations(iterations, 16);
  const block = /sha(?:384|512)/.test(hash) ? 128 : 64;
  const diversifier = new Uint8Array(block).fill(purpose);
  const input = Buffer.concat([fill(salt, block), fill(passwordBytes(password), block)]);
  const out: Uint8Array[] = [];
  for (let length = 0; length < size; ) {
    let digest = createHash(hash).update(diversifier).update(input).digest();
    for (let i = 1; i < iterations; i++) digest = createHash(hash).update(digest).digest();
    out.push(digest);
    length += digest.length;
    const addend = fill(digest, block).subarray(0, block);
    for (let at = 0; at < input.length; at += block) addBlock(input.subarray(at, at + block), addend);
  }
  return new Uint8Array(Buffer.concat(out).subarray(0, size));
}

/** `block = (block + addend + 1) mod 2^v`, big-endian. */
function addBlock(block: Uint8Array, addend: Uint8Array): void {
  let carry = 1;
  for (let i = block.length - 1; i >= 0; i--) {
    carry += (block[i] ?? 0) + (addend[i] ?? 0);
    block[i] = carry & 0xff;
    carry >>= 8;
  }
}

const PBE_SHA1 = "1.2.840.113549.1.12.1.";
const PBES2 = "1.2.840.113549.1.5.13";

const PRFS: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

const CIPHERS: Readonly<Record<string, { name: string; keySize: number }>> = {
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", keySize: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", keySize: 24 },
  "2.16.840.1.101.3.4.1.42": { name: "aes-256-cbc", keySize: 32 },
  "1.2.840.113549.3.7": { name: "des-ede3-cbc", keySize: 24 },
};

/** Decrypts what a password protects. @param algorithm the AlgorithmIdentifier. @throws CryptographicException */
export function decryptProtected(algorithm: DerValue, password: string, data: Uint8Array): Uint8Array {
  const [oid, parameters] = readParts(algorithm);
  const name = readOid(oid);
  try {
    if (name === PBES2) return decryptPbes2(readParts(parameters), password, data);
    if (name.startsWith(PBE_SHA1))
      return decryptPbe(name.slice(PBE_SHA1.length), readParts(parameters), password, data);
  } catch (error) {
    if (error instanceof BudgetExceededError) throw error;
    throw new CryptographicException("The specified network password is not correct.");
  }
  throw new CryptographicException(`The algorithm '${name}' of the certificate file is not supported.`);
}

/** The four block ciphers of PKCS #12 with SHA-1: triple DES with three and two keys, RC2 with 128 and 40 bits. */
function decryptPbe(number: string, [salt, count]: DerValue[], password: string, data: Uint8Array): Uint8Array {
  const saltBytes = expectTag(salt, OCTET_STRING).content;
  const iterations = readInteger(count);
  const derive = (purpose: number, size: number) => deriveKey("sha1", password, saltBytes, iterations, purpose, size);
  const iv = derive(2, 8);
  if (number === "3") return openCipher("des-ede3-cbc", derive(1, 24), iv, data);
  if (number === "4") {
    const key = derive(1, 16);
    return openCipher("des-ede3-cbc", Buffer.concat([key, key.subarray(0, 8)]), iv, data);
  }
  const bits = number === "5" ? 128 : number === "6" ? 40 : 0;
  if (bits === 0 || data.length % 8 !== 0)
    throw new CryptographicException("The specified network password is not correct.");
  const padded = decryptRc2(derive(1, bits / 8), bits, iv, data);
  const size = padded.at(-1) ?? 0;
  if (size < 1 || size > 8) throw new CryptographicException("The specified network password is not correct.");
  return padded.subarray(0, padded.length - size);
}

function openCipher(name: string, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createDecipheriv(name, key, iv);
  return new Uint8Array(Buffer.concat([cipher.update(data), cipher.final()]));
}

function decryptPbes2([derivation, encryption]: DerValue[], password: string, data: Uint8Array): Uint8Array {
  const [, parameters] = readParts(derivation);
  const [salt, count, ...rest] = readParts(parameters);
  const prf = rest.find((part) => part.tag !== INTEGER);
  const hash = prf === undefined ? "sha1" : PRFS[readOid(readParts(prf)[0])];
  const [cipherOid, iv] = readParts(encryption);
  const cipher = CIPHERS[readOid(cipherOid)];
  if (hash === undefined || cipher === undefined) throw new CryptographicException("The algorithm is not supported.");
  const iterations = checkIterations(readInteger(count), 1);
  const key = pbkdf2Sync(password, expectTag(salt, OCTET_STRING).content, iterations, cipher.keySize, hash);
  return openCipher(cipher.name, key, expectTag(iv, OCTET_STRING).content, data);
}
