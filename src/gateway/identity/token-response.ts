import { TokenUnavailableError } from "../../policy/exchange/identity.ts";

/** A token as a token endpoint gave it. */
export interface ObtainedToken {
  accessToken: string;
  /** Epoch milliseconds. */
  obtainedAt: number;
  expiresAt: number;
  /** A new refresh token, where the endpoint changes it each time. */
  refreshToken: string | undefined;
  /** The other members of the answer, without tokens. */
  claims: Readonly<Record<string, unknown>>;
}

/** Where an endpoint does not say how long a token lives. */
const UNTOLD_LIFETIME_MS = 5 * 60_000;
const LONGEST_LIFETIME_MS = 24 * 60 * 60_000;

/**
 * Reads the answer of a token endpoint (RFC 6749 section 5.1; managed identity endpoints say `expires_on` as well).
 * @param now epoch milliseconds.
 * @throws {TokenUnavailableError} where it holds no token that could be sent in a header.
 */
export function readTokenResponse(text: string, now: number, asked: string): ObtainedToken {
  const answer = objectOf(text);
  const accessToken = answer?.access_token;
  if (answer === undefined || typeof accessToken !== "string" || !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw new TokenUnavailableError(`${asked} gave no token.`);
  }
  const { access_token, refresh_token, id_token, ...claims } = answer;
  return {
    accessToken,
    obtainedAt: now,
    expiresAt: now + lifetime(answer, now),
    refreshToken: typeof refresh_token === "string" && refresh_token !== "" ? refresh_token : undefined,
    claims,
  };
}

/** The `error` code of a refusal (RFC 6749 section 5.2): the only part of it that is fit to be shown. */
export function errorCode(text: string): string | undefined {
  const code = objectOf(text)?.error;
  return typeof code === "string" && /^[\w.-]{1,64}$/.test(code) ? code : undefined;
}

function lifetime(answer: Readonly<Record<string, unknown>>, now: number): number {
  const left = seconds(answer.expires_in) ?? -1;
  if (left >= 0) return Math.min(left * 1000, LONGEST_LIFETIME_MS);
  const end = seconds(answer.expires_on);
  if (end === undefined) return UNTOLD_LIFETIME_MS;
  return Math.min(Math.max(0, end * 1000 - now), LONGEST_LIFETIME_MS);
}

/** Managed identity endpoints write numbers as text. */
function seconds(value: unknown): number | undefined {
  if (typeof value === "string" && !/^\d{1,15}(\.\d+)?$/.test(value)) return undefined;
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
