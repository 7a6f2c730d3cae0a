import type { Bound } from "../bound.ts";
import type { BinaryOperator } from "../syntax.ts";
import { admitsNull, errorType, isDelegate, isReferenceType, isValueType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { foldBinary } from "./constants.ts";
import { explicitConversion } from "./conversions.ts";
import { binary } from "./operators.ts";

export function nullTest(b: Binder, operator: BinaryOperator, value: Bound, at: number): Bound {
  const none = b.constant(null, value.type, at);
  return { kind: "binary", operator, left: value, right: none, checked: false, type: b.known.bool, at };
}

/** `==` and `!=` of references, of null, and of object with string. */
export function equality(b: Binder, operator: "==" | "!=", left: Bound, right: Bound, at: number): Bound | undefined {
  const { bool, string, object } = b.known;
  const compare = (one: Bound, other: Bound): Bound => ({
    kind: "binary",
    operator,
    left: one,
    right: other,
    checked: false,
    type: bool,
    at,
  });
  if (left.kind === "null" && right.kind === "null") return b.constant(operator === "==", bool, at);
  if (left.kind === "default-literal" || right.kind === "default-literal") {
    const typed = left.kind === "default-literal" ? right : left;
    if (!b.isTyped(typed)) return undefined;
    return binary(b, operator, b.convert(left, typed.type), b.convert(right, typed.type), at);
  }
  if (left.kind === "null" || right.kind === "null") {
    const value = left.kind === "null" ? right : left;
    if (admitsNull(value.type) && value.type !== errorType) return nullTest(b, operator, value, at);
    if (!isValueType(value.type)) return undefined;
    b.warning(
      at,
      "expression-always",
      `The result of the expression is always '${operator === "==" ? "false" : "true"}' since a value of type '${value.type}' is never equal to 'null'`,
    );
    return b.constant(operator === "!=", bool, at);
  }
  if (left.type === string && right.type === string) {
    return foldBinary(b, operator, left, right, bool, at) ?? compare(left, right);
  }
  if (isDelegate(left.type) && left.type === right.type) return compare(left, right);
  if (!isReferenceType(left.type) || !isReferenceType(right.type)) return undefined;
  if ((left.type === string && right.type === object) || (left.type === object && right.type === string)) {
    const side = left.type === object ? "left" : "right";
    b.warning(
      at,
      "expression-reference-comparison",
      `Comparing object with string: C# compares references here; Gatehouse compares the values`,
      `cast the ${side} hand side to string`,
    );
    return compare(left, right);
  }
  const related = explicitConversion(b, left, right.type) ?? explicitConversion(b, right, left.type);
  return related && ["identity", "reference", "cast", "null"].includes(related.kind) ? compare(left, right) : undefined;
}
