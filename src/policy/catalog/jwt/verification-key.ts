import { createHash, createPublicKey, type JsonWebKeyInput, type KeyObject, X509Certificate } from "node:crypto";

/** A key that verifies signatures, with the algorithms it may be used for: those of its own type only. */
export interface VerificationKey {
  /** What a token's `kid` (or `x5t`) may call it. */
  ids: readonly string[];
  key: KeyObject | Uint8Array;
  algorithms: ReadonlySet<string>;
}

const HMAC: ReadonlySet<string> = new Set(["HS256", "HS384", "HS512"]);
const RSA_PSS = ["PS256", "PS384", "PS512"];
const RSA = ["RS256", "RS384", "RS512", ...RSA_PSS];
const CURVES: Readonly<Record<string, string>> = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };

/**
 * A public key of a JSON Web Key Set. Symmetric keys are left out: what is published is no secret, and a token signed
 * with it proves nothing.
 * @returns undefined for a key that cannot verify tokens.
 */
export function fromJwk(jwk: Readonly<Record<string, unknown>>): VerificationKey | undefined {
  if (jwk.kty === "oct" || (jwk.use !== undefined && jwk.use !== "sig")) return undefined;
  const operations = jwk.key_ops;
  if (Array.isArray(operations) && !operations.includes("verify")) return undefined;
  const key = publicKey(() => createPublicKey({ key: jwk as JsonWebKeyInput["key"], format: "jwk" }));
  if (!key) return undefined;
  const own = algorithmsOf(key);
  const only = jwk.alg;
  const algorithms = typeof only === "string" ? own.filter((algorithm) => algorithm === only) : own;
  const ids = [jwk.kid, jwk.x5t].filter((id) => typeof id === "string");
  return { ids, key, algorithms: new Set(algorithms) };
}

/** An RSA key of its modulus and exponent, base64url (the ordinary alphabet and padding are accepted as well). */
export function fromModulus(n: string, e: string, id?: string): VerificationKey | undefined {
  return fromJwk({ kty: "RSA", n: toBase64Url(n), e: toBase64Url(e), ...(id ? { kid: id } : {}) });
}

/** A symmetric key in base64 (or base64url); undefined when it is not. */
export function fromSecret(base64: string, id?: string): VerificationKey | undefined {
  const key = secretBytes(base64);
  return key && { ids: id ? [id] : [], key, algorithms: HMAC };
}

/** The legacy master key of mobile services: its tokens are signed with a key made of it. */
export function fromZumoMasterKey(masterKey: string, id?: string): VerificationKey | undefined {
  if (masterKey === "") return undefined;
  const key = createHash("sha256").update(`${masterKey}JWTSig`, "utf8").digest();
  return { ids: id ? [id] : [], key, algorithms: HMAC };
}

/** The key of a certificate (PEM text or DER bytes), called by its id or by its thumbprint. */
export function fromCertificate(certificate: string | Uint8Array, id?: string): VerificationKey | undefined {
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(certificate);
  } catch {
    return undefined;
  }
  const key = publicKey(() => parsed.publicKey);
  if (!key) return undefined;
  const thumbprint = createHash("sha1").update(parsed.raw).digest();
  const names = [thumbprint.toString("hex").toUpperCase(), thumbprint.toString("base64url")];
  return { ids: id ? [id, ...names] : names, key, algorithms: new Set(algorithmsOf(key)) };
}

/** Bytes of a base64 or base64url text; undefined for other text and for none. */
export function secretBytes(base64: string): Uint8Array | undefined {
  const text = toBase64Url(base64);
  return /^[A-Za-z0-9_-]+$/.test(text) ? Buffer.from(text, "base64url") : undefined;
}

function toBase64Url(base64: string): string {
  return base64
    .replace(/\s+/g, "")
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/={1,2}$/, "");
}

function publicKey(make: () => KeyObject): KeyObject | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function algorithmsOf(key: KeyObject): readonly string[] {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return RSA;
    case "rsa-pss":
      return RSA_PSS;
    case "ed25519":
      return ["EdDSA", "Ed25519"];
    case "ec": {
      const algorithm = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ""];
      return algorithm === undefined ? [] : [algorithm];
    }
    default:
      return [];
  }
}
