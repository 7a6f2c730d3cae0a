import type { Bound, MethodGroup } from "../bound.ts";
import type { Member, Parameter } from "../registry.ts";
import type { TypeSyntax } from "../syntax.ts";
import { argumentMap } from "../type-relations.ts";
import { errorType, type NamedType, substitute, type Type, type TypeParameter } from "../types.ts";
import type { Binder } from "./binder.ts";
import { betterConversion, implicitConversion } from "./conversions.ts";
import { type InferencePair, inferTypeArguments } from "./inference.ts";

/** An argument as bound before the overload is known. */
export interface BoundArgument {
  value: Bound;
  mode: "value" | "out" | "ref";
  name?: string | undefined;
  at?: number;
  /** `out var x`, `out int x`: the variable is declared once the parameter's type is known. */
  declaration?: { name: string; type: Type | undefined; at: number; syntax?: TypeSyntax };
}

/** A member with the constructed type that it is looked up on. */
export interface Candidate {
  member: Member;
  owner: NamedType;
}

/** An overload chosen for a call. */
export interface Resolved extends Candidate {
  receiver: Bound | undefined;
  typeArgs: readonly Type[];
  returnType: Type;
  /** Parameter types, generic arguments filled in. */
  parameterTypes: readonly Type[];
  /** For each parameter the argument for it; several for a `params` array in expanded form; none for a default. */
  slots: readonly (readonly BoundArgument[])[];
  expanded: boolean;
}

interface Applicable extends Resolved {
  /** The parameter type that each argument converts to. */
  targets: readonly Type[];
}

export type Failure =
  | { kind: "count" }
  | { kind: "name"; name: string; at: number }
  | { kind: "argument"; index: number; from: BoundArgument; to: Type }
  | { kind: "inference" }
  | { kind: "arity" };

export type Resolution =
  | { resolved: Resolved }
  | { resolved: undefined; ambiguous: Resolved[]; failures: { candidate: Candidate; failure: Failure }[] };

/**
 * Chooses among overloads (C# specification, 12.6.4). Candidates come most derived type first; a type's methods
 * hide those of its bases as soon as one applies.
 */
export function resolveOverload(
  b: Binder,
  candidates: readonly Candidate[],
  args: readonly BoundArgument[],
  typeArgs: readonly Type[],
  receiver: Bound | undefined,
): Resolution {
  b.step();
  const failures: { candidate: Candidate; failure: Failure }[] = [];
  let applicable: Applicable[] = [];
  let level: unknown;
  for (const candidate of candidates) {
    if (
      applicable.length > 0 &&
      candidate.owner.definition !== level &&
      !isSameLevel(candidate, applicable[0] as Applicable)
    )
      break;
    const forms = formsOf(b, candidate, args, typeArgs, receiver);
    if ("failure" in forms) failures.push({ candidate, failure: forms.failure });
    else {
      applicable.push(forms.applicable);
      level = candidate.owner.definition;
    }
  }
  if (applicable.length > 1) applicable = mostSpecific(b, applicable, args);
  const [best] = applicable;
  if (applicable.length === 1 && best) return { resolved: best };
  return { resolved: undefined, ambiguous: applicable, failures };
}

/** Interfaces have no order among them: their members are all candidates. Extensions likewise. */
function isSameLevel(candidate: Candidate, applicable: Applicable): boolean {
  if (candidate.member.extension) return true;
  return candidate.owner.definition.kind === "interface" && applicable.owner.definition.kind === "interface";
}

function formsOf(
  b: Binder,
  candidate: Candidate,
  args: readonly BoundArgument[],
  typeArgs: readonly Type[],
  receiver: Bound | undefined,
): { applicable: Applicable } | { failure: Failure } {
  const normal = tryForm(b, candidate, args, typeArgs, receiver, false);
  if ("applicable" in normal) return normal;
  const last = candidate.member.parameters.at(-1);
  if (last?.mode !== "params") return normal;
  const expanded = tryForm(b, candidate, args, typeArgs, receiver, true);
  return "applicable" in expanded || normal.failure.kind === "count" ? expanded : normal;
}

function tryForm(
  b: Binder,
  candidate: Candidate,
  args: readonly BoundArgument[],
  typeArgs: readonly Type[],
  receiver: Bound | undefined,
  expanded: boolean,
): { applicable: Applicable } | { failure: Failure } {
  const { member, owner } = candidate;
  const slots = assignSlots(member.parameters, args, expanded);
  if ("failure" in slots) return slots;
  const ownerMap = argumentMap(owner);
  const parameterOf = (index: number): Type => {
    const parameter = member.parameters[index] as Parameter;
    const type =
      expanded && index === member.parameters.length - 1 && parameter.type.kind === "array"
        ? parameter.type.element
        : parameter.type;
    return substitute(type, ownerMap);
  };
  const inferred = methodTypeArguments(b, member, slots.slots, parameterOf, typeArgs);
  if (!inferred) return { failure: { kind: typeArgs.length > 0 ? "arity" : "inference" } };
  const map: Map<TypeParameter, Type> = new Map(member.typeParameters.map((p, i) => [p, inferred[i] as Type]));
  const targets: Type[] = [];
  for (const [index, slot] of slots.slots.entries()) {
    const parameter = member.parameters[index] as Parameter;
    const target = substitute(parameterOf(index), map);
    for (const argument of slot) {
      if (!argumentFits(b, argument, parameter, target))
        return { failure: { kind: "argument", index: args.indexOf(argument), from: argument, to: target } };
      targets[args.indexOf(argument)] = target;
    }
  }
  const parameterTypes = member.parameters.map((p) => substitute(substitute(p.type, ownerMap), map));
  const returnType = substitute(substitute(member.type, ownerMap), map);
  return {
    applicable: {
      member,
      owner,
      receiver,
      typeArgs: inferred,
      returnType,
      parameterTypes,
      slots: slots.slots,
      expanded,
      targets,
    },
  };
}

function assignSlots(
  parameters: readonly Parameter[],
  args: readonly BoundArgument[],
  expanded: boolean,
): { slots: BoundArgument[][] } | { failure: Failure } {
  const slots: BoundArgument[][] = parameters.map(() => []);
  const last = parameters.length - 1;
  for (const [i, argument] of args.entries()) {
    if (argument.name === undefined) {
      const index = expanded ? Math.min(i, last) : i;
      const slot = slots[index];
      if (!slot || (slot.length > 0 && !(expanded && index === last))) return { failure: { kind: "count" } };
      slot.push(argument);
      continue;
    }
    const index = parameters.findIndex((p) => p.name === argument.name);
    const slot = slots[index];
    if (!slot) return { failure: { kind: "name", name: argument.name, at: argument.at ?? 0 } };
    if (slot.length > 0) return { failure: { kind: "count" } };
    slot.push(argument);
  }
  for (const [i, slot] of slots.entries()) {
    const parameter = parameters[i] as Parameter;
    if (slot.length === 0 && parameter.defaultText === undefined && !(expanded && i === last))
      return { failure: { kind: "count" } };
  }
  return { slots };
}

function methodTypeArguments(
  b: Binder,
  member: Member,
  slots: readonly (readonly BoundArgument[])[],
  parameterOf: (index: number) => Type,
  given: readonly Type[],
): readonly Type[] | undefined {
  if (given.length > 0) return given.length === member.typeParameters.length ? given : undefined;
  if (member.typeParameters.length === 0) return [];
  const pairs: InferencePair[] = [];
  for (const [index, slot] of slots.entries()) {
    for (const argument of slot) pairs.push({ argument: argument.value, parameter: parameterOf(index) });
  }
  return inferTypeArguments(b, member, pairs);
}

function argumentFits(b: Binder, argument: BoundArgument, parameter: Parameter, target: Type): boolean {
  const wanted = parameter.mode === "params" ? "value" : parameter.mode;
  if (argument.mode !== wanted) return false;
  if (wanted === "value") return implicitConversion(b, argument.value, target) !== undefined;
  if (argument.declaration) return argument.declaration.type === undefined || argument.declaration.type === target;
  return argument.value.type === target || argument.value.type === errorType;
}

/** The applicable candidates that no other is better than. */
function mostSpecific(b: Binder, all: readonly Applicable[], args: readonly BoundArgument[]): Applicable[] {
  const best = all.find((candidate) =>
    all.every((other) => other === candidate || isBetter(b, candidate, other, args)),
  );
  return best ? [best] : [...all];
}

function isBetter(b: Binder, one: Applicable, other: Applicable, args: readonly BoundArgument[]): boolean {
  let better = false;
  let sameTypes = true;
  for (const [i, argument] of args.entries()) {
    const p = one.targets[i] as Type;
    const q = other.targets[i] as Type;
    if (p !== q) sameTypes = false;
    if (argument.mode !== "value") continue;
    const order = betterConversion(b, argument.value, p, q);
    if (order === 1) return false;
    if (order === -1) better = true;
  }
  if (better) return true;
  return (sameTypes || one.member === other.member) && winsTie(one, other);
}

/** The tie-breakers, in the specification's order. */
function winsTie(one: Applicable, other: Applicable): boolean {
  const generic = Number(one.member.typeParameters.length > 0) - Number(other.member.typeParameters.length > 0);
  if (generic !== 0) return generic < 0;
  if (one.expanded !== other.expanded) return !one.expanded;
  if (one.expanded && one.member.parameters.length !== other.member.parameters.length) {
    return one.member.parameters.length > other.member.parameters.length;
  }
  const defaults = usesDefaults(one) - usesDefaults(other);
  if (defaults !== 0) return defaults < 0;
  const specific = moreSpecific(one, other);
  if (specific !== 0) return specific < 0;
  // Equal in every way: the same method declared on a type and on its interface, or in two extension classes.
  return true;
}

function usesDefaults(candidate: Applicable): number {
  return candidate.slots.filter((slot, i) => slot.length === 0 && candidate.member.parameters[i]?.mode !== "params")
    .length > 0
    ? 1
    : 0;
}

/** A parameter type that is not a bare type parameter is more specific than one that is. */
function moreSpecific(one: Applicable, other: Applicable): number {
  let order = 0;
  for (const [i, p] of one.member.parameters.entries()) {
    const q = other.member.parameters[i];
    if (!q) continue;
    const difference = depth(q.type) - depth(p.type);
    if (difference !== 0 && order !== 0 && Math.sign(difference) !== Math.sign(order)) return 0;
    if (difference !== 0) order = difference;
  }
  return order;
}

function depth(type: Type): number {
  if (type.kind === "parameter") return 0;
  if (type.kind === "array") return 1 + depth(type.element);
  if (type.kind === "named") return 1 + type.args.reduce((sum, arg) => sum + depth(arg), 0);
  return 1;
}

/** The candidates of a method group: its methods, then the extension methods of its name. */
export function groupCandidates(b: Binder, group: MethodGroup): Candidate[] {
  return group.members.flatMap((member) => {
    const owner = ownerOf(b, member, group.owner);
    return owner ? [{ member, owner }] : [];
  });
}

/** The constructed type, among `type` and what it inherits, that declares the member. */
export function ownerOf(b: Binder, member: Member, type: Type | undefined): NamedType | undefined {
  if (!type) return member.declaring.self;
  if (member.declaring.parameters.length === 0) return member.declaring.construct([]);
  return b.relations.instancesOf(type, member.declaring)[0];
}

/** Overload resolution for a method group with arguments, extension methods included; undefined when none fits. */
export function resolveGroup(b: Binder, group: MethodGroup, args: readonly BoundArgument[]): Resolved | undefined {
  const own = resolveOverload(b, groupCandidates(b, group), args, group.typeArgs, group.receiver);
  if (own.resolved || !group.extensions || !group.receiver) return own.resolved;
  return resolveExtension(b, group, args).resolved;
}

export function resolveExtension(b: Binder, group: MethodGroup, args: readonly BoundArgument[]): Resolution {
  const receiver = group.receiver as Bound;
  const candidates = b.registry
    .extensions(group.name)
    .map((member) => ({ member, owner: member.declaring.construct([]) }));
  const all: BoundArgument[] = [{ value: receiver, mode: "value" }, ...args];
  return resolveOverload(b, candidates, all, group.typeArgs, undefined);
}
