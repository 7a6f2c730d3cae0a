import type { Cell } from "../declare.ts";
import { ClrException } from "../exceptions.ts";

/**
 * The `TryParse` form of a parser: a .NET exception becomes false and the default value.
 * Anything else (an exceeded budget, a defect) passes through.
 */
export function tryParse<T>(result: Cell<T>, fallback: T, parse: () => T): boolean {
  try {
    result.value = parse();
    return true;
  } catch (error) {
    if (!(error instanceof ClrException)) throw error;
    result.value = fallback;
    return false;
  }
}
