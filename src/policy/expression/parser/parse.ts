import { tokenize } from "../lexer.ts";
import type { Block, Expression } from "../syntax.ts";
import { Cursor } from "./cursor.ts";
import { parseExpression } from "./expressions.ts";
import { parseBlock } from "./statements.ts";

export type ParsedExpression = { kind: "expression"; body: Expression } | { kind: "block"; body: Block };

/**
 * Parses the C# of a policy expression, from its `@(` or `@{` to the closing bracket.
 * @param text the whole, trimmed, expression
 * @throws {import("../tokens.ts").ExpressionSyntaxError} at the first thing that is not C# 7
 */
export function parsePolicyExpression(text: string): ParsedExpression {
  const cursor = new Cursor(tokenize(text, 1));
  if (cursor.is("{")) {
    const body = parseBlock(cursor);
    expectEnd(cursor);
    return { kind: "block", body };
  }
  cursor.expect("(");
  const body = parseExpression(cursor);
  cursor.expect(")");
  expectEnd(cursor);
  return { kind: "expression", body };
}

/** Parses bare C#: one expression without the `@( )` around it. */
export function parseBareExpression(text: string): Expression {
  const cursor = new Cursor(tokenize(text));
  const body = parseExpression(cursor);
  expectEnd(cursor);
  return body;
}

function expectEnd(cursor: Cursor): void {
  if (cursor.token.kind !== "end") {
    throw cursor.error(
      "Nothing may follow the closing bracket of an expression",
      'an expression is the whole value: write @("text " + x)',
    );
  }
}
