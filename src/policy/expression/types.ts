import type { TypeDefinition } from "./registry.ts";

/** A C# type as the checker sees it. Equal types are the same object, except tuples that differ in item names. */
export type Type = NamedType | ArrayType | TypeParameter | TupleType | AnonymousType | SpecialType;

let nextId = 1;

/** A declared type with its generic arguments: `string`, `List<int>`, `int?` (System.Nullable<int>). */
export class NamedType {
  readonly kind = "named";
  readonly id = nextId++;
  readonly definition: TypeDefinition;
  readonly args: readonly Type[];
  constructor(definition: TypeDefinition, args: readonly Type[]) {
    this.definition = definition;
    this.args = args;
  }
  toString(): string {
    if (this.definition.fullName === "System.Nullable") return `${this.args[0]}?`;
    const name = this.definition.declaration.keyword ?? this.definition.simpleName;
    return this.args.length === 0 ? name : `${name}<${this.args.join(", ")}>`;
  }
}

export class ArrayType {
  readonly kind = "array";
  readonly id = nextId++;
  readonly element: Type;
  readonly rank: number;
  constructor(element: Type, rank: number) {
    this.element = element;
    this.rank = rank;
  }
  toString(): string {
    return `${this.element}[${",".repeat(this.rank - 1)}]`;
  }
}

/** A type parameter of a declared type or method: the `T` of `List<T>`. */
export class TypeParameter {
  readonly kind = "parameter";
  readonly id = nextId++;
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  toString(): string {
    return this.name;
  }
}

/** A C# 7 tuple `(int, string)`. Item names belong to the static type only. */
export class TupleType {
  readonly kind = "tuple";
  readonly id = nextId++;
  readonly elements: readonly Type[];
  readonly names: readonly (string | undefined)[];
  constructor(elements: readonly Type[], names: readonly (string | undefined)[]) {
    this.elements = elements;
    this.names = names;
  }
  toString(): string {
    return `(${this.elements.map((type, i) => (this.names[i] ? `${type} ${this.names[i]}` : `${type}`)).join(", ")})`;
  }
}

export class AnonymousType {
  readonly kind = "anonymous";
  readonly id = nextId++;
  readonly names: readonly string[];
  readonly types: readonly Type[];
  constructor(names: readonly string[], types: readonly Type[]) {
    this.names = names;
    this.types = types;
  }
  toString(): string {
    return `<anonymous type: ${this.types.map((type, i) => `${type} ${this.names[i]}`).join(", ")}>`;
  }
}

/** Types without a declaration: of the literal `null`, of no value, and of what did not compile. */
export class SpecialType {
  readonly kind = "special";
  readonly id = nextId++;
  readonly name: "null" | "void" | "error";
  constructor(name: "null" | "void" | "error") {
    this.name = name;
  }
  toString(): string {
    return this.name === "null" ? "<null>" : this.name;
  }
}

export const nullType = new SpecialType("null");
export const voidType = new SpecialType("void");
/** Stands for whatever could not be typed; converts to and from everything, so that one mistake is reported once. */
export const errorType = new SpecialType("error");

const arrays = new WeakMap<Type, ArrayType[]>();

export function arrayOf(element: Type, rank = 1): ArrayType {
  let known = arrays.get(element);
  if (!known) arrays.set(element, (known = []));
  return (known[rank] ??= new ArrayType(element, rank));
}

const tuples = new Map<string, TupleType>();

export function tupleOf(elements: readonly Type[], names: readonly (string | undefined)[]): TupleType {
  const key = elements.map((type, i) => `${type.id}:${names[i] ?? ""}`).join(",");
  let known = tuples.get(key);
  if (!known) {
    // Tuples come from user text: the table must not grow without end.
    if (tuples.size > 2000) tuples.clear();
    tuples.set(key, (known = new TupleType(elements, names)));
  }
  return known;
}

const anonymous = new Map<string, AnonymousType>();

export function anonymousOf(names: readonly string[], types: readonly Type[]): AnonymousType {
  const key = names.map((name, i) => `${name}:${(types[i] as Type).id}`).join(",");
  let known = anonymous.get(key);
  if (!known) {
    if (anonymous.size > 2000) anonymous.clear();
    anonymous.set(key, (known = new AnonymousType(names, types)));
  }
  return known;
}

/** Full CLR name of a declared type without arguments; empty for the others. */
export function nameOf(type: Type): string {
  return type.kind === "named" ? type.definition.fullName : "";
}

export function isNamed(type: Type, fullName: string): boolean {
  return type.kind === "named" && type.definition.fullName === fullName;
}

/** `T` of `T?`, else undefined. */
export function nullableUnderlying(type: Type): Type | undefined {
  return type.kind === "named" && type.definition.fullName === "System.Nullable" ? type.args[0] : undefined;
}

export function isValueType(type: Type): boolean {
  if (type.kind === "tuple") return true;
  return type.kind === "named" && (type.definition.kind === "struct" || type.definition.kind === "enum");
}

/** True where `null` is a value: reference types and `T?`. */
export function admitsNull(type: Type): boolean {
  if (type === voidType) return false;
  return !isValueType(type) || nullableUnderlying(type) !== undefined;
}

export function isReferenceType(type: Type): boolean {
  return type.kind !== "special" && type.kind !== "parameter" && !isValueType(type);
}

export function isEnum(type: Type): boolean {
  return type.kind === "named" && type.definition.kind === "enum";
}

export function isDelegate(type: Type): boolean {
  return type.kind === "named" && type.definition.delegate !== undefined;
}

/** The type with type parameters replaced. */
export function substitute(type: Type, map: ReadonlyMap<TypeParameter, Type>): Type {
  if (map.size === 0) return type;
  switch (type.kind) {
    case "parameter":
      return map.get(type) ?? type;
    case "array":
      return arrayOf(substitute(type.element, map), type.rank);
    case "named":
      if (type.args.length === 0) return type;
      return type.definition.construct(type.args.map((arg) => substitute(arg, map)));
    case "tuple":
      return tupleOf(
        type.elements.map((element) => substitute(element, map)),
        type.names,
      );
    default:
      return type;
  }
}

/** True when one of these parameters occurs in the type. */
export function mentions(type: Type, parameters: ReadonlySet<TypeParameter>): boolean {
  switch (type.kind) {
    case "parameter":
      return parameters.has(type);
    case "array":
      return mentions(type.element, parameters);
    case "named":
      return type.args.some((arg) => mentions(arg, parameters));
    case "tuple":
      return type.elements.some((element) => mentions(element, parameters));
    default:
      return false;
  }
}
