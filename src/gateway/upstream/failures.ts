import { errors } from "undici";
import { BodyTooLargeError } from "../../policy/exchange/body.ts";
import { BackendError, type BackendFailure, ClientGoneError } from "../../policy/exchange/errors.ts";

/** What undici and the network throw, in the words that policies know. A body that grew too large stays what it is. */
export function asBackendError(error: unknown): BackendError | BodyTooLargeError {
  if (error instanceof BackendError || error instanceof BodyTooLargeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new BackendError(failureOf(error), message, error);
}

function failureOf(error: unknown): BackendFailure {
  if (error instanceof ClientGoneError || error instanceof errors.RequestAbortedError) return "aborted";
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return "timeout";
  if (
    error instanceof errors.HTTPParserError ||
    error instanceof errors.HeadersOverflowError ||
    error instanceof errors.ResponseContentLengthMismatchError ||
    error instanceof errors.RequestContentLengthMismatchError ||
    error instanceof errors.InvalidArgumentError ||
    error instanceof errors.NotSupportedError
  ) {
    return "protocol";
  }
  return "connection";
}

const LOST = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** Did the connection go down under the request (as opposed to never standing, or to a wrong answer)? */
export function isLostConnection(error: unknown): boolean {
  return error instanceof Error && LOST.has((error as NodeJS.ErrnoException).code ?? "");
}
