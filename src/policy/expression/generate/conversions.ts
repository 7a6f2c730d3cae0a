import type { Conversion } from "../bound.ts";
import { type NumericKind, numericKind } from "../known-types.ts";
import type { Member } from "../registry.ts";
import { isEnum, nullableUnderlying, type Type } from "../types.ts";
import { memberText } from "./calls.ts";
import type { Emitter } from "./emitter.ts";
import { convertNumber } from "./numbers.ts";

/** JavaScript that converts `text`, a value of static type `from`, to the representation of `to`. */
export function convert(
  e: Emitter,
  text: string,
  conversion: Conversion,
  from: Type,
  to: Type,
  checked: boolean,
): string {
  switch (conversion.kind) {
    case "numeric":
    case "constant":
      return numeric(e, text, from, to, checked);
    case "enum":
      return enumeration(e, text, from, to, checked);
    case "boxing":
    case "reference":
      return e.box(text, from);
    case "unboxing":
      return e.checkedUnbox(text, to);
    case "cast":
      if (to === e.language.known.string) return `${e.op("castString")}(${text})`;
      return e.unbox(`${e.op("cast")}(${e.module.type(to)},${text})`, to);
    case "nullable":
      return nullable(e, text, conversion, from, to, checked);
    case "user":
      return user(e, text, conversion, from, to, checked);
    case "tuple": {
      if (from.kind !== "tuple" || to.kind !== "tuple") return text;
      const value = e.temporary();
      const items = conversion.items.map((item, i) => {
        const source = from.elements[i] as Type;
        const target = to.elements[i] as Type;
        const open = e.unbox(`${value}.values[${i}]`, source);
        return e.box(convert(e, open, item, source, target, checked), target);
      });
      return `(${value}=${text},${e.op("tuple")}([${items.join(",")}]))`;
    }
    default:
      return text;
  }
}

function numeric(e: Emitter, text: string, from: Type, to: Type, checked: boolean): string {
  const source = numericKind(from);
  const target = numericKind(to);
  if (!source || !target || source === target) return text;
  if (source === "decimal" || target === "decimal") return decimal(e, text, source, target, from, to);
  return convertNumber(e.module, text, source, target, checked);
}

/** Conversions from and to decimal are operators that the type declares. */
function decimal(e: Emitter, text: string, source: NumericKind, target: NumericKind, from: Type, to: Type): string {
  const { definition } = e.language.known.decimal;
  const operators = [...definition.membersNamed("implicit"), ...definition.membersNamed("explicit")];
  const exact = (m: Member): boolean => m.parameters[0]?.type === from && m.type === to;
  const operator = operators.find(exact);
  if (operator) return `${e.module.member(operator)}(${text})`;
  // Through int where the exact pair is not declared: both lose or keep the same values there.
  const { int } = e.language.known;
  if (target === "decimal")
    return decimal(e, convertNumber(e.module, text, source, "int", false), "int", target, int, to);
  return convertNumber(e.module, decimal(e, text, source, "int", from, int), "int", target, false);
}

function enumeration(e: Emitter, text: string, from: Type, to: Type, checked: boolean): string {
  const { int } = e.language.known;
  const number = isEnum(from) ? `${e.op("enumNumber")}(${text})` : numeric(e, text, from, int, checked);
  if (isEnum(to) && to.kind === "named") return `${e.module.toEnum(to.definition.fullName)}(${number})`;
  return numeric(e, number, int, to, checked);
}

function nullable(
  e: Emitter,
  text: string,
  conversion: Conversion & { kind: "nullable" },
  from: Type,
  to: Type,
  checked: boolean,
): string {
  const source = nullableUnderlying(from) ?? from;
  const target = nullableUnderlying(to) ?? to;
  const through = (value: string): string => convert(e, value, conversion.inner, source, target, checked);
  if (conversion.lift === "wrap") return through(text);
  if (conversion.lift === "unwrap") return through(`(${text}??${e.op("noValue")}())`);
  const name = e.temporary();
  const inner = through(name);
  return inner === name ? text : `((${name}=${text})===null?null:${inner})`;
}

function user(
  e: Emitter,
  text: string,
  conversion: Conversion & { kind: "user" },
  from: Type,
  to: Type,
  checked: boolean,
): string {
  const { member, owner, before, after, source, target, lifted } = conversion;
  const inner = lifted ? (nullableUnderlying(from) ?? from) : from;
  const apply = (value: string): string => {
    const argument = convert(e, value, before, inner, source, checked);
    const result = memberText(e, member, owner, [argument], target);
    return convert(e, result, after, target, lifted ? (nullableUnderlying(to) ?? to) : to, checked);
  };
  if (!lifted) return apply(text);
  const name = e.temporary();
  return `((${name}=${text})===null?null:${apply(name)})`;
}
