import type { Bound } from "../bound.ts";
import type { Expression } from "../syntax.ts";
import type { SecretPart } from "../tokens.ts";
import { errorType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { bindExpression, requireValue } from "./expressions.ts";

/** A string literal; secret named values in it are joined at run time. */
export function bindString(b: Binder, parts: readonly (string | SecretPart)[], at: number): Bound {
  const [first] = parts;
  if (parts.length === 1 && typeof first === "string") return b.constant(first, b.known.string, at);
  return concat(
    b,
    parts.map((part) => bindText(b, part, at)),
    at,
  );
}

function bindText(b: Binder, part: string | SecretPart, at: number): Bound {
  if (typeof part === "string") return b.constant(part, b.known.string, at);
  b.secrets.add(part.secret);
  return { kind: "secret", name: part.secret, type: b.known.string, at };
}

/** Several values as one string: neighbouring constants joined, inner concatenations flattened. */
export function concat(b: Binder, values: readonly Bound[], at: number): Bound {
  const parts: Bound[] = [];
  for (const value of values) {
    const inner = value.kind === "concat" ? value.parts : [value];
    for (const part of inner) {
      const last = parts.at(-1);
      if (
        last?.kind === "constant" &&
        part.kind === "constant" &&
        typeof last.value === "string" &&
        typeof part.value === "string" &&
        isText(b, last) &&
        isText(b, part)
      ) {
        parts[parts.length - 1] = b.constant(last.value + part.value, b.known.string, last.at);
      } else if (!(part.kind === "constant" && (part.value === "" || part.value === null) && isText(b, part))) {
        parts.push(part);
      }
    }
  }
  if (parts.length === 0) return b.constant("", b.known.string, at);
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "constant" && isText(b, only)) return { ...only, at };
  return { kind: "concat", parts, type: b.known.string, at };
}

function isText(b: Binder, value: Bound): boolean {
  return value.type === b.known.string || (value.kind === "constant" && value.value === null);
}

/** `$"text {value,10:N2}"`. */
export function bindInterpolated(b: Binder, syntax: Extract<Expression, { kind: "interpolated" }>): Bound {
  const values = syntax.parts.map((part): Bound => {
    if (typeof part === "string" || "secret" in part) return bindText(b, part, syntax.at);
    const value = requireValue(b, bindExpression(b, part.value));
    if (value.type === errorType)
      return value.kind === "null" || value.kind === "default-literal"
        ? b.constant(null, b.known.string, value.at)
        : rejectPending(b, value);
    if (!part.alignment && part.format === undefined)
      return value.kind === "null" ? b.constant(null, b.known.string, value.at) : value;
    let alignment = 0;
    if (part.alignment) {
      const bound = b.convert(requireValue(b, bindExpression(b, part.alignment)), b.known.int);
      if (bound.kind === "constant" && typeof bound.value === "number" && Math.abs(bound.value) <= 10_000)
        alignment = bound.value;
      else if (bound.kind !== "error")
        b.error(part.alignment.at, "expression-constant", "A constant value up to 10000 is expected as the alignment");
    }
    return {
      kind: "format-hole",
      value: b.convert(value, b.known.object),
      alignment,
      format: part.format,
      type: b.known.string,
      at: value.at,
    };
  });
  if (values.some((value) => value.kind === "error")) return b.errorNode(syntax.at);
  return concat(b, values, syntax.at);
}

function rejectPending(b: Binder, value: Bound): Bound {
  if (value.kind === "unbound-lambda") return b.convert(value, b.known.object);
  return b.errorNode(value.at);
}
