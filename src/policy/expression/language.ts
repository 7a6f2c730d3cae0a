import { KnownTypes } from "./known-types.ts";
import type { Registry } from "./registry.ts";
import { TypeRelations } from "./type-relations.ts";

/** Everything about the language that does not depend on the text: the types and how they relate. */
export interface Language {
  registry: Registry;
  known: KnownTypes;
  relations: TypeRelations;
}

export function makeLanguage(registry: Registry): Language {
  const known = new KnownTypes(registry);
  return { registry, known, relations: new TypeRelations(registry, known) };
}
