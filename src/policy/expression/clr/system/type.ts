import { declareType } from "../declare.ts";
import { clrNameOf, simpleName } from "./clr-names.ts";
import type { ClrObject } from "./protocol.ts";
import { typeNameOf } from "./text.ts";

/** `System.Type`: what `x.GetType()` and `typeof(T)` give. One object per name, so `==` compares. */
export class ClrType implements ClrObject {
  readonly clrName = "System.RuntimeType";
  /** Full name as reflection prints it. */
  readonly fullName: string;

  private constructor(fullName: string) {
    this.fullName = fullName;
  }

  private static readonly known = new Map<string, ClrType>();

  /** The type of a name in C# form (`int`, `string[]`) or in full. */
  static named(name: string): ClrType {
    const fullName = clrNameOf(name);
    let type = ClrType.known.get(fullName);
    if (!type) {
      type = new ClrType(fullName);
      // Names come from declared types and their combinations; the bound only stops a pathological mix.
      if (ClrType.known.size < 10_000) ClrType.known.set(fullName, type);
    }
    return type;
  }

  /** The run-time type of a boxed, non-null value. */
  static of(value: unknown): ClrType {
    return ClrType.named(typeNameOf(value));
  }

  get name(): string {
    return simpleName(this.fullName);
  }

  get namespace(): string | null {
    const bracket = this.fullName.indexOf("[");
    const bare = bracket < 0 ? this.fullName : this.fullName.slice(0, bracket);
    const dot = bare.lastIndexOf(".");
    return dot < 0 ? null : bare.slice(0, dot);
  }

  toClrString(): string {
    return this.fullName;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof ClrType && other.fullName === this.fullName;
  }
}

export const typeType = declareType({
  name: "System.Type",
  kind: "class",
  is: (value) => value instanceof ClrType,
  toString: (type: ClrType) => type.fullName,
  equals: (a: ClrType, b: ClrType) => a.fullName === b.fullName,
  members: {
    "string Name { get; }": (type: ClrType) => type.name,
    "string FullName { get; }": (type: ClrType) => type.fullName,
    "string Namespace { get; }": (type: ClrType) => type.namespace,
    "bool IsArray { get; }": (type: ClrType) => type.fullName.endsWith("[]"),
    "string ToString()": (type: ClrType) => type.fullName,
    "static bool operator ==(Type left, Type right)": (a: ClrType | null, b: ClrType | null) =>
      a?.fullName === b?.fullName,
    "static bool operator !=(Type left, Type right)": (a: ClrType | null, b: ClrType | null) =>
      a?.fullName !== b?.fullName,
  },
});
