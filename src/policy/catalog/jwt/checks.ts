import { literalText, type PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Jwt } from "../../expression/context/jwt.ts";
import { TokenFailure } from "./token-failure.ts";

/** Texts of a list element's children (`audience` in `audiences`); undefined where the list is not written. */
export function loadTexts(
  parent: PlanElement,
  list: string,
  item: string,
  loader: Loader,
): Evaluate<readonly string[]> | undefined {
  const element = loader.child(parent, list);
  if (!element) return undefined;
  return texts(loader.children(element, item), loader);
}

/** The text of each element, evaluated once where all are literals. */
export function texts(elements: readonly PlanElement[], loader: Loader): Evaluate<readonly string[]> {
  const literals = elements.map(({ text }) => literalText(text ?? "")?.trim());
  if (literals.every((text) => text !== undefined)) return () => literals;
  const evaluate = elements.map(({ text }) => loader.textOf(text));
  return (x) => evaluate.map((text) => text(x).trim());
}

/**
 * Is it time for the token? `now` and `skewMs` in milliseconds. From its expiration time on it is refused
 * (RFC 7519 section 4.1.4).
 * @throws {TokenFailure}
 */
export function checkLifetime(jwt: Jwt, now: number, skewMs: number, requireExpiration: boolean): void {
  const { claims, expirationTime, notBefore } = jwt;
  if (expirationTime === null) {
    if (claims.has("exp")) throw invalid("The token's expiration time is not a number.");
    if (requireExpiration) throw invalid("The token has no expiration time.");
  } else if (expirationTime + skewMs <= now) {
    throw new TokenFailure("TokenExpired", "The token is expired. Access denied.");
  }
  if (notBefore === null) {
    if (claims.has("nbf")) throw invalid("The time before which the token is not valid is not a number.");
  } else if (notBefore - skewMs > now) {
    throw invalid("The token is not valid yet.");
  }
}

/** One of the token's audiences must be allowed. @throws {TokenFailure} */
export function checkAudience(jwt: Jwt, allowed: readonly string[]): void {
  if (jwt.audiences.some((audience) => allowed.includes(audience))) return;
  throw new TokenFailure("TokenAudienceNotAllowed", "The token is for another audience. Access denied.");
}

/**
 * The issuer must be among those configured or those that metadata named; without any there is no check.
 * Metadata of a multi-tenant issuer names a pattern, `{tenantid}` standing for the token's tenant (unconfirmed: known
 * from the metadata documents themselves).
 * @throws {TokenFailure}
 */
export function checkIssuer(jwt: Jwt, configured: readonly string[], metadata: readonly string[]): void {
  if (configured.length === 0 && metadata.length === 0) return;
  const { issuer } = jwt;
  if (issuer !== null) {
    if (configured.includes(issuer)) return;
    if (metadata.some((named) => (named.includes("{tenantid}") ? fillTenant(named, jwt) : named) === issuer)) return;
  }
  throw new TokenFailure("TokenIssuerNotAllowed", "The token's issuer is not allowed. Access denied.");
}

function fillTenant(pattern: string, jwt: Jwt): string | undefined {
  const [tenant] = jwt.claims.get("tid") ?? [];
  if (tenant === undefined || !/^[0-9a-f-]{36}$/i.test(tenant)) return undefined;
  return pattern.replaceAll("{tenantid}", tenant);
}

function invalid(message: string): TokenFailure {
  return new TokenFailure("JwtInvalid", message);
}

/** A check that {@link TokenFailure} reports. */
export type TokenCheck = (x: Exchange, jwt: Jwt) => void;
