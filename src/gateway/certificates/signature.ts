import { constants, type KeyObject, verify } from "node:crypto";
import { contextTag, DerReader, DerSyntaxError } from "./der.ts";

interface SignatureAlgorithm {
  /** Undefined: the algorithm has a digest of its own. */
  digest: string | undefined;
  keyTypes: readonly string[];
  pss?: true;
}

const RSA = ["rsa", "rsa-pss"];

/** Signatures that are accepted. Those with MD5 and SHA-1 can be forged. */
const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = {
  "1.2.840.113549.1.1.11": { digest: "sha256", keyTypes: ["rsa"] },
  "1.2.840.113549.1.1.12": { digest: "sha384", keyTypes: ["rsa"] },
  "1.2.840.113549.1.1.13": { digest: "sha512", keyTypes: ["rsa"] },
  "1.2.840.10045.4.3.2": { digest: "sha256", keyTypes: ["ec"] },
  "1.2.840.10045.4.3.3": { digest: "sha384", keyTypes: ["ec"] },
  "1.2.840.10045.4.3.4": { digest: "sha512", keyTypes: ["ec"] },
  "1.3.101.112": { digest: undefined, keyTypes: ["ed25519"] },
  "1.3.101.113": { digest: undefined, keyTypes: ["ed448"] },
};

const RSA_PSS = "1.2.840.113549.1.1.10";
const PSS_DIGESTS: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/** Bits of the shortest RSA key that vouches for anything. */
const SHORTEST_RSA = 2048;

/**
 * Is the algorithm (an `AlgorithmIdentifier`) one whose signatures cannot be forged today, and the key that makes it
 * long enough?
 */
export function isStrong(algorithm: Uint8Array, key: KeyObject): boolean {
  const found = readAlgorithm(algorithm);
  if (!found?.keyTypes.includes(key.asymmetricKeyType ?? "")) return false;
  return !RSA.includes(key.asymmetricKeyType ?? "") || (key.asymmetricKeyDetails?.modulusLength ?? 0) >= SHORTEST_RSA;
}

/** Checks a signature over DER. Weak algorithms are as good as none. */
export function isSignedBy(key: KeyObject, algorithm: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  const found = readAlgorithm(algorithm);
  if (!found || !isStrong(algorithm, key)) return false;
  const options = found.pss
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
    : key;
  try {
    return verify(found.digest, signed, options, signature);
  } catch {
    return false;
  }
}

function readAlgorithm(algorithm: Uint8Array): SignatureAlgorithm | undefined {
  try {
    const sequence = new DerReader(algorithm).enter();
    const id = sequence.identifier();
    if (id !== RSA_PSS) return ALGORITHMS[id];
    const digest = PSS_DIGESTS[sequence.enter().enter(contextTag(0)).enter().identifier()];
    return digest === undefined ? undefined : { digest, keyTypes: RSA, pss: true };
  } catch (error) {
    if (error instanceof DerSyntaxError) return undefined;
    throw error;
  }
}
