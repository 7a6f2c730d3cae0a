import type { Bound } from "../bound.ts";
import type { BinaryOperator } from "../syntax.ts";
import { isEnum } from "../types.ts";
import type { Binder } from "./binder.ts";
import { implicitConversion, standardImplicit } from "./conversions.ts";
import { comparisons } from "./predefined-operators.ts";

export function enumOperator(
  b: Binder,
  operator: BinaryOperator,
  left: Bound,
  right: Bound,
  at: number,
): Bound | undefined {
  const type = isEnum(left.type) ? left.type : isEnum(right.type) ? right.type : undefined;
  if (!type) return undefined;
  const toNumber = (value: Bound): Bound => ({
    kind: "convert",
    conversion: { kind: "enum" },
    operand: value,
    type: b.known.int,
    at: value.at,
    checked: false,
  });
  const toEnum = (value: Bound): Bound => ({
    kind: "convert",
    conversion: { kind: "enum" },
    operand: value,
    type,
    at,
    checked: false,
  });
  const same = implicitConversion(b, left, type) && implicitConversion(b, right, type);
  if (same) {
    const one = b.convert(left, type);
    const other = b.convert(right, type);
    if (one.kind === "constant" && other.kind === "constant" && ["&", "|", "^"].includes(operator)) {
      const [x, y] = [Number(one.value), Number(other.value)];
      return b.constant(operator === "&" ? x & y : operator === "|" ? x | y : x ^ y, type, at);
    }
    if (comparisons.has(operator)) {
      return {
        kind: "binary",
        operator,
        left: toNumber(one),
        right: toNumber(other),
        checked: false,
        type: b.known.bool,
        at,
      };
    }
    const number: Bound = {
      kind: "binary",
      operator,
      left: toNumber(one),
      right: toNumber(other),
      checked: false,
      type: b.known.int,
      at,
    };
    if (["&", "|", "^"].includes(operator)) return toEnum(number);
    return operator === "-" ? number : undefined;
  }
  if (operator !== "+" && operator !== "-") return undefined;
  const number = isEnum(left.type) ? right : left;
  if (!standardImplicit(b, number.type, b.known.int)) return undefined;
  const sides = isEnum(left.type)
    ? [toNumber(left), b.convert(right, b.known.int)]
    : [b.convert(left, b.known.int), toNumber(right)];
  return toEnum({
    kind: "binary",
    operator,
    left: sides[0] as Bound,
    right: sides[1] as Bound,
    checked: false,
    type: b.known.int,
    at,
  });
}
