import type { Bound, ConstantValue } from "../bound.ts";
import { numericKind } from "../known-types.ts";
import { isEnum, isValueType, nullableUnderlying, type Type } from "../types.ts";
import { call, callFunction, invoke } from "./calls.ts";
import { convert } from "./conversions.ts";
import type { Emitter } from "./emitter.ts";
import { literal } from "./module.ts";
import { numberNegation, numberOperator } from "./numbers.ts";
import { assign, compound, deconstruct, elementValue } from "./places.ts";

/** JavaScript for a value, in the representation of its static type. Always safe to stand as an operand. */
export function expression(e: Emitter, node: Bound): string {
  switch (node.kind) {
    case "constant":
      return constant(e, node.value, node.type);
    case "secret":
      return `x.services.secret(${literal(node.name)})`;
    case "context":
      return "x";
    case "local":
      return node.local.cell ? `${e.local(node.local)}.value` : e.local(node.local);
    case "hole":
      return e.holes.get(node.id) ?? "null";
    case "call":
      return call(e, node);
    case "call-function":
      return callFunction(e, node);
    case "invoke":
      return invoke(e, node);
    case "convert":
      return convert(e, expression(e, node.operand), node.conversion, node.operand.type, node.type, node.checked);
    case "unary":
      if (node.operator === "!") return `!${expression(e, node.operand)}`;
      return numberNegation(e.module, node.operator, expression(e, node.operand), node.type, node.checked);
    case "binary":
      return binary(e, node);
    case "lifted":
      return lifted(e, node);
    case "lifted-logic":
      return `${e.op(node.operator === "&" ? "and" : "or")}(${expression(e, node.left)},${expression(e, node.right)})`;
    case "concat":
      return concat(e, node.parts);
    case "format-hole": {
      const format = node.format === undefined ? "null" : literal(node.format);
      return `${e.op("format")}(${expression(e, node.value)},${node.alignment},${format})`;
    }
    case "logical":
      return `(${expression(e, node.left)}${node.operator}${expression(e, node.right)})`;
    case "conditional":
      return `(${expression(e, node.condition)}?${expression(e, node.whenTrue)}:${expression(e, node.whenFalse)})`;
    case "coalesce":
      return coalesce(e, node);
    case "conditional-access":
      return conditionalAccess(e, node);
    case "assign":
      return assign(e, node, true);
    case "compound":
      return compound(e, node, true);
    case "deconstruct":
      return deconstruct(e, node);
    case "lambda":
      return e.lambda(node);
    case "function-group":
      return `f${node.target.id}`;
    case "array":
      return array(e, node);
    case "element":
      return elementValue(e, node);
    case "anonymous":
      return `${e.op("anonymous")}(${e.module.names(node.names)},[${node.values.map((v) => e.box(expression(e, v), v.type)).join(",")}])`;
    case "anonymous-member":
      return e.unbox(`${notNull(e, node.target)}.values[${node.index}]`, node.type);
    case "tuple":
      return tuple(e, node);
    case "tuple-member":
      return e.unbox(`${expression(e, node.target)}.values[${node.index}]`, node.type);
    case "initialized":
      return initialized(e, node);
    case "is":
      return is(e, node);
    case "as": {
      const value = e.temporary();
      const test = e.module.type(nullableUnderlying(node.type) ?? node.type);
      return `((${value}=${e.box(expression(e, node.operand), node.operand.type)})!==null&&${test}.is(${value})?${e.unbox(value, node.type)}:null)`;
    }
    case "type-value":
      return `${e.op("typeOf")}(${e.module.type(node.of)})`;
    case "get-type":
      return `${e.op("getType")}(${expression(e, node.operand)})`;
    case "throw":
      return `${e.op("raise")}(${expression(e, node.value)})`;
    case "default":
      return e.defaultValue(node.type);
    default:
      // What is left is no value; the checker lets none of it through.
      return "null";
  }
}

export function constant(e: Emitter, value: ConstantValue, type: Type): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (isEnum(type) && type.kind === "named") return e.module.enumValue(type.definition.fullName, Number(value));
  if (typeof value === "string") return numericKind(type) === "decimal" ? e.module.decimal(value) : literal(value);
  const kind = numericKind(nullableUnderlying(type) ?? type);
  if (typeof value === "bigint") return value < 0n ? `(${value}n)` : `${value}n`;
  if (kind === "long" || kind === "ulong") return constant(e, BigInt(value), type);
  if (Number.isNaN(value)) return "(0/0)";
  if (!Number.isFinite(value)) return value > 0 ? "(1/0)" : "(-1/0)";
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? "-0" : value})` : String(value);
}

/** A receiver: a null throws NullReferenceException. */
export function notNull(e: Emitter, node: Bound): string {
  const text = expression(e, node);
  return mayBeNull(node) ? `(${text}??${e.op("nullReference")}())` : text;
}

function mayBeNull(node: Bound): boolean {
  if (isValueType(node.type) && !nullableUnderlying(node.type)) return false;
  switch (node.kind) {
    case "constant":
      return node.value === null;
    case "context":
    case "secret":
    case "concat":
    case "anonymous":
    case "tuple":
    case "array":
    case "initialized":
    case "type-value":
    case "get-type":
    case "lambda":
    case "format-hole":
      return false;
    case "call":
      return !(node.member.kind === "constructor" || neverNull.has(node.member.key));
    case "convert":
      return node.conversion.kind !== "boxing" || mayBeNull(node.operand);
    case "hole":
      // The chain behind `?.` runs only when its target is there.
      return false;
    default:
      return true;
  }
}

/** Members of the context that are always there, so that the commonest expressions need no null check. */
const neverNull = new Set(
  ["IRequest Request", "IVariables Variables", "IDeployment Deployment"]
    .map((property) => `Gatehouse.IProxyRequestContext|${property} { get; }`)
    .concat(
      ["IHeaders Headers", "IUrl Url", "IUrl OriginalUrl", "string Method", "IMatchedParameters MatchedParameters"].map(
        (property) => `Gatehouse.IRequest|${property} { get; }`,
      ),
      [
        "Gatehouse.IResponse|IHeaders Headers { get; }",
        "Gatehouse.IUrl|IQuery Query { get; }",
        "Gatehouse.IUrl|string Path { get; }",
      ],
    ),
);

function binary(e: Emitter, node: Bound & { kind: "binary" }): string {
  const { left, right, operator } = node;
  const divisor = right.kind === "constant" ? right.value : undefined;
  const one = expression(e, left);
  const other = expression(e, right);
  const type = left.type;
  if ((operator === "==" || operator === "!=") && !sameByIdentity(type) && right.kind !== "constant") {
    return `${operator === "!=" ? "!" : ""}${e.op("same")}(${e.box(one, type)},${e.box(other, right.type)})`;
  }
  return numberOperator(e.module, operator, one, other, type, node.checked, divisor);
}

/** Equality of these is `===`: primitives, enums, references. */
function sameByIdentity(type: Type): boolean {
  const inner = nullableUnderlying(type) ?? type;
  return (
    !isValueType(inner) ||
    isEnum(inner) ||
    (numericKind(inner) !== undefined && numericKind(inner) !== "decimal") ||
    (inner.kind === "named" && inner.definition.fullName === "System.Boolean")
  );
}

function lifted(e: Emitter, node: Bound & { kind: "lifted" }): string {
  const left = bindHole(e, node.left, node.leftHole);
  const right = node.right && node.rightHole ? bindHole(e, node.right, node.rightHole) : undefined;
  const tests = [left, right].flatMap((side) => (side?.nullable ? [`${side.name}===null`] : []));
  const setup = [left, right].flatMap((side) => (side?.setup ? [side.setup] : []));
  const body = expression(e, node.body);
  const pair = `${left.name}===${right?.name ?? "null"}`;
  const whenNull =
    node.whenNull === "null"
      ? "null"
      : node.whenNull === "false"
        ? "false"
        : node.whenNull === "equal"
          ? pair
          : `!(${pair})`;
  const value = tests.length > 0 ? `(${tests.join("||")}?${whenNull}:${body})` : body;
  return setup.length > 0 ? `(${setup.join(",")},${value})` : value;
}

function bindHole(
  e: Emitter,
  value: Bound,
  hole: Bound,
): { name: string; setup: string | undefined; nullable: boolean } {
  const text = expression(e, value);
  const nullable = nullableUnderlying(value.type) !== undefined;
  if (hole.kind !== "hole") return { name: text, setup: undefined, nullable };
  const name = e.temporary();
  e.holes.set(hole.id, name);
  return { name, setup: `${name}=${text}`, nullable };
}

function concat(e: Emitter, parts: readonly Bound[]): string {
  const texts = parts.map((part) => textOf(e, part));
  const first = texts[0] as { code: string; isText: boolean };
  const second = texts[1];
  // One side of the first `+` must be a string, or JavaScript would add numbers.
  const lead = first.isText || second?.isText ? "" : '""+';
  const joined = `(${lead}${texts.map(({ code }) => code).join("+")})`;
  return e.repeating ? `${e.op("grown")}${joined}` : joined;
}

/** The text that a value adds to a concatenation; null adds nothing. */
function textOf(e: Emitter, part: Bound): { code: string; isText: boolean } {
  const { type } = part;
  const { known } = e.language;
  if (type === known.string) {
    if (part.kind === "constant" && part.value === null) return { code: '""', isText: true };
    const code = expression(e, part);
    return { code: mayBeNull(part) || part.kind === "hole" ? `(${code}??"")` : code, isText: true };
  }
  const code = expression(e, part);
  const kind = numericKind(type);
  if (kind === "char") return { code: `${e.op("charText")}(${code})`, isText: true };
  if (kind === "double") return { code: `${e.op("doubleText")}(${code})`, isText: true };
  if (kind === "float") return { code: `${e.op("singleText")}(${code})`, isText: true };
  if (kind && kind !== "decimal") return { code, isText: false };
  if (type === known.bool) return { code: `(${code}?"True":"False")`, isText: true };
  return { code: `${e.op("text")}(${e.box(code, type)})`, isText: true };
}

function coalesce(e: Emitter, node: Bound & { kind: "coalesce" }): string {
  const left = expression(e, node.left);
  const { hole } = node;
  const holeId = hole.kind === "hole" ? hole.id : -1;
  const plain = e.holes.get(holeId);
  e.holes.set(holeId, "@");
  const present = expression(e, node.whenPresent);
  if (present === "@") {
    if (plain !== undefined) e.holes.set(holeId, plain);
    return `(${left}??${expression(e, node.right)})`;
  }
  const name = e.temporary();
  e.holes.set(holeId, name);
  return `((${name}=${left})===null?${expression(e, node.right)}:${expression(e, node.whenPresent)})`;
}

function conditionalAccess(e: Emitter, node: Bound & { kind: "conditional-access" }): string {
  const name = e.temporary();
  if (node.hole.kind === "hole") e.holes.set(node.hole.id, name);
  const target = expression(e, node.target);
  return `((${name}=${target})===null?null:${expression(e, node.rest)})`;
}

function array(e: Emitter, node: Bound & { kind: "array" }): string {
  const { element, items, size } = node;
  if (!items) return `${e.op("newArray")}(${e.module.type(element)},${size ? expression(e, size) : "0"})`;
  if (numericKind(element) === "byte")
    return `${e.op("bytes")}([${items.map((item) => expression(e, item)).join(",")}])`;
  return `${e.op("array")}(${e.module.type(element)}.name,[${items.map((item) => e.box(expression(e, item), item.type)).join(",")}])`;
}

function tuple(e: Emitter, node: Bound & { kind: "tuple" }): string {
  return `${e.op("tuple")}([${node.items.map((item) => e.box(expression(e, item), item.type)).join(",")}])`;
}

function initialized(e: Emitter, node: Bound & { kind: "initialized" }): string {
  const name = e.temporary();
  const creation = expression(e, node.creation);
  if (node.hole.kind === "hole") e.holes.set(node.hole.id, name);
  const steps = node.steps.map((step) => (step.kind === "assign" ? assign(e, step, false) : expression(e, step)));
  // An initialiser inside the constructor's arguments or steps has a name of its own, so this one is not lost.
  return `(${[`${name}=${creation}`, ...steps, name].join(",")})`;
}

function is(e: Emitter, node: Bound & { kind: "is" }): string {
  const { operand, test, constant: wanted, local } = node;
  const text = operand.kind === "null" ? "null" : expression(e, operand);
  if (wanted) return constantTest(e, text, operand, wanted);
  if (!test) {
    if (!local) return "true";
    return `(${e.local(local)}=${text},true)`;
  }
  const underlying = nullableUnderlying(operand.type) ?? operand.type;
  const certain = (nullableUnderlying(test) ?? test) === underlying;
  const value = e.temporary();
  const boxed = certain ? text : e.box(text, operand.type);
  const check = certain
    ? `(${value}=${boxed})!==null`
    : `((${value}=${boxed})!==null&&${e.module.type(nullableUnderlying(test) ?? test)}.is(${value}))`;
  if (!local) return `(${check})`;
  const taken = certain ? value : e.unbox(value, test);
  return `(${check}?(${e.local(local)}=${taken},true):false)`;
}

function constantTest(e: Emitter, text: string, operand: Bound, wanted: Bound): string {
  if (wanted.kind === "constant" && wanted.value === null) return `(${text}===null)`;
  const value = expression(e, wanted);
  if (wanted.type === operand.type || nullableUnderlying(operand.type) === wanted.type) {
    if (sameByIdentity(wanted.type)) return `(${text}===${value})`;
  }
  return `${e.op("same")}(${e.box(text, operand.type)},${e.box(value, wanted.type)})`;
}
