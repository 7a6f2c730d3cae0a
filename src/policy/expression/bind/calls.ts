import type { Bound, LocalFunction, MethodGroup } from "../bound.ts";
import type { Member } from "../registry.ts";
import type { Argument, Expression } from "../syntax.ts";
import { errorType, isDelegate, isReferenceType, type Type, voidType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { constantFromText } from "./defaults.ts";
import { bindExpression } from "./expressions.ts";
import { delegateShape } from "./lambdas.ts";
import { describeMissing, outsideWhitelist } from "./messages.ts";
import { bindMember, bindNameExpression } from "./names.ts";
import {
  type BoundArgument,
  type Failure,
  groupCandidates,
  type Resolution,
  type Resolved,
  resolveExtension,
  resolveOverload,
} from "./overloads.ts";
import { isAssignable } from "./places.ts";
import { bindType } from "./type-names.ts";

/** Arguments, bound as far as they can be before the overload is known. */
export function bindArguments(b: Binder, args: readonly Argument[]): BoundArgument[] {
  return args.map((argument) => {
    const common = {
      mode: argument.mode,
      name: argument.name,
      at: argument.name === undefined ? argument.value.at : argument.nameAt,
    };
    if (argument.value.kind === "declaration") {
      const { name, type, at } = argument.value;
      const declared = type ? bindType(b, type) : undefined;
      return {
        ...common,
        value: { kind: "out", target: undefined, mode: "out", type: declared ?? errorType, at },
        declaration: { name, type: declared, at },
      };
    }
    if (
      argument.mode === "out" &&
      argument.value.kind === "name" &&
      argument.value.name === "_" &&
      !b.scope.find("_")
    ) {
      const { at } = argument.value;
      return {
        ...common,
        value: { kind: "out", target: undefined, mode: "out", type: errorType, at },
        declaration: { name: "_", type: undefined, at },
      };
    }
    const value = bindExpression(b, argument.value);
    if (argument.mode !== "value" && value.type !== errorType && !isAssignable(b, value)) {
      b.error(argument.value.at, "expression-type", `A ref or out value must be an assignable variable`);
    }
    return { ...common, value };
  });
}

export function hasErrors(args: readonly BoundArgument[]): boolean {
  return args.some(
    ({ value, declaration }) =>
      value.kind === "error" || (value.type === errorType && !declaration && !isPending(value)),
  );
}

function isPending(value: Bound): boolean {
  return ["null", "default-literal", "unbound-lambda", "method-group", "function-group", "throw", "tuple"].includes(
    value.kind,
  );
}

/** A call `f(…)`, `x.f(…)`, `T.f(…)` or of a delegate. */
export function bindCall(b: Binder, syntax: Extract<Expression, { kind: "call" }>): Bound {
  const target = bindCallee(b, syntax.target);
  const args = bindArguments(b, syntax.args);
  if (target.kind === "error") {
    declareLost(b, args);
    return target;
  }
  if (target.kind === "function-group") return callFunction(b, target.target, args, syntax.at);
  if (target.kind === "method-group") return callGroup(b, target.group, args, nameAt(syntax.target));
  if (target.kind === "type") {
    return b.fail(
      syntax.target.at,
      "expression-type",
      `'${target.of}' is a type but is used like a method`,
      `write new ${target.of}(…)`,
    );
  }
  if (isDelegate(target.type)) return invoke(b, target, args, syntax.at);
  if (target.type === errorType) return b.errorNode(syntax.at);
  // The reference's corpus has `context.Request.MatchedParameters("id")`, which the service accepts nowhere else.
  return b.fail(
    syntax.target.at,
    "expression-call",
    `Non-invocable member cannot be used like a method; it is of type '${target.type}'`,
    "use […] for an indexer",
  );
}

function nameAt(target: Expression): number {
  return target.kind === "member" ? target.nameAt : target.at;
}

function bindCallee(b: Binder, syntax: Expression): Bound {
  if (syntax.kind === "member") return bindMember(b, syntax, true);
  if (syntax.kind === "name") return bindNameExpression(b, syntax, true);
  return bindExpression(b, syntax);
}

/** Calls a method group: its own methods first, then extension methods. */
export function callGroup(b: Binder, group: MethodGroup, args: readonly BoundArgument[], at: number): Bound {
  const special = objectMember(b, group, args, at);
  if (special) return special;
  const own = resolveOverload(b, groupCandidates(b, group), args, group.typeArgs, group.receiver);
  if (own.resolved) return finish(b, own.resolved, at);
  let failed = own;
  if (group.extensions && group.receiver) {
    const extension = resolveExtension(b, group, args);
    if (extension.resolved) return finish(b, extension.resolved, at);
    if (group.members.length === 0 || (extension.ambiguous.length > 0 && own.ambiguous.length === 0))
      failed = extension;
  }
  if (hasErrors(args)) {
    declareLost(b, args);
    return b.errorNode(at);
  }
  return reportFailure(b, group, failed, args, at);
}

/** `GetType()` is the one member of object that generated code carries out itself. */
function objectMember(b: Binder, group: MethodGroup, args: readonly BoundArgument[], at: number): Bound | undefined {
  if (group.name !== "GetType" || args.length > 0 || !group.receiver) return undefined;
  const operand = isReferenceType(group.receiver.type) ? group.receiver : b.convert(group.receiver, b.known.object);
  return { kind: "get-type", operand, type: b.known.type, at };
}

function finish(b: Binder, resolved: Resolved, at: number): Bound {
  return makeCall(b, resolved, at);
}

/** The call node of a chosen overload: arguments converted, defaults filled in, `params` packed. */
export function makeCall(b: Binder, resolved: Resolved, at: number): Bound {
  const { member, slots, parameterTypes } = resolved;
  const args = member.parameters.map((parameter, i): Bound => {
    const type = parameterTypes[i] as Type;
    const slot = slots[i] ?? [];
    if (resolved.expanded && i === member.parameters.length - 1 && type.kind === "array") {
      const items = slot.map((argument) => b.convert(argument.value, type.element));
      return { kind: "array", element: type.element, items, size: undefined, inner: [], type, at };
    }
    const [argument] = slot;
    if (!argument) return constantFromText(b, parameter.defaultText ?? "default", type, at);
    return argument.mode === "value" ? b.convert(argument.value, type) : outArgument(b, argument, type);
  });
  const typeArgs = member.typeParameters.length > 0 ? resolved.typeArgs : resolved.owner.args;
  const receiver = member.isStatic || member.kind === "constructor" ? undefined : resolved.receiver;
  return { kind: "call", member, receiver, args, typeArgs, owner: resolved.owner, type: resolved.returnType, at };
}

function outArgument(b: Binder, argument: BoundArgument, type: Type): Bound {
  const { declaration, mode } = argument;
  const at = argument.value.at;
  if (mode === "value") return argument.value;
  if (!declaration) return { kind: "out", target: argument.value, mode, type, at };
  if (declaration.name === "_" && !declaration.type) return { kind: "out", target: undefined, mode, type, at };
  const local = b.declare(declaration.name, declaration.type ?? type, declaration.at);
  b.scope.expressionLocals.push(local);
  return { kind: "out", target: { kind: "local", local, type: local.type, at }, mode, type, at };
}

export function callFunction(b: Binder, target: LocalFunction, args: readonly BoundArgument[], at: number): Bound {
  // A local function has one form; it resolves like a method of that signature.
  const slots: (BoundArgument | BoundArgument[] | undefined)[] = target.parameters.map(() => undefined);
  const last = target.parameters.at(-1);
  const fail = (message: string): Bound => b.fail(at, "expression-call", message);
  let expandFrom = -1;
  if (last?.mode === "params") {
    const direct = args.length === target.parameters.length && args[args.length - 1]?.value.type === last.type;
    if (!direct) expandFrom = target.parameters.length - 1;
  }
  for (const [i, argument] of args.entries()) {
    const index = argument.name === undefined ? i : target.parameters.findIndex((p) => p.name === argument.name);
    if (index < 0)
      return fail(`The best overload for '${target.name}' does not have a parameter named '${argument.name}'`);
    if (expandFrom >= 0 && index >= expandFrom) {
      const list = (slots[expandFrom] ??= []) as BoundArgument[];
      list.push(argument);
    } else if (index >= slots.length || slots[index]) {
      return fail(`No overload for method '${target.name}' takes ${args.length} arguments`);
    } else {
      slots[index] = argument;
    }
  }
  const bound: Bound[] = [];
  for (const [i, parameter] of target.parameters.entries()) {
    const slot = slots[i];
    if (i === expandFrom && parameter.type.kind === "array") {
      const { element } = parameter.type;
      const items = ((slot as BoundArgument[] | undefined) ?? []).map((a) => b.convert(a.value, element));
      bound.push({ kind: "array", element, items, size: undefined, inner: [], type: parameter.type, at });
    } else if (!slot || Array.isArray(slot)) {
      if (!parameter.defaultValue)
        return fail(
          `There is no argument given that corresponds to the required parameter '${parameter.name}' of '${target.name}'`,
        );
      bound.push(parameter.defaultValue);
    } else if (parameter.mode === "out" || parameter.mode === "ref") {
      if (slot.mode !== parameter.mode)
        return fail(`Argument ${i + 1} must be passed with the '${parameter.mode}' keyword`);
      bound.push(outArgument(b, slot, parameter.type));
    } else {
      bound.push(b.convert(slot.value, parameter.type));
    }
  }
  return { kind: "call-function", target, args: bound, type: target.returnType, at };
}

/** Calls a value of a delegate type. */
export function invoke(b: Binder, target: Bound, args: readonly BoundArgument[], at: number): Bound {
  const shape = delegateShape(target.type);
  if (!shape) return b.errorNode(at);
  if (shape.parameters.length !== args.length) {
    return b.fail(at, "expression-call", `Delegate '${target.type}' does not take ${args.length} arguments`);
  }
  const converted = args.map((argument, i) => b.convert(argument.value, shape.parameters[i] as Type));
  return { kind: "invoke", target, args: converted, type: shape.result, at };
}

/** Variables that the arguments of a failed call declare: known by name, so that their uses are not errors of their own. */
function declareLost(b: Binder, args: readonly BoundArgument[]): void {
  for (const { declaration } of args) {
    if (declaration && declaration.name !== "_" && !b.scope.has(declaration.name)) {
      b.declare(declaration.name, declaration.type ?? errorType, declaration.at);
    }
  }
}

/** Says why no overload fits, as the C# compiler does: the nearest candidate's first mistake. */
export function reportFailure(
  b: Binder,
  group: Pick<MethodGroup, "name" | "receiver" | "owner" | "members" | "typeArgs">,
  resolution: Resolution,
  args: readonly BoundArgument[],
  at: number,
): Bound {
  declareLost(b, args);
  if (resolution.resolved) return b.errorNode(at);
  const broken = args.flatMap(({ value }) =>
    value.kind === "unbound-lambda" ? [...value.lambda.bodies.values()].flatMap((body) => body.diagnostics) : [],
  );
  if (broken[0]) {
    for (const diagnostic of broken.slice(0, 3)) if (b.diagnostics.length < 20) b.diagnostics.push(diagnostic);
    return b.errorNode(at);
  }
  if (resolution.ambiguous.length > 1) {
    const [first, second] = resolution.ambiguous;
    return b.fail(
      at,
      "expression-call",
      `The call is ambiguous between the following methods: '${show(first?.member)}' and '${show(second?.member)}'`,
    );
  }
  const { failures } = resolution;
  if (failures.length === 0) {
    const type = group.receiver?.type ?? group.owner;
    if (!type) return b.errorNode(at);
    return describeMissing(b, type, group.name, at) ?? outsideWhitelist(b, type, group.name, at);
  }
  const argument = failures.map((f) => f.failure).filter((f) => f.kind === "argument");
  const farthest = argument.sort((a, c) => c.index - a.index)[0];
  if (farthest && farthest.from.value.kind !== "error") {
    return reportArgument(b, group, farthest, failures.length);
  }
  const named = failures.map((f) => f.failure).find((f) => f.kind === "name");
  if (named)
    return b.fail(
      named.at,
      "expression-call",
      `The best overload for '${group.name}' does not have a parameter named '${named.name}'`,
    );
  if (failures.some((f) => f.failure.kind === "inference")) {
    return b.fail(
      at,
      "expression-call",
      `The type arguments for method '${group.name}' cannot be inferred from the usage. Try specifying the type arguments explicitly`,
    );
  }
  if (failures.some((f) => f.failure.kind === "arity")) {
    return b.fail(
      at,
      "expression-call",
      `The method '${group.name}' does not take ${group.typeArgs.length} type arguments`,
    );
  }
  const what =
    group.name === ".ctor"
      ? `'${group.owner}' does not contain a constructor that takes ${args.length} arguments`
      : `No overload for method '${group.name}' takes ${args.length} arguments`;
  const shown = failures.slice(0, 3).map((f) => show(f.candidate.member));
  return b.fail(at, "expression-call", what, `available: ${shown.join("; ")}`);
}

function reportArgument(
  b: Binder,
  group: Pick<MethodGroup, "name">,
  failure: Extract<Failure, { kind: "argument" }>,
  count: number,
): Bound {
  const { from, to, index } = failure;
  const at = from.value.at;
  const position = Math.max(0, index) + 1;
  if (from.mode === "value" && from.value.kind !== "unbound-lambda") {
    const what = describe(from.value);
    const one =
      count === 1
        ? `Argument ${position}: cannot convert from '${what}' to '${to}'`
        : `No overload of '${group.name}' takes '${what}' as argument ${position}; the nearest wants '${to}'`;
    return b.fail(at, "expression-call", one);
  }
  if (from.value.kind === "unbound-lambda") {
    b.convert(from.value, to);
    return b.errorNode(at);
  }
  return b.fail(
    at,
    "expression-call",
    `Argument ${position}: cannot be passed with the '${from.mode}' keyword as '${to}'`,
  );
}

function describe(value: Bound): string {
  if (value.kind === "null") return "<null>";
  if (value.kind === "method-group") return "method group";
  return String(value.type === voidType ? "void" : value.type);
}

function show(member: Member | undefined): string {
  return member ? member.signature : "";
}
