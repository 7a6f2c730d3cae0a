import type { Bound } from "../bound.ts";
import { type NumericKind, numericKind } from "../known-types.ts";
import type { BinaryOperator } from "../syntax.ts";
import type { Type } from "../types.ts";
import type { Binder } from "./binder.ts";
import { foldBinary } from "./constants.ts";
import { implicitConversion, standardImplicit } from "./conversions.ts";
import { enumOperator } from "./enum-operators.ts";

/** The type both operands of an arithmetic operator are promoted to (C# specification, 12.4.7.3). */
function promoted(b: Binder, left: NumericKind, right: NumericKind): Type | undefined {
  const either = (kind: NumericKind): boolean => left === kind || right === kind;
  if (either("decimal")) return undefined;
  if (either("double")) return b.known.double;
  if (either("float")) return b.known.float;
  if (either("ulong")) {
    const other = left === "ulong" ? right : left;
    return ["sbyte", "short", "int", "long"].includes(other) ? undefined : b.known.ulong;
  }
  if (either("long")) return b.known.long;
  if (either("uint")) {
    const other = left === "uint" ? right : left;
    return ["sbyte", "short", "int"].includes(other) ? b.known.long : b.known.uint;
  }
  return b.known.int;
}

export const comparisons = new Set<BinaryOperator>(["==", "!=", "<", ">", "<=", ">="]);

const integral = new Set<NumericKind>(["sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "char"]);

/** Operators of the language on numbers, bool, enums. */
export function predefined(
  b: Binder,
  operator: BinaryOperator,
  left: Bound,
  right: Bound,
  at: number,
): Bound | undefined {
  const { bool } = b.known;
  if (left.type === bool && right.type === bool) {
    return ["==", "!=", "&", "|", "^"].includes(operator) ? make(b, operator, left, right, bool, at) : undefined;
  }
  const one = numericKind(left.type);
  const other = numericKind(right.type);
  if (one && other) return numeric(b, operator, left, right, one, other, at);
  return enumOperator(b, operator, left, right, at);
}

export function numeric(
  b: Binder,
  operator: BinaryOperator,
  left: Bound,
  right: Bound,
  one: NumericKind,
  other: NumericKind,
  at: number,
): Bound | undefined {
  if (operator === "<<" || operator === ">>") {
    if (!integral.has(one) || !standardImplicit(b, right.type, b.known.int)) return undefined;
    const type =
      one === "long" ? b.known.long : one === "ulong" ? b.known.ulong : one === "uint" ? b.known.uint : b.known.int;
    return make(b, operator, b.convert(left, type), b.convert(right, b.known.int), type, at);
  }
  const type = promoteConstants(b, left, right) ?? promoted(b, one, other);
  if (!type) return undefined;
  if (["&", "|", "^"].includes(operator) && (type === b.known.double || type === b.known.float)) return undefined;
  const result = comparisons.has(operator) ? b.known.bool : type;
  return make(b, operator, b.convert(left, type), b.convert(right, type), result, at);
}

/** `ulongValue + 1`: a constant that fits takes the other operand's type. */
function promoteConstants(b: Binder, left: Bound, right: Bound): Type | undefined {
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const wide = other.type === b.known.ulong || other.type === b.known.uint;
    if (wide && value.kind === "constant" && value.type === b.known.int && implicitConversion(b, value, other.type))
      return other.type;
  }
  return undefined;
}

function make(b: Binder, operator: BinaryOperator, left: Bound, right: Bound, type: Type, at: number): Bound {
  const folded = foldBinary(b, operator, left, right, type, at);
  return folded ?? { kind: "binary", operator, left, right, checked: b.checked, type, at };
}
