import type { Evaluate } from "../../compiler/loader.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { CredentialConnection } from "../../exchange/identity.ts";
import { Jwt } from "../../expression/context/jwt.ts";
import { checkAudience, checkIssuer, checkLifetime } from "../jwt/checks.ts";
import { entraMetadata } from "../jwt/entra.ts";
import { TokenFailure } from "../jwt/token-failure.ts";
import { TokenKeys } from "../jwt/token-keys.ts";
import { VerifiedTokens } from "../jwt/verified-tokens.ts";

/** The audience of tokens that open connections (policy reference 7.2). */
const AUDIENCE = "https://azure-api.net/authorization-manager";

/** Checks a token of Microsoft Entra ID against a connection's access policies. @throws {TokenFailure} (as a rejection) */
export type CheckIdentity = (x: Exchange, connection: CredentialConnection) => Promise<void>;

/** @param identity the token as the policy gives it; a scheme before it is passed over. */
export function identityCheck(identity: Evaluate<string>): CheckIdentity {
  const token: Evaluate<string> = (x) =>
    identity(x)
      .trim()
      .replace(/^bearer +/i, "");
  const tenant: Evaluate<string> = (x) => claim(read(token(x)), "tid") ?? "";
  const keys = new TokenKeys({ metadata: entraMetadata(tenant, () => undefined), signing: [], decryption: [] });
  return async (x, { access }) => {
    const text = token(x);
    // Only tenants that somebody let in are asked for their keys.
    if (!access.some(({ tenantId }) => same(tenantId, tenant(x)))) throw notAllowed();
    const { jwt, signed, issuers } = await verify(x, text, keys);
    if (!signed) throw new TokenFailure("TokenSignatureInvalid", "The identity's token is not signed.");
    if (issuers.length === 0) throw new TokenFailure("TokenIssuerNotAllowed", "No issuer of identities is known.");
    checkLifetime(jwt, x.services.clock.now(), 0, true);
    checkIssuer(jwt, [], issuers);
    checkAudience(jwt, [AUDIENCE]);
    const application = claim(jwt, "azp") ?? claim(jwt, "appid") ?? "";
    const allowed = access.some(
      ({ tenantId, objectId, appIds }) =>
        same(tenantId, claim(jwt, "tid")) &&
        same(objectId, claim(jwt, "oid")) &&
        (appIds.length === 0 || appIds.some((id) => same(id, application))),
    );
    if (!allowed) throw notAllowed();
  };
}

async function verify(
  x: Exchange,
  token: string,
  keys: TokenKeys,
): Promise<{ jwt: Jwt; signed: boolean; issuers: readonly string[] }> {
  const ring = await keys.ring(x);
  const opened = await ring.open(token);
  const right = await keys.ringFor(x, opened, ring);
  const digest = VerifiedTokens.digest(token);
  const { jwt, signed } =
    right.verified.get(digest) ?? (await right.verified.verify(digest, () => right.verify(opened)));
  return { jwt, signed, issuers: right.issuers };
}

function read(token: string): Jwt {
  const jwt = Jwt.parse(token);
  if (jwt) return jwt;
  throw new TokenFailure("JwtInvalid", "The identity is not a JSON Web Token.");
}

function claim(jwt: Jwt, name: string): string | undefined {
  return jwt.claims.get(name)?.[0];
}

/** Ids of Entra compare without case. */
function same(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

function notAllowed(): TokenFailure {
  return new TokenFailure("TokenClaimValueNotAllowed", "The connection's access policies do not let the identity in.");
}
