import { createPrivateKey, type KeyObject } from "node:crypto";
import { compactDecrypt } from "jose";
import { TokenFailure } from "./token-failure.ts";
import { secretBytes } from "./verification-key.ts";

/** A key that decrypts tokens, with the key management algorithms it may be used for. */
export interface DecryptionKey {
  key: KeyObject | Uint8Array;
  algorithms: string[];
}

const SYMMETRIC = ["dir", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW"];
const RSA = ["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"];
const ECDH = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"];

/** A symmetric key in base64; undefined when it is not. */
export function decryptionSecret(base64: string): DecryptionKey | undefined {
  const key = secretBytes(base64);
  return key && { key, algorithms: SYMMETRIC };
}

/** A certificate's private key in PEM. */
export function decryptionPrivateKey(pem: string): DecryptionKey | undefined {
  try {
    const key = createPrivateKey(pem);
    return { key, algorithms: key.asymmetricKeyType === "rsa" ? RSA : ECDH };
  } catch {
    return undefined;
  }
}

/** Decrypts a compact JWE with the first key that can. @throws {TokenFailure} */
export async function decryptToken(token: string, keys: readonly DecryptionKey[]): Promise<string> {
  for (const { key, algorithms } of keys) {
    try {
      const { plaintext } = await compactDecrypt(token, key, { keyManagementAlgorithms: algorithms });
      return Buffer.from(plaintext).toString("utf8");
    } catch {
      // The next key may be the one.
    }
  }
  throw new TokenFailure("JwtInvalid", "The token is encrypted and no key decrypts it.");
}
