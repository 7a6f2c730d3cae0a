import { createDecipheriv, createHash, pbkdf2Sync } from "node:crypto";
import type { BaseBlock } from "asn1js";
import { identifier, integer, members, octets } from "./der.ts";

/** Thrown where data is encrypted in a way that this build cannot read, or with a wrong password. */
export class DecryptionError extends Error {}

/** Rounds of key derivation: the file says how many, and each costs time (the older way more than ten times as much). */
const MAX_ROUNDS = 1_000_000;
const MAX_OLD_ROUNDS = 100_000;

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const SHA1_TRIPLE_DES = "1.2.840.113549.1.12.1.3";

const CIPHERS: Readonly<Record<string, { name: string; keyLength: number }>> = {
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", keyLength: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", keyLength: 24 },
  "2.16.840.1.101.3.4.1.42": { name: "aes-256-cbc", keyLength: 32 },
  "1.2.840.113549.3.7": { name: "des-ede3-cbc", keyLength: 24 },
};

const DIGESTS: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

/**
 * Decrypts data by a password, as PKCS#12 files and encrypted PKCS#8 keys need it: PBES2 with AES or triple DES
 * (RFC 8018), and the older triple DES of PKCS#12 (RFC 7292).
 * @param algorithm an AlgorithmIdentifier.
 * @throws {DecryptionError}
 */
export function decrypt(algorithm: BaseBlock | undefined, data: Buffer, password: string): Buffer {
  const [id, parameters] = members(algorithm);
  const method = identifier(id);
  const { cipher, key, iv } =
    method === PBES2
      ? pbes2(parameters, password)
      : method === SHA1_TRIPLE_DES
        ? tripleDes(parameters, password)
        : unsupported();
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    throw new DecryptionError("the password is wrong");
  }
}

interface DerivedKey {
  cipher: string;
  key: Buffer;
  iv: Buffer;
}

function unsupported(): never {
  throw new DecryptionError("its encryption is outdated (such as RC2) or not known; export it again with AES-256");
}

function pbes2(parameters: BaseBlock | undefined, password: string): DerivedKey {
  const [derivation, encryption] = members(parameters);
  const [derivationId, derivationParameters] = members(derivation);
  if (identifier(derivationId) !== PBKDF2) unsupported();
  const [salt, rounds, ...options] = members(derivationParameters);
  const digestOption = options.find((option) => option.idBlock.tagNumber === 16);
  const digest = digestOption ? DIGESTS[identifier(members(digestOption)[0])] : "sha1";
  const [encryptionId, iv] = members(encryption);
  const cipher = CIPHERS[identifier(encryptionId)];
  if (digest === undefined || !cipher) unsupported();
  const key = pbkdf2Sync(password, octets(salt), checkRounds(integer(rounds), MAX_ROUNDS), cipher.keyLength, digest);
  return { cipher: cipher.name, key, iv: octets(iv) };
}

function tripleDes(parameters: BaseBlock | undefined, password: string): DerivedKey {
  const [salt, rounds] = members(parameters);
  const count = checkRounds(integer(rounds), MAX_OLD_ROUNDS);
  return {
    cipher: "des-ede3-cbc",
    key: deriveBytes(1, password, octets(salt), count, 24),
    iv: deriveBytes(2, password, octets(salt), count, 8),
  };
}

function checkRounds(rounds: number, limit: number): number {
  if (rounds >= 1 && rounds <= limit) return rounds;
  throw new DecryptionError(`its encryption asks for ${rounds} rounds; at most ${limit} are done`);
}

const HASH_LENGTH = 20;
const BLOCK_LENGTH = 64;

/** Key derivation of PKCS#12 with SHA-1 (RFC 7292, appendix B.2). */
function deriveBytes(purpose: 1 | 2, password: string, salt: Buffer, rounds: number, length: number): Buffer {
  const text = Buffer.alloc((password.length + 1) * 2);
  for (let at = 0; at < password.length; at++) text.writeUInt16BE(password.charCodeAt(at), at * 2);
  const input = Buffer.concat([fillBlocks(salt), fillBlocks(text)]);
  const diversifier = Buffer.alloc(BLOCK_LENGTH, purpose);
  const output: Buffer[] = [];
  for (let have = 0; have < length; have += HASH_LENGTH) {
    let hash = createHash("sha1").update(diversifier).update(input).digest();
    for (let round = 1; round < rounds; round++) hash = createHash("sha1").update(hash).digest();
    output.push(hash);
    const addend = fillBlocks(hash);
    for (let block = 0; block < input.length; block += BLOCK_LENGTH) addWithOne(input, block, addend);
  }
  return Buffer.concat(output).subarray(0, length);
}

/** The bytes repeated until they fill whole blocks. */
function fillBlocks(bytes: Buffer): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / BLOCK_LENGTH) * BLOCK_LENGTH, bytes);
}

/** Adds a block and one to the block of `input` at `start`, as big-endian numbers, without the carry at the end. */
function addWithOne(input: Buffer, start: number, addend: Buffer): void {
  let carry = 1;
  for (let at = BLOCK_LENGTH - 1; at >= 0; at--) {
    carry += (input[start + at] as number) + (addend[at] as number);
    input[start + at] = carry & 0xff;
    carry >>= 8;
  }
}
