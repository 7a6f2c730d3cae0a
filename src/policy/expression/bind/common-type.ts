import type { Bound } from "../bound.ts";
import { errorType, nullType, type Type, voidType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { implicitConversion } from "./conversions.ts";

/** The type among the values' own that all of them convert to (C# specification, 12.6.3.16); undefined where there is none. */
export function bestCommonType(b: Binder, values: readonly Bound[]): Type | undefined {
  const types = new Set<Type>();
  for (const value of values) {
    if (value.type === errorType && !hasNoType(value)) return errorType;
    if (value.type !== voidType && value.type !== nullType && !hasNoType(value)) types.add(value.type);
  }
  for (const type of types) {
    if (values.every((value) => implicitConversion(b, value, type) !== undefined)) return type;
  }
  return undefined;
}

function hasNoType(value: Bound): boolean {
  return ["null", "default-literal", "unbound-lambda", "method-group", "function-group", "throw"].includes(value.kind);
}
