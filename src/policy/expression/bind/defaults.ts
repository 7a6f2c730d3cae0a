import type { Bound } from "../bound.ts";
import { numericKind } from "../known-types.ts";
import { isEnum, type Type } from "../types.ts";
import type { Binder } from "./binder.ts";

/** The default of an optional parameter, as a declaration's signature writes it. */
export function constantFromText(b: Binder, text: string, type: Type, at: number): Bound {
  if (text === "null") return b.constant(null, type, at);
  if (text === "true" || text === "false") return b.constant(text === "true", type, at);
  if (text.startsWith('"')) return b.constant(JSON.parse(text) as string, type, at);
  if (text.startsWith("'")) return b.constant(text.charCodeAt(1), type, at);
  if (isEnum(type) && type.kind === "named") {
    const number = type.definition.declaration.values?.[text.slice(text.lastIndexOf(".") + 1)];
    if (number !== undefined) return b.constant(number, type, at);
  }
  const kind = numericKind(type);
  if (kind && /^-?\d/.test(text)) {
    const value = kind === "long" || kind === "ulong" ? BigInt(text.replace(/[uUlL]+$/, "")) : Number.parseFloat(text);
    if (kind !== "decimal") return b.constant(value, type, at);
  }
  return { kind: "default", type, at };
}
