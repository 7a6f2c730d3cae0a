import { BackendError, ClientGoneError, PolicyError } from "../../exchange/errors.ts";

/** `LastError.Reason` of a call without an answer (policy reference 4.4). */
export type CallFailure = "BackendConnectionFailure" | "Timeout" | "ClientConnectionFailure";

/**
 * What a failed call means for the request: the policy error to raise. The caller's own disappearance is told from the
 * backend's by the signal that the call was made with. Errors of other kinds come back as they are.
 */
export function callFailure(error: unknown, signal: AbortSignal | undefined): unknown {
  if (!(error instanceof BackendError)) return error;
  const reason = reasonOf(error, signal);
  // Nobody receives the 499. The 500 of a timeout is unconfirmed; some builds of the service give 504.
  return new PolicyError(reason, reason === "ClientConnectionFailure" ? 499 : 500, error.message, {
    publicMessage: "Internal server error",
    cause: error,
  });
}

/** The reason code of what {@link callFailure} gave; undefined for anything else. */
export function failureReason(error: unknown): CallFailure | undefined {
  if (error instanceof ClientGoneError) return "ClientConnectionFailure";
  if (!(error instanceof PolicyError) || !(error.cause instanceof BackendError)) return undefined;
  return error.reason as CallFailure;
}

function reasonOf(error: BackendError, signal: AbortSignal | undefined): CallFailure {
  if (error.kind === "timeout") return "Timeout";
  return error.kind === "aborted" || signal?.aborted ? "ClientConnectionFailure" : "BackendConnectionFailure";
}
