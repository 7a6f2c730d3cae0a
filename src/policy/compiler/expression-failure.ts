import { PolicyError } from "../exchange/errors.ts";

/**
 * The failure of a value that was evaluated but cannot be used where it stands (a word that is not of the enumeration,
 * a header value with a line break). Reported as the service reports an expression that threw (policy reference 4.4).
 */
export function expressionFailure(message: string): PolicyError {
  return new PolicyError("ExpressionValueEvaluationFailure", 500, `Expression evaluation failed. ${message}`);
}
