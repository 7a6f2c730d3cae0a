import type { Bound, ConstantValue } from "../bound.ts";
import { type NumericKind, numericKind, rangeOf } from "../known-types.ts";
import type { BinaryOperator, UnaryOperator } from "../syntax.ts";
import { nullableUnderlying, type Type } from "../types.ts";
import type { Binder } from "./binder.ts";

/** A longer constant string is not folded further: the sum of two literals may stay a concatenation. */
const maxFoldedText = 1 << 16;

/** The converted constant, where both sides are numbers; reports constants that do not fit. */
export function convertConstant(b: Binder, value: Bound, to: Type): Bound | undefined {
  if (value.kind !== "constant" || value.value === null || nullableUnderlying(to)) return undefined;
  const target = numericKind(to);
  const source = numericKind(value.type);
  if (!target || !source || target === "decimal" || source === "decimal") return undefined;
  const number = value.value;
  if (typeof number !== "number" && typeof number !== "bigint") return undefined;
  if (target === "double") return b.constant(Number(number), to, value.at);
  if (target === "float") return b.constant(Math.fround(Number(number)), to, value.at);
  if (typeof number === "number" && !Number.isFinite(number)) return undefined;
  const whole = typeof number === "bigint" ? number : BigInt(Math.trunc(number));
  const range = rangeOf(target);
  if (!range) return undefined;
  if (whole < range[0] || whole > range[1]) {
    // Out of range: left to run time inside unchecked(…); elsewhere a compile error, as in C#.
    if (b.checked || source === "double" || source === "float") return undefined;
    return b.constant(wrap(whole, target), to, value.at);
  }
  return b.constant(represent(whole, target), to, value.at);
}

function represent(value: bigint, kind: NumericKind): number | bigint {
  return kind === "long" || kind === "ulong" ? value : Number(value);
}

const bits: Readonly<Record<string, number>> = {
  sbyte: 8,
  byte: 8,
  short: 16,
  ushort: 16,
  char: 16,
  int: 32,
  uint: 32,
  long: 64,
  ulong: 64,
};

function wrap(value: bigint, kind: NumericKind): number | bigint {
  const signed = kind === "sbyte" || kind === "short" || kind === "int" || kind === "long";
  const width = bits[kind] ?? 64;
  return represent(signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value), kind);
}

/** The value of an operator on two constants of the operator's own type; undefined where it must run. */
export function foldBinary(
  b: Binder,
  operator: BinaryOperator,
  left: Bound,
  right: Bound,
  result: Type,
  at: number,
): Bound | undefined {
  if (left.kind !== "constant" || right.kind !== "constant") return undefined;
  const x = left.value;
  const y = right.value;
  const answer = (value: ConstantValue): Bound => b.constant(value, result, at);
  if (typeof x === "boolean" && typeof y === "boolean") return foldBoolean(operator, x, y, answer);
  if ((typeof x === "string" || x === null) && (typeof y === "string" || y === null)) {
    if (operator === "==") return answer(x === y);
    if (operator === "!=") return answer(x !== y);
    if (operator !== "+" || (x?.length ?? 0) + (y?.length ?? 0) > maxFoldedText) return undefined;
    return answer((x ?? "") + (y ?? ""));
  }
  const kind = numericKind(left.type);
  if (!kind || kind === "decimal") return undefined;
  if (typeof x === "number" && typeof y === "number") {
    const compared = compare(operator, x, y);
    if (compared !== undefined) return answer(compared);
    if (kind === "double" || kind === "float") {
      const value = foldFloating(operator, x, y);
      return value === undefined ? undefined : answer(kind === "float" ? Math.fround(value) : value);
    }
    return foldIntegral(b, operator, BigInt(x), BigInt(y), kind, answer, at);
  }
  if (typeof x === "bigint" && (typeof y === "bigint" || typeof y === "number")) {
    const compared = typeof y === "bigint" ? compare(operator, x, y) : undefined;
    if (compared !== undefined) return answer(compared);
    return foldIntegral(b, operator, x, BigInt(y), kind, answer, at);
  }
  return undefined;
}

function foldBoolean(
  operator: BinaryOperator,
  x: boolean,
  y: boolean,
  answer: (value: boolean) => Bound,
): Bound | undefined {
  switch (operator) {
    case "==":
      return answer(x === y);
    case "!=":
    case "^":
      return answer(x !== y);
    case "&":
      return answer(x && y);
    case "|":
      return answer(x || y);
    default:
      return undefined;
  }
}

function compare(operator: BinaryOperator, x: number | bigint, y: number | bigint): boolean | undefined {
  switch (operator) {
    case "==":
      return x === y;
    case "!=":
      return x !== y;
    case "<":
      return x < y;
    case ">":
      return x > y;
    case "<=":
      return x <= y;
    case ">=":
      return x >= y;
    default:
      return undefined;
  }
}

function foldFloating(operator: BinaryOperator, x: number, y: number): number | undefined {
  switch (operator) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    case "%":
      return x % y;
    default:
      return undefined;
  }
}

function foldIntegral(
  b: Binder,
  operator: BinaryOperator,
  x: bigint,
  y: bigint,
  kind: NumericKind,
  answer: (value: ConstantValue) => Bound,
  at: number,
): Bound | undefined {
  const width = bits[kind] ?? 32;
  const count = y & BigInt(width - 1);
  let value: bigint;
  switch (operator) {
    case "+":
      value = x + y;
      break;
    case "-":
      value = x - y;
      break;
    case "*":
      value = x * y;
      break;
    case "/":
    case "%":
      if (y === 0n) return b.fail(at, "expression-constant", "Division by constant zero");
      value = operator === "/" ? x / y : x % y;
      break;
    case "&":
      value = x & y;
      break;
    case "|":
      value = x | y;
      break;
    case "^":
      value = x ^ y;
      break;
    case "<<":
      return answer(wrap(x << count, kind));
    case ">>":
      return answer(wrap(x >> count, kind));
    default:
      return undefined;
  }
  const range = rangeOf(kind);
  if (range && (value < range[0] || value > range[1])) {
    if (b.uncheckedConstants) return answer(wrap(value, kind));
    return b.fail(
      at,
      "expression-constant",
      "The operation overflows at compile time in checked mode",
      "write unchecked(…) if wrapping around is meant",
    );
  }
  return answer(represent(value, kind));
}

export function foldUnary(
  b: Binder,
  operator: UnaryOperator,
  operand: Bound,
  result: Type,
  at: number,
): Bound | undefined {
  if (operand.kind !== "constant") return undefined;
  const value = operand.value;
  if (operator === "!" && typeof value === "boolean") return b.constant(!value, result, at);
  const kind = numericKind(result);
  if (!kind || kind === "decimal" || (typeof value !== "number" && typeof value !== "bigint")) return undefined;
  if (operator === "+") return b.constant(value, result, at);
  if (kind === "double" || kind === "float")
    return operator === "-" ? b.constant(-Number(value), result, at) : undefined;
  const whole = BigInt(value);
  const answer = operator === "-" ? -whole : ~whole;
  const range = rangeOf(kind);
  if (range && (answer < range[0] || answer > range[1]) && operator === "-" && !b.uncheckedConstants) {
    return b.fail(at, "expression-constant", "The operation overflows at compile time in checked mode");
  }
  return b.constant(wrap(answer, kind), result, at);
}
