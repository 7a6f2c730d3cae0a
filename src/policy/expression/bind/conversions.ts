import type { Bound, Conversion } from "../bound.ts";
import { convertsNumerically, type NumericKind, numericKind, rangeOf } from "../known-types.ts";
import type { Member } from "../registry.ts";
import { argumentMap, sameTupleShape } from "../type-relations.ts";
import {
  admitsNull,
  errorType,
  isDelegate,
  isEnum,
  isNamed,
  isReferenceType,
  isValueType,
  type NamedType,
  nullableUnderlying,
  nullType,
  substitute,
  type Type,
  voidType,
} from "../types.ts";
import type { Binder } from "./binder.ts";
import { functionGroupFits, lambdaFits, methodGroupFits } from "./lambdas.ts";

const identity: Conversion = { kind: "identity" };

/** How an expression converts to a type without a cast; undefined when it does not (C# specification, 10.2). */
export function implicitConversion(b: Binder, value: Bound, to: Type): Conversion | undefined {
  if (value.type === errorType && isUntypedError(value)) return { kind: "error" };
  if (to === errorType) return { kind: "error" };
  switch (value.kind) {
    case "null":
      return admitsNull(to) && to.kind !== "parameter" ? { kind: "null" } : undefined;
    case "default-literal":
      return to === voidType ? undefined : { kind: "default" };
    case "throw":
      return { kind: "throw" };
    case "unbound-lambda":
      return isDelegate(to) && lambdaFits(b, value.lambda, to) ? { kind: "lambda" } : undefined;
    case "method-group":
      return isDelegate(to) && methodGroupFits(b, value, to) ? { kind: "method-group" } : undefined;
    case "function-group":
      return isDelegate(to) && functionGroupFits(b, value.target, to) ? { kind: "method-group" } : undefined;
    case "type":
    case "namespace":
      return undefined;
  }
  if (value.kind === "tuple" && to.kind === "tuple" && value.items.length === to.elements.length) {
    const items = value.items.map((item, i) => implicitConversion(b, item, to.elements[i] as Type));
    if (items.every((item) => item !== undefined)) return { kind: "tuple", items };
    return undefined;
  }
  const constant = constantConversion(value, to);
  return constant ?? implicitFromType(b, value.type, to, true);
}

function isUntypedError(value: Bound): boolean {
  return ![
    "null",
    "default-literal",
    "throw",
    "unbound-lambda",
    "method-group",
    "function-group",
    "type",
    "namespace",
    "tuple",
  ].includes(value.kind);
}

/** A constant int that fits a smaller type, and 0 as an enum (C# specification, 10.2.11 and 10.2.4). */
function constantConversion(value: Bound, to: Type): Conversion | undefined {
  if (value.kind !== "constant" || (typeof value.value !== "number" && typeof value.value !== "bigint"))
    return undefined;
  const from = numericKind(value.type);
  const inner = nullableUnderlying(to);
  if (inner) {
    const conversion = constantConversion(value, inner);
    return conversion && { kind: "nullable", inner: conversion, lift: "wrap" };
  }
  if (isEnum(to) && from === "int" && value.value === 0) return { kind: "enum" };
  const target = numericKind(to);
  if (!target || !from || target === "char") return undefined;
  const range = rangeOf(target);
  if (from === "int" && range && target !== "int" && !convertsNumerically("int", target)) {
    const number = BigInt(value.value);
    return number >= range[0] && number <= range[1] ? { kind: "constant" } : undefined;
  }
  return from === "long" && target === "ulong" && BigInt(value.value) >= 0n ? { kind: "constant" } : undefined;
}

/** Implicit conversion between types. `user`: whether user-defined operators count. */
export function implicitFromType(b: Binder, from: Type, to: Type, user: boolean): Conversion | undefined {
  return standardImplicit(b, from, to) ?? (user ? userDefined(b, from, to, false) : undefined);
}

/** The built-in implicit conversions between types. */
export function standardImplicit(b: Binder, from: Type, to: Type): Conversion | undefined {
  if (from === to || sameTupleShape(from, to)) return identity;
  if (from === errorType || to === errorType) return { kind: "error" };
  if (from === nullType) return admitsNull(to) ? { kind: "null" } : undefined;
  if (from === voidType || to === voidType) return undefined;
  const fromKind = numericKind(from);
  const toKind = numericKind(to);
  if (fromKind && toKind) return convertsNumerically(fromKind, toKind) ? { kind: "numeric" } : undefined;
  const target = nullableUnderlying(to);
  if (target) {
    const source = nullableUnderlying(from);
    const inner = standardImplicit(b, source ?? from, target);
    if (!inner || !isValueType(source ?? from) || inner.kind === "boxing") return undefined;
    return { kind: "nullable", inner, lift: source ? "both" : "wrap" };
  }
  if (from.kind === "tuple" && to.kind === "tuple" && from.elements.length === to.elements.length) {
    const items = from.elements.map((element, i) => standardImplicit(b, element, to.elements[i] as Type));
    return items.every((item) => item !== undefined) ? { kind: "tuple", items } : undefined;
  }
  if (b.relations.convertsByReference(from, to)) return { kind: "reference" };
  return b.relations.boxes(from, to) ? { kind: "boxing" } : undefined;
}

/** How a cast converts; undefined when it cannot (C# specification, 10.3). */
export function explicitConversion(b: Binder, value: Bound, to: Type): Conversion | undefined {
  const implicit = implicitConversion(b, value, to);
  if (implicit) return implicit;
  if (["null", "default-literal", "unbound-lambda", "method-group", "type", "namespace"].includes(value.kind))
    return undefined;
  return standardExplicit(b, value.type, to) ?? userDefined(b, value.type, to, true);
}

function standardExplicit(b: Binder, from: Type, to: Type): Conversion | undefined {
  const implicit = standardImplicit(b, from, to);
  if (implicit) return implicit;
  if (from === voidType || to === voidType) return undefined;
  const fromKind = numericKind(from);
  const toKind = numericKind(to);
  if (fromKind && toKind) return { kind: "numeric" };
  if ((isEnum(from) && (toKind || isEnum(to))) || (fromKind && isEnum(to))) return { kind: "enum" };
  const source = nullableUnderlying(from);
  const target = nullableUnderlying(to);
  if (source || target) {
    const inner = standardExplicit(b, source ?? from, target ?? to);
    if (inner && isValueType(source ?? from) && isValueType(target ?? to)) {
      return { kind: "nullable", inner, lift: source && target ? "both" : source ? "unwrap" : "wrap" };
    }
  }
  if (b.relations.boxes(to, from)) return { kind: "unboxing" };
  if (isReferenceType(from) && isReferenceType(to)) return explicitReference(b, from, to);
  return undefined;
}

function explicitReference(b: Binder, from: Type, to: Type): Conversion | undefined {
  if (b.relations.convertsByReference(to, from)) return { kind: "cast" };
  const fromInterface = from.kind === "named" && from.definition.kind === "interface";
  const toInterface = to.kind === "named" && to.definition.kind === "interface";
  // Any class may implement an interface in a class derived from it; sealed ones are not known as such here.
  if ((fromInterface && !isDelegate(to)) || (toInterface && !isDelegate(from))) {
    return isNamed(from, "System.String") || isNamed(to, "System.String") ? undefined : { kind: "cast" };
  }
  if (from.kind === "array" && to.kind === "array" && isReferenceType(from.element) && isReferenceType(to.element)) {
    return explicitReference(b, from.element, to.element);
  }
  return undefined;
}

interface Candidate {
  member: Member;
  owner: NamedType;
  source: Type;
  target: Type;
}

/** User-defined conversion operators of the two types and their bases (C# specification, 10.5). */
export function userDefined(b: Binder, from: Type, to: Type, explicit: boolean): Conversion | undefined {
  const source = nullableUnderlying(from) ?? from;
  const target = nullableUnderlying(to) ?? to;
  if (source.kind === "special" || target.kind === "special") return undefined;
  if (isInterface(source) || isInterface(target)) return undefined;
  const direct = pick(b, candidates(b, from, to, source, target, explicit), from, to, explicit);
  if (direct) return makeUser(b, direct, from, to, false);
  if (from === source) return undefined;
  // Lifted: from T? through the operator on T.
  const lifted = pick(b, candidates(b, source, target, source, target, explicit), source, target, explicit);
  if (!lifted || !admitsNull(to)) return undefined;
  return makeUser(b, lifted, source, target, true);
}

function isInterface(type: Type): boolean {
  return type.kind === "named" && type.definition.kind === "interface";
}

function candidates(b: Binder, from: Type, to: Type, source: Type, target: Type, explicit: boolean): Candidate[] {
  const found: Candidate[] = [];
  const seen = new Set<Member>();
  for (const type of [source, target]) {
    for (const owner of b.relations.chain(type)) {
      const operators = [
        ...owner.definition.membersNamed("implicit"),
        ...(explicit ? owner.definition.membersNamed("explicit") : []),
      ];
      if (operators.length === 0) continue;
      const map = argumentMap(owner);
      for (const member of operators) {
        const parameter = member.parameters[0];
        if (!parameter || seen.has(member)) continue;
        seen.add(member);
        const takes = substitute(parameter.type, map);
        const gives = substitute(member.type, map);
        const fits =
          (standardImplicit(b, from, takes) || (explicit && standardExplicit(b, from, takes))) &&
          (standardImplicit(b, gives, to) || (explicit && standardExplicit(b, gives, to)));
        if (fits) found.push({ member, owner, source: takes, target: gives });
      }
    }
  }
  return found;
}

function pick(b: Binder, all: Candidate[], from: Type, to: Type, explicit: boolean): Candidate | undefined {
  if (all.length === 0) return undefined;
  const source = mostSpecific(
    b,
    all.map((c) => c.source),
    from,
    "source",
    explicit,
  );
  const target = mostSpecific(
    b,
    all.map((c) => c.target),
    to,
    "target",
    explicit,
  );
  const exact = all.filter((c) => c.source === source && c.target === target);
  // An implicit operator is preferred where both an implicit and an explicit one fit exactly.
  return exact.find((c) => c.member.name === "implicit") ?? exact[0];
}

function mostSpecific(
  b: Binder,
  types: Type[],
  wanted: Type,
  side: "source" | "target",
  explicit: boolean,
): Type | undefined {
  if (types.includes(wanted)) return wanted;
  const encompasses = (outer: Type, inner: Type): boolean => standardImplicit(b, inner, outer) !== undefined;
  if (side === "source") {
    const taking = types.filter((t) => encompasses(t, wanted));
    if (taking.length > 0) return taking.find((t) => taking.every((other) => encompasses(other, t)));
    return explicit ? types.find((t) => types.every((other) => encompasses(t, other))) : undefined;
  }
  const giving = types.filter((t) => encompasses(wanted, t));
  if (giving.length > 0) return giving.find((t) => giving.every((other) => encompasses(t, other)));
  return explicit ? types.find((t) => types.every((other) => encompasses(other, t))) : undefined;
}

function makeUser(
  b: Binder,
  { member, owner, source, target }: Candidate,
  from: Type,
  to: Type,
  lifted: boolean,
): Conversion | undefined {
  const before = standardExplicit(b, from, source);
  const after = standardExplicit(b, target, to);
  if (!before || !after) return undefined;
  return { kind: "user", member, owner, before, after, source, target, lifted };
}

/** Which of two targets an expression converts to better: -1 the first, 1 the second, 0 neither (C# specification, 12.6.4.5). */
export function betterConversion(b: Binder, value: Bound, first: Type, second: Type): -1 | 0 | 1 {
  if (first === second) return 0;
  if (value.kind === "unbound-lambda") return b.betterLambda(value.lambda, first, second);
  if (
    value.type !== errorType &&
    value.type !== nullType &&
    value.kind !== "null" &&
    value.kind !== "default-literal"
  ) {
    if (value.type === first) return -1;
    if (value.type === second) return 1;
  }
  return betterTarget(b, first, second);
}

const signed = new Set<NumericKind | undefined>(["sbyte", "short", "int", "long"]);
const unsigned = new Set<NumericKind | undefined>(["byte", "ushort", "uint", "ulong"]);

export function betterTarget(b: Binder, first: Type, second: Type): -1 | 0 | 1 {
  if (first === second) return 0;
  const forth = implicitFromType(b, first, second, true) !== undefined;
  const back = implicitFromType(b, second, first, true) !== undefined;
  if (forth && !back) return -1;
  if (back && !forth) return 1;
  const one = numericKind(nullableUnderlying(first) ?? first);
  const other = numericKind(nullableUnderlying(second) ?? second);
  if (signed.has(one) && unsigned.has(other)) return -1;
  return unsigned.has(one) && signed.has(other) ? 1 : 0;
}
