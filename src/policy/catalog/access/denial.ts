import { PolicyError } from "../../exchange/errors.ts";

/** Statuses that a response may carry; anything else that an expression gives would make an unsendable response. */
const LOWEST = 100;
const HIGHEST = 999;

/**
 * A refusal whose status and message the author may choose: `message` is what `LastError` and the record say,
 * `publicMessage` what the caller reads (by default the same).
 */
export function denial(reason: string, message: string, status: number, publicMessage?: string): PolicyError {
  const usable = Number.isInteger(status) && status >= LOWEST && status <= HIGHEST;
  return new PolicyError(reason, usable ? status : 500, message, publicMessage === undefined ? {} : { publicMessage });
}

/** Schema bounds of an HTTP status that an author writes. */
export const STATUS_RANGE = { min: LOWEST, max: HIGHEST } as const;
