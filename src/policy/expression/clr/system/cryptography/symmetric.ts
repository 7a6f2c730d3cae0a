import { type Cipheriv, createCipheriv, createDecipheriv, type Decipheriv, getCiphers, randomBytes } from "node:crypto";
import { ArgumentNullException, CryptographicException } from "../../exceptions.ts";
import type { ClrObject } from "../protocol.ts";
import { chargeText } from "../text-limit.ts";

const CBC = 1;
const ECB = 2;
const CFB = 4;
const NO_PADDING = 1;
const PKCS7 = 2;
const ZEROS = 3;
const ANSI_X923 = 4;

/** A block cipher: its sizes in bits, and its node:crypto name for a key size and mode. */
export interface SymmetricKind {
  name: string;
  blockSize: number;
  keySizes: readonly number[];
  cipher: (keySize: number, mode: string) => string;
}

export const SYMMETRIC_KINDS: readonly SymmetricKind[] = [
  {
    name: "Aes",
    blockSize: 128,
    keySizes: [256, 192, 128],
    cipher: (keySize, mode) => `aes-${keySize}-${mode}`,
  },
  {
    name: "TripleDES",
    blockSize: 64,
    keySizes: [192, 128],
    cipher: (keySize, mode) => `des-ede${keySize === 192 ? "3" : ""}${mode === "ecb" ? "" : `-${mode}`}`,
  },
  { name: "DES", blockSize: 64, keySizes: [64], cipher: (_, mode) => `des-${mode}` },
];

/** `SymmetricAlgorithm`: CBC, ECB or CFB with a padding, on top of node:crypto. */
export class SymmetricAlgorithm implements ClrObject {
  readonly clrName: string;
  readonly kind: SymmetricKind;
  #keySize: number;
  #key: Uint8Array | null = null;
  #iv: Uint8Array | null = null;
  /** Numbers of `CipherMode` and `PaddingMode`. */
  mode = CBC;
  padding = PKCS7;
  /** Bits of one CFB step: 8, or the whole block. */
  feedbackSize = 8;

  constructor(kind: SymmetricKind) {
    this.kind = kind;
    this.clrName = `System.Security.Cryptography.${kind.name}CryptoServiceProvider`;
    this.#keySize = kind.keySizes[0] ?? 0;
  }

  /** The key; a random one is made when none was set. */
  get key(): Uint8Array {
    this.#key ??= new Uint8Array(randomBytes(this.#keySize / 8));
    return this.#key.slice();
  }

  set key(value: Uint8Array | null) {
    this.#keySize = this.#checkedKey(value).length * 8;
    this.#key = (value as Uint8Array).slice();
  }

  get iv(): Uint8Array {
    this.#iv ??= new Uint8Array(randomBytes(this.kind.blockSize / 8));
    return this.#iv.slice();
  }

  set iv(value: Uint8Array | null) {
    this.#iv = this.#checkedIv(value).slice();
  }

  get keySize(): number {
    return this.#keySize;
  }

  /** Another size drops the key. @throws CryptographicException */
  set keySize(bits: number) {
    if (!this.kind.keySizes.includes(bits))
      throw new CryptographicException("Specified key is not a valid size for this algorithm.");
    this.#keySize = bits;
    this.#key = null;
  }

  generateKey(): void {
    this.#key = new Uint8Array(randomBytes(this.#keySize / 8));
  }

  generateIv(): void {
    this.#iv = new Uint8Array(randomBytes(this.kind.blockSize / 8));
  }

  #checkedKey(key: Uint8Array | null): Uint8Array {
    if (key === null) throw new ArgumentNullException("value");
    if (!this.kind.keySizes.includes(key.length * 8)) {
      throw new CryptographicException("Specified key is not a valid size for this algorithm.");
    }
    return key;
  }

  #checkedIv(iv: Uint8Array | null): Uint8Array {
    if (iv === null) throw new ArgumentNullException("value");
    if (iv.length * 8 !== this.kind.blockSize) {
      throw new CryptographicException(
        "Specified initialization vector (IV) does not match the block size for this algorithm.",
      );
    }
    return iv;
  }

  /** One direction of the cipher. @throws CryptographicException for sizes and modes that do not fit */
  transform(encrypts: boolean, key: Uint8Array = this.key, iv: Uint8Array | null = this.iv): CipherTransform {
    const checkedKey = this.#checkedKey(key);
    const checkedIv = this.mode === ECB ? null : this.#checkedIv(iv);
    const name = this.kind.cipher(checkedKey.length * 8, this.#modeName());
    if (!getCiphers().includes(name))
      throw new CryptographicException("Specified cipher mode is not valid for this algorithm.");
    return new CipherTransform(encrypts, this.padding, this.kind.blockSize / 8, () =>
      (encrypts ? createCipheriv : createDecipheriv)(name, checkedKey, checkedIv),
    );
  }

  #modeName(): string {
    if (this.mode === CBC) return "cbc";
    if (this.mode === ECB) return "ecb";
    if (this.mode === CFB && (this.feedbackSize === 8 || this.feedbackSize === 128))
      return this.feedbackSize === 8 ? "cfb8" : "cfb";
    throw new CryptographicException("Specified cipher mode is not valid for this algorithm.");
  }

  dispose(): void {
    this.#key = null;
    this.#iv = null;
  }
}

/** `ICryptoTransform`: whole blocks in between, the padding at the end. */
export class CipherTransform implements ClrObject {
  readonly clrName = "System.Security.Cryptography.ICryptoTransform";
  readonly blockSize: number;
  readonly #encrypts: boolean;
  readonly #padding: number;
  readonly #make: () => Cipheriv | Decipheriv;
  #cipher: Cipheriv | Decipheriv | null = null;
  #pending: Uint8Array[] = [];

  constructor(encrypts: boolean, padding: number, blockSize: number, make: () => Cipheriv | Decipheriv) {
    this.#encrypts = encrypts;
    this.#padding = padding;
    this.blockSize = blockSize;
    this.#make = make;
  }

  update(data: Uint8Array): Uint8Array {
    chargeText(data.length);
    // The padding of the last block is ours to remove, so decryption holds everything back until the end.
    if (!this.#encrypts) {
      this.#pending.push(data.slice());
      return new Uint8Array();
    }
    return new Uint8Array(this.#open().update(data));
  }

  /** The rest, after which the transform starts afresh. @throws CryptographicException for data that does not fit */
  finish(data: Uint8Array): Uint8Array {
    chargeText(data.length);
    const input = Buffer.concat([...this.#pending, data]);
    this.#pending = [];
    try {
      const cipher = this.#open();
      const text = this.#encrypts ? Buffer.concat([input, this.#paddingFor(input.length)]) : input;
      const output = new Uint8Array(Buffer.concat([cipher.update(text), cipher.final()]));
      return this.#encrypts ? output : this.#unpadded(output);
    } catch (error) {
      if (error instanceof CryptographicException) throw error;
      throw new CryptographicException("The input data is not a complete block.");
    } finally {
      this.#cipher = null;
    }
  }

  #open(): Cipheriv | Decipheriv {
    this.#cipher ??= this.#make().setAutoPadding(false);
    return this.#cipher;
  }

  #paddingFor(length: number): Uint8Array {
    const size = this.blockSize - (length % this.blockSize);
    switch (this.#padding) {
      case NO_PADDING:
        return new Uint8Array();
      case ZEROS:
        return new Uint8Array(size % this.blockSize);
      case PKCS7:
        return new Uint8Array(size).fill(size);
      default: {
        const bytes = this.#padding === ANSI_X923 ? new Uint8Array(size) : new Uint8Array(randomBytes(size));
        bytes[size - 1] = size;
        return bytes;
      }
    }
  }

  #unpadded(output: Uint8Array): Uint8Array {
    if (this.#padding === NO_PADDING || this.#padding === ZEROS || output.length === 0) return output;
    const size = output.at(-1) ?? 0;
    const tail = output.subarray(output.length - size, output.length - 1);
    const filler = this.#padding === PKCS7 ? size : 0;
    const checked = this.#padding === PKCS7 || this.#padding === ANSI_X923;
    if (size === 0 || size > this.blockSize || (checked && tail.some((byte) => byte !== filler))) {
      throw new CryptographicException("Padding is invalid and cannot be removed.");
    }
    return output.slice(0, output.length - size);
  }

  dispose(): void {
    this.#cipher = null;
    this.#pending = [];
  }
}

/** `SymmetricAlgorithm.Create(name)`, null for a name that is not known. */
export function createSymmetric(name: string | null): SymmetricAlgorithm | null {
  if (name === null) throw new ArgumentNullException("algName");
  const simple = name
    .replace(/^System\.Security\.Cryptography\./i, "")
    .replace(/(?:Managed|Cng|CryptoServiceProvider)$/i, "")
    .replace(/^Rijndael$/i, "Aes")
    .replace(/^(?:3DES|Triple DES)$/i, "TripleDES");
  const kind = SYMMETRIC_KINDS.find((candidate) => candidate.name.toLowerCase() === simple.toLowerCase());
  return kind ? new SymmetricAlgorithm(kind) : null;
}
