import { Box, EnumValue } from "../box.ts";
import { declareType } from "../declare.ts";
import { boxedEquals, boxedHashCode, compareBoxed } from "./equality.ts";
import { formatBoxed } from "./format.ts";
import { asClrObject } from "./protocol.ts";
import { boxedToString } from "./text.ts";
import { ClrType } from "./type.ts";

/** The members every object has. Receivers are boxed, as everywhere where the type is `object`. */
export const objectType = declareType({
  name: "System.Object",
  kind: "class",
  keyword: "object",
  is: (value) => value !== null && value !== undefined,
  toString: boxedToString,
  members: {
    "new Object()": () => ({}),
    "bool Equals(object obj)": (a: unknown, b: unknown) => boxedEquals(a, b),
    "static bool Equals(object objA, object objB)": (a: unknown, b: unknown) => boxedEquals(a, b),
    "int GetHashCode()": boxedHashCode,
    "Type GetType()": (value: unknown) => ClrType.of(value),
    "static bool ReferenceEquals(object objA, object objB)": (a: unknown, b: unknown) =>
      // Two boxes are two objects, also where JavaScript keeps them as equal primitives.
      a === b && (a === null || typeof a === "string" || (typeof a === "object" && !isValue(a))),
    "string ToString()": boxedToString,
  },
});

function isValue(value: unknown): boolean {
  return value instanceof Box || value instanceof EnumValue;
}

/** The base of structs; it adds nothing to object. */
export const valueTypeType = declareType({
  name: "System.ValueType",
  kind: "class",
  is: (value) => {
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return true;
    return isValue(value);
  },
});

/** Interfaces of the basic types. No expression names them, but signatures do. */
export const basicInterfaceTypes = [
  declareType({
    name: "System.IComparable",
    kind: "interface",
    is: (value) =>
      ["number", "bigint", "boolean", "string"].includes(typeof value) ||
      isValue(value) ||
      asClrObject(value)?.clrCompareTo !== undefined,
    members: { "int CompareTo(object obj)": (a: unknown, b: unknown) => compareBoxed(a, b) },
  }),
  declareType({
    name: "System.IFormattable",
    kind: "interface",
    is: (value) =>
      typeof value === "number" ||
      typeof value === "bigint" ||
      isValue(value) ||
      asClrObject(value)?.clrFormat !== undefined,
    members: {
      "string ToString(string format, IFormatProvider formatProvider)": (value: unknown, format: string | null) =>
        formatBoxed(value, format),
    },
  }),
  // Only null is one: the invariant culture is the only one there is.
  declareType({ name: "System.IFormatProvider", kind: "interface", is: () => false }),
  declareType({
    name: "System.IDisposable",
    kind: "interface",
    is: (value) => typeof (value as { dispose?: unknown } | null)?.dispose === "function",
    members: { "void Dispose()": (value: { dispose?: () => void }) => value.dispose?.() },
  }),
];
