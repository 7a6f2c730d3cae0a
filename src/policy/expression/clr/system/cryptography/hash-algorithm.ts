import { createHash, createHmac, type Hash, type Hmac, randomBytes } from "node:crypto";
import { ArgumentNullException, CryptographicException } from "../../exceptions.ts";
import type { ClrObject } from "../protocol.ts";
import { chargeText } from "../text-limit.ts";

/** What a hash algorithm is, apart from its key. */
export interface HashKind {
  /** Simple .NET name: `SHA256`, `HMACSHA256`. */
  name: string;
  /** Name in node:crypto. */
  digest: string;
  /** Size of the hash, in bits. */
  bits: number;
  /** Bytes of the key that a keyed hash gets when it is given none; 0 for hashes without a key. */
  keySize: number;
}

const NAMESPACE = "System.Security.Cryptography";

const DIGESTS: readonly [name: string, digest: string, bits: number, block: number][] = [
  ["MD5", "md5", 128, 64],
  ["SHA1", "sha1", 160, 64],
  ["SHA256", "sha256", 256, 64],
  ["SHA384", "sha384", 384, 128],
  ["SHA512", "sha512", 512, 128],
];

/** Hashes without a key, and those with one. */
export const HASHES: readonly HashKind[] = DIGESTS.map(([name, digest, bits]) => ({ name, digest, bits, keySize: 0 }));
export const HMACS: readonly HashKind[] = DIGESTS.map(([name, digest, bits, block]) => ({
  name: `HMAC${name}`,
  digest,
  bits,
  keySize: block,
}));

/** `HashAlgorithm` and `HMAC` on top of node:crypto. */
export class HashAlgorithm implements ClrObject {
  readonly clrName: string;
  readonly kind: HashKind;
  #key: Uint8Array;
  #running: Hash | Hmac | null = null;
  #hash: Uint8Array | null = null;

  constructor(kind: HashKind, key: Uint8Array | null = null) {
    this.kind = kind;
    this.clrName = `${NAMESPACE}.${kind.name}`;
    this.#key = key === null ? new Uint8Array(randomBytes(kind.keySize)) : key.slice();
  }

  get keyed(): boolean {
    return this.kind.keySize > 0;
  }

  get key(): Uint8Array {
    return this.#key.slice();
  }

  set key(value: Uint8Array | null) {
    if (value === null) throw new ArgumentNullException("value");
    if (this.#running !== null)
      throw new CryptographicException("Hash key cannot be changed after the first write to the stream.");
    this.#key = value.slice();
  }

  /** The hash of what was hashed last. @throws CryptographicException before that */
  get hash(): Uint8Array {
    if (this.#hash === null)
      throw new CryptographicException("Hash must be finalized before the hash value is retrieved.");
    return this.#hash.slice();
  }

  compute(bytes: Uint8Array): Uint8Array {
    this.#running = null;
    this.update(bytes);
    return this.finish();
  }

  update(bytes: Uint8Array): void {
    chargeText(bytes.length);
    this.#running ??= this.keyed ? createHmac(this.kind.digest, this.#key) : createHash(this.kind.digest);
    this.#running.update(bytes);
  }

  finish(): Uint8Array {
    this.update(new Uint8Array());
    const running = this.#running as Hash | Hmac;
    this.#running = null;
    this.#hash = new Uint8Array(running.digest());
    return this.#hash.slice();
  }

  /** Forgets what was hashed so far. */
  initialize(): void {
    this.#running = null;
    this.#hash = null;
  }

  dispose(): void {
    this.initialize();
  }
}

/** `Create(name)`: the algorithm of a .NET name (simple, full, or with a dash), null when there is none. */
export function createNamed(kinds: readonly HashKind[], name: string | null, parameter: string): HashAlgorithm | null {
  if (name === null) throw new ArgumentNullException(parameter);
  const simple = name
    .replace(/^System\.Security\.Cryptography\./i, "")
    .replace(/(?:Managed|Cng|CryptoServiceProvider)$/i, "")
    .replace("-", "")
    .toUpperCase();
  const kind = kinds.find((candidate) => candidate.name === (simple === "SHA" ? "SHA1" : simple));
  return kind ? new HashAlgorithm(kind) : null;
}
