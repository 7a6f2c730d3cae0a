import type { Bound } from "../bound.ts";
import type { BinaryOperator } from "../syntax.ts";
import { nullableUnderlying } from "../types.ts";
import type { Binder } from "./binder.ts";
import { nullTest } from "./equality.ts";
import { userOperator } from "./operators.ts";
import { comparisons, predefined } from "./predefined-operators.ts";

/** The operator on `T?` operands: null in, null out (false for comparisons) (C# specification, 12.4.8). */
export function lifted(b: Binder, operator: BinaryOperator, left: Bound, right: Bound, at: number): Bound | undefined {
  const one = nullableUnderlying(left.type);
  const other = nullableUnderlying(right.type);
  if (!one && !other) return undefined;
  if (left.kind === "null" || right.kind === "null") return liftedWithNull(b, operator, left, right, at);
  const leftType = one ?? left.type;
  const rightType = other ?? right.type;
  if (leftType === b.known.bool && rightType === b.known.bool && (operator === "&" || operator === "|")) {
    const type = b.known.nullable(b.known.bool);
    return { kind: "lifted-logic", operator, left: b.convert(left, type), right: b.convert(right, type), type, at };
  }
  const leftHole: Bound = one || left.kind !== "constant" ? b.hole(leftType, left.at) : left;
  const rightHole: Bound = other || right.kind !== "constant" ? b.hole(rightType, right.at) : right;
  const { result: body, diagnostics } = b.speculate(() => {
    const user = userOperator(b, operator, [leftHole, rightHole], at);
    return user ?? predefined(b, operator, leftHole, rightHole, at);
  });
  if (!body || diagnostics.length > 0 || body.kind === "error") return undefined;
  const whenNull =
    operator === "==" ? "equal" : operator === "!=" ? "unequal" : comparisons.has(operator) ? "false" : "null";
  const result = comparisons.has(operator) ? b.known.bool : b.known.nullable(body.type);
  const inner = whenNull === "null" ? b.convert(body, result) : body;
  return { kind: "lifted", left, right, leftHole, rightHole, body: inner, whenNull, type: result, at };
}

function liftedWithNull(b: Binder, operator: BinaryOperator, left: Bound, right: Bound, at: number): Bound | undefined {
  const value = left.kind === "null" ? right : left;
  if (operator === "==" || operator === "!=") return nullTest(b, operator, value, at);
  if (comparisons.has(operator)) return b.constant(false, b.known.bool, at);
  return b.constant(null, value.type, at);
}
