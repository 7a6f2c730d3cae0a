import type { Bound } from "../bound.ts";
import type { DelegateShape, Member } from "../registry.ts";
import { isDelegate, isValueType, type NamedType, nullableUnderlying, type Type, voidType } from "../types.ts";
import { type Emitter, isOpen } from "./emitter.ts";
import { expression, notNull } from "./expressions.ts";
import { write } from "./places.ts";

type Call = Bound & { kind: "call" };

/** A call of a declared member; also the reading of a property or indexer. */
export function call(e: Emitter, node: Call): string {
  if (node.member.declaring.fullName === "System.Nullable") return nullableMember(e, node);
  const after: string[] = [];
  const args = argumentTexts(e, node, after);
  const text = finish(e, node, args, false);
  return withOut(e, text, after, node.type);
}

/** The receiver and arguments as the member takes them. `after` gets what copies `out` cells back. */
export function argumentTexts(e: Emitter, node: Call, after: string[]): string[] {
  const { member, args } = node;
  const texts = args.map((argument, i) => argumentText(e, argument, member.parameters[i]?.type, after));
  return node.receiver ? [receiverText(e, node.receiver, member), ...texts] : texts;
}

/** The call itself, around texts of the receiver and the arguments. */
export function finish(e: Emitter, { member, typeArgs, type }: Call, args: readonly string[], setter: boolean): string {
  const types = e.module.typeArguments(member, setter, typeArgs);
  const name = setter ? e.module.setter(member) : e.module.member(member);
  const text = `${name}(${[...(types ? [types] : []), ...args].join(",")})`;
  return !setter && isOpen(member.type) ? e.unbox(text, type) : text;
}

/** A call with arguments that are texts already: conversion operators. */
export function memberText(
  e: Emitter,
  member: Member,
  owner: NamedType,
  args: readonly string[],
  result: Type,
): string {
  const types = e.module.typeArguments(member, false, owner.args);
  const text = `${e.module.member(member)}(${[...(types ? [types] : []), ...args].join(",")})`;
  return isOpen(member.type) ? e.unbox(text, result) : text;
}

function receiverText(e: Emitter, receiver: Bound, member: Member): string {
  const declaredOnValue = member.declaring.kind === "struct" || member.declaring.kind === "enum";
  if (isValueType(receiver.type)) {
    const text = expression(e, receiver);
    // Members of object and of interfaces take their receiver boxed; a null T? prints as nothing there.
    return declaredOnValue ? text : e.box(text, receiver.type);
  }
  const text = notNull(e, receiver);
  const own = receiver.type.kind === "named" && receiver.type.definition === member.declaring;
  return own ? text : e.box(text, receiver.type);
}

function argumentText(e: Emitter, argument: Bound, declared: Type | undefined, after: string[]): string {
  if (argument.kind === "out") return outText(e, argument, declared, after);
  if (declared && isDelegate(declared)) return delegateText(e, argument, declared);
  const text = expression(e, argument);
  return isOpen(declared) ? e.box(text, argument.type) : text;
}

/** A delegate as the member takes it: values of its type parameters boxed. */
function delegateText(e: Emitter, argument: Bound, declared: Type): string {
  const shape = declared.kind === "named" ? openShape(declared) : undefined;
  if (argument.kind === "lambda") return e.lambda(argument, shape);
  const text = expression(e, argument);
  const own = argument.type.kind === "named" ? closedShape(argument.type) : undefined;
  if (!shape || !own) return text;
  const boxed = own.parameters.map((type, i) => isOpen(shape.parameters[i]) && e.needsUnboxing(type));
  const boxesResult = isOpen(shape.result) && e.needsUnboxing(own.result);
  if (!boxesResult && !boxed.includes(true)) return text;
  const names = own.parameters.map((_, i) => `p${i}`);
  const args = own.parameters.map((type, i) => (boxed[i] ? e.unbox(`p${i}`, type) : `p${i}`));
  const value = `d(${args.join(",")})`;
  return `((d)=>d===null?null:(${names.join(",")})=>${boxesResult ? e.box(value, own.result) : value})(${text})`;
}

/** The delegate's shape with the signature's own type parameters left open. */
function openShape(declared: NamedType): DelegateShape | undefined {
  return closedShape(declared);
}

function closedShape(type: NamedType): DelegateShape | undefined {
  const { delegate, parameters } = type.definition;
  if (!delegate) return undefined;
  const pick = (t: Type): Type => {
    const index = t.kind === "parameter" ? parameters.indexOf(t) : -1;
    return index >= 0 ? (type.args[index] as Type) : t;
  };
  return { parameters: delegate.parameters.map(pick), result: pick(delegate.result) };
}

/** An `out` or `ref` argument: a cell, copied back to the variable after the call. */
function outText(e: Emitter, argument: Bound & { kind: "out" }, declared: Type | undefined, after: string[]): string {
  const { target, mode, type } = argument;
  const cell = e.temporary();
  const boxed = isOpen(declared);
  let initial = "null";
  if (mode === "ref" && target) {
    const value = expression(e, target);
    initial = boxed ? e.box(value, type) : value;
  }
  if (target) {
    const value = boxed ? e.unbox(`${cell}.value`, type) : `${cell}.value`;
    after.push(write(e, target, value));
  }
  return `${cell}={value:${initial}}`;
}

function withOut(e: Emitter, text: string, after: readonly string[], type: Type): string {
  if (after.length === 0) return text;
  if (type === voidType) return `(${[text, ...after].join(",")})`;
  const result = e.temporary();
  return `(${[`${result}=${text}`, ...after, result].join(",")})`;
}

/** A call of a local function of the expression. */
export function callFunction(e: Emitter, node: Bound & { kind: "call-function" }): string {
  const after: string[] = [];
  const args = node.args.map((argument) => argumentText(e, argument, undefined, after));
  return withOut(e, `f${node.target.id}(${args.join(",")})`, after, node.type);
}

/** A call of a delegate value. */
export function invoke(e: Emitter, node: Bound & { kind: "invoke" }): string {
  return `${notNull(e, node.target)}(${node.args.map((argument) => expression(e, argument)).join(",")})`;
}

/** Members of `T?`, whose values are null or the plain value. */
function nullableMember(e: Emitter, node: Call): string {
  const receiver = node.receiver ? expression(e, node.receiver) : "null";
  switch (node.member.name) {
    case "HasValue":
      return `(${receiver}!==null)`;
    case "Value":
      return `(${receiver}??${e.op("noValue")}())`;
    default: {
      const fallback = node.args[0]
        ? expression(e, node.args[0])
        : e.defaultValue(nullableUnderlying(node.receiver?.type ?? voidType) ?? voidType);
      return `(${receiver}??${fallback})`;
    }
  }
}
