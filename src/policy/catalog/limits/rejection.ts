import { PolicyError } from "../../exchange/errors.ts";

/** Whole seconds to wait, at least 1 (rounding unconfirmed, policy reference 6.1: a client that waits must get in). */
export function retrySeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

/** The refusal of a rate limit: 429 with the wait in a header of the given name (policy reference 4.5). */
export function rateLimitExceeded(seconds: number, headerName: string): PolicyError {
  return new PolicyError("RateLimitExceeded", 429, "Rate limit is exceeded", {
    publicMessage: `Rate limit is exceeded. Try again in ${seconds} seconds.`,
    headers: [headerName, String(seconds)],
  });
}

/**
 * The refusal of a quota: 403. `remainingMs` until the window ends; undefined for a quota that is never renewed, which
 * gives no Retry-After and no time in the text (unconfirmed, policy reference 6.3).
 */
export function quotaExceeded(kind: "call volume" | "bandwidth", remainingMs: number | undefined): PolicyError {
  if (remainingMs === undefined) return new PolicyError("QuotaExceeded", 403, `Out of ${kind} quota.`);
  const seconds = retrySeconds(remainingMs);
  const message = `Out of ${kind} quota. Quota will be replenished in ${timeSpan(seconds)}.`;
  return new PolicyError("QuotaExceeded", 403, message, { headers: ["Retry-After", String(seconds)] });
}

/** .NET's constant form of a time span without fraction: `hh:mm:ss`, with days `d.hh:mm:ss`. */
export function timeSpan(seconds: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const time = `${two((seconds % 86_400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return days > 0 ? `${days}.${time}` : time;
}
