import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
  type webcrypto,
} from "node:crypto";
import { spend } from "../../budget.ts";
import { CryptographicException, NotSupportedException } from "../../exceptions.ts";
import type { ClrObject } from "../protocol.ts";
import type { HashAlgorithmName } from "./hash-name.ts";
import type { EncryptionPadding, SignaturePadding } from "./padding.ts";
import { encodePss, verifyPss } from "./pss.ts";

/** Making a key takes long, the more so the larger it is: an evaluation can make a few of 2048 bits, or one of 4096. */
const generationCost = (bits: number) => (bits > 3072 ? 900_000 : bits > 2048 ? 500_000 : 200_000);
const OPERATION_COST = 1000;

/** `RSA` on top of node:crypto. A key is made when it is first needed, as in .NET. */
export class Rsa implements ClrObject {
  readonly clrName = "System.Security.Cryptography.RSACng";
  #private: KeyObject | null;
  #public: KeyObject | null;
  /** Size of the key to make, in bits. */
  #size: number;

  constructor(keys: { private?: KeyObject | null; public?: KeyObject | null } = {}, size = 2048) {
    this.#private = keys.private ?? null;
    this.#public = keys.public ?? (keys.private ? createPublicKey(keys.private) : null);
    this.#size = size;
    for (const key of [this.#private, this.#public]) {
      if (key !== null && key.asymmetricKeyType !== "rsa")
        throw new CryptographicException("The key is not an RSA key.");
    }
  }

  /** @throws CryptographicException for a size that .NET does not allow either */
  static ofSize(bits: number): Rsa {
    if (bits < 1024 || bits > 4096 || bits % 64 !== 0) {
      throw new CryptographicException("Specified key is not a valid size for this algorithm.");
    }
    return new Rsa({}, bits);
  }

  get keySize(): number {
    return this.#public?.asymmetricKeyDetails?.modulusLength ?? this.#size;
  }

  set keySize(bits: number) {
    Rsa.ofSize(bits);
    if (bits === this.keySize) return;
    this.#private = this.#public = null;
    this.#size = bits;
  }

  /** @throws CryptographicException when there is only a public key */
  get privateKey(): KeyObject {
    this.#make();
    if (this.#private === null) throw new CryptographicException("Key does not exist.");
    return this.#private;
  }

  get publicKey(): KeyObject {
    this.#make();
    return this.#public as KeyObject;
  }

  #make(): void {
    if (this.#public !== null) return;
    spend(generationCost(this.#size));
    const pair = generateKeyPairSync("rsa", { modulusLength: this.#size });
    this.#private = pair.privateKey;
    this.#public = pair.publicKey;
  }

  /** Takes over a key. @throws CryptographicException when it is none */
  importKey(key: webcrypto.JsonWebKey): void {
    try {
      const secret = key.d === undefined ? null : createPrivateKey({ key, format: "jwk" });
      this.#public = secret === null ? createPublicKey({ key, format: "jwk" }) : createPublicKey(secret);
      this.#private = secret;
    } catch {
      throw new CryptographicException("The specified RSA parameters are not valid.");
    }
  }

  /** The key's numbers, base64url, as RFC 7517 names them. @throws CryptographicException without a private key */
  exportKey(withPrivate: boolean): webcrypto.JsonWebKey {
    return (withPrivate ? this.privateKey : this.publicKey).export({ format: "jwk" });
  }

  sign(data: Uint8Array, hash: HashAlgorithmName, padding: SignaturePadding): Uint8Array {
    return guarded(() => sign(hash.digest, data, { key: this.privateKey, ...padding.options }));
  }

  verify(data: Uint8Array, signature: Uint8Array, hash: HashAlgorithmName, padding: SignaturePadding): boolean {
    spend(OPERATION_COST);
    return verify(hash.digest, data, { key: this.publicKey, ...padding.options }, signature);
  }

  /** Signs a hash that was computed elsewhere. */
  signHash(digest: Uint8Array, hash: HashAlgorithmName, padding: SignaturePadding): Uint8Array {
    checkDigest(digest, hash);
    if (padding.mode === "Pkcs1") {
      const data = Buffer.concat([digestPrefix(hash), digest]);
      return guarded(() => privateEncrypt({ key: this.privateKey, padding: constants.RSA_PKCS1_PADDING }, data));
    }
    return guarded(() => {
      const encoded = encodePss(digest, hash.digest, this.keySize, randomBytes(digest.length));
      return privateEncrypt({ key: this.privateKey, padding: constants.RSA_NO_PADDING }, encoded);
    });
  }

  verifyHash(digest: Uint8Array, signature: Uint8Array, hash: HashAlgorithmName, padding: SignaturePadding): boolean {
    checkDigest(digest, hash);
    spend(OPERATION_COST);
    try {
      if (padding.mode === "Pkcs1") {
        const data = publicDecrypt({ key: this.publicKey, padding: constants.RSA_PKCS1_PADDING }, signature);
        return data.equals(Buffer.concat([digestPrefix(hash), digest]));
      }
      const encoded = publicDecrypt({ key: this.publicKey, padding: constants.RSA_NO_PADDING }, signature);
      return verifyPss(encoded, digest, hash.digest, this.keySize);
    } catch {
      return false;
    }
  }

  encrypt(data: Uint8Array, padding: EncryptionPadding): Uint8Array {
    return guarded(() => publicEncrypt({ key: this.publicKey, ...padding.options }, data));
  }

  decrypt(data: Uint8Array, padding: EncryptionPadding): Uint8Array {
    return guarded(() => privateDecrypt({ key: this.privateKey, ...padding.options }, data));
  }

  dispose(): void {
    // Keys are garbage; there is no handle to release.
  }
}

/** Runs an operation of node:crypto; its failures are CryptographicExceptions. */
function guarded(operation: () => Buffer): Uint8Array {
  spend(OPERATION_COST);
  try {
    return new Uint8Array(operation());
  } catch (error) {
    if (error instanceof CryptographicException || error instanceof NotSupportedException) throw error;
    throw new CryptographicException("The parameter is incorrect.");
  }
}

function checkDigest(digest: Uint8Array, hash: HashAlgorithmName): void {
  if (digest.length !== createHash(hash.digest).digest().length) {
    throw new CryptographicException("The hash has another length than the hash algorithm gives.");
  }
}

/** ASN.1 DigestInfo up to the hash value (RFC 8017, 9.2, note 1). */
const PREFIXES: Readonly<Record<string, string>> = {
  md5: "3020300c06082a864886f70d020505000410",
  sha1: "3021300906052b0e03021a05000414",
  sha256: "3031300d060960864801650304020105000420",
  sha384: "3041300d060960864801650304020205000430",
  sha512: "3051300d060960864801650304020305000440",
};

function digestPrefix(hash: HashAlgorithmName): Buffer {
  return Buffer.from(PREFIXES[hash.digest] ?? "", "hex");
}
