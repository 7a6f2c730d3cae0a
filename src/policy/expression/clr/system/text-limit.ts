import { BudgetExceededError } from "../exceptions.ts";

/**
 * The longest string one member may build, in UTF-16 code units (128 MiB of memory). A count that comes from a
 * request (`PadLeft(n)`, `new string('x', n)`) must not be able to exhaust the gateway.
 */
export const MAX_TEXT_LENGTH = 1 << 26;

/** Throws {@link BudgetExceededError} when a string of this length must not be built. */
export function checkTextLength(length: number): void {
  if (length > MAX_TEXT_LENGTH) throw new BudgetExceededError(`a string of more than ${MAX_TEXT_LENGTH} characters`);
}
