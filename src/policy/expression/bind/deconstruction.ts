import type { Bound } from "../bound.ts";
import type { Expression } from "../syntax.ts";
import { errorType, nameOf, type Type } from "../types.ts";
import type { Binder } from "./binder.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { memberOf } from "./names.ts";
import { isAssignable, reportUnassignable } from "./places.ts";

/** True for `(a, b)` and `var (a, b)` on the left of `=`. */
export function isDeconstruction(b: Binder, target: Expression): boolean {
  if (target.kind === "tuple") return true;
  return (
    target.kind === "call" && target.target.kind === "name" && target.target.name === "var" && !b.scope.find("var")
  );
}

/** The parts that a tuple or KeyValuePair deconstructs into; undefined for types that do not. */
export function deconstructParts(b: Binder, value: Bound, at: number): Bound[] | undefined {
  const { type } = value;
  if (type.kind === "tuple") {
    return type.elements.map(
      (element, index): Bound => ({ kind: "tuple-member", target: value, index, type: element, at }),
    );
  }
  if (nameOf(type) === "System.Collections.Generic.KeyValuePair") {
    return [memberOf(b, value, "Key", [], at, false), memberOf(b, value, "Value", [], at, false)];
  }
  return undefined;
}

export function bindDeconstruction(b: Binder, target: Expression, valueSyntax: Expression, at: number): Bound {
  const value = requireValue(b, bindExpression(b, valueSyntax));
  if (value.type === errorType)
    return value.kind === "error" ? value : b.fail(valueSyntax.at, "expression-type", "Cannot deconstruct this value");
  const hole = b.hole(value.type, at);
  const parts = deconstructParts(b, hole, at);
  if (!parts) return b.fail(at, "expression-type", `A value of type '${value.type}' cannot be deconstructed`);
  const places =
    target.kind === "tuple"
      ? target.items.map((item) => item.value)
      : target.kind === "call"
        ? target.args.map((arg) => arg.value)
        : [];
  if (places.length !== parts.length)
    return b.fail(
      at,
      "expression-type",
      `Cannot deconstruct a value of ${parts.length} parts into ${places.length} variables`,
    );
  const declares = target.kind === "call";
  const targets = places.map((place, i): Bound | undefined => {
    const type = (parts[i] as Bound).type;
    if (place.kind === "name" && place.name === "_" && !b.scope.find("_")) return undefined;
    if (declares) return declare(b, place, type);
    const bound = requireValue(b, bindExpression(b, place));
    if (!isAssignable(b, bound)) reportUnassignable(b, bound, place.at);
    return bound;
  });
  if (targets.some((t) => t?.kind === "error")) return b.errorNode(at);
  const converted = parts.map((part, i) => {
    const place = targets[i];
    return place ? b.convert(part, place.type) : part;
  });
  return { kind: "deconstruct", targets, value, hole, parts: converted, type: value.type, at };
}

function declare(b: Binder, place: Expression, type: Type): Bound {
  if (place.kind !== "name") return b.fail(place.at, "expression-syntax", "Identifier expected");
  const local = b.declare(place.name, type, place.at);
  b.scope.expressionLocals.push(local);
  return { kind: "local", local, type, at: place.at };
}
