import type { Diagnostic } from "../../model/diagnostic.ts";
import type { SourceText } from "../../model/source-text.ts";
import type { Bound, BoundBody } from "./bound.ts";
import { checkProgram } from "./check.ts";
import type { Dialect } from "./dialect.ts";
import { generate } from "./generate/generate.ts";
import { policyDialect } from "./library.ts";
import { parsePolicyExpression } from "./parser/parse.ts";
import { type BodyRead, bodyReads } from "./reads.ts";
import { ExpressionSyntaxError } from "./tokens.ts";
import { expressionTree } from "./tree.ts";

/** A policy expression, checked and translated. Plain data: it travels in a plan. */
export interface CompiledExpression {
  /** The C# as written. */
  source: string;
  /** C# static type of the result. */
  type: string;
  /** JavaScript for {@link loadExpression}. */
  js: string;
  /** Typed tree for native lowerings; see {@link import("./tree.ts").ExpressionTree}. */
  tree: unknown;
  /** Context message bodies it reads: to be brought into memory first, because reading is synchronous here. */
  reads: BodyRead[];
  /** Names of the secret named values it uses. */
  secrets: string[];
  /** The result, where it is the same for every request. */
  constant?: string | number | boolean | null;
}

/** Longest expression, in characters; the longest of the real corpus has 7544. */
const maxLength = 200_000;

/**
 * Compiles a policy expression: `@( … )` or `@{ … }`, white space around it allowed. Secret named values stand in it
 * as "\uE000" + name + "\uE001". Never throws: whatever is wrong is a diagnostic, placed where the author wrote it.
 * @returns no `compiled` when there is an error among the diagnostics
 */
export function compileExpression(
  text: SourceText,
  dialect: Dialect = policyDialect(),
): { compiled?: CompiledExpression; diagnostics: Diagnostic[] } {
  const source = text.trim();
  try {
    return compileTrimmed(source, dialect);
  } catch (error) {
    return { diagnostics: [failure(source, error)] };
  }
}

function failure(source: SourceText, error: unknown): Diagnostic {
  if (error instanceof ExpressionSyntaxError) return error.diagnostic(source);
  if (error instanceof RangeError) {
    return source.diagnostic("error", "expression-too-deep", 0, "The expression is nested too deeply");
  }
  const what = error instanceof Error ? error.message : String(error);
  return source.diagnostic("error", "expression-internal", 0, `The expression could not be compiled: ${what}`);
}

function compileTrimmed(
  source: SourceText,
  dialect: Dialect,
): { compiled?: CompiledExpression; diagnostics: Diagnostic[] } {
  if (source.text.length > maxLength) {
    return {
      diagnostics: [
        source.diagnostic("error", "expression-too-long", 0, `The expression is longer than ${maxLength} characters`),
      ],
    };
  }
  const program = checkProgram(source, parsePolicyExpression(source.text), dialect.language);
  if (!program.body || program.diagnostics.some((d) => d.severity === "error"))
    return { diagnostics: program.diagnostics };
  const { body, type, secrets, diagnostics } = program;
  const constant = constantOf(body);
  const compiled: CompiledExpression = {
    source: source.text,
    type: String(type),
    js: generate(dialect.language, body, type),
    tree: expressionTree(body),
    reads: bodyReads(body),
    secrets,
    ...(constant !== undefined ? { constant } : {}),
  };
  return { compiled, diagnostics };
}

function constantOf(body: BoundBody): string | number | boolean | null | undefined {
  let value: Bound | undefined = body.kind === "expression" ? body.value : undefined;
  while (value?.kind === "convert" && value.conversion.kind === "boxing") value = value.operand;
  if (value?.kind !== "constant" || typeof value.value === "bigint") return undefined;
  // A number stands for an int, a string for a string; other constants (1.5m, 'a', enums) need their type.
  const plain = ["string", "int", "bool", "object"].includes(String(value.type));
  return plain || value.value === null ? value.value : undefined;
}

export { loadExpression } from "./load.ts";
