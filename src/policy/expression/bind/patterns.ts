import type { Bound, Local } from "../bound.ts";
import type { Expression, Pattern, TypeSyntax } from "../syntax.ts";
import { admitsNull, errorType, isReferenceType, isValueType, nullableUnderlying, type Type } from "../types.ts";
import type { Binder } from "./binder.ts";
import { explicitConversion, implicitConversion } from "./conversions.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { bindType } from "./type-names.ts";

/** `value is pattern`. */
export function bindIs(b: Binder, syntax: Extract<Expression, { kind: "is" }>): Bound {
  const operand = requireValue(b, bindExpression(b, syntax.operand));
  if (operand.kind === "error" || (operand.type === errorType && operand.kind !== "null"))
    return b.errorNode(syntax.at);
  const test = bindPattern(b, syntax.pattern, operand);
  if (!test) return b.errorNode(syntax.at);
  return { kind: "is", operand, ...test, type: b.known.bool, at: syntax.at };
}

export interface PatternTest {
  test: Type | undefined;
  constant: Bound | undefined;
  local: Local | undefined;
}

/** A pattern for values like `operand`; undefined when it is wrong, which is then reported. */
export function bindPattern(b: Binder, pattern: Pattern, operand: Bound): PatternTest | undefined {
  if (pattern.kind === "constant-pattern") return constantPattern(b, pattern.value, operand);
  if (!pattern.type) {
    const local = declare(b, pattern.name, operand.type, pattern.nameAt);
    return { test: undefined, constant: undefined, local };
  }
  const asConstant = pattern.name === undefined ? nameAsConstant(b, pattern.type) : undefined;
  if (asConstant) return constantPattern(b, asConstant, operand);
  const test = bindType(b, pattern.type);
  if (test === errorType) return undefined;
  if (nullableUnderlying(test) && pattern.name !== undefined) {
    b.error(
      pattern.at,
      "expression-type",
      `It is not legal to use nullable type '${test}' in a pattern; use the underlying type '${nullableUnderlying(test)}' instead`,
    );
    return undefined;
  }
  if (!mayBe(b, operand, test)) {
    if (operand.kind === "null") return { test, constant: undefined, local: undefined };
    b.error(
      pattern.at,
      "expression-type",
      `An expression of type '${operand.type}' cannot be handled by a pattern of type '${test}'`,
    );
    return undefined;
  }
  const local =
    pattern.name === undefined || pattern.name === "_" ? undefined : declare(b, pattern.name, test, pattern.nameAt);
  return { test, constant: undefined, local };
}

function declare(b: Binder, name: string | undefined, type: Type, at: number): Local | undefined {
  if (name === undefined || name === "_") return undefined;
  const local = b.declare(name, type, at);
  b.scope.expressionLocals.push(local);
  return local;
}

function mayBe(b: Binder, operand: Bound, test: Type): boolean {
  if (implicitConversion(b, operand, test)) return true;
  const conversion = explicitConversion(b, operand, test);
  if (conversion && ["cast", "unboxing", "nullable"].includes(conversion.kind)) return true;
  return isReferenceType(operand.type) && !isValueType(operand.type) && conversion?.kind === "cast";
}

/** `x is DayOfWeek.Monday` or a constant's name reads like a type: what the name means decides. */
function nameAsConstant(b: Binder, type: TypeSyntax): Expression | undefined {
  if (type.kind !== "name-type" || type.parts.some((part) => part.args.length > 0)) return undefined;
  const { at, end } = type;
  const [first, ...rest] = type.parts;
  if (!first || b.registry.find(type.parts.map((part) => part.name).join("."), 0)) return undefined;
  let expression: Expression = { kind: "name", name: first.name, args: [], at, end };
  for (const part of rest)
    expression = { kind: "member", target: expression, name: part.name, args: [], nameAt: part.at, at: part.at, end };
  const { result } = b.speculate(() => bindExpression(b, expression));
  return result.kind === "constant" ? expression : undefined;
}

function constantPattern(b: Binder, syntax: Expression, operand: Bound): PatternTest | undefined {
  const value = requireValue(b, bindExpression(b, syntax));
  if (value.kind === "error") return undefined;
  if (value.kind === "null") {
    if (operand.kind !== "null" && !admitsNull(operand.type)) {
      b.error(
        syntax.at,
        "expression-type",
        `Cannot convert null to '${operand.type}' because it is a non-nullable value type`,
      );
      return undefined;
    }
    return { test: undefined, constant: b.constant(null, b.known.object, syntax.at), local: undefined };
  }
  if (value.kind !== "constant") {
    b.error(syntax.at, "expression-constant", "A constant value is expected");
    return undefined;
  }
  if (operand.type === b.known.object)
    return { test: undefined, constant: b.convert(value, b.known.object), local: undefined };
  const wanted = nullableUnderlying(operand.type) ?? operand.type;
  const converted = b.convert(value, wanted);
  return converted.kind === "error" ? undefined : { test: undefined, constant: converted, local: undefined };
}
