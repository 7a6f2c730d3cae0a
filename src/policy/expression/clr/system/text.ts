import { AnonymousObject, ValueTuple } from "../anonymous.ts";
import { Box, ClrArray, EnumValue } from "../box.ts";
import { ClrException } from "../exceptions.ts";
import { clrNameOf } from "./clr-names.ts";
import { doubleToString, singleToString } from "./number-text.ts";
import { asClrObject } from "./protocol.ts";

/** `Environment.NewLine`; the measured runtime, and Linux gateways, end lines so. */
export const NEW_LINE = "\n";

/**
 * What `value.ToString()` prints for a boxed value; null gives the empty string, as in concatenation.
 * Objects print what their `toClrString()` says, else their CLR name.
 */
export function boxedToString(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "True" : "False";
    case "undefined":
      return "";
  }
  if (value === null) return "";
  if (value instanceof Box) return boxToString(value);
  if (value instanceof EnumValue) return value.name;
  const own = asClrObject(value);
  if (own?.toClrString) return own.toClrString();
  if (value instanceof AnonymousObject) return anonymousToString(value);
  if (value instanceof ValueTuple) return `(${value.values.map(boxedToString).join(", ")})`;
  if (value instanceof ClrException) return exceptionToString(value);
  return typeNameOf(value);
}

function boxToString(box: Box): string {
  switch (box.type) {
    case "Char":
      return String.fromCharCode(Number(box.value));
    case "Double":
      return doubleToString(Number(box.value));
    case "Single":
      return singleToString(Number(box.value));
    default:
      return String(box.value);
  }
}

function anonymousToString(value: AnonymousObject): string {
  if (value.names.length === 0) return "{ }";
  return `{ ${value.names.map((name, i) => `${name} = ${boxedToString(value.values[i])}`).join(", ")} }`;
}

/** `Exception.ToString()`: the type, the message and the inner exceptions; expressions have no .NET stack to print. */
export function exceptionToString(error: ClrException): string {
  const head = error.message === "" ? error.clrName : `${error.clrName}: ${error.message}`;
  return error.innerException === null ? head : `${head} ---> ${exceptionToString(error.innerException)}`;
}

/** Full CLR name of a boxed, non-null value's type, as `value.GetType().FullName` and the default ToString() print it. */
export function typeNameOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "System.String";
    case "number":
      return "System.Int32";
    case "bigint":
      return "System.Int64";
    case "boolean":
      return "System.Boolean";
    case "function":
      return "System.Delegate";
  }
  if (value instanceof Box) return `System.${value.type}`;
  if (value instanceof EnumValue) return value.type;
  if (value instanceof Uint8Array) return "System.Byte[]";
  if (value instanceof ClrArray) return `${clrNameOf(value.elementType)}[]`;
  if (value instanceof AnonymousObject) return "<>f__AnonymousType";
  if (value instanceof ValueTuple) {
    return `System.ValueTuple\`${value.values.length}[${value.values.map((v) => (v === null ? "System.Object" : typeNameOf(v))).join(",")}]`;
  }
  return asClrObject(value)?.clrName ?? "System.Object";
}
