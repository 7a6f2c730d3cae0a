import { didYouMean } from "../../../model/nearest.ts";
import type { Bound } from "../bound.ts";
import { errorType, type Type } from "../types.ts";
import type { Binder } from "./binder.ts";

/** Names of every member the type offers, inherited and extension members included. */
export function memberNames(b: Binder, type: Type, isStatic: boolean): Set<string> {
  const names = new Set<string>();
  const add = (members: ReadonlyMap<string, readonly { isStatic: boolean; kind: string }[]>): void => {
    for (const [name, list] of members) {
      if (list.some((m) => m.isStatic === isStatic && (m.kind === "method" || m.kind === "property"))) names.add(name);
    }
  };
  for (const ancestor of b.relations.chain(type)) add(ancestor.definition.members);
  if (!isStatic) {
    for (const inner of b.relations.interfaces(type)) add(inner.definition.members);
    for (const name of b.registry.extensionNames) {
      if (b.registry.extensions(name).some((m) => extensionMayApply(b, m.parameters[0]?.type, type))) names.add(name);
    }
  } else if (type.kind === "named") {
    for (const name of Object.keys(type.definition.declaration.values ?? {})) names.add(name);
  }
  return names;
}

function extensionMayApply(b: Binder, wanted: Type | undefined, type: Type): boolean {
  if (!wanted) return false;
  if (wanted === type || wanted.kind === "parameter") return wanted === type;
  return wanted.kind === "named" && b.relations.instancesOf(type, wanted.definition).length > 0;
}

/** "does not contain a definition", with the nearest member that exists. */
export function describeMissing(b: Binder, type: Type, name: string, at: number): Bound {
  if (type === errorType) return b.errorNode(at);
  const names = memberNames(b, type, false);
  if (type.kind === "named") for (const n of memberNames(b, type, true)) names.add(n);
  return b.fail(
    at,
    "expression-unknown-member",
    `'${type}' does not contain a definition for '${name}'`,
    didYouMean(name, names),
  );
}

export function outsideWhitelist(b: Binder, type: Type, name: string, at: number): Bound {
  return b.fail(at, "expression-unknown-member", `'${type}.${name}' is not available in policy expressions`);
}

/** "could not be found", or "not allowed" for types that .NET has and expressions may not use. */
export function unknownType(b: Binder, name: string, at: number, arity = 0): Bound {
  const others = b.registry.named(name);
  if (others.length > 0) {
    const counts = [...new Set(others.map((t) => t.parameters.length))];
    const wanted = counts[0] ?? 0;
    const message =
      arity === 0
        ? `Using the generic type '${name}' requires ${wanted} type arguments`
        : wanted === 0
          ? `The non-generic type '${name}' cannot be used with type arguments`
          : `Using the generic type '${name}' requires ${wanted} type arguments, not ${arity}`;
    return b.fail(at, "expression-unknown-type", message);
  }
  return b.fail(
    at,
    "expression-unknown-type",
    `The type or namespace name '${name}' could not be found; policy expressions may use only the allowed .NET types`,
    didYouMean(name.slice(name.lastIndexOf(".") + 1), b.registry.simpleNames),
  );
}
