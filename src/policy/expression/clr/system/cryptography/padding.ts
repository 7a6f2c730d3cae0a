import { constants } from "node:crypto";
import { enumValue } from "../../box.ts";
import { declareType, type TypeDeclaration } from "../../declare.ts";
import type { ClrObject } from "../protocol.ts";
import { HashAlgorithmName } from "./hash-name.ts";

const NAMESPACE = "System.Security.Cryptography";
const SIGNATURE_MODES = { Pkcs1: 0, Pss: 1 };
const ENCRYPTION_MODES = { Pkcs1: 0, Oaep: 1 };

/** `RSASignaturePadding`: PKCS #1 v1.5 or PSS with a salt as long as the hash. */
export class SignaturePadding implements ClrObject {
  readonly clrName = `${NAMESPACE}.RSASignaturePadding`;
  readonly mode: keyof typeof SIGNATURE_MODES;

  constructor(mode: keyof typeof SIGNATURE_MODES) {
    this.mode = mode;
  }

  /** Options of node:crypto's sign and verify. */
  get options(): { padding: number; saltLength?: number } {
    if (this.mode === "Pkcs1") return { padding: constants.RSA_PKCS1_PADDING };
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  }

  toClrString(): string {
    return this.mode;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof SignaturePadding && other.mode === this.mode;
  }
}

/** `RSAEncryptionPadding`: PKCS #1 v1.5, or OAEP with a hash. */
export class EncryptionPadding implements ClrObject {
  readonly clrName = `${NAMESPACE}.RSAEncryptionPadding`;
  readonly hash: HashAlgorithmName | null;

  /** @param hash null for PKCS #1 */
  constructor(hash: HashAlgorithmName | null) {
    this.hash = hash;
  }

  /** Options of node:crypto's publicEncrypt and privateDecrypt. */
  get options(): { padding: number; oaepHash?: string } {
    if (this.hash === null) return { padding: constants.RSA_PKCS1_PADDING };
    return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: this.hash.digest };
  }

  toClrString(): string {
    return this.hash === null ? "Pkcs1" : `Oaep${this.hash.name}`;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof EncryptionPadding && other.hash?.name === this.hash?.name;
  }
}

const pkcs1Signature = new SignaturePadding("Pkcs1");
const pssSignature = new SignaturePadding("Pss");
const pkcs1Encryption = new EncryptionPadding(null);
const oaep = (name: string) => {
  const padding = new EncryptionPadding(new HashAlgorithmName(name));
  return () => padding;
};

type Padding = ClrObject & { clrEquals(other: unknown): boolean };
const same = (a: Padding | null, b: Padding | null) => a === b || a?.clrEquals(b) === true;

export const paddingTypes: TypeDeclaration[] = [
  declareType({ name: `${NAMESPACE}.RSASignaturePaddingMode`, kind: "enum", values: SIGNATURE_MODES }),
  declareType({ name: `${NAMESPACE}.RSAEncryptionPaddingMode`, kind: "enum", values: ENCRYPTION_MODES }),
  declareType({
    name: `${NAMESPACE}.RSASignaturePadding`,
    kind: "class",
    is: (value) => value instanceof SignaturePadding,
    toString: (padding: SignaturePadding) => padding.toClrString(),
    equals: same,
    members: {
      "static RSASignaturePadding Pkcs1 { get; }": () => pkcs1Signature,
      "static RSASignaturePadding Pss { get; }": () => pssSignature,
      "RSASignaturePaddingMode Mode { get; }": ({ mode }: SignaturePadding) =>
        enumValue(`${NAMESPACE}.RSASignaturePaddingMode`, SIGNATURE_MODES, SIGNATURE_MODES[mode]),
      "static bool operator ==(RSASignaturePadding left, RSASignaturePadding right)": same,
      "static bool operator !=(RSASignaturePadding left, RSASignaturePadding right)": (
        a: Padding | null,
        b: Padding | null,
      ) => !same(a, b),
    },
  }),
  declareType({
    name: `${NAMESPACE}.RSAEncryptionPadding`,
    kind: "class",
    is: (value) => value instanceof EncryptionPadding,
    toString: (padding: EncryptionPadding) => padding.toClrString(),
    equals: same,
    members: {
      "static RSAEncryptionPadding Pkcs1 { get; }": () => pkcs1Encryption,
      "static RSAEncryptionPadding OaepSHA1 { get; }": oaep("SHA1"),
      "static RSAEncryptionPadding OaepSHA256 { get; }": oaep("SHA256"),
      "static RSAEncryptionPadding OaepSHA384 { get; }": oaep("SHA384"),
      "static RSAEncryptionPadding OaepSHA512 { get; }": oaep("SHA512"),
      "static RSAEncryptionPadding CreateOaep(HashAlgorithmName hashAlgorithm)": (hash: HashAlgorithmName) =>
        new EncryptionPadding(hash),
      "RSAEncryptionPaddingMode Mode { get; }": ({ hash }: EncryptionPadding) =>
        enumValue(`${NAMESPACE}.RSAEncryptionPaddingMode`, ENCRYPTION_MODES, hash === null ? 0 : 1),
      "HashAlgorithmName OaepHashAlgorithm { get; }": ({ hash }: EncryptionPadding) =>
        hash ?? new HashAlgorithmName(null),
      "static bool operator ==(RSAEncryptionPadding left, RSAEncryptionPadding right)": same,
      "static bool operator !=(RSAEncryptionPadding left, RSAEncryptionPadding right)": (
        a: Padding | null,
        b: Padding | null,
      ) => !same(a, b),
    },
  }),
];
