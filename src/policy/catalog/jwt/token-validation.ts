import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { Step, ValueSchema } from "../../compiler/schema.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { denial, STATUS_RANGE } from "../access/denial.ts";
import { checkIssuer, checkLifetime, type TokenCheck } from "./checks.ts";
import type { KeyRing } from "./key-ring.ts";
import type { VerifiedToken } from "./signature.ts";
import { TokenFailure } from "./token-failure.ts";
import type { TokenKeys } from "./token-keys.ts";
import { VerifiedTokens } from "./verified-tokens.ts";

/** Attributes that say what becomes of a request, with a good token and without. */
export const TOKEN_OUTCOME_ATTRIBUTES = {
  "failed-validation-httpcode": {
    type: "int",
    expression: true,
    default: 401,
    ...STATUS_RANGE,
    doc: "Status of the refusal.",
  },
  "failed-validation-error-message": {
    type: "string",
    expression: true,
    doc: "Message of the refusal; by default one that says what is wrong.",
  },
  "output-token-variable-name": {
    type: "string",
    expression: false,
    pattern: /\S/,
    patternDoc: "a name",
    doc: "Variable that receives the token (Jwt).",
  },
} as const satisfies Record<string, ValueSchema>;

/** Everything that a policy asks of a token. */
export interface TokenValidation {
  token: Evaluate<string>;
  keys: TokenKeys;
  requireSigned: Evaluate<boolean>;
  requireExpiration: Evaluate<boolean>;
  /** Seconds. */
  clockSkew: Evaluate<number>;
  /** Besides those that metadata names. */
  issuers: Evaluate<readonly string[]>;
  /** Audiences, claims and whatever else the policy asks. */
  checks: readonly TokenCheck[];
  /** Refuse tokens where no issuer is known to compare theirs with. */
  issuerRequired?: true;
  /** What the policy says about a failure; by default the failure's own message. */
  describe?(failure: TokenFailure): string;
}

/**
 * The step of a policy that validates tokens. A token's signature is verified when it is first seen; every later
 * request with it costs a digest and the checks of time, issuer, audience and claims, and waits for nothing.
 */
export function validateToken(element: PlanElement, loader: Loader, validation: TokenValidation): Step {
  const output = loader.optionalText(element, "output-token-variable-name");
  const status = loader.int(element, "failed-validation-httpcode", 401);
  const message = loader.optionalText(element, "failed-validation-error-message");
  const refuse = (x: Exchange, error: unknown): never => {
    if (!(error instanceof TokenFailure)) throw error;
    const text = validation.describe?.(error) ?? error.message;
    throw denial(error.reason, text, status(x), message(x));
  };
  const accept = (x: Exchange, verified: VerifiedToken, ring: KeyRing) => {
    checkToken(x, verified, ring, validation);
    const { jwt } = verified;
    const variable = output(x);
    if (variable) x.variables.set(variable, jwt);
    if (jwt.subject !== null) x.facts.user = jwt.subject;
  };
  const slow = async (x: Exchange, token: string, waiting: KeyRing | Promise<KeyRing>) => {
    try {
      const ring = await waiting;
      const digest = VerifiedTokens.digest(token);
      const known = ring.verified.get(digest);
      if (known) return accept(x, known, ring);
      const opened = await ring.open(token);
      const right = await validation.keys.ringFor(x, opened, ring);
      accept(x, await right.verified.verify(digest, () => right.verify(opened)), right);
    } catch (error) {
      refuse(x, error);
    }
  };
  return (x) => {
    try {
      const token = validation.token(x);
      const ring = validation.keys.ring(x);
      const known = ring instanceof Promise ? undefined : ring.verified.get(VerifiedTokens.digest(token));
      if (!known) return slow(x, token, ring);
      accept(x, known, ring as KeyRing);
    } catch (error) {
      refuse(x, error);
    }
  };
}

function checkToken(x: Exchange, { jwt, signed }: VerifiedToken, ring: KeyRing, validation: TokenValidation): void {
  if (!signed && validation.requireSigned(x)) {
    throw new TokenFailure("TokenSignatureInvalid", "The token is not signed. Access denied.");
  }
  const skewMs = validation.clockSkew(x) * 1000;
  checkLifetime(jwt, x.services.clock.now(), skewMs, validation.requireExpiration(x));
  for (const check of validation.checks) check(x, jwt);
  const issuers = validation.issuers(x);
  if (validation.issuerRequired && issuers.length === 0 && ring.issuers.length === 0) {
    throw new TokenFailure("TokenIssuerNotAllowed", "No issuer is known. Access denied.");
  }
  checkIssuer(jwt, issuers, ring.issuers);
}
