import type { Clock } from "../../policy/exchange/services.ts";
import { RenewingCache } from "../renewing-cache.ts";
import type { ObtainedToken } from "./token-response.ts";

/** A token is not given out so shortly before its end that it could expire on its way. */
const LAST_MS = 30_000;
/** From then on it is renewed in the background. */
const RENEW_MS = 5 * 60_000;
/** Of tokens that live shortly: these parts of their life. */
const LAST_PART = 0.1;
const RENEW_PART = 0.25;
/** After a failure an endpoint is left alone for so long. */
const RETRY_MS = 1000;
/** Resources may be computed by expressions, so their number is bounded. */
const MOST_TOKENS = 1000;

/** Tokens until shortly before they expire. */
export class TokenCache {
  readonly #cache: RenewingCache<ObtainedToken>;

  constructor(clock: Clock) {
    this.#cache = new RenewingCache(clock, { most: MOST_TOKENS, retryMs: RETRY_MS });
  }

  /** The token of a key, at once while one holds. @throws what `obtain` rejected with, also shortly afterwards. */
  get(key: string, obtain: () => Promise<ObtainedToken>): ObtainedToken | Promise<ObtainedToken> {
    return this.#cache.get(key, async () => {
      const token = await obtain();
      const life = token.expiresAt - token.obtainedAt;
      return {
        value: token,
        renewAt: token.expiresAt - Math.min(RENEW_MS, RENEW_PART * life),
        until: token.expiresAt - Math.min(LAST_MS, LAST_PART * life),
      };
    });
  }
}
