import type { DecryptionKey } from "./decryption.ts";
import { decryptToken } from "./decryption.ts";
import { keyIdsOf, readUnsigned, type VerifiedToken, verifySignature } from "./signature.ts";
import { TokenFailure } from "./token-failure.ts";
import type { VerificationKey } from "./verification-key.ts";
import { VerifiedTokens } from "./verified-tokens.ts";

/** Characters of the longest token that is looked at. */
const LONGEST = 65_536;

/**
 * A fixed set of keys and issuers, and the tokens it has verified. Another set of keys is another ring, which has
 * verified nothing yet.
 */
export class KeyRing {
  /** Issuers that OpenID metadata named. */
  readonly issuers: readonly string[];
  readonly verified = new VerifiedTokens();
  readonly #keys: readonly VerificationKey[];
  readonly #decryption: readonly DecryptionKey[];

  constructor(
    keys: readonly VerificationKey[],
    decryption: readonly DecryptionKey[],
    issuers: readonly (string | undefined)[],
  ) {
    this.#keys = keys;
    this.#decryption = decryption;
    this.issuers = issuers.filter((issuer) => issuer !== undefined);
  }

  /** The signed token inside an encrypted one; any other token itself. @throws {TokenFailure} */
  async open(token: string): Promise<string> {
    if (token.length > LONGEST) throw new TokenFailure("JwtInvalid", "The token is too long.");
    return isEncrypted(token) ? decryptToken(token, this.#decryption) : token;
  }

  /** False when the token calls its key by a name that no key here has. */
  knowsKeyOf(token: string): boolean {
    const ids = keyIdsOf(token);
    return ids.length === 0 || this.#keys.some((key) => key.ids.some((id) => ids.includes(id)));
  }

  /** Checks an opened token, which may also be the bare claims of one that was only encrypted. @throws {TokenFailure} */
  verify(opened: string): Promise<VerifiedToken> {
    return opened.trimStart().startsWith("{")
      ? Promise.resolve().then(() => readUnsigned(opened))
      : verifySignature(opened, this.#keys);
  }
}

function isEncrypted(token: string): boolean {
  return token.split(".", 6).length === 5;
}
