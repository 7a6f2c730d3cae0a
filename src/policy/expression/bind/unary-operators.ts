import type { Bound } from "../bound.ts";
import { numericKind } from "../known-types.ts";
import type { Expression, UnaryOperator } from "../syntax.ts";
import { isEnum, nullableUnderlying, type Type } from "../types.ts";
import type { Binder } from "./binder.ts";
import { foldUnary } from "./constants.ts";
import { implicitConversion } from "./conversions.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { isBroken, userOperator } from "./operators.ts";

export function bindUnary(b: Binder, syntax: Extract<Expression, { kind: "unary" }>): Bound {
  const { operator, at } = syntax;
  // -2147483648 and -9223372036854775808: the literal alone would not fit.
  if (operator === "-" && syntax.operand.kind === "number") {
    const { type, value } = syntax.operand;
    if (type === "uint" && value === 2147483648) return b.constant(-2147483648, b.known.int, at);
    if (type === "ulong" && value === 1n << 63n) return b.constant(-(1n << 63n), b.known.long, at);
    if (type === "decimal") return { kind: "constant", value: `-${value}`, type: b.known.decimal, at };
  }
  return unary(b, operator, requireValue(b, bindExpression(b, syntax.operand)), at);
}

function unary(b: Binder, operator: UnaryOperator, operand: Bound, at: number): Bound {
  if (isBroken(operand)) return b.errorNode(at);
  const user = userOperator(b, operator, [operand], at);
  if (user) return user;
  const underlying = nullableUnderlying(operand.type);
  if (underlying) {
    const hole = b.hole(underlying, operand.at);
    const body = unary(b, operator, hole, at);
    if (body.kind === "error") return body;
    const type = b.known.nullable(body.type);
    return {
      kind: "lifted",
      left: operand,
      right: undefined,
      leftHole: hole,
      rightHole: undefined,
      body: b.convert(body, type),
      whenNull: "null",
      type,
      at,
    };
  }
  const type = unaryType(b, operator, operand);
  if (!type) {
    const shown = operand.kind === "null" ? "<null>" : operand.type;
    const hint = operator === "!" && operand.type === b.known.object ? "cast it to bool first: !(bool)x" : undefined;
    return b.fail(
      at,
      "expression-operator",
      `Operator '${operator}' cannot be applied to operand of type '${shown}'`,
      hint,
    );
  }
  if (isEnum(type)) {
    const number: Bound = {
      kind: "convert",
      conversion: { kind: "enum" },
      operand,
      type: b.known.int,
      at,
      checked: false,
    };
    const inverted: Bound = { kind: "unary", operator, operand: number, type: b.known.int, checked: false, at };
    return { kind: "convert", conversion: { kind: "enum" }, operand: inverted, type, at, checked: false };
  }
  const value = b.convert(operand, type);
  return (
    foldUnary(b, operator, value, type, at) ?? { kind: "unary", operator, operand: value, type, checked: b.checked, at }
  );
}

function unaryType(b: Binder, operator: UnaryOperator, operand: Bound): Type | undefined {
  if (operator === "!") return implicitConversion(b, operand, b.known.bool) ? b.known.bool : undefined;
  const kind = numericKind(operand.type);
  if (!kind) return operator === "~" && isEnum(operand.type) ? operand.type : undefined;
  if (kind === "double" || kind === "float") return operator === "~" ? undefined : operand.type;
  if (kind === "uint") return operator === "-" ? b.known.long : b.known.uint;
  if (kind === "long") return b.known.long;
  if (kind === "ulong") return operator === "-" ? undefined : b.known.ulong;
  return kind === "decimal" ? undefined : b.known.int;
}
