import type { BinaryOperator, Bound } from "../bound.ts";
import { type NumericKind, numericKind } from "../known-types.ts";
import type { Expression, UnaryOperator } from "../syntax.ts";
import {
  admitsNull,
  errorType,
  isDelegate,
  isEnum,
  isReferenceType,
  isValueType,
  nullableUnderlying,
  type Type,
  voidType,
} from "../types.ts";
import type { Binder } from "./binder.ts";
import { makeCall } from "./calls.ts";
import { foldBinary, foldUnary } from "./constants.ts";
import { explicitConversion, implicitConversion, standardImplicit } from "./conversions.ts";
import { bindDeconstruction, isDeconstruction } from "./deconstruction.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { type Candidate, resolveOverload } from "./overloads.ts";
import { isAssignable, reportUnassignable } from "./places.ts";
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
function isBroken(value: Bound): boolean {
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
function userOperator(b: Binder, operator: string, operands: readonly Bound[], at: number): Bound | undefined {
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

const comparisons = new Set<BinaryOperator>(["==", "!=", "<", ">", "<=", ">="]);
const integral = new Set<NumericKind>(["sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "char"]);

/** Operators of the language on numbers, bool, enums. */
function predefined(b: Binder, operator: BinaryOperator, left: Bound, right: Bound, at: number): Bound | undefined {
  const { bool } = b.known;
  if (left.type === bool && right.type === bool) {
    return ["==", "!=", "&", "|", "^"].includes(operator) ? make(b, operator, left, right, bool, at) : undefined;
  }
  const one = numericKind(left.type);
  const other = numericKind(right.type);
  if (one && other) return numeric(b, operator, left, right, one, other, at);
  return enumOperator(b, operator, left, right, at);
}

function numeric(
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

function enumOperator(b: Binder, operator: BinaryOperator, left: Bound, right: Bound, at: number): Bound | undefined {
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

/** The operator on `T?` operands: null in, null out (false for comparisons) (C# specification, 12.4.8). */
function lifted(b: Binder, operator: BinaryOperator, left: Bound, right: Bound, at: number): Bound | undefined {
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

function nullTest(b: Binder, operator: BinaryOperator, value: Bound, at: number): Bound {
  const none = b.constant(null, value.type, at);
  return { kind: "binary", operator, left: value, right: none, checked: false, type: b.known.bool, at };
}

/** `==` and `!=` of references, of null, and of object with string. */
function equality(b: Binder, operator: "==" | "!=", left: Bound, right: Bound, at: number): Bound | undefined {
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
