import type { Bound } from "../bound.ts";
import type { Expression } from "../syntax.ts";
import { errorType, isNamed, isValueType, nullableUnderlying, nullType, type Type, voidType } from "../types.ts";
import { bindAssign, bindIncrement } from "./assignments.ts";
import type { Binder } from "./binder.ts";
import { bindCall } from "./calls.ts";
import { bestCommonType } from "./common-type.ts";
import { explicitConversion, implicitConversion } from "./conversions.ts";
import { bindAnonymous, bindArray, bindCreation, bindTuple } from "./creation.ts";
import { bindLambdaSyntax } from "./lambdas.ts";
import { bindIndex, bindMember, bindNameExpression } from "./names.ts";
import { bindBinary } from "./operators.ts";
import { bindIs } from "./patterns.ts";
import { bindQuery } from "./queries.ts";
import { bindInterpolated, bindString } from "./strings.ts";
import { bindType } from "./type-names.ts";
import { bindUnary } from "./unary-operators.ts";

/** Any expression; the result may be a type, a method group or another form that is no value yet. */
export function bindExpression(b: Binder, syntax: Expression): Bound {
  b.step();
  const { at } = syntax;
  switch (syntax.kind) {
    case "number":
      return bindNumber(b, syntax);
    case "char":
      return b.constant(syntax.value, b.known.char, at);
    case "bool":
      return b.constant(syntax.value, b.known.bool, at);
    case "null":
      return { kind: "null", type: nullType, at };
    case "string":
      return bindString(b, syntax.parts, at);
    case "interpolated":
      return bindInterpolated(b, syntax);
    case "name":
      return bindNameExpression(b, syntax);
    case "keyword-name":
      return { kind: "type", of: b.registry.find(syntax.keyword, 0)?.construct([]) ?? errorType, type: errorType, at };
    case "member":
      return bindMember(b, syntax);
    case "call":
      return bindCall(b, syntax);
    case "index":
      return bindIndex(b, bindExpression(b, syntax.target), syntax.args, at);
    case "conditional-access":
      return bindConditionalAccess(b, syntax);
    case "receiver":
      return b.receiver ?? b.errorNode(at);
    case "parenthesized":
      return bindExpression(b, syntax.inner);
    case "unary":
      return bindUnary(b, syntax);
    case "increment":
      return bindIncrement(b, syntax);
    case "binary":
      return bindBinary(b, syntax);
    case "assign":
      return bindAssign(b, syntax);
    case "cast":
      return bindCast(b, syntax);
    case "as":
      return bindAs(b, syntax);
    case "is":
      return bindIs(b, syntax);
    case "conditional":
      return bindConditional(b, syntax);
    case "lambda":
      return bindLambdaSyntax(b, syntax);
    case "new":
      return bindCreation(b, syntax);
    case "new-array":
      return bindArray(b, syntax);
    case "array-items":
      return b.fail(at, "expression-syntax", "Array initializers can only be used in a variable or array creation");
    case "anonymous":
      return bindAnonymous(b, syntax);
    case "typeof": {
      const of = bindType(b, syntax.type);
      return of === errorType ? b.errorNode(at) : { kind: "type-value", of, type: b.known.type, at };
    }
    case "default":
      return bindDefault(b, syntax);
    case "nameof":
      return bindNameof(b, syntax);
    case "checked":
      return bindChecked(b, syntax);
    case "throw":
      return { kind: "throw", value: b.convert(bindValue(b, syntax.value), b.known.exception), type: errorType, at };
    case "tuple":
      return bindTuple(b, syntax);
    case "declaration":
      return b.fail(at, "expression-syntax", "A variable cannot be declared here");
    case "query":
      return bindQuery(b, syntax);
  }
}

/** An expression that must be a value: not a type, namespace, method or void. */
export function bindValue(b: Binder, syntax: Expression): Bound {
  return requireValue(b, bindExpression(b, syntax));
}

export function requireValue(b: Binder, value: Bound): Bound {
  switch (value.kind) {
    case "type":
      return b.fail(value.at, "expression-type", `'${value.of}' is a type, which is not valid in the given context`);
    case "namespace":
      return b.fail(value.at, "expression-type", `'${value.name}' is a namespace but is used like a variable`);
    case "method-group":
      return b.fail(
        value.at,
        "expression-type",
        `The method '${value.group.name}' is used like a value`,
        "add () to call it",
      );
    case "function-group":
      return b.fail(
        value.at,
        "expression-type",
        `The method '${value.target.name}' is used like a value`,
        "add () to call it",
      );
    default:
      return value.type === voidType
        ? b.fail(value.at, "expression-type", "A call that gives no value (void) is used like a value")
        : value;
  }
}

function bindNumber(b: Binder, { type, value, at }: Extract<Expression, { kind: "number" }>): Bound {
  if (type === "decimal") return { kind: "constant", value: value as string, type: b.known.decimal, at };
  return b.constant(value, b.known[type], at);
}

function bindDefault(b: Binder, syntax: Extract<Expression, { kind: "default" }>): Bound {
  if (!syntax.type) return { kind: "default-literal", type: errorType, at: syntax.at };
  const type = bindType(b, syntax.type);
  if (type === errorType || type === voidType) return b.errorNode(syntax.at);
  return { kind: "default", type, at: syntax.at };
}

function bindNameof(b: Binder, syntax: Extract<Expression, { kind: "nameof" }>): Bound {
  const { operand } = syntax;
  const name = operand.kind === "name" || operand.kind === "member" ? operand.name : undefined;
  if (name === undefined) return b.fail(operand.at, "expression-syntax", "Expression does not have a name");
  // `nameof(String.Length)` names an instance member through its type: only what stands before the dot must exist.
  bindExpression(b, operand.kind === "member" ? operand.target : operand);
  return b.constant(name, b.known.string, syntax.at);
}

function bindChecked(b: Binder, syntax: Extract<Expression, { kind: "checked" }>): Bound {
  const outer = { checked: b.checked, constants: b.uncheckedConstants };
  b.checked = syntax.checked;
  b.uncheckedConstants = !syntax.checked;
  try {
    return bindExpression(b, syntax.inner);
  } finally {
    b.checked = outer.checked;
    b.uncheckedConstants = outer.constants;
  }
}

function bindCast(b: Binder, syntax: Extract<Expression, { kind: "cast" }>): Bound {
  const to = bindType(b, syntax.type);
  const value = bindExpression(b, syntax.operand);
  if (to === errorType || value.kind === "error") return b.errorNode(syntax.at);
  if (to === voidType) return b.fail(syntax.at, "expression-type", "Cannot convert to void");
  if (value.type === voidType) return requireValue(b, value);
  const conversion = explicitConversion(b, value, to);
  if (conversion) {
    const node = b.apply(value, conversion, to);
    // The failing cast is what a diagnostic or a run-time message speaks of.
    return node.kind === "convert" ? { ...node, at: syntax.at } : node;
  }
  if (["unbound-lambda", "method-group", "type", "namespace"].includes(value.kind)) return b.convert(value, to);
  if (value.kind === "null")
    return b.fail(
      syntax.at,
      "expression-type",
      `Cannot convert null to '${to}' because it is a non-nullable value type`,
    );
  const hint =
    to === b.known.string ? "use ToString()" : isNamed(value.type, "System.String") ? parseHint(to) : undefined;
  return b.fail(syntax.at, "expression-type", `Cannot convert type '${value.type}' to '${to}'`, hint);
}

function parseHint(to: Type): string | undefined {
  return isValueType(to) ? `use ${to}.Parse(…)` : undefined;
}

function bindAs(b: Binder, syntax: Extract<Expression, { kind: "as" }>): Bound {
  const to = bindType(b, syntax.type);
  const value = requireValue(b, bindExpression(b, syntax.operand));
  if (to === errorType || value.type === errorType) return b.errorNode(syntax.at);
  if (isValueType(to) && !nullableUnderlying(to)) {
    return b.fail(
      syntax.at,
      "expression-type",
      `The as operator must be used with a reference type or nullable type ('${to}' is a non-nullable value type)`,
    );
  }
  if (value.kind === "null") return b.constant(null, to, syntax.at);
  const implicit = implicitConversion(b, value, to);
  if (implicit && ["identity", "reference", "boxing", "nullable"].includes(implicit.kind))
    return b.apply(value, implicit, to);
  const explicit = explicitConversion(b, value, to);
  if (!explicit || !["cast", "unboxing"].includes(explicit.kind)) {
    return b.fail(
      syntax.at,
      "expression-type",
      `Cannot convert type '${value.type}' to '${to}' via a reference conversion`,
    );
  }
  return { kind: "as", operand: value, type: to, at: syntax.at };
}

function bindConditional(b: Binder, syntax: Extract<Expression, { kind: "conditional" }>): Bound {
  const condition = b.condition(requireValue(b, bindExpression(b, syntax.condition)));
  const whenTrue = bindExpression(b, syntax.whenTrue);
  const whenFalse = bindExpression(b, syntax.whenFalse);
  if (whenTrue.kind === "error" || whenFalse.kind === "error") return b.errorNode(syntax.at);
  for (const side of [whenTrue, whenFalse]) {
    if (side.type === voidType || ["type", "namespace", "method-group", "function-group"].includes(side.kind))
      return requireValue(b, side);
  }
  const type = conditionalType(b, whenTrue, whenFalse);
  if (!type) {
    const shown = (value: Bound): string =>
      value.kind === "null" ? "<null>" : value.kind === "unbound-lambda" ? "lambda expression" : String(value.type);
    return b.fail(
      syntax.at,
      "expression-type",
      `Type of conditional expression cannot be determined because there is no implicit conversion between '${shown(whenTrue)}' and '${shown(whenFalse)}'`,
      whenTrue.kind === "null" || whenFalse.kind === "null" ? "cast one side, for example (int?)null" : undefined,
    );
  }
  const node: Bound = {
    kind: "conditional",
    condition,
    whenTrue: b.convert(whenTrue, type),
    whenFalse: b.convert(whenFalse, type),
    type,
    at: syntax.at,
  };
  if (condition.kind === "constant") {
    const chosen = condition.value === true ? node.whenTrue : node.whenFalse;
    if (chosen.kind === "constant" && node.whenTrue.kind === "constant" && node.whenFalse.kind === "constant")
      return { ...chosen, at: syntax.at };
  }
  return node;
}

/** The type of `c ? a : b`: one side's type that the other side converts to, and not both ways. */
function conditionalType(b: Binder, one: Bound, other: Bound): Type | undefined {
  const forth = one.type !== errorType && implicitConversion(b, other, one.type) !== undefined && one.kind !== "null";
  const back =
    other.type !== errorType && implicitConversion(b, one, other.type) !== undefined && other.kind !== "null";
  if (forth && back) return one.type === other.type ? one.type : preferConstantFit(one, other);
  if (forth) return one.type;
  if (back) return other.type;
  return bestCommonType(b, [one, other]);
}

/** `flag ? someByte : 1`: the constant adapts to the variable's type. */
function preferConstantFit(one: Bound, other: Bound): Type | undefined {
  if (one.kind === "constant" && other.kind !== "constant") return other.type;
  return one.type;
}

function bindConditionalAccess(b: Binder, syntax: Extract<Expression, { kind: "conditional-access" }>): Bound {
  const target = requireValue(b, bindExpression(b, syntax.target));
  if (target.type === errorType) return b.errorNode(syntax.at);
  const underlying = nullableUnderlying(target.type);
  if (isValueType(target.type) && !underlying) {
    return b.fail(syntax.at, "expression-type", `Operator '?' cannot be applied to operand of type '${target.type}'`);
  }
  const hole = b.hole(underlying ?? target.type, syntax.at);
  const outer = b.receiver;
  b.receiver = hole;
  let rest: Bound;
  try {
    rest = bindExpression(b, syntax.rest);
  } finally {
    b.receiver = outer;
  }
  if (rest.kind === "method-group") return requireValue(b, rest);
  if (rest.type === errorType) return b.errorNode(syntax.at);
  if (rest.type === voidType) return { kind: "conditional-access", target, hole, rest, type: voidType, at: syntax.at };
  const type = isValueType(rest.type) ? b.known.nullable(rest.type) : rest.type;
  return { kind: "conditional-access", target, hole, rest: b.convert(rest, type), type, at: syntax.at };
}
