import type { ResourceOrigin } from "../model/catalog.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { didYouMean } from "../model/nearest.ts";
import { SourceText } from "../model/source-text.ts";
import { type NamedValue, SECRET_OPEN, substitute, templateParts } from "../policy/compiler/named-values.ts";
import type { PlanText } from "./plan.ts";

/** Where a text of a resource stands, for findings. */
export interface TextPlace {
  origin: ResourceOrigin;
  path: readonly (string | number)[];
  /** `the credentials of backend "b"`. */
  what: string;
}

/** A text of a resource with its `{{named-value}}` references resolved; secrets stay references. */
export function compileText(
  value: string,
  place: TextPlace,
  namedValues: ReadonlyMap<string, NamedValue>,
  diagnostics: Diagnostic[],
): PlanText {
  const { origin, path, what } = place;
  const substituted = substitute(SourceText.of(value, origin.file), namedValues, (name) => {
    const position = origin.locate?.(path) ?? { line: 1, column: 1 };
    const hint = didYouMean(name, namedValues.keys());
    diagnostics.push({
      severity: "error",
      code: "unknown-named-value",
      message: `${what} refer to the named value "${name}", which does not exist`,
      file: origin.file,
      ...position,
      ...(hint ? { hint } : {}),
    });
  }).text;
  return substituted.includes(SECRET_OPEN) ? { template: templateParts(substituted) } : substituted;
}
