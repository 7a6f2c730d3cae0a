import type { Diagnostic } from "../../model/diagnostic.ts";
import type { SourceText } from "../../model/source-text.ts";
import { Binder, TooComplexError } from "./bind/binder.ts";
import { bestCommonType } from "./bind/common-type.ts";
import { bindExpression, requireValue } from "./bind/expressions.ts";
import { checkReturns } from "./bind/local-functions.ts";
import { bindBlockStatements } from "./bind/statements.ts";
import type { Bound, BoundBody } from "./bound.ts";
import type { Language } from "./language.ts";
import type { ParsedExpression } from "./parser/parse.ts";
import { errorType, isReferenceType, nullType, type Type } from "./types.ts";

/** What type checking found. */
export interface CheckedProgram {
  body: BoundBody | undefined;
  type: Type;
  secrets: string[];
  diagnostics: Diagnostic[];
}

/** Type-checks a parsed expression. */
export function checkProgram(text: SourceText, parsed: ParsedExpression, language: Language): CheckedProgram {
  const b = new Binder(text, language);
  try {
    const { body, type } = parsed.kind === "expression" ? checkSingle(b, parsed) : checkBlock(b, parsed);
    return { body, type, secrets: [...b.secrets].sort(), diagnostics: b.diagnostics };
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
    b.error(0, "expression-too-complex", "The expression is too complex to check");
    return { body: undefined, type: errorType, secrets: [], diagnostics: b.diagnostics };
  }
}

function checkSingle(
  b: Binder,
  parsed: Extract<ParsedExpression, { kind: "expression" }>,
): { body: BoundBody; type: Type } {
  const value = finished(b, requireValue(b, bindExpression(b, parsed.body)));
  return { body: { kind: "expression", value, locals: b.scope.expressionLocals }, type: value.type };
}

/** A result that has a type: a bare null is object. */
function finished(b: Binder, value: Bound): Bound {
  if (value.kind === "null" || value.kind === "default-literal") return b.constant(null, b.known.object, value.at);
  if (value.kind === "unbound-lambda")
    return b.fail(value.at, "expression-type", "A lambda expression cannot be the result of an expression");
  if (value.type === errorType && value.kind !== "error" && value.kind !== "throw") return b.errorNode(value.at);
  return value.kind === "throw" ? { ...value, type: b.known.object } : value;
}

function checkBlock(b: Binder, parsed: Extract<ParsedExpression, { kind: "block" }>): { body: BoundBody; type: Type } {
  const statements = bindBlockStatements(b, parsed.body);
  checkReturns(b, statements, undefined, undefined, parsed.body.end - 1);
  const type = resultType(
    b,
    b.context.returns.flatMap((r) => (r.value ? [r.value] : [])),
  );
  for (const { value, set } of b.context.returns) {
    if (!value || value.kind === "error" || type === errorType) continue;
    set(b.convert(b.isTyped(value) ? finished(b, value) : value, type));
  }
  return { body: { kind: "statements", statements }, type };
}

/**
 * One type for all the values a block returns. The position that takes the result is not known here, so where they
 * have no type in common each is boxed as what it is.
 */
function resultType(b: Binder, values: readonly Bound[]): Type {
  const failed = values.find((value) => value.kind === "error");
  if (failed) return errorType;
  const typed = values.filter(
    (value) => value.type !== nullType && value.kind !== "null" && value.kind !== "default-literal",
  );
  if (typed.length === 0) return b.known.object;
  const [first] = typed;
  const type = first?.type ?? b.known.object;
  if (typed.every((value) => value.type === type) && (typed.length === values.length || isReferenceType(type)))
    return type;
  const common = bestCommonType(b, values);
  return common && isReferenceType(common) ? common : b.known.object;
}
