import type { Bound, BoundBody, LambdaBody, Local, LocalFunction, MethodGroup, UnboundLambda } from "../bound.ts";
import type { DelegateShape } from "../registry.ts";
import type { Expression } from "../syntax.ts";
import { argumentMap } from "../type-relations.ts";
import { errorType, nullableUnderlying, substitute, type Type, voidType } from "../types.ts";
import type { Binder, FunctionContext } from "./binder.ts";
import { makeCall } from "./calls.ts";
import { bestCommonType } from "./common-type.ts";
import { implicitConversion, standardImplicit } from "./conversions.ts";
import { bindExpression } from "./expressions.ts";
import { resolveGroup } from "./overloads.ts";
import { bindBlockStatements } from "./statements.ts";
import { bindType } from "./type-names.ts";

/** Parameter and result types of a delegate type; undefined for all others. */
export function delegateShape(type: Type): DelegateShape | undefined {
  if (type.kind !== "named" || !type.definition.delegate) return undefined;
  const map = argumentMap(type);
  const { parameters, result } = type.definition.delegate;
  return { parameters: parameters.map((p) => substitute(p, map)), result: substitute(result, map) };
}

export function bindLambdaSyntax(b: Binder, syntax: Extract<Expression, { kind: "lambda" }>): Bound {
  const typed = syntax.parameters.some((p) => p.type !== undefined);
  if (typed && syntax.parameters.some((p) => p.type === undefined)) {
    return b.fail(
      syntax.at,
      "expression-syntax",
      "Inconsistent lambda parameter usage; parameter types must be all explicit or all implicit",
    );
  }
  const odd = syntax.parameters.find((p) => p.mode !== "value" || p.defaultValue);
  if (odd) return b.fail(odd.at, "expression-syntax", "A lambda's parameters are plain values in an expression");
  const explicitTypes = typed ? syntax.parameters.map((p) => (p.type ? bindType(b, p.type) : errorType)) : undefined;
  const lambda: UnboundLambda = { syntax, scope: b.scope, explicitTypes, bodies: new Map() };
  return { kind: "unbound-lambda", lambda, type: errorType, at: syntax.at };
}

interface BodyResult {
  parameters: Local[];
  body: BoundBody;
  values: Bound[];
}

function bindBody(b: Binder, lambda: UnboundLambda, types: readonly Type[], returnType: Type | undefined): BodyResult {
  const context: FunctionContext = { kind: "lambda", returnType, returns: [], targets: [], inFinally: 0, inCatch: 0 };
  const outer = b.context;
  const outerReceiver = b.receiver;
  b.context = context;
  b.receiver = undefined;
  try {
    return b.inScope((scope) => {
      const { syntax } = lambda;
      const parameters = syntax.parameters.map((p, i) => b.declare(p.name, types[i] ?? errorType, p.at));
      if (syntax.body.kind === "block") {
        const statements = bindBlockStatements(b, syntax.body);
        const values = context.returns.flatMap((r) => (r.value ? [r.value] : []));
        return { parameters, body: { kind: "statements", statements }, values };
      }
      let value = bindExpression(b, syntax.body);
      if (value.kind === "type" || value.kind === "namespace") value = b.convert(value, b.known.object);
      if (returnType && returnType !== voidType) value = b.convert(value, returnType, value.at);
      return { parameters, body: { kind: "expression", value, locals: scope.expressionLocals }, values: [value] };
    }, lambda.scope);
  } finally {
    b.context = outer;
    b.receiver = outerReceiver;
  }
}

/** The body under these parameter types, without reporting: what it gives decides overloads and type arguments. */
export function lambdaBody(b: Binder, lambda: UnboundLambda, types: readonly Type[]): LambdaBody {
  const key = types.map((t) => t.id).join(",");
  let known = lambda.bodies.get(key);
  if (!known) {
    const { result, diagnostics } = b.speculate(() => bindBody(b, lambda, types, undefined));
    const isBlock = lambda.syntax.body.kind === "block";
    const value = result.values[0];
    const inferred =
      isBlock && result.values.length === 0
        ? voidType
        : value?.type === voidType
          ? voidType
          : bestCommonType(b, result.values);
    known = { ...result, inferred, diagnostics: diagnostics.filter((d) => d.severity === "error") };
    lambda.bodies.set(key, known);
  }
  return known;
}

/** Whether the lambda converts to the delegate type (C# specification, 10.7). */
export function lambdaFits(b: Binder, lambda: UnboundLambda, to: Type): boolean {
  const shape = delegateShape(to);
  if (!shape || shape.parameters.length !== lambda.syntax.parameters.length) return false;
  if (lambda.explicitTypes?.some((type, i) => type !== shape.parameters[i])) return false;
  const body = lambdaBody(b, lambda, shape.parameters);
  // A body with mistakes of its own is reported when it is bound for good.
  if (body.diagnostics.length > 0) return true;
  if (shape.result === voidType)
    return lambda.syntax.body.kind === "block" ? body.values.length === 0 : isStatementLike(body.values[0]);
  if (body.inferred === voidType) return false;
  return body.values.every((value) => implicitConversion(b, value, shape.result) !== undefined);
}

function isStatementLike(value: Bound | undefined): boolean {
  return (
    value !== undefined &&
    [
      "call",
      "call-function",
      "invoke",
      "assign",
      "compound",
      "conditional-access",
      "error",
      "throw",
      "initialized",
      "set",
    ].includes(value.kind)
  );
}

/** The lambda as a value of the delegate type; its mistakes are reported. */
export function bindLambda(b: Binder, lambda: UnboundLambda, to: Type, at: number): Bound {
  const shape = delegateShape(to);
  if (!shape) return b.errorNode(at);
  const count = lambda.syntax.parameters.length;
  if (shape.parameters.length !== count) {
    return b.fail(at, "expression-type", `Delegate '${to}' does not take ${count} argument${count === 1 ? "" : "s"}`);
  }
  const types = lambda.explicitTypes ?? shape.parameters;
  const { parameters, body } = bindBody(b, lambda, types, shape.result);
  return { kind: "lambda", parameters, body, result: shape.result, type: to, at };
}

/** C# specification 12.6.4.5: the delegate whose result fits what the lambda gives is the better one. */
export function betterLambdaConversion(
  b: Binder,
  lambda: UnboundLambda,
  first: Type,
  second: Type,
  betterTarget: (a: Type, c: Type) => -1 | 0 | 1,
): -1 | 0 | 1 {
  const one = delegateShape(first);
  const other = delegateShape(second);
  if (!one || !other || one.parameters.length !== other.parameters.length) return 0;
  if (one.parameters.some((type, i) => type !== other.parameters[i])) return 0;
  if (one.result === other.result) return 0;
  if (one.result === voidType) return 1;
  if (other.result === voidType) return -1;
  const { inferred } = lambdaBody(b, lambda, one.parameters);
  if (inferred === one.result) return -1;
  if (inferred === other.result) return 1;
  // The inferred type may itself be nullable or not: then the nearer of the two targets wins as for any value.
  if (inferred && nullableUnderlying(one.result) === inferred && !nullableUnderlying(other.result))
    return betterTarget(one.result, other.result);
  return betterTarget(one.result, other.result);
}

/** Whether the methods of a group, called with the delegate's parameters, give its result. */
export function methodGroupFits(b: Binder, value: Bound & { kind: "method-group" }, to: Type): boolean {
  const shape = delegateShape(to);
  if (!shape) return false;
  const result = groupResult(b, value.group, shape.parameters);
  return result !== undefined && resultFits(b, result, shape.result);
}

export function functionGroupFits(b: Binder, target: LocalFunction, to: Type): boolean {
  const shape = delegateShape(to);
  if (!shape || shape.parameters.length !== target.parameters.length) return false;
  const taken = target.parameters.every(
    (p, i) => p.mode === "value" && standardImplicit(b, shape.parameters[i] as Type, p.type),
  );
  return taken && resultFits(b, target.returnType, shape.result);
}

function resultFits(b: Binder, result: Type, wanted: Type): boolean {
  if (wanted === voidType) return true;
  return (
    result === wanted ||
    (result !== voidType && ["identity", "reference"].includes(standardImplicit(b, result, wanted)?.kind ?? ""))
  );
}

/** Result type of a method group called with values of these types; undefined where no overload takes them. */
export function groupResult(b: Binder, group: MethodGroup, types: readonly Type[]): Type | undefined {
  const resolved = resolveGroup(
    b,
    group,
    types.map((type) => ({ value: b.hole(type, 0), mode: "value" })),
  );
  return resolved?.returnType;
}

/** A method group as a delegate: a lambda that calls the overload. */
export function bindMethodGroup(b: Binder, value: Bound, to: Type): Bound {
  const shape = delegateShape(to);
  if (!shape) return b.errorNode(value.at);
  const parameters = shape.parameters.map((type, i): Local => {
    return {
      kind: "local",
      name: `p${i}`,
      type,
      id: b.nextId(),
      cell: false,
      readonly: undefined,
      constant: undefined,
    };
  });
  const args = parameters.map((local): Bound => ({ kind: "local", local, type: local.type, at: value.at }));
  let call: Bound;
  if (value.kind === "function-group") {
    const converted = args.map((arg, i) => b.convert(arg, value.target.parameters[i]?.type ?? errorType));
    call = {
      kind: "call-function",
      target: value.target,
      args: converted,
      type: value.target.returnType,
      at: value.at,
    };
  } else if (value.kind === "method-group") {
    const resolved = resolveGroup(
      b,
      value.group,
      args.map((arg) => ({ value: arg, mode: "value" })),
    );
    if (!resolved) return b.errorNode(value.at);
    call = makeCall(b, resolved, value.at);
  } else {
    return b.errorNode(value.at);
  }
  const body = shape.result === voidType ? call : b.convert(call, shape.result);
  return {
    kind: "lambda",
    parameters,
    body: { kind: "expression", value: body, locals: [] },
    result: shape.result,
    type: to,
    at: value.at,
  };
}
