import type { Bound } from "../bound.ts";
import { numericKind } from "../known-types.ts";
import type { Type } from "../types.ts";
import { argumentTexts, finish } from "./calls.ts";
import { type Emitter, isOpen } from "./emitter.ts";
import { expression } from "./expressions.ts";

/** An item of an array. */
export function elementValue(e: Emitter, node: Bound & { kind: "element" }): string {
  const [array, index] = elementTexts(e, node);
  return readElement(e, node, array, index);
}

function elementTexts(e: Emitter, node: Bound & { kind: "element" }): [string, string] {
  const index = node.indexes[0] as Bound;
  const text = expression(e, index);
  return [expression(e, node.array), index.type === e.language.known.long ? `${e.op("toNumber")}(${text})` : text];
}

function readElement(e: Emitter, node: Bound & { kind: "element" }, array: string, index: string): string {
  if (numericKind(node.type) === "byte") return `${e.op("byteAt")}(${array},${index})`;
  return e.unbox(`${e.op("at")}(${array},${index})`, node.type);
}

function writeElement(e: Emitter, type: Type, array: string, index: string, value: string): string {
  if (numericKind(type) === "byte") return `${e.op("setByteAt")}(${array},${index},${value})`;
  return `${e.op("setAt")}(${array},${index},${e.box(value, type)})`;
}

/** Code that stores `value` (in the place's own representation). */
export function write(e: Emitter, target: Bound, value: string): string {
  switch (target.kind) {
    case "local":
      return `${target.local.cell ? `${e.local(target.local)}.value` : e.local(target.local)}=${value}`;
    case "element": {
      const [array, index] = elementTexts(e, target);
      return writeElement(e, target.type, array, index, value);
    }
    case "tuple-member":
      return `${expression(e, target.target)}.values[${target.index}]=${e.box(value, target.type)}`;
    case "call":
      return writeCall(e, target, argumentTexts(e, target, []), value);
    default:
      return "null";
  }
}

function writeCall(e: Emitter, target: Bound & { kind: "call" }, args: readonly string[], value: string): string {
  const stored = isOpen(target.member.type) ? e.box(value, target.type) : value;
  return finish(e, target, [...args, stored], true);
}

/** `target = value`; `used`: whether the value of the assignment itself is needed. */
export function assign(e: Emitter, node: Bound & { kind: "assign" }, used: boolean): string {
  const value = expression(e, node.value);
  if (node.target.kind === "local") return `(${write(e, node.target, value)})`;
  if (!used) return write(e, node.target, value);
  const name = e.temporary();
  return `(${write(e, node.target, `(${name}=${value})`)},${name})`;
}

/** `target op= value`, `target++`: the target's parts are evaluated once. */
export function compound(e: Emitter, node: Bound & { kind: "compound" }, used: boolean): string {
  const { target, hole, value, returnsOld } = node;
  const holeId = hole.kind === "hole" ? hole.id : -1;
  if (target.kind === "local") {
    const place = expression(e, target);
    e.holes.set(holeId, place);
    if (!used || !returnsOld) return `(${place}=${expression(e, value)})`;
    const old = e.temporary();
    e.holes.set(holeId, old);
    return `(${old}=${place},${place}=${expression(e, value)},${old})`;
  }
  const setup: string[] = [];
  const keep = (text: string): string => {
    const name = e.temporary();
    setup.push(`${name}=${text}`);
    return name;
  };
  let read: string;
  let store: (text: string) => string;
  if (target.kind === "element") {
    const [array, index] = elementTexts(e, target).map(keep) as [string, string];
    read = readElement(e, target, array, index);
    store = (text) => writeElement(e, target.type, array, index, text);
  } else if (target.kind === "call") {
    const args = argumentTexts(e, target, []).map(keep);
    read = finish(e, target, args, false);
    store = (text) => writeCall(e, target, args, text);
  } else {
    read = expression(e, target);
    store = (text) => write(e, target, text);
  }
  const old = keep(read);
  e.holes.set(holeId, old);
  const next = keep(expression(e, value));
  return `(${[...setup, store(next), returnsOld ? old : next].join(",")})`;
}

/** `(a, b) = value`. */
export function deconstruct(e: Emitter, node: Bound & { kind: "deconstruct" }): string {
  const name = e.temporary();
  const value = expression(e, node.value);
  if (node.hole.kind === "hole") e.holes.set(node.hole.id, name);
  const steps = node.targets.flatMap((target, i) =>
    target ? [write(e, target, expression(e, node.parts[i] as Bound))] : [],
  );
  return `(${[`${name}=${value}`, ...steps, name].join(",")})`;
}
