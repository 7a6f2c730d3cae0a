import { createCipheriv, createDecipheriv } from "node:crypto";
import { declareType, type TypeDeclaration } from "../clr/declare.ts";
import { ArgumentException, ArgumentNullException, CryptographicException } from "../clr/exceptions.ts";

const keySizes = new Map([
  [16, "aes-128-cbc"],
  [24, "aes-192-cbc"],
  [32, "aes-256-cbc"],
]);

/** Names under which .NET finds AES. */
const aesNames =
  /^(?:System\.Security\.Cryptography\.)?(?:Aes|AesManaged|AesCryptoServiceProvider|AesCng|Rijndael|RijndaelManaged)$/i;

function cipherName(algorithm: string | null, key: Uint8Array | null, iv: Uint8Array | null): string {
  if (algorithm === null) throw new ArgumentNullException("alg");
  if (key === null) throw new ArgumentNullException("key");
  if (iv === null) throw new ArgumentNullException("iv");
  if (!aesNames.test(algorithm))
    throw new ArgumentException(`The algorithm '${algorithm}' is not supported; use "Aes".`, "alg");
  const name = keySizes.get(key.length);
  if (!name) throw new CryptographicException("Specified key is not a valid size for this algorithm.");
  if (iv.length !== 16)
    throw new CryptographicException(
      "Specified initialization vector (IV) does not match the block size for this algorithm.",
    );
  return name;
}

function given(data: Uint8Array | null): Uint8Array {
  if (data === null) throw new ArgumentNullException("data");
  return data;
}

/** AES-CBC with PKCS #7 padding. @throws {CryptographicException} for keys and vectors of wrong sizes */
export function encrypt(
  data: Uint8Array | null,
  algorithm: string | null,
  key: Uint8Array | null,
  iv: Uint8Array | null,
): Uint8Array {
  const cipher = createCipheriv(cipherName(algorithm, key, iv), key as Uint8Array, iv);
  return new Uint8Array(Buffer.concat([cipher.update(given(data)), cipher.final()]));
}

/** @throws {CryptographicException} for data that was not encrypted with this key */
export function decrypt(
  data: Uint8Array | null,
  algorithm: string | null,
  key: Uint8Array | null,
  iv: Uint8Array | null,
): Uint8Array {
  const cipher = createDecipheriv(cipherName(algorithm, key, iv), key as Uint8Array, iv);
  try {
    return new Uint8Array(Buffer.concat([cipher.update(given(data)), cipher.final()]));
  } catch {
    throw new CryptographicException("Padding is invalid and cannot be removed.");
  }
}

/** A `SymmetricAlgorithm` object: what encryption needs of it. */
interface Algorithm {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** `Encrypt` and `Decrypt` on byte arrays. */
export const encryptionTypes: TypeDeclaration[] = [
  declareType({
    name: "Gatehouse.EncryptionExtensions",
    kind: "static",
    members: {
      "static byte[] Encrypt(this byte[] data, string alg, byte[] key, byte[] iv)": encrypt,
      "static byte[] Encrypt(this byte[] data, SymmetricAlgorithm alg)": (data: Uint8Array, alg: Algorithm) =>
        encrypt(data, "Aes", alg.key, alg.iv),
      "static byte[] Encrypt(this byte[] data, SymmetricAlgorithm alg, byte[] key, byte[] iv)": (
        data: Uint8Array,
        _: Algorithm,
        key: Uint8Array,
        iv: Uint8Array,
      ) => encrypt(data, "Aes", key, iv),
      "static byte[] Decrypt(this byte[] data, string alg, byte[] key, byte[] iv)": decrypt,
      "static byte[] Decrypt(this byte[] data, SymmetricAlgorithm alg)": (data: Uint8Array, alg: Algorithm) =>
        decrypt(data, "Aes", alg.key, alg.iv),
      "static byte[] Decrypt(this byte[] data, SymmetricAlgorithm alg, byte[] key, byte[] iv)": (
        data: Uint8Array,
        _: Algorithm,
        key: Uint8Array,
        iv: Uint8Array,
      ) => decrypt(data, "Aes", key, iv),
    },
  }),
];
