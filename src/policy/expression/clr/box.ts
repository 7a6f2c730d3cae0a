/**
 * A boxed value type that JavaScript alone could not tell apart: `(object)1.0`, `(object)'a'`, `(object)(byte)1`.
 * `int`, `long`, `bool` and `string` box to the number, bigint, boolean and string themselves.
 */
export class Box {
  readonly type: BoxedType;
  readonly value: number | bigint;
  constructor(type: BoxedType, value: number | bigint) {
    this.type = type;
    this.value = value;
  }
}

/** Value types that need a {@link Box}; `ulong` holds a bigint, the others a number (`Char`: the code unit). */
export type BoxedType = "Double" | "Single" | "Char" | "Byte" | "SByte" | "Int16" | "UInt16" | "UInt32" | "UInt64";

/** One member of an enum. The same member is always the same object, so `===` compares. */
export class EnumValue {
  /** Full CLR name of the enum, such as `System.DayOfWeek`. */
  readonly type: string;
  readonly name: string;
  readonly value: number;
  constructor(type: string, name: string, value: number) {
    this.type = type;
    this.name = name;
    this.value = value;
  }
}

const enums = new Map<string, Map<number, EnumValue>>();

/** Values kept of one enum: far more than any has, yet numbers that come from requests cannot fill the memory. */
const MAX_KEPT = 10_000;

/** The enum object for a number; numbers without a member (flag combinations) get a name in .NET's form (`A, B` or the number). */
export function enumValue(type: string, members: Readonly<Record<string, number>>, value: number): EnumValue {
  let known = enums.get(type);
  if (!known) enums.set(type, (known = new Map()));
  let found = known.get(value);
  if (!found) {
    found = new EnumValue(type, enumName(members, value), value);
    if (known.size < MAX_KEPT) known.set(value, found);
  }
  return found;
}

function enumName(members: Readonly<Record<string, number>>, value: number): string {
  const exact = Object.keys(members).find((name) => members[name] === value);
  if (exact !== undefined) return exact;
  const parts: string[] = [];
  let rest = value;
  for (const [name, bit] of Object.entries(members)) {
    if (bit !== 0 && (rest & bit) === bit) {
      parts.push(name);
      rest &= ~bit;
    }
  }
  return rest === 0 && parts.length > 0 ? parts.join(", ") : String(value);
}

/** A .NET array other than `byte[]` (which is a Uint8Array). Items are boxed. */
export class ClrArray implements Iterable<unknown> {
  /** Element type in C# form, such as `string`, `int`, `Newtonsoft.Json.Linq.JToken`. */
  readonly elementType: string;
  readonly items: unknown[];
  constructor(elementType: string, items: unknown[]) {
    this.elementType = elementType;
    this.items = items;
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.items[Symbol.iterator]();
  }
}
