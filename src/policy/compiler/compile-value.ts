import type { Diagnostic } from "../../model/diagnostic.ts";
import { didYouMean } from "../../model/nearest.ts";
import type { SourceText } from "../../model/source-text.ts";
import { compileExpression } from "../expression/compile.ts";
import type { PlanValue } from "./element.ts";
import { inInterpolatedText } from "./interpolation.ts";
import { type NamedValue, SECRET_OPEN, showSecrets, substitute, templateParts } from "./named-values.ts";
import type { TextSchema, ValueSchema } from "./schema.ts";

/** What values are compiled against. */
export interface ValueEnvironment {
  namedValues: ReadonlyMap<string, NamedValue>;
  /** Unknown named values and fragments are warnings: a document is looked at on its own. */
  standalone: boolean;
  diagnostics: Diagnostic[];
}

/**
 * Compiles the text of an attribute or element: named values substituted, an expression compiled, a literal checked
 * and converted to the schema's type. `what` names the place in messages: `attribute "calls" of <rate-limit>`.
 * `foreignReferences`: unknown `{{names}}` are no named values and stay (see {@link TextSchema.foreignReferences}).
 * @returns undefined where it does not compile; the reasons are in `environment.diagnostics`.
 */
export function compileValue(
  text: SourceText,
  schema: ValueSchema,
  what: string,
  environment: ValueEnvironment,
  foreignReferences = false,
): PlanValue | undefined {
  const { diagnostics } = environment;
  const marker = text.text.search(/[\uE000\uE001]/);
  if (marker >= 0) {
    diagnostics.push(
      text.diagnostic("error", "reserved-character", marker, `${what} holds a reserved character (U+E000 or U+E001)`),
    );
    return undefined;
  }
  let unknown = false;
  const substituted = substitute(text, environment.namedValues, (name, index) => {
    if (foreignReferences || (isExpressionText(text.text) && inInterpolatedText(text.text, index))) return;
    unknown = true;
    diagnostics.push(
      text.diagnostic(
        environment.standalone ? "warning" : "error",
        "unknown-named-value",
        index,
        `${what} refers to the named value "${name}", which does not exist`,
        didYouMean(name, environment.namedValues.keys()) ?? `add "named values/${name}/namedValueInformation.json"`,
      ),
    );
  });
  if (isExpressionText(substituted.text)) {
    if (unknown) return environment.standalone ? "" : undefined;
    return compileExpressionValue(substituted, schema, what, environment);
  }
  if (substituted.text.includes(SECRET_OPEN)) return { template: templateParts(substituted.text) };
  if (unknown) return substituted.text;
  warnAboutMixing(substituted, schema, what, environment);
  return compileLiteral(substituted, schema, what, environment);
}

/** `Bearer @(…)` is literal text in the service, which is hardly ever what the author means (expressions reference 1.1). */
function warnAboutMixing(text: SourceText, schema: TextSchema, what: string, { diagnostics }: ValueEnvironment): void {
  if (!schema.expression || schema.markup) return;
  const at = text.text.search(/@[({]/);
  if (at < 0) return;
  const message = `${what} does not begin with the expression, so all of it is literal text`;
  diagnostics.push(text.diagnostic("warning", "mixed-expression", at, message, 'write @("text" + expression)'));
}

function isExpressionText(text: string): boolean {
  return /^\s*@[({]/.test(text);
}

function compileExpressionValue(
  text: SourceText,
  schema: ValueSchema,
  what: string,
  environment: ValueEnvironment,
): PlanValue | undefined {
  if (!schema.expression) {
    environment.diagnostics.push(
      text.diagnostic(
        "error",
        "expression-not-allowed",
        0,
        `${what} does not allow a policy expression`,
        "write a literal or a named value",
      ),
    );
    return undefined;
  }
  const { compiled, diagnostics } = compileExpression(text);
  environment.diagnostics.push(...diagnostics);
  if (!compiled) return undefined;
  const constant = schema.unfolded ? undefined : compiled.constant;
  if (constant !== undefined && constant !== null && fits(constant, schema)) return constant;
  return {
    expression: showSecrets(text.text.trim()),
    type: compiled.type,
    js: compiled.js,
    tree: compiled.tree,
    ...(compiled.reads.length > 0 ? { reads: compiled.reads } : {}),
  };
}

function fits(constant: string | number | boolean, schema: ValueSchema): boolean {
  if (typeof schema.type !== "string") return typeof constant === "string" && schema.type.includes(constant);
  if (schema.type === "string") return typeof constant === "string" && (schema.pattern?.test(constant) ?? true);
  if (schema.type === "bool") return typeof constant === "boolean";
  if (schema.type === "int") return typeof constant === "number" && inRange(constant, schema);
  return false;
}

function compileLiteral(
  text: SourceText,
  schema: ValueSchema,
  what: string,
  { diagnostics }: ValueEnvironment,
): PlanValue | undefined {
  const written = text.text;
  const fail = (message: string, hint?: string) => {
    diagnostics.push(text.diagnostic("error", "invalid-value", 0, `${what} ${message}`, hint));
    return undefined;
  };
  const trimmed = written.trim();
  const type = schema.type;
  if (typeof type !== "string") {
    if (type.includes(trimmed)) return trimmed;
    const words = type.map((word) => `"${word}"`).join(", ");
    return fail(`is "${trimmed}"; allowed: ${words}`, didYouMean(trimmed, type));
  }
  switch (type) {
    case "int":
    case "long": {
      if (!/^[+-]?\d{1,16}$/.test(trimmed)) return fail(`must be a whole number, not "${trimmed}"`);
      const number = Number(trimmed);
      if (type === "int" && Math.abs(number) > 2147483647) return fail(`is out of range: ${trimmed}`);
      if (!inRange(number, schema)) return fail(`must be ${rangeText(schema)}, not ${trimmed}`);
      return number;
    }
    case "double": {
      if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return fail(`must be a number, not "${trimmed}"`);
      const number = Number(trimmed);
      if (!inRange(number, schema)) return fail(`must be ${rangeText(schema)}, not ${trimmed}`);
      return number;
    }
    case "bool":
      if (/^(true|1)$/i.test(trimmed)) return true;
      if (/^(false|0)$/i.test(trimmed)) return false;
      return fail(`must be "true" or "false", not "${trimmed}"`);
    case "char":
      return written.length === 1 ? written : fail(`must be one character, not "${written}"`);
    default:
      if (schema.pattern && !schema.pattern.test(written)) {
        const message = `must be ${schema.patternDoc ?? `of the form ${schema.pattern.source}`}, not "${written}"`;
        if (!schema.patternWarns) return fail(message);
        diagnostics.push(text.diagnostic("warning", "invalid-value", 0, `${what} ${message}`));
      }
      return written;
  }
}

function inRange(number: number, schema: ValueSchema): boolean {
  return (schema.min === undefined || number >= schema.min) && (schema.max === undefined || number <= schema.max);
}

function rangeText({ min, max }: ValueSchema): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  return min !== undefined ? `${min} or more` : `at most ${max}`;
}
