import { PolicyError } from "../../exchange/errors.ts";

/** The refusal by a rate: 429 (policy reference 4.5; the reason code is unconfirmed). */
export function tokenLimitExceeded(seconds: number, headerName: string): PolicyError {
  return new PolicyError("TokenLimitExceeded", 429, `Token limit is exceeded. Try again in ${seconds} seconds.`, {
    headers: [headerName, String(seconds)],
  });
}

/**
 * The refusal by a quota: 403 (policy reference 4.5; the reason code is unconfirmed). `seconds` undefined: a quota that
 * is never renewed, which gives no time to wait for.
 */
export function tokenQuotaExceeded(seconds: number | undefined, headerName: string): PolicyError {
  if (seconds === undefined) return new PolicyError("TokenQuotaExceeded", 403, "Token quota is exceeded.");
  const message = `Token quota is exceeded. Try again in ${inWords(seconds)}.`;
  return new PolicyError("TokenQuotaExceeded", 403, message, { headers: [headerName, String(seconds)] });
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `21 minutes and 33 seconds`, as one refusal was seen to say it; units that are zero are left out. */
export function inWords(seconds: number): string {
  let left = seconds;
  const parts = UNITS.flatMap(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? "" : "s"}`];
  });
  const last = parts.pop() ?? "0 seconds";
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
}
