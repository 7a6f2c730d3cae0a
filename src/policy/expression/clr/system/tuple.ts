import { declareType, type MemberFunction, type TypeDeclaration, withTypes } from "../declare.ts";
import { ArgumentException } from "../exceptions.ts";
import { clrNameOf } from "./clr-names.ts";
import { boxedEquals, combineHashCodes, compareBoxed } from "./equality.ts";
import type { ClrObject } from "./protocol.ts";
import { boxedToString } from "./text.ts";

/** `System.Tuple<…>`: items are boxed; the item types are kept for casts. */
export class Tuple implements ClrObject {
  readonly items: readonly unknown[];
  readonly clrName: string;

  /** @param types item types in C# form */
  constructor(types: readonly string[], items: readonly unknown[]) {
    this.items = items;
    this.clrName = `System.Tuple\`${items.length}[${types.map(clrNameOf).join(",")}]`;
  }

  toClrString(): string {
    return `(${this.items.map(boxedToString).join(", ")})`;
  }

  clrEquals(other: unknown): boolean {
    if (!(other instanceof Tuple) || other.items.length !== this.items.length) return false;
    return this.items.every((item, i) => boxedEquals(item, other.items[i]));
  }

  clrHashCode(): number {
    return combineHashCodes(this.items);
  }

  clrCompareTo(other: unknown): number {
    if (!(other instanceof Tuple) || other.items.length !== this.items.length) {
      throw new ArgumentException("Argument must be of type System.Tuple.", "other");
    }
    for (const [i, item] of this.items.entries()) {
      const order = compareBoxed(item, other.items[i]);
      if (order !== 0) return order;
    }
    return 0;
  }
}

const MAX_ITEMS = 7;

/** `T1, T2, …` and `T1 item1, T2 item2, …` for a number of items. */
function names(size: number): { types: string; parameters: string } {
  const indexes = Array.from({ length: size }, (_, i) => i + 1);
  return {
    types: indexes.map((i) => `T${i}`).join(", "),
    parameters: indexes.map((i) => `T${i} item${i}`).join(", "),
  };
}

function tupleOf(size: number): TypeDeclaration {
  const { types, parameters } = names(size);
  const members: Record<string, MemberFunction> = {
    [`new Tuple(${parameters})`]: withTypes(
      (types, ...items: unknown[]) =>
        new Tuple(
          types.map((type) => type.name),
          items,
        ),
    ),
    "bool Equals(object obj)": (tuple: Tuple, other: unknown) => tuple.clrEquals(other),
    "string ToString()": (tuple: Tuple) => tuple.toClrString(),
  };
  for (let i = 0; i < size; i++) members[`T${i + 1} Item${i + 1} { get; }`] = (tuple: Tuple) => tuple.items[i];
  return declareType({
    name: `System.Tuple<${types}>`,
    kind: "class",
    interfaces: ["System.IComparable"],
    is: (value) => value instanceof Tuple && value.items.length === size,
    toString: (value: Tuple) => value.toClrString(),
    members,
  });
}

function factory(): TypeDeclaration {
  const members: Record<string, MemberFunction> = {};
  for (let size = 1; size <= MAX_ITEMS; size++) {
    const { types, parameters } = names(size);
    members[`static Tuple<${types}> Create<${types}>(${parameters})`] = withTypes(
      (types, ...items: unknown[]) =>
        new Tuple(
          types.map((type) => type.name),
          items,
        ),
    );
  }
  return declareType({ name: "System.Tuple", kind: "static", members });
}

export const tupleTypes: TypeDeclaration[] = [
  factory(),
  ...Array.from({ length: MAX_ITEMS }, (_, i) => tupleOf(i + 1)),
];
