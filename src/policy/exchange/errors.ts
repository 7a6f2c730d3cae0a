/** Sections of a policy document. */
export type Section = "inbound" | "backend" | "outbound" | "on-error";

/** Scopes a policy document is attached to, broad to narrow. */
export type Scope = "global" | "workspace" | "product" | "api" | "operation";

/**
 * A built-in step or a policy refuses or fails. The engine turns it into the default response (section 4.3 of the
 * policy reference: `{ "statusCode": …, "message": … }`), sets `context.LastError` and runs `on-error`.
 */
export class PolicyError extends Error {
  /** `LastError.Reason`: machine-readable code such as `RateLimitExceeded`. */
  readonly reason: string;
  readonly status: number;
  /** Message of the response body; `LastError.Message` is the error's own message. Undefined: the same text. */
  readonly publicMessage: string | undefined;
  /** Header fields of the default response, flat `[name, value, …]`. */
  readonly headers: readonly string[];
  /** `LastError.Source` where it is not the failing policy's name (`configuration`, `authorization`). */
  readonly source: string | undefined;

  constructor(
    reason: string,
    status: number,
    message: string,
    more: { publicMessage?: string; headers?: readonly string[]; source?: string; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "PolicyError";
    this.reason = reason;
    this.status = status;
    this.publicMessage = more.publicMessage;
    this.headers = more.headers ?? [];
    this.source = more.source;
  }
}

/** What `context.LastError` holds. */
export interface LastError {
  source: string;
  reason: string;
  message: string;
  scope: string;
  section: string;
  path: string;
  policyId: string;
  httpErrorCode: number;
}

/** Why a call to a backend or another service brought no response. */
export type BackendFailure = "connection" | "timeout" | "aborted" | "protocol";

/** No response from a backend: connection refused or lost, no headers in time, or the caller went away. */
export class BackendError extends Error {
  readonly kind: BackendFailure;
  constructor(kind: BackendFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "BackendError";
    this.kind = kind;
  }
}

/** The client closed its connection before the answer was complete. */
export class ClientGoneError extends Error {
  constructor() {
    super("The client closed the connection.");
    this.name = "ClientGoneError";
  }
}
