import type { Bound } from "../bound.ts";
import type { Binder } from "./binder.ts";

/** Whether a value stands in a place that can be written: a variable, a settable property or indexer, an array item. */
export function isAssignable(_b: Binder, value: Bound): boolean {
  switch (value.kind) {
    case "local":
      return value.local.readonly === undefined;
    case "call":
      return (
        (value.member.kind === "property" || value.member.kind === "indexer") &&
        typeof value.member.implementation !== "function"
      );
    case "element":
      return true;
    case "tuple-member":
      return value.target.kind === "local" && value.target.local.readonly === undefined;
    default:
      return false;
  }
}

/** Reports why a value cannot be assigned. */
export function reportUnassignable(b: Binder, value: Bound, at: number): void {
  if (value.kind === "error") return;
  if (value.kind === "local" && value.local.readonly) {
    b.error(
      at,
      "expression-assignment",
      `Cannot assign to '${value.local.name}' because it is a '${value.local.readonly}'`,
    );
  } else if (value.kind === "call" && value.member.kind === "property") {
    b.error(
      at,
      "expression-assignment",
      `Property '${value.member.declaring.simpleName}.${value.member.name}' cannot be assigned to -- it is read only`,
    );
  } else if (value.kind === "call" && value.member.kind === "indexer") {
    b.error(at, "expression-assignment", `The indexer of '${value.member.declaring.simpleName}' is read only`);
  } else {
    b.error(at, "expression-assignment", "The left-hand side of an assignment must be a variable, property or indexer");
  }
}
