import type { Bound } from "../bound.ts";
import type { Expression } from "../syntax.ts";
import { errorType, type Type } from "../types.ts";
import type { Binder } from "./binder.ts";
import { explicitConversion, implicitConversion } from "./conversions.ts";
import { bindDeconstruction, isDeconstruction } from "./deconstruction.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { binary } from "./operators.ts";
import { isAssignable, reportUnassignable } from "./places.ts";

/** `++` and `--`. */
export function bindIncrement(b: Binder, syntax: Extract<Expression, { kind: "increment" }>): Bound {
  const { at } = syntax;
  const target = requireValue(b, bindExpression(b, syntax.operand));
  if (target.type === errorType) return b.errorNode(at);
  if (!isAssignable(b, target)) {
    reportUnassignable(b, target, syntax.operand.at);
    return b.errorNode(at);
  }
  const hole = b.hole(target.type, at);
  const next = binary(b, syntax.operator === "++" ? "+" : "-", hole, b.constant(1, b.known.int, at), at);
  if (next.kind === "error") return next;
  const value = backTo(b, next, target.type, at);
  return { kind: "compound", target, hole, value, returnsOld: !syntax.prefix, type: target.type, at };
}

/** The result of a compound operator, converted back to the variable's type as `b += 1` does for a byte. */
function backTo(b: Binder, value: Bound, type: Type, at: number): Bound {
  if (implicitConversion(b, value, type)) return b.convert(value, type);
  const conversion = explicitConversion(b, value, type);
  if (conversion && (conversion.kind === "numeric" || conversion.kind === "nullable" || conversion.kind === "enum"))
    return b.apply(value, conversion, type);
  return b.convert(value, type, at);
}

/** `=` and the compound assignments. */
export function bindAssign(b: Binder, syntax: Extract<Expression, { kind: "assign" }>): Bound {
  const { at, operator } = syntax;
  if (!operator && isDeconstruction(b, syntax.target)) return bindDeconstruction(b, syntax.target, syntax.value, at);
  if (!operator && syntax.target.kind === "name" && syntax.target.name === "_" && !b.scope.find("_")) {
    return requireValue(b, bindExpression(b, syntax.value));
  }
  const target = requireValue(b, bindExpression(b, syntax.target));
  const right = requireValue(b, bindExpression(b, syntax.value));
  if (target.type === errorType || right.kind === "error") return b.errorNode(at);
  if (!isAssignable(b, target)) {
    reportUnassignable(b, target, syntax.target.at);
    return b.errorNode(at);
  }
  if (!operator) return { kind: "assign", target, value: b.convert(right, target.type), type: target.type, at };
  const hole = b.hole(target.type, at);
  const result = binary(b, operator, hole, right, at);
  if (result.kind === "error") return result;
  return {
    kind: "compound",
    target,
    hole,
    value: backTo(b, result, target.type, at),
    returnsOld: false,
    type: target.type,
    at,
  };
}
