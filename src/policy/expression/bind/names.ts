import type { Bound, Local } from "../bound.ts";
import type { Member } from "../registry.ts";
import type { Argument, Expression } from "../syntax.ts";
import { argumentMap } from "../type-relations.ts";
import { errorType, isDelegate, substitute, type Type, voidType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { bindArguments, hasErrors, makeCall, reportFailure } from "./calls.ts";
import { bindExpression } from "./expressions.ts";
import { describeMissing, memberNames, unknownType } from "./messages.ts";
import { type Candidate, ownerOf, resolveOverload } from "./overloads.ts";
import { bindType } from "./type-names.ts";

/** A simple name: a variable, a local function, `context`, a type, a namespace. */
export function bindNameExpression(b: Binder, syntax: Extract<Expression, { kind: "name" }>, invoked = false): Bound {
  const { name, at } = syntax;
  if (syntax.args.length === 0) {
    const symbol = b.scope.find(name);
    if (symbol?.kind === "local") return readLocal(b, symbol, at);
    if (symbol?.kind === "function") return { kind: "function-group", target: symbol, type: errorType, at };
    if (name === "context") return { kind: "context", type: b.registry.type("Gatehouse.IProxyRequestContext"), at };
  }
  const args = syntax.args.map((arg) => bindType(b, arg));
  if (args.includes(errorType)) return b.errorNode(at);
  const definition = b.registry.find(name, args.length);
  if (definition) return { kind: "type", of: definition.construct(args), type: errorType, at };
  if (args.length === 0 && b.registry.isNamespace(name)) return { kind: "namespace", name, type: errorType, at };
  if (args.length > 0 || b.registry.named(name).length > 0) return unknownType(b, name, at, args.length);
  const visible = [...b.scope.visible(), "context"];
  const near = b.nearest(name, visible) ?? b.nearest(name, b.registry.simpleNames);
  const what = invoked ? `The name '${name}' does not exist in the current context` : nameMessage(name);
  return b.fail(at, "expression-unknown-name", what, near);
}

/** Well-known types that are not allowed get a message that says so. */
function nameMessage(name: string): string {
  const missing = `The name '${name}' does not exist in the current context`;
  return /^(File|Directory|Path|Environment|Process|Thread|Task|Console|Activator|Assembly|HttpClient|WebClient|GC|AppDomain|Marshal|CultureInfo|Debug|Type|Delegate|Lazy|JsonSerializer)$/.test(
    name,
  )
    ? `${missing}; '${name}' is not among the types that policy expressions may use`
    : missing;
}

function readLocal(b: Binder, local: Local, at: number): Bound {
  if (local.constant !== undefined) return b.constant(local.constant, local.type, at);
  return { kind: "local", local, type: local.type, at };
}

/** `target.name`. `invoked`: it is about to be called, so that `list.Count()` finds the method, not the property. */
export function bindMember(b: Binder, syntax: Extract<Expression, { kind: "member" }>, invoked = false): Bound {
  const target = bindExpression(b, syntax.target);
  const args = syntax.args.map((arg) => bindType(b, arg));
  if (args.includes(errorType)) return b.errorNode(syntax.at);
  return memberOf(b, target, syntax.name, args, syntax.nameAt, invoked);
}

export function memberOf(
  b: Binder,
  target: Bound,
  name: string,
  typeArgs: Type[],
  at: number,
  invoked: boolean,
): Bound {
  b.step();
  switch (target.kind) {
    case "error":
      return target;
    case "namespace":
      return inNamespace(b, target.name, name, typeArgs, at);
    case "type":
      return staticMember(b, target.of, name, typeArgs, at, invoked);
    case "null":
      return b.fail(at, "expression-type", `Operator '.' cannot be applied to operand of type '<null>'`);
    case "method-group":
    case "function-group":
    case "unbound-lambda":
      return b.fail(at, "expression-type", "A method, unless it is called, has no members", "add () to call it");
    default:
      if (target.type === errorType) return b.errorNode(at);
      if (target.type === voidType)
        return b.fail(at, "expression-type", `Operator '.' cannot be applied to operand of type 'void'`);
      return instanceMember(b, target, name, typeArgs, at, invoked);
  }
}

function inNamespace(b: Binder, namespace: string, name: string, typeArgs: Type[], at: number): Bound {
  const full = `${namespace}.${name}`;
  const definition = b.registry.find(full, typeArgs.length);
  if (definition) return { kind: "type", of: definition.construct(typeArgs), type: errorType, at };
  if (typeArgs.length === 0 && b.registry.isNamespace(full))
    return { kind: "namespace", name: full, type: errorType, at };
  const inside = [...b.registry.definitions].filter((t) => t.namespace === namespace).map((t) => t.simpleName);
  return b.fail(
    at,
    "expression-unknown-type",
    `The type or namespace name '${name}' does not exist in the namespace '${namespace}', or policy expressions may not use it`,
    b.nearest(name, inside),
  );
}

/** Members of this name on the type, its bases and interfaces, most derived first. */
function findMembers(b: Binder, type: Type, name: string, isStatic: boolean): Candidate[] {
  const found: Candidate[] = [];
  const add = (members: readonly Member[], on: Type): void => {
    for (const member of members) {
      if (member.isStatic !== isStatic || member.extension) continue;
      if (member.kind !== "method" && member.kind !== "property") continue;
      const owner = ownerOf(b, member, on);
      if (owner) found.push({ member, owner });
    }
  };
  for (const ancestor of b.relations.chain(type)) {
    // An interface's own interfaces come before object, which it only behaves as.
    if (ancestor === b.known.object && !isStatic)
      for (const inner of b.relations.interfaces(type)) add(inner.definition.membersNamed(name), inner);
    add(ancestor.definition.membersNamed(name), ancestor);
  }
  return found;
}

function staticMember(b: Binder, type: Type, name: string, typeArgs: Type[], at: number, invoked: boolean): Bound {
  if (type.kind === "named") {
    const number = type.definition.declaration.values?.[name];
    if (number !== undefined && Object.hasOwn(type.definition.declaration.values ?? {}, name))
      return b.constant(number, type, at);
    const nested = b.registry.find(`${type.definition.fullName}.${name}`, typeArgs.length);
    if (nested) return { kind: "type", of: nested.construct(typeArgs), type: errorType, at };
  }
  const found = findMembers(b, type, name, true);
  const property = invoked ? undefined : found.find((c) => c.member.kind === "property");
  if (property) return propertyCall(property, undefined, at);
  const methods = found.filter((c) => c.member.kind === "method");
  if (methods.length > 0) {
    // An extension method may also be called as the static method it is.
    return group(name, methods, undefined, type, typeArgs, false, at);
  }
  const extensions = type.kind === "named" ? type.definition.membersNamed(name).filter((m) => m.extension) : [];
  if (extensions.length > 0 && type.kind === "named") {
    return group(
      name,
      extensions.map((member) => ({ member, owner: type })),
      undefined,
      type,
      typeArgs,
      false,
      at,
    );
  }
  if (findMembers(b, type, name, false).length > 0) {
    return b.fail(
      at,
      "expression-unknown-member",
      `An object reference is required for the non-static member '${type}.${name}'`,
    );
  }
  const near = b.nearest(name, memberNames(b, type, true));
  return b.fail(at, "expression-unknown-member", `'${type}' does not contain a definition for '${name}'`, near);
}

function instanceMember(b: Binder, target: Bound, name: string, typeArgs: Type[], at: number, invoked: boolean): Bound {
  const { type } = target;
  const builtIn = builtInMember(target, name, at);
  if (builtIn) return builtIn;
  const found = findMembers(b, type, name, false);
  const usable = invoked ? found.filter((c) => c.member.kind === "method" || isDelegate(c.member.type)) : found;
  const [first] = usable;
  if (first?.member.kind === "property") return propertyCall(first, target, at);
  const methods = usable.filter((c) => c.member.kind === "method");
  if (methods.length > 0 || b.registry.extensions(name).length > 0 || (name === "GetType" && invoked)) {
    return group(name, methods, target, type, typeArgs, true, at);
  }
  if (isDelegate(type) && name === "Invoke") return target;
  if (found.length > 0 && invoked) {
    const indexed = [...b.relations.chain(found[0]?.member.type ?? type)].some(
      (t) => t.definition.membersNamed("this[]").length > 0,
    );
    return b.fail(
      at,
      "expression-call",
      `Non-invocable member '${name}' cannot be used like a method`,
      indexed ? `an indexer is written in square brackets: ${name}["…"]` : "leave out the parentheses",
    );
  }
  const statics = findMembers(b, type, name, true);
  if (statics.length > 0) {
    return b.fail(
      at,
      "expression-unknown-member",
      `Member '${type}.${name}' cannot be accessed with an instance reference`,
      `write ${type}.${name}`,
    );
  }
  return describeMissing(b, type, name, at);
}

function builtInMember(target: Bound, name: string, at: number): Bound | undefined {
  const { type } = target;
  if (type.kind === "anonymous") {
    const index = type.names.indexOf(name);
    if (index >= 0) return { kind: "anonymous-member", target, index, type: type.types[index] as Type, at };
  }
  if (type.kind === "tuple") {
    let index = type.names.indexOf(name);
    const item = /^Item([1-8])$/.exec(name);
    if (index < 0 && item) index = Number(item[1]) - 1;
    const element = type.elements[index];
    if (element) return { kind: "tuple-member", target, index, type: element, at };
  }
  return undefined;
}

function group(
  name: string,
  methods: readonly Candidate[],
  receiver: Bound | undefined,
  owner: Type,
  typeArgs: Type[],
  extensions: boolean,
  at: number,
): Bound {
  const members = methods.map((c) => c.member);
  const onType = methods.length > 0 && methods.every((c) => c.member.extension) ? undefined : owner;
  return {
    kind: "method-group",
    group: { name, members, receiver, owner: onType ?? owner, typeArgs, extensions },
    type: errorType,
    at,
  };
}

export function propertyCall({ member, owner }: Candidate, receiver: Bound | undefined, at: number): Bound {
  const type = substitute(member.type, argumentMap(owner));
  return { kind: "call", member, receiver, args: [], typeArgs: owner.args, owner, type, at };
}

/** `target[args]`. */
export function bindIndex(b: Binder, target: Bound, argumentSyntax: readonly Argument[], at: number): Bound {
  const args = bindArguments(b, argumentSyntax);
  if (target.type === errorType) return notIndexable(b, target, at);
  if (target.type.kind === "array") {
    if (args.length !== target.type.rank)
      return b.fail(at, "expression-call", `Wrong number of indices inside []; expected ${target.type.rank}`);
    const indexes = args.map((argument) => arrayIndex(b, argument.value));
    return { kind: "element", array: target, indexes, type: target.type.element, at };
  }
  const candidates: Candidate[] = [];
  for (const ancestor of [...b.relations.chain(target.type), ...b.relations.interfaces(target.type)]) {
    for (const member of ancestor.definition.membersNamed("this[]")) candidates.push({ member, owner: ancestor });
  }
  if (candidates.length === 0) {
    const hint = target.type === b.known.object ? 'cast it first: ((JObject)x)["name"]' : undefined;
    return b.fail(
      at,
      "expression-type",
      `Cannot apply indexing with [] to an expression of type '${target.type}'`,
      hint,
    );
  }
  const resolution = resolveOverload(b, candidates, args, [], target);
  if (resolution.resolved) return makeCall(b, resolution.resolved, at);
  if (hasErrors(args)) return b.errorNode(at);
  return reportFailure(
    b,
    { name: "this[]", receiver: target, owner: target.type, members: [], typeArgs: [] },
    resolution,
    args,
    at,
  );
}

function notIndexable(b: Binder, target: Bound, at: number): Bound {
  if (target.kind === "method-group" || target.kind === "function-group") {
    return b.fail(
      at,
      "expression-type",
      "Cannot apply indexing with [] to an expression of type 'method group'",
      "add () to call the method",
    );
  }
  if (target.kind === "type")
    return b.fail(at, "expression-type", `'${target.of}' is a type, which is not valid in the given context`);
  return b.errorNode(at);
}

function arrayIndex(b: Binder, value: Bound): Bound {
  const { type } = value;
  if (type === b.known.long || type === b.known.ulong || type === b.known.uint) return b.convert(value, b.known.long);
  return b.convert(value, b.known.int);
}
