import { compactVerify } from "jose";
import { decodeJson, Jwt, parseObject } from "../../expression/context/jwt.ts";
import { TokenFailure } from "./token-failure.ts";
import type { VerificationKey } from "./verification-key.ts";

/** A token whose signature was checked, or which has none. */
export interface VerifiedToken {
  jwt: Jwt;
  signed: boolean;
  /** Characters of the token. */
  size: number;
}

/** Keys tried for one token at most: a large key set must not multiply the cost of a wrong token. */
const MOST_TRIES = 20;

/** What a signed token calls its key: `kid`, and `x5t` where there is one. */
export function keyIdsOf(token: string): string[] {
  const header = decodeJson(token.slice(0, Math.max(0, token.indexOf("."))));
  return [header?.kid, header?.x5t].filter((id) => typeof id === "string");
}

/**
 * Checks the signature of a compact JWS, or reads an unsigned token (`alg` none).
 * The key that the token names is used when there is one of that name, else each key of the algorithm's type is tried.
 * A key is only ever used with the algorithms of its own type, so that a public key cannot pass for an HMAC secret.
 * @throws {TokenFailure} (as a rejection)
 */
export async function verifySignature(token: string, keys: readonly VerificationKey[]): Promise<VerifiedToken> {
  const parts = token.split(".");
  const header = parts.length === 3 ? decodeJson(parts[0] as string) : undefined;
  if (!header) throw malformed();
  const algorithm = header.alg;
  if (algorithm === "none") {
    if (parts[2] !== "") throw malformed();
    return read(header, decodeJson(parts[1] as string), false, token);
  }
  if (typeof algorithm !== "string") throw malformed();
  const payload = await verifyWithAny(token, algorithm, keys);
  return read(header, parseObject(payload), true, token);
}

async function verifyWithAny(token: string, algorithm: string, keys: readonly VerificationKey[]): Promise<string> {
  const wanted = keyIdsOf(token);
  const named = keys.filter(({ ids }) => ids.some((id) => wanted.includes(id)));
  const candidates = (named.length > 0 ? named : keys).filter(({ algorithms }) => algorithms.has(algorithm));
  for (const { key } of candidates.slice(0, MOST_TRIES)) {
    try {
      const { payload } = await compactVerify(token, key, { algorithms: [algorithm] });
      return Buffer.from(payload).toString("utf8");
    } catch {
      // The next key may be the one.
    }
  }
  const nameless = candidates.some(({ ids }) => ids.length === 0);
  if (named.length > 0 || (candidates.length > 0 && (wanted.length === 0 || nameless))) {
    throw new TokenFailure("TokenSignatureInvalid", "The token's signature is not valid. Access denied.");
  }
  throw new TokenFailure("TokenSignatureKeyNotFound", "There is no key for the token's signature. Access denied.");
}

/** The content of a token that was encrypted without being signed. @throws {TokenFailure} */
export function readUnsigned(json: string): VerifiedToken {
  return read({}, parseObject(json), false, json);
}

function read(
  header: Readonly<Record<string, unknown>>,
  payload: Readonly<Record<string, unknown>> | undefined,
  signed: boolean,
  token: string,
): VerifiedToken {
  if (!payload) throw malformed();
  return { jwt: new Jwt(header, payload), signed, size: token.length };
}

function malformed(): TokenFailure {
  return new TokenFailure("JwtInvalid", "The token is not a JSON Web Token in compact form.");
}
