import type { PolicyDefinition } from "../compiler/schema.ts";

const definitions: readonly PolicyDefinition[] = [];

/** Every policy that Gatehouse carries out, by element name. */
export const policies: ReadonlyMap<string, PolicyDefinition> = new Map(
  definitions.map((definition) => [definition.name, definition]),
);

/** Policies of the reference that are not carried out yet: using one is an error, never silence. */
export const unsupportedPolicies: ReadonlySet<string> = new Set([]);
