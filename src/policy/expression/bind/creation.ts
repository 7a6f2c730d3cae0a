import type { Bound } from "../bound.ts";
import type { Argument, Expression, Initializer, InitializerElement } from "../syntax.ts";
import { anonymousOf, arrayOf, errorType, isDelegate, isValueType, type Type, tupleOf, voidType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { bindArguments, callGroup, hasErrors, makeCall, reportFailure } from "./calls.ts";
import { bestCommonType } from "./common-type.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { bindIndex, memberOf } from "./names.ts";
import { type Candidate, resolveOverload } from "./overloads.ts";
import { isAssignable, reportUnassignable } from "./places.ts";
import { bindType } from "./type-names.ts";

/** `new T(…) { … }`. */
export function bindCreation(b: Binder, syntax: Extract<Expression, { kind: "new" }>): Bound {
  const type = bindType(b, syntax.type);
  const created = type === errorType ? bindLostArguments(b, syntax) : construct(b, type, syntax.args, syntax.type.at);
  if (created.kind === "error" || !syntax.initializer) return created;
  return initialize(b, created, syntax.initializer);
}

function bindLostArguments(b: Binder, syntax: Extract<Expression, { kind: "new" }>): Bound {
  bindArguments(b, syntax.args);
  return b.errorNode(syntax.at);
}

function construct(b: Binder, type: Type, argumentSyntax: readonly Argument[], at: number): Bound {
  if (isDelegate(type)) {
    const [only] = bindArguments(b, argumentSyntax);
    if (!only || argumentSyntax.length !== 1) return b.fail(at, "expression-call", "Method name expected");
    return b.convert(only.value, type);
  }
  const args = bindArguments(b, argumentSyntax);
  if (type.kind !== "named") return b.fail(at, "expression-type", `'${type}' cannot be constructed with new`);
  const { kind } = type.definition;
  if (kind === "static")
    return b.fail(at, "expression-type", `Cannot create an instance of the static class '${type}'`);
  if (kind === "interface")
    return b.fail(at, "expression-type", `Cannot create an instance of the interface '${type}'`);
  if (args.length === 0 && isValueType(type)) {
    const own = type.definition.membersNamed(".ctor").some((m) => m.parameters.length === 0);
    if (!own) return { kind: "default", type, at };
  }
  const candidates: Candidate[] = type.definition.membersNamed(".ctor").map((member) => ({ member, owner: type }));
  if (candidates.length === 0)
    return b.fail(at, "expression-call", `The type '${type}' has no constructors that policy expressions may use`);
  const resolution = resolveOverload(b, candidates, args, [], undefined);
  if (resolution.resolved) return { ...makeCall(b, resolution.resolved, at), type };
  if (hasErrors(args)) return b.errorNode(at);
  return reportFailure(
    b,
    { name: ".ctor", receiver: undefined, owner: type, members: [], typeArgs: [] },
    resolution,
    args,
    at,
  );
}

/** Object and collection initialisers: steps on the new object, in order. */
function initialize(b: Binder, creation: Bound, initializer: Initializer): Bound {
  const hole = b.hole(creation.type, creation.at);
  const steps: Bound[] = [];
  for (const element of initializer.elements) elementSteps(b, hole, element, steps);
  if (steps.some((step) => step.kind === "error")) return b.errorNode(creation.at);
  return { kind: "initialized", hole, creation, steps, type: creation.type, at: creation.at };
}

function elementSteps(b: Binder, hole: Bound, element: InitializerElement, steps: Bound[]): void {
  const { target, at } = element;
  if (target.kind === "add") {
    const args = element.values.map((value) => ({
      value: value.kind === "initializer" ? b.errorNode(at) : bindExpression(b, value),
      mode: "value" as const,
    }));
    const add = memberOf(b, hole, "Add", [], at, true);
    if (add.kind === "method-group") steps.push(callGroup(b, add.group, args, at));
    else if (add.kind !== "error")
      steps.push(
        b.fail(
          at,
          "expression-type",
          `Cannot initialize type '${hole.type}' with a collection initializer because it has no Add method`,
        ),
      );
    else steps.push(add);
    return;
  }
  const place =
    target.kind === "property" ? memberOf(b, hole, target.name, [], at, false) : bindIndex(b, hole, target.args, at);
  const [value] = element.values;
  if (place.kind === "error" || !value) {
    if (value && value.kind !== "initializer") bindExpression(b, value);
    steps.push(place);
    return;
  }
  if (value.kind === "initializer") {
    // `Items = { 1, 2 }` adds to the collection that is there.
    for (const inner of value.elements) elementSteps(b, place, inner, steps);
    return;
  }
  if (!isAssignable(b, place)) {
    reportUnassignable(b, place, at);
    steps.push(b.errorNode(at));
    return;
  }
  const bound = requireValue(b, bindExpression(b, value));
  if (bound.kind === "error") steps.push(bound);
  else steps.push({ kind: "assign", target: place, value: b.convert(bound, place.type), type: place.type, at });
}

/** `new T[n]`, `new T[] { … }`, `new[] { … }`. */
export function bindArray(b: Binder, syntax: Extract<Expression, { kind: "new-array" }>): Bound {
  const { at } = syntax;
  if (syntax.rank > 1)
    return b.fail(
      at,
      "expression-type",
      "Multidimensional arrays are not supported in expressions",
      "use an array of arrays",
    );
  if (!syntax.element) {
    const values = (syntax.items ?? []).map((item) => requireValue(b, bindExpression(b, item)));
    if (values.some((value) => value.kind === "error")) return b.errorNode(at);
    const element = bestCommonType(b, values);
    if (!element || element === errorType)
      return b.fail(at, "expression-type", "No best type found for implicitly-typed array");
    return arrayNode(b, element, values, at);
  }
  const element = bindType(b, syntax.element);
  if (element === errorType || element === voidType) return b.errorNode(at);
  const [sizeSyntax] = syntax.sizes;
  const size = sizeSyntax ? b.convert(requireValue(b, bindExpression(b, sizeSyntax)), b.known.int) : undefined;
  if (size?.kind === "error") return size;
  if (!syntax.items) return { kind: "array", element, items: undefined, size, inner: [], type: arrayOf(element), at };
  if (size && (size.kind !== "constant" || size.value !== syntax.items.length)) {
    return b.fail(
      at,
      "expression-type",
      size.kind === "constant"
        ? `An array initializer of length '${size.value}' is expected`
        : "A constant value is expected",
    );
  }
  return bindArrayItems(b, syntax.items, arrayOf(element), at);
}

/** `{ a, b }` as an array of a known type. */
export function bindArrayItems(b: Binder, items: readonly Expression[], type: Type, at: number): Bound {
  if (type.kind !== "array")
    return b.fail(
      at,
      "expression-type",
      "Can only use array initializer expressions to assign to array types. Try using a new expression instead",
    );
  const values = items.map((item) => {
    if (item.kind === "array-items") return bindArrayItems(b, item.items, type.element, item.at);
    return requireValue(b, bindExpression(b, item));
  });
  if (values.some((value) => value.kind === "error")) return b.errorNode(at);
  return arrayNode(b, type.element, values, at);
}

function arrayNode(b: Binder, element: Type, values: readonly Bound[], at: number): Bound {
  const items = values.map((value) => b.convert(value, element));
  return { kind: "array", element, items, size: undefined, inner: [], type: arrayOf(element), at };
}

/** `new { a = 1, b }`. */
export function bindAnonymous(b: Binder, syntax: Extract<Expression, { kind: "anonymous" }>): Bound {
  const names: string[] = [];
  const values: Bound[] = [];
  for (const member of syntax.members) {
    if (names.includes(member.name))
      b.error(member.at, "expression-name", "An anonymous type cannot have multiple properties with the same name");
    const value = requireValue(b, bindExpression(b, member.value));
    if (value.kind === "null" || value.kind === "default-literal" || value.kind === "unbound-lambda") {
      b.error(
        member.value.at,
        "expression-type",
        `Cannot assign ${value.kind === "unbound-lambda" ? "lambda expression" : "<null>"} to anonymous type property`,
        "cast it, for example (string)null",
      );
      values.push(b.errorNode(member.at));
    } else {
      values.push(value);
    }
    names.push(member.name);
  }
  if (values.some((value) => value.kind === "error")) return b.errorNode(syntax.at);
  const type = anonymousOf(
    names,
    values.map((value) => value.type),
  );
  return { kind: "anonymous", names, values, type, at: syntax.at };
}

/** `(1, "x")`. */
export function bindTuple(b: Binder, syntax: Extract<Expression, { kind: "tuple" }>): Bound {
  const items = syntax.items.map((item) => requireValue(b, bindExpression(b, item.value)));
  if (items.some((item) => item.kind === "error")) return b.errorNode(syntax.at);
  const names = syntax.items.map((item) => item.name ?? inferredName(item.value));
  const typed = items.every((item) => b.isTyped(item) && item.type !== errorType);
  const type = typed
    ? tupleOf(
        items.map((item) => item.type),
        names,
      )
    : errorType;
  return { kind: "tuple", items, type, at: syntax.at };
}

function inferredName(value: Expression): string | undefined {
  return value.kind === "name" || value.kind === "member" ? value.name : undefined;
}
