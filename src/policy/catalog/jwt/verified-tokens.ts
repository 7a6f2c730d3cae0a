import { hash } from "node:crypto";
import type { VerifiedToken } from "./signature.ts";

/** Bounds of one generation; two are kept. */
const MOST_TOKENS = 5000;
const MOST_CHARACTERS = 8 << 20;

/**
 * Remembers tokens whose signature was found good, by the SHA-256 of the token, so that a signature is verified once
 * per token and not once per request. It belongs to one set of keys and goes with it.
 * Bounded: when a generation is full, the one before it is forgotten; tokens in use move to the new one.
 */
export class VerifiedTokens {
  #current = new Map<string, VerifiedToken>();
  #previous = new Map<string, VerifiedToken>();
  #characters = 0;
  readonly #waiting = new Map<string, Promise<VerifiedToken>>();

  static digest(token: string): string {
    return hash("sha256", token);
  }

  get(digest: string): VerifiedToken | undefined {
    const found = this.#current.get(digest);
    if (found) return found;
    const older = this.#previous.get(digest);
    if (older) this.#keep(digest, older);
    return older;
  }

  /**
   * Verifies a token that is not known yet; requests that bring the same token at the same time share the work.
   * Only signed tokens are remembered: anybody can make the others.
   */
  verify(digest: string, verify: () => Promise<VerifiedToken>): Promise<VerifiedToken> {
    const shared = this.#waiting.get(digest);
    if (shared) return shared;
    const work = verify()
      .then((verified) => {
        if (verified.signed) this.#keep(digest, verified);
        return verified;
      })
      .finally(() => this.#waiting.delete(digest));
    this.#waiting.set(digest, work);
    return work;
  }

  #keep(digest: string, token: VerifiedToken): void {
    if (this.#current.size >= MOST_TOKENS || this.#characters + token.size > MOST_CHARACTERS) {
      this.#previous = this.#current;
      this.#current = new Map();
      this.#characters = 0;
    }
    this.#current.set(digest, token);
    this.#characters += token.size;
  }
}
