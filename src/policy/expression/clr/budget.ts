import { BudgetExceededError } from "./exceptions.ts";

/**
 * Work one evaluation of an expression may do: loop turns, calls of lambdas, items enumerated. About a second of the
 * slowest of them, and far more than any real policy needs.
 */
export const BUDGET = 1_000_000;

let left = BUDGET;
/** Is an evaluation under way? The same functions serve policies outside of expressions, where nothing is counted. */
let running = false;

/** Starts a new evaluation. Expressions run synchronously, so one counter for the thread is enough. */
export function resetBudget(): void {
  left = BUDGET;
  if (running) return;
  running = true;
  // Whatever runs after the current synchronous stretch is no longer the expression.
  queueMicrotask(() => {
    running = false;
  });
}

/**
 * Takes `units` of work from the running evaluation. Every loop that user input can prolong calls it once a turn.
 * @throws {BudgetExceededError} when nothing is left, and again at every call after that
 */
export function spend(units = 1): void {
  left -= units;
  if (left < 0) exhausted();
}

function exhausted(): void {
  if (running) throw new BudgetExceededError("too many steps");
  left = BUDGET;
}
