import type { Registry } from "./registry.ts";
import { type NamedType, nullableUnderlying, type Type } from "./types.ts";

/** The types the language itself speaks of, looked up once per registry. */
export class KnownTypes {
  readonly object: NamedType;
  readonly string: NamedType;
  readonly bool: NamedType;
  readonly char: NamedType;
  readonly int: NamedType;
  readonly uint: NamedType;
  readonly long: NamedType;
  readonly ulong: NamedType;
  readonly float: NamedType;
  readonly double: NamedType;
  readonly decimal: NamedType;
  readonly exception: NamedType;
  readonly array: NamedType;
  readonly type: NamedType;
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.object = registry.type("System.Object");
    this.string = registry.type("System.String");
    this.bool = registry.type("System.Boolean");
    this.char = registry.type("System.Char");
    this.int = registry.type("System.Int32");
    this.uint = registry.type("System.UInt32");
    this.long = registry.type("System.Int64");
    this.ulong = registry.type("System.UInt64");
    this.float = registry.type("System.Single");
    this.double = registry.type("System.Double");
    this.decimal = registry.type("System.Decimal");
    this.exception = registry.type("System.Exception");
    this.array = registry.type("System.Array");
    this.type = registry.type("System.Type");
  }

  nullable(type: Type): Type {
    return nullableUnderlying(type) ? type : this.#registry.generic("System.Nullable", [type]);
  }

  enumerable(item: Type): NamedType {
    return this.#registry.generic("System.Collections.Generic.IEnumerable", [item]);
  }
}

export type NumericKind =
  | "sbyte"
  | "byte"
  | "short"
  | "ushort"
  | "int"
  | "uint"
  | "long"
  | "ulong"
  | "char"
  | "float"
  | "double"
  | "decimal";

const kinds = new Map<string, NumericKind>([
  ["System.SByte", "sbyte"],
  ["System.Byte", "byte"],
  ["System.Int16", "short"],
  ["System.UInt16", "ushort"],
  ["System.Int32", "int"],
  ["System.UInt32", "uint"],
  ["System.Int64", "long"],
  ["System.UInt64", "ulong"],
  ["System.Char", "char"],
  ["System.Single", "float"],
  ["System.Double", "double"],
  ["System.Decimal", "decimal"],
]);

/** Which of C#'s numeric types (char included) this is; undefined for all others. */
export function numericKind(type: Type): NumericKind | undefined {
  return type.kind === "named" ? kinds.get(type.definition.fullName) : undefined;
}

const implicitTargets: Readonly<Record<NumericKind, string>> = {
  sbyte: "short int long float double decimal",
  byte: "short ushort int uint long ulong float double decimal",
  short: "int long float double decimal",
  ushort: "int uint long ulong float double decimal",
  int: "long float double decimal",
  uint: "long ulong float double decimal",
  long: "float double decimal",
  ulong: "float double decimal",
  char: "ushort int uint long ulong float double decimal",
  float: "double",
  double: "",
  decimal: "",
};

const implicitSets = new Map(Object.entries(implicitTargets).map(([from, to]) => [from, new Set(to.split(" "))]));

/** Implicit numeric conversion (C# specification, 10.2.3). */
export function convertsNumerically(from: NumericKind, to: NumericKind): boolean {
  return implicitSets.get(from)?.has(to) ?? false;
}

const ranges: Readonly<Partial<Record<NumericKind, readonly [bigint, bigint]>>> = {
  sbyte: [-128n, 127n],
  byte: [0n, 255n],
  short: [-32768n, 32767n],
  ushort: [0n, 65535n],
  char: [0n, 65535n],
  int: [-(1n << 31n), (1n << 31n) - 1n],
  uint: [0n, (1n << 32n) - 1n],
  long: [-(1n << 63n), (1n << 63n) - 1n],
  ulong: [0n, (1n << 64n) - 1n],
};

/** Smallest and largest value of an integral type. */
export function rangeOf(kind: NumericKind): readonly [bigint, bigint] | undefined {
  return ranges[kind];
}
