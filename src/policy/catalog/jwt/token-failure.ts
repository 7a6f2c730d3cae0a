/** Codes of `context.LastError.Reason` (policy reference 4.5). */
export type TokenReason =
  | "TokenNotPresent"
  | "TokenSignatureInvalid"
  | "TokenSignatureKeyNotFound"
  | "TokenAudienceNotAllowed"
  | "TokenIssuerNotAllowed"
  | "TokenExpired"
  | "TokenClaimNotFound"
  | "TokenClaimValueNotAllowed"
  | "JwtInvalid";

/** A token is missing or not acceptable. The policy makes a refusal of it, with the status and text it was told. */
export class TokenFailure extends Error {
  readonly reason: TokenReason;
  constructor(reason: TokenReason, message: string) {
    super(message);
    this.name = "TokenFailure";
    this.reason = reason;
  }
}
