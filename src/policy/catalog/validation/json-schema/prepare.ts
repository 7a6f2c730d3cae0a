import { compilePattern } from "./compile-keywords.ts";
import { LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS, UNSUPPORTED } from "./keywords.ts";
import { isObject } from "./run.ts";

/** Keywords that say nothing about validity. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  "$comment",
  "$schema",
  "default",
  "deprecated",
  "description",
  "example",
  "examples",
  "externalDocs",
  "title",
  "xml",
]);

/** A schema looked through. */
export interface PreparedSchema {
  /** Without what says nothing about validity. */
  schema: unknown;
  /** Every reference in it, as written. */
  references: ReadonlySet<string>;
  /** Why it cannot be enforced; each reason once. */
  problems: ReadonlySet<string>;
}

/** Looks a schema through: for plans, which should not hold more than gateways need, and to refuse early what is not enforced. */
export function prepareSchema(schema: unknown): PreparedSchema {
  const references = new Set<string>();
  const problems = new Set<string>();
  const visit = (value: unknown): unknown => {
    if (!isObject(value)) return value;
    const kept: [string, unknown][] = [];
    for (const [keyword, written] of Object.entries(value)) {
      if (ANNOTATIONS.has(keyword) || keyword.startsWith("x-")) continue;
      if (keyword === "$ref" && typeof written === "string") references.add(written);
      if (UNSUPPORTED.has(keyword)) problems.add(`the schema keyword "${keyword}" is not supported`);
      if (keyword === "pattern") check(written, problems);
      kept.push([keyword, visitKeyword(keyword, written, visit, problems)]);
    }
    return Object.fromEntries(kept);
  };
  return { schema: visit(schema), references, problems };
}

function visitKeyword(
  keyword: string,
  written: unknown,
  visit: (value: unknown) => unknown,
  problems: Set<string>,
): unknown {
  if (Array.isArray(written)) return LIST_KEYWORDS.has(keyword) ? written.map(visit) : written;
  if (SCHEMA_KEYWORDS.has(keyword)) return visit(written);
  if (!MAP_KEYWORDS.has(keyword) || !isObject(written)) return written;
  if (keyword === "patternProperties") for (const pattern of Object.keys(written)) check(pattern, problems);
  return Object.fromEntries(Object.entries(written).map(([name, item]) => [name, visit(item)]));
}

function check(pattern: unknown, problems: Set<string>): void {
  try {
    compilePattern(pattern);
  } catch (error) {
    problems.add(error instanceof Error ? error.message : String(error));
  }
}
