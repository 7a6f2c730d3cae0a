import type { Bound } from "../bound.ts";
import { numericKind } from "../known-types.ts";
import type { BinaryOperator, Expression } from "../syntax.ts";
import { admitsNull, errorType, nullableUnderlying, type Type, voidType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { makeCall } from "./calls.ts";
import { implicitConversion } from "./conversions.ts";
import { equality } from "./equality.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { lifted } from "./lifted-operators.ts";
import { type Candidate, resolveOverload } from "./overloads.ts";
import { predefined } from "./predefined-operators.ts";
import { concat } from "./strings.ts";

/** A binary operator. Chains like `a + b + c + …` grow to the left; they are bound in a loop, not by recursion. */
export function bindBinary(b: Binder, syntax: Extract<Expression, { kind: "binary" }>): Bound {
  if (syntax.operator === "??") return bindCoalesce(b, syntax);
  const spine: Extract<Expression, { kind: "binary" }>[] = [];
  let leftmost: Expression = syntax;
  while (leftmost.kind === "binary" && leftmost.operator !== "??") {
    spine.push(leftmost);
    leftmost = leftmost.left;
  }
  let left = requireValue(b, bindExpression(b, leftmost));
  for (const node of spine.reverse()) {
    const right = requireValue(b, bindExpression(b, node.right));
    left = binary(b, node.operator, left, right, node.operatorAt);
  }
  return left;
}

/** The operator applied to two bound operands. */
export function binary(b: Binder, operator: BinaryOperator, left: Bound, right: Bound, at: number): Bound {
  b.step();
  if (isBroken(left) || isBroken(right)) return b.errorNode(at);
  if (operator === "&&" || operator === "||") {
    const node = { left: b.condition(left), right: b.condition(right) };
    return { kind: "logical", operator, ...node, type: b.known.bool, at };
  }
  const found =
    userOperator(b, operator, [left, right], at) ??
    (operator === "+" ? concatenation(b, left, right, at) : undefined) ??
    predefined(b, operator, left, right, at) ??
    lifted(b, operator, left, right, at) ??
    (operator === "==" || operator === "!=" ? equality(b, operator, left, right, at) : undefined);
  return found ?? cannotApply(b, operator, left, right, at);
}

/** A value whose type could not be found, which has been reported. */
export function isBroken(value: Bound): boolean {
  const typeless = ["null", "default-literal", "unbound-lambda", "throw", "tuple"].includes(value.kind);
  return value.kind === "error" || (value.type === errorType && !typeless);
}

function cannotApply(b: Binder, operator: string, left: Bound, right: Bound, at: number): Bound {
  const shown = (value: Bound): string =>
    value.kind === "null" ? "<null>" : value.kind === "unbound-lambda" ? "lambda expression" : String(value.type);
  const hint =
    (operator === "==" || operator === "!=") && (left.type === b.known.string || right.type === b.known.string)
      ? "cast the other side to string, or use ToString()"
      : undefined;
  return b.fail(
    at,
    "expression-operator",
    `Operator '${operator}' cannot be applied to operands of type '${shown(left)}' and '${shown(right)}'`,
    hint,
  );
}

/** Operators that the operands' types declare; nothing for the types whose operators are the language's own. */
export function userOperator(b: Binder, operator: string, operands: readonly Bound[], at: number): Bound | undefined {
  const candidates: Candidate[] = [];
  for (const operand of operands) {
    const type = nullableUnderlying(operand.type) ?? operand.type;
    if (
      type.kind !== "named" ||
      (numericKind(type) && type !== b.known.decimal) ||
      type === b.known.string ||
      type === b.known.bool
    )
      continue;
    for (const owner of b.relations.chain(type)) {
      for (const member of owner.definition.membersNamed(operator)) {
        if (member.kind !== "operator" || member.parameters.length !== operands.length) continue;
        if (!candidates.some((c) => c.member === member)) candidates.push({ member, owner });
      }
    }
  }
  if (candidates.length === 0) return undefined;
  const resolution = resolveOverload(
    b,
    candidates,
    operands.map((value) => ({ value, mode: "value" })),
    [],
    undefined,
  );
  return resolution.resolved && makeCall(b, resolution.resolved, at);
}

function concatenation(b: Binder, left: Bound, right: Bound, at: number): Bound | undefined {
  const text = b.known.string;
  if (left.type !== text && right.type !== text) return undefined;
  const joinable = (value: Bound): boolean =>
    value.kind === "null" || (value.type !== errorType && value.type !== voidType);
  if (!joinable(left) || !joinable(right)) return undefined;
  const part = (value: Bound): Bound => (value.kind === "null" ? b.constant(null, text, value.at) : value);
  return concat(b, [part(left), part(right)], at);
}

function bindCoalesce(b: Binder, syntax: Extract<Expression, { kind: "binary" }>): Bound {
  const left = requireValue(b, bindExpression(b, syntax.left));
  const right = bindExpression(b, syntax.right);
  const at = syntax.operatorAt;
  if (isBroken(left) || right.kind === "error") return b.errorNode(at);
  if (left.kind === "null") return requireValue(b, right);
  if (!b.isTyped(left) || left.kind === "unbound-lambda") return cannotApply(b, "??", left, right, at);
  if (!admitsNull(left.type)) return cannotApply(b, "??", left, right, at);
  const underlying = nullableUnderlying(left.type);
  const hole = b.hole(underlying ?? left.type, left.at);
  const build = (type: Type): Bound => {
    const whenPresent = b.convert(type === left.type && underlying ? { ...hole, type: left.type } : hole, type);
    return { kind: "coalesce", left, hole, whenPresent, right: b.convert(right, type), type, at };
  };
  if (underlying && implicitConversion(b, right, underlying)) return build(underlying);
  if (implicitConversion(b, right, left.type)) return build(left.type);
  if (b.isTyped(requireValue(b, right)) && implicitConversion(b, hole, right.type)) return build(right.type);
  return cannotApply(b, "??", left, right, at);
}
