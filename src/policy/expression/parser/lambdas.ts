import type { Expression, Parameter } from "../syntax.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./expressions.ts";
import { parseBlock } from "./statements.ts";
import { parseType } from "./types.ts";

/** True where a lambda begins: `x =>`, `() =>`, `(x, y) =>`, `async …`, `delegate (…) {`. */
export function isLambda(c: Cursor): boolean {
  const token = c.token;
  if (token.kind === "identifier") {
    if (c.is("=>", 1)) return true;
    if (token.text === "async" && (c.peek().kind === "identifier" || c.is("(", 1)) && looksAsync(c)) {
      throw c.error("'async' cannot be used in an expression");
    }
    return false;
  }
  if (token.kind === "keyword") return token.text === "delegate";
  if (!c.is("(")) return false;
  const close = c.closing(c.position);
  if (close === undefined) return false;
  const after = c.tokens[close + 1];
  return after?.kind === "punctuation" && after.text === "=>";
}

function looksAsync(c: Cursor): boolean {
  if (c.peek().kind === "identifier") return c.is("=>", 2);
  const close = c.closing(c.position + 1);
  const after = close === undefined ? undefined : c.tokens[close + 1];
  return after?.kind === "punctuation" && after.text === "=>";
}

export function parseLambda(c: Cursor): Expression {
  const at = c.token.start;
  const anonymousMethod = c.takeIf("delegate");
  let parameters: Parameter[];
  if (c.token.kind === "identifier") {
    const name = c.identifier();
    parameters = [{ name: name.name, type: undefined, at: name.at, mode: "value" }];
  } else {
    c.expect("(");
    parameters = parseLambdaParameters(c);
  }
  if (anonymousMethod) {
    const body = parseBlock(c);
    return { kind: "lambda", parameters, body, at, end: c.previousEnd };
  }
  const arrow = c.expect("=>").start;
  const body = c.is("{") ? parseBlock(c) : parseExpression(c);
  return { kind: "lambda", parameters, body, at: arrow, end: c.previousEnd };
}

function parseLambdaParameters(c: Cursor): Parameter[] {
  const parameters: Parameter[] = [];
  if (c.takeIf(")")) return parameters;
  do {
    const token = c.token;
    if (token.kind === "identifier" && (c.is(",", 1) || c.is(")", 1))) {
      c.take();
      parameters.push({ name: token.text, type: undefined, at: token.start, mode: "value" });
    } else {
      parameters.push(parseTypedParameter(c));
    }
  } while (c.takeIf(","));
  c.expect(")");
  return parameters;
}

/** `int x`, `out int x`, `params int[] xs`, `int x = 1`: of a lambda or a local function. */
export function parseTypedParameter(c: Cursor): Parameter {
  let mode: Parameter["mode"] = "value";
  if (c.is("out") || c.is("ref") || c.is("params")) mode = c.take().text as Parameter["mode"];
  const type = parseType(c);
  const name = c.identifier();
  const parameter: Parameter = { name: name.name, type, at: name.at, mode };
  if (c.takeIf("=")) parameter.defaultValue = parseExpression(c);
  return parameter;
}
