import { AnonymousObject, ValueTuple } from "./clr/anonymous.ts";
import { Box, type BoxedType, ClrArray, EnumValue, enumValue } from "./clr/box.ts";
import { needsTypes, type RuntimeType } from "./clr/declare.ts";
import { clrNameOf } from "./clr/system/clr-names.ts";
import { typeNameOf } from "./clr/system/text.ts";
import { numericKind } from "./known-types.ts";
import type { Language } from "./language.ts";
import { isEnum, isReferenceType, nullableUnderlying, type Type } from "./types.ts";

/** The box of each value type that has one; the types not listed stand for themselves when boxed. */
const boxes: Readonly<Record<string, BoxedType>> = {
  double: "Double",
  float: "Single",
  char: "Char",
  byte: "Byte",
  sbyte: "SByte",
  short: "Int16",
  ushort: "UInt16",
  uint: "UInt32",
  ulong: "UInt64",
};

/** The box that a static type's values need where the type is `object`; undefined where they need none. */
export function boxOf(type: Type): BoxedType | undefined {
  const kind = numericKind(nullableUnderlying(type) ?? type);
  return kind ? boxes[kind] : undefined;
}

/** A type in C# form with full names, which {@link RuntimeTypes} reads back. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case "array":
      return `${typeText(type.element)}[${",".repeat(type.rank - 1)}]`;
    case "named": {
      const underlying = nullableUnderlying(type);
      if (underlying) return `${typeText(underlying)}?`;
      const name = type.definition.declaration.keyword ?? type.definition.fullName;
      return type.args.length === 0 ? name : `${name}<${type.args.map(typeText).join(", ")}>`;
    }
    case "tuple":
      return "System.ValueTuple";
    case "anonymous":
      return "System.AnonymousType";
    default:
      return "object";
  }
}

/** Types as generic members receive them, made once for each name. */
export class RuntimeTypes {
  readonly #language: Language;
  readonly #known = new Map<string, RuntimeType>();

  constructor(language: Language) {
    this.#language = language;
  }

  named(text: string): RuntimeType {
    let known = this.#known.get(text);
    if (!known) {
      known = this.#make(text);
      // Types in plans come from user text; the table must not grow for ever.
      if (this.#known.size > 5000) this.#known.clear();
      this.#known.set(text, known);
    }
    return known;
  }

  #make(text: string): RuntimeType {
    if (text === "System.ValueTuple") return plain(text, (value) => value instanceof ValueTuple);
    if (text === "System.AnonymousType") return plain(text, (value) => value instanceof AnonymousObject);
    const type = this.#language.registry.tryParseType(text);
    if (!type) throw new Error(`The expression names the type ${text}, which is not declared.`);
    return this.#of(type, text);
  }

  #of(type: Type, name: string): RuntimeType {
    const underlying = nullableUnderlying(type);
    if (underlying) {
      const inner = this.named(typeText(underlying));
      return { name, args: [inner], default: null, nullable: true, is: inner.is };
    }
    if (type.kind === "array") {
      const element = this.named(typeText(type.element));
      return { name, args: [element], default: null, nullable: false, is: this.#arrayTest(type.element, element.name) };
    }
    if (type.kind !== "named") return plain(name, () => true);
    return {
      name,
      args: type.args.map((arg) => this.named(typeText(arg))),
      default: this.#defaultOf(type),
      nullable: false,
      is: this.#test(type),
    };
  }

  #arrayTest(element: Type, name: string): (value: unknown) => boolean {
    if (name === "byte") return (value) => value instanceof Uint8Array;
    const { known, relations, registry } = this.#language;
    if (!isReferenceType(element)) return (value) => value instanceof ClrArray && value.elementType === name;
    return (value) => {
      if (!(value instanceof ClrArray)) return false;
      if (value.elementType === name) return true;
      const actual = registry.tryParseType(value.elementType);
      if (!actual || !isReferenceType(actual)) return false;
      return element === known.object || relations.convertsByReference(actual, element);
    };
  }

  #test(type: Type & { kind: "named" }): (value: unknown) => boolean {
    const kind = numericKind(type);
    if (kind === "int") return (value) => typeof value === "number";
    if (kind === "long") return (value) => typeof value === "bigint";
    const box = boxOf(type);
    if (box) return (value) => value instanceof Box && value.type === box;
    const { fullName, declaration } = type.definition;
    if (fullName === "System.String") return (value) => typeof value === "string";
    if (fullName === "System.Boolean") return (value) => typeof value === "boolean";
    if (isEnum(type)) return (value) => value instanceof EnumValue && value.type === fullName;
    const declared = declaration.is;
    if (!declared) return (value) => value !== null;
    if (type.args.length === 0) return (value) => value !== null && declared(value);
    if (type.definition.kind !== "class") return (value) => value !== null && declared(value);
    // Classes keep their type arguments: a List<int> is no List<string>.
    const expected = clrNameOf(typeText(type));
    return (value) => value !== null && declared(value) && typeNameOf(value) === expected;
  }

  #defaultOf(type: Type & { kind: "named" }): unknown {
    if (isReferenceType(type)) return null;
    const kind = numericKind(type);
    if (kind === "int") return 0;
    if (kind === "long") return 0n;
    const box = boxOf(type);
    if (box) return new Box(box, box === "UInt64" ? 0n : 0);
    const { definition } = type;
    if (definition.fullName === "System.Boolean") return false;
    if (isEnum(type)) return enumValue(definition.fullName, definition.declaration.values ?? {}, 0);
    return this.#structDefault(type);
  }

  /** A struct's default is what its parameterless constructor gives, or the static member that stands for it. */
  #structDefault(type: Type & { kind: "named" }): unknown {
    const { definition } = type;
    const parameterless = definition.membersNamed(".ctor").find((m) => m.parameters.length === 0);
    const names = ["Empty", "Zero", "MinValue"];
    const member =
      parameterless ??
      names.flatMap((n) => definition.membersNamed(n)).find((m) => m.kind === "property" && m.isStatic);
    if (member) {
      const make = member.implementation as (...args: unknown[]) => unknown;
      return needsTypes(make) ? make(type.args.map((arg) => this.named(typeText(arg)))) : make();
    }
    const fields = definition.membersNamed(".ctor").find((m) => m.parameters.length === type.args.length);
    if (fields && type.args.length > 0) {
      const types = type.args.map((arg) => this.named(typeText(arg)));
      const make = fields.implementation as (...args: unknown[]) => unknown;
      const values = types.map((t) => t.default);
      return needsTypes(make) ? make(types, ...values) : make(...values);
    }
    return null;
  }
}

function plain(name: string, is: (value: unknown) => boolean): RuntimeType {
  return { name, args: [], default: null, nullable: false, is };
}
