import type { TypeSyntax } from "../syntax.ts";
import { arrayOf, errorType, isValueType, type Type, tupleOf, voidType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { unknownType } from "./messages.ts";

/** The type that a type syntax names; reports and returns the error type where there is none. */
export function bindType(b: Binder, syntax: TypeSyntax): Type {
  switch (syntax.kind) {
    case "keyword-type":
      if (syntax.keyword === "void") return voidType;
      return b.registry.find(syntax.keyword, 0)?.construct([]) ?? errorType;
    case "array-type": {
      const element = bindType(b, syntax.element);
      if (syntax.rank > 1) {
        b.error(
          syntax.at,
          "expression-type",
          "Multidimensional arrays are not supported in expressions",
          "use an array of arrays",
        );
        return errorType;
      }
      return element === errorType ? errorType : arrayOf(element, syntax.rank);
    }
    case "nullable-type": {
      const inner = bindType(b, syntax.inner);
      if (inner === errorType) return errorType;
      if (!isValueType(inner)) {
        b.error(syntax.at, "expression-type", `Nullable reference types need C# 8: '${inner}?'`, `write ${inner}`);
        return inner;
      }
      return b.known.nullable(inner);
    }
    case "tuple-type": {
      const types = syntax.elements.map((element) => bindType(b, element.type));
      if (types.includes(errorType)) return errorType;
      return tupleOf(
        types,
        syntax.elements.map((element) => element.name),
      );
    }
    case "name-type":
      return bindNamed(b, syntax);
  }
}

function bindNamed(b: Binder, syntax: Extract<TypeSyntax, { kind: "name-type" }>): Type {
  const last = syntax.parts[syntax.parts.length - 1];
  if (!last) return errorType;
  if (syntax.parts.length === 1 && last.name === "dynamic") {
    b.error(
      syntax.at,
      "expression-type",
      "'dynamic' is not supported in policy expressions",
      "name the type, for example JObject, and index it",
    );
    return errorType;
  }
  const generic = syntax.parts.slice(0, -1).find((part) => part.args.length > 0);
  if (generic) {
    b.error(generic.at, "expression-unknown-type", `'${generic.name}' has no nested types`);
    return errorType;
  }
  const args = last.args.map((arg) => bindType(b, arg));
  const name = syntax.parts.map((part) => part.name).join(".");
  const definition = b.registry.find(name, args.length);
  if (!definition) {
    unknownType(b, name, syntax.at, args.length);
    return errorType;
  }
  if (args.includes(errorType)) return errorType;
  if (args.includes(voidType)) {
    b.error(syntax.at, "expression-type", "'void' cannot be a type argument");
    return errorType;
  }
  if (definition.fullName === "System.Nullable" && args[0]) {
    if (isValueType(args[0])) return b.known.nullable(args[0]);
    b.error(
      syntax.at,
      "expression-type",
      `The type '${args[0]}' must be a non-nullable value type to be used in Nullable<T>`,
    );
    return errorType;
  }
  return definition.construct(args);
}
