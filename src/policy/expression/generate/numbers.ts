import { type NumericKind, numericKind } from "../known-types.ts";
import type { BinaryOperator } from "../syntax.ts";
import type { Type } from "../types.ts";
import type { Module } from "./module.ts";

/** A numeric value in the representation of another numeric type. Neither is decimal, whose conversions are members. */
export function convertNumber(m: Module, text: string, from: NumericKind, to: NumericKind, checked: boolean): string {
  if (from === to) return text;
  const fromBig = from === "long" || from === "ulong";
  const fromFloat = from === "double" || from === "float";
  if (to === "double") return fromBig ? `${m.op("toNumber")}(${text})` : text;
  if (to === "float") return `${m.op("fround")}(${fromBig ? `${m.op("toNumber")}(${text})` : text})`;
  if (checked && !fits(from, to)) return checkedNumber(m, text, from, to);
  if (to === "long") {
    if (from === "ulong") return `${m.op("wrapLong")}(${text})`;
    return fromFloat ? `${m.op("doubleToLong")}(${text})` : `${m.op("toBig")}(${text})`;
  }
  if (to === "ulong") {
    if (from === "long") return `${m.op("wrapULong")}(${text})`;
    if (fromFloat) return `${m.op("doubleToULong")}(${text})`;
    return signed.has(from) ? `${m.op("wrapULong")}(${m.op("toBig")}(${text}))` : `${m.op("toBig")}(${text})`;
  }
  let value = text;
  if (fromBig) value = `${m.op("bigToInt")}(${text})`;
  else if (fromFloat)
    value = to === "uint" ? `${m.op("bigToInt")}(${m.op("doubleToLong")}(${text}))` : `${m.op("doubleToInt")}(${text})`;
  else if (fits(from, to)) return text;
  return narrow(value, to);
}

const signed = new Set<NumericKind>(["sbyte", "short", "int", "long"]);
const widths: Readonly<Record<NumericKind, number>> = {
  sbyte: 8,
  byte: 8,
  short: 16,
  ushort: 16,
  char: 16,
  int: 32,
  uint: 32,
  long: 64,
  ulong: 64,
  float: 99,
  double: 100,
  decimal: 0,
};

/** Every value of `from` is one of `to`. */
function fits(from: NumericKind, to: NumericKind): boolean {
  if (from === "double" || from === "float") return false;
  if (signed.has(from)) return signed.has(to) && widths[from] <= widths[to];
  return signed.has(to) ? widths[from] < widths[to] : widths[from] <= widths[to];
}

function narrow(text: string, to: NumericKind): string {
  switch (to) {
    case "int":
      return `(${text}|0)`;
    case "uint":
      return `(${text}>>>0)`;
    case "short":
      return `(${text}<<16>>16)`;
    case "ushort":
    case "char":
      return `(${text}&65535)`;
    case "sbyte":
      return `(${text}<<24>>24)`;
    default:
      return `(${text}&255)`;
  }
}

const checks = {
  sbyte: "checkedSByte",
  byte: "checkedByte",
  short: "checkedShort",
  ushort: "checkedUShort",
  char: "checkedUShort",
  int: "checkedInt",
  uint: "checkedUInt",
  long: "checkedLong",
  ulong: "checkedULong",
} as const;

function checkedNumber(m: Module, text: string, from: NumericKind, to: NumericKind): string {
  const fromBig = from === "long" || from === "ulong";
  const check = m.op(checks[to as keyof typeof checks]);
  if (to === "long" || to === "ulong") {
    if (fromBig) return `${check}(${text})`;
    return `${check}(${from === "double" || from === "float" ? m.op("checkedWhole") : m.op("toBig")}(${text}))`;
  }
  if (fromBig) return `${check}(${m.op("toNumber")}(${text}))`;
  return from === "double" || from === "float" ? `${check}(${m.op("checkedTruncate")}(${text}))` : `${check}(${text})`;
}

const comparisons: Readonly<Record<string, string>> = {
  "==": "===",
  "!=": "!==",
  "<": "<",
  ">": ">",
  "<=": "<=",
  ">=": ">=",
};

/** An operator of the language on two operands of one representation. `divisor`: the right operand, when constant. */
export function numberOperator(
  m: Module,
  operator: BinaryOperator,
  left: string,
  right: string,
  type: Type,
  checked: boolean,
  divisor: unknown,
): string {
  const comparison = comparisons[operator];
  if (comparison) return `(${left}${comparison}${right})`;
  const kind = numericKind(type);
  switch (kind) {
    case "int":
      return int32(m, operator, left, right, checked, divisor);
    case "uint":
      return uint32(m, operator, left, right, checked);
    case "long":
    case "ulong":
      return int64(m, operator, left, right, checked, kind);
    case "float":
      return `${m.op("fround")}(${left}${operator}${right})`;
    case "double":
      return `(${left}${operator}${right})`;
    default:
      return boolean(operator, left, right);
  }
}

/** `&`, `|`, `^` on bool evaluate both sides. */
function boolean(operator: BinaryOperator, left: string, right: string): string {
  return operator === "^" ? `(${left}!==${right})` : `((${left}${operator}${right})===1)`;
}

function int32(
  m: Module,
  operator: BinaryOperator,
  left: string,
  right: string,
  checked: boolean,
  divisor: unknown,
): string {
  switch (operator) {
    case "/":
      if (typeof divisor === "number" && divisor !== 0 && divisor !== -1) return `(${left}/${right}|0)`;
      return `${m.op("idiv")}(${left},${right})`;
    case "%":
      if (typeof divisor === "number" && divisor !== 0) return `(${left}%${right}|0)`;
      return `${m.op("irem")}(${left},${right})`;
    case "*":
      return checked
        ? `${m.op("checkedInt")}(${m.op("bigProduct")}(${left},${right}))`
        : `${m.op("imul")}(${left},${right})`;
    case "+":
    case "-":
      return checked
        ? `${m.op("checkedInt")}(${left}${operator}${spaced(right)})`
        : `(${left}${operator}${spaced(right)}|0)`;
    default:
      return `(${left}${operator}${right})`;
  }
}

function uint32(m: Module, operator: BinaryOperator, left: string, right: string, checked: boolean): string {
  switch (operator) {
    case "/":
      return `${m.op("udiv")}(${left},${right})`;
    case "%":
      return `${m.op("urem")}(${left},${right})`;
    case "*":
      return checked
        ? `${m.op("checkedUInt")}(${m.op("bigProduct")}(${left},${right}))`
        : `(${m.op("imul")}(${left},${right})>>>0)`;
    case "+":
    case "-":
      return checked
        ? `${m.op("checkedUInt")}(${left}${operator}${spaced(right)})`
        : `(${left}${operator}${spaced(right)}>>>0)`;
    case ">>":
      return `(${left}>>>${right})`;
    default:
      return `((${left}${operator}${right})>>>0)`;
  }
}

function int64(
  m: Module,
  operator: BinaryOperator,
  left: string,
  right: string,
  checked: boolean,
  kind: "long" | "ulong",
): string {
  const wrap = m.op(
    checked ? (kind === "long" ? "checkedLong" : "checkedULong") : kind === "long" ? "wrapLong" : "wrapULong",
  );
  switch (operator) {
    case "/":
      return `${m.op("ldiv")}(${left},${right})`;
    case "%":
      return `${m.op("lrem")}(${left},${right})`;
    case "<<":
    case ">>":
      return `${m.op(kind === "long" ? "wrapLong" : "wrapULong")}(${left}${operator}${m.op("toBig")}(${right}&63))`;
    default:
      return `${wrap}(${left}${operator}${spaced(right)})`;
  }
}

/** `a- -1` and not `a--1`. */
function spaced(text: string): string {
  return text.startsWith("-") || text.startsWith("+") ? ` ${text}` : text;
}

/** Unary `-` and `~`. */
export function numberNegation(m: Module, operator: string, operand: string, type: Type, checked: boolean): string {
  if (operator === "+") return operand;
  const kind = numericKind(type);
  const text = `${operator}${spaced(operand)}`;
  if (kind === "long") return operator === "~" ? `(${text})` : `${m.op(checked ? "checkedLong" : "wrapLong")}(${text})`;
  if (kind === "ulong") return `${m.op("wrapULong")}(${text})`;
  if (kind === "uint") return `((${text})>>>0)`;
  if (kind === "int") return checked && operator === "-" ? `${m.op("checkedInt")}(${text})` : `(${text}|0)`;
  return `(${text})`;
}
