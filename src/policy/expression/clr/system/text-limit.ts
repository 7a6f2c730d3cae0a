import { spend } from "../budget.ts";
import { BudgetExceededError } from "../exceptions.ts";

/**
 * The longest string one member may build, in UTF-16 code units (128 MiB of memory). A count that comes from a
 * request (`PadLeft(n)`, `new string('x', n)`) must not be able to exhaust the gateway.
 */
export const MAX_TEXT_LENGTH = 1 << 26;

/**
 * Charges the evaluation for a string about to be built.
 * @throws BudgetExceededError when it is too long, or the evaluation has built too much
 */
export function checkTextLength(length: number): void {
  limitText(length);
  chargeText(length);
}

/** @throws BudgetExceededError when a string is too long; for strings that grow in place, at no charge */
export function limitText(length: number): void {
  if (length > MAX_TEXT_LENGTH) throw new BudgetExceededError(`a string of more than ${MAX_TEXT_LENGTH} characters`);
}

/** Charges the evaluation for walking over a text: one unit for 4096 characters, so short texts are free. */
export function chargeText(length: number): void {
  if (length >= 4096) spend(length >> 12);
}
