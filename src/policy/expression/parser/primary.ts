import type { Expression, Hole } from "../syntax.ts";
import { ExpressionSyntaxError, type HolePart, type SecretPart, typeKeywords } from "../tokens.ts";
import { parseNew } from "./construction.ts";
import { Cursor, maxChain } from "./cursor.ts";
import { parseArguments, parseExpression } from "./expressions.ts";
import { parseType, scanTypeArguments } from "./types.ts";

/** Literals, names, bracketed expressions and the operators written as words. */
export function parsePrimary(c: Cursor): Expression {
  const token = c.token;
  const { start: at, end } = token;
  switch (token.kind) {
    case "number":
      c.take();
      return { kind: "number", type: token.type, value: token.value, at, end };
    case "char":
      c.take();
      return { kind: "char", value: token.value, at, end };
    case "string":
      c.take();
      return { kind: "string", parts: token.parts, at, end };
    case "interpolated":
      c.take();
      return { kind: "interpolated", parts: token.parts.map((part) => parseHole(c, part)), at, end };
    case "identifier":
      return parseName(c);
    case "keyword":
      return parseKeyword(c, token.text);
    case "punctuation":
      if (token.text === "(") return parseParenthesized(c);
      if (token.text === "[")
        throw c.error("Collection expressions need C# 12; expressions are C# 7", "use new[] { … }");
      throw c.error("Expression expected");
    case "end":
      throw c.error("Expression expected");
  }
}

/** Words after which only these mean an ordinary name: a call `nameof(x)` is not a name, a variable `nameof` is. */
function parseName(c: Cursor): Expression {
  const token = c.identifier();
  const at = token.at;
  if (token.name === "nameof" && c.is("(")) {
    c.take();
    const operand = parseExpression(c);
    c.expect(")");
    return { kind: "nameof", operand, at, end: c.previousEnd };
  }
  if (token.name === "global" && c.is("::")) {
    c.take();
    return parseName(c);
  }
  if (token.name === "stackalloc") throw c.errorAt(at, "'stackalloc' cannot be used in an expression");
  const args = typeArguments(c);
  return { kind: "name", name: token.name, args, at, end: c.previousEnd };
}

/** Tokens after `a<b>` that make it a generic name (C# specification, 6.2.5); any other leaves `<` a comparison. */
const afterTypeArguments = new Set(
  "( ) ] } : ; , . ? == != | ^ && || & [ ?. ?? => + - * / % < > <= >= = { ++".split(" "),
);
const notAfterTypeArguments = new Set(["+", "-", "*", "/", "%", "<", "{", "++"]);

function typeArguments(c: Cursor) {
  if (!c.is("<")) return [];
  const start = c.position;
  const args = scanTypeArguments(c);
  if (args) {
    const next = c.token;
    if (next.kind === "end") return args;
    if (next.kind === "punctuation" && afterTypeArguments.has(next.text) && !notAfterTypeArguments.has(next.text))
      return args;
  }
  c.position = start;
  return [];
}

function parseKeyword(c: Cursor, keyword: string): Expression {
  const { start: at, end } = c.token;
  if (typeKeywords.has(keyword) && keyword !== "void") {
    c.take();
    return { kind: "keyword-name", keyword, at, end };
  }
  switch (keyword) {
    case "true":
    case "false":
      c.take();
      return { kind: "bool", value: keyword === "true", at, end };
    case "null":
      c.take();
      return { kind: "null", at, end };
    case "new":
      return parseNew(c);
    case "typeof": {
      c.take();
      c.expect("(");
      const type = parseType(c);
      c.expect(")");
      return { kind: "typeof", type, at, end: c.previousEnd };
    }
    case "default": {
      c.take();
      if (!c.takeIf("(")) return { kind: "default", type: undefined, at, end };
      const type = parseType(c);
      c.expect(")");
      return { kind: "default", type, at, end: c.previousEnd };
    }
    case "checked":
    case "unchecked": {
      c.take();
      c.expect("(");
      const inner = parseExpression(c);
      c.expect(")");
      return { kind: "checked", checked: keyword === "checked", inner, at, end: c.previousEnd };
    }
    case "this":
    case "base":
      throw c.error(`'${keyword}' is not available in an expression`);
    case "sizeof":
    case "stackalloc":
      throw c.error(`'${keyword}' cannot be used in an expression`);
    case "throw":
      throw c.error("A throw expression is allowed only after '??', '?:' and '=>'");
    default:
      throw c.error("Expression expected");
  }
}

function parseParenthesized(c: Cursor): Expression {
  const at = c.take().start;
  const first = parseTupleItem(c);
  if (c.is(",")) {
    const items = [first];
    while (c.takeIf(",")) items.push(parseTupleItem(c));
    c.expect(")");
    if (items.length > 8) throw c.errorAt(at, "A tuple may have at most 8 items");
    return { kind: "tuple", items, at, end: c.previousEnd };
  }
  c.expect(")");
  return { kind: "parenthesized", inner: first.value, at, end: c.previousEnd };
}

function parseTupleItem(c: Cursor): { value: Expression; name: string | undefined } {
  const token = c.token;
  if (token.kind === "identifier" && c.is(":", 1)) {
    c.take();
    c.take();
    return { value: parseExpression(c), name: token.text };
  }
  return { value: parseExpression(c), name: undefined };
}

/** Everything that may follow an operand: `.a`, `(…)`, `[…]`, `?.a`, `?[…]`, `++`, `--`. */
export function parsePostfix(c: Cursor, primary: Expression, link = 0): Expression {
  let left = primary;
  for (; ; link++) {
    const token = c.token;
    if (token.kind !== "punctuation") return left;
    if (link > maxChain) {
      throw new ExpressionSyntaxError(
        "expression-too-deep",
        token.start,
        `More than ${maxChain} member accesses in one chain`,
      );
    }
    if (token.text === ".") {
      c.take();
      left = parseMember(c, left);
    } else if (token.text === "(") {
      c.take();
      const args = parseArguments(c, ")");
      left = { kind: "call", target: left, args, at: token.start, end: c.previousEnd };
    } else if (token.text === "[") {
      left = parseIndex(c, left);
    } else if (token.text === "?.") {
      c.take();
      const receiver: Expression = { kind: "receiver", at: token.start, end: token.end };
      const member = parseMember(c, receiver);
      return conditional(c, left, member, token.start, link);
    } else if (token.text === "?" && c.is("[", 1)) {
      c.take();
      const receiver: Expression = { kind: "receiver", at: token.start, end: token.end };
      return conditional(c, left, parseIndex(c, receiver), token.start, link);
    } else if (token.text === "++" || token.text === "--") {
      c.take();
      left = { kind: "increment", operator: token.text, prefix: false, operand: left, at: token.start, end: token.end };
    } else if (token.text === "->" || token.text === "::") {
      throw c.error(`'${token.text}' cannot be used in an expression`);
    } else if (token.text === "!" && (c.is(".", 1) || c.is(")", 1) || c.is(";", 1))) {
      throw c.error("The null-forgiving operator '!' needs C# 8; expressions are C# 7");
    } else {
      return left;
    }
  }
}

/** The rest of the chain belongs to the null-conditional access: all of it is skipped when the target is null. */
function conditional(c: Cursor, target: Expression, first: Expression, at: number, link: number): Expression {
  const rest = c.nested(() => parsePostfix(c, first, link + 1));
  return { kind: "conditional-access", target, rest, at, end: c.previousEnd };
}

function parseMember(c: Cursor, target: Expression): Expression {
  const name = c.identifier();
  const args = typeArguments(c);
  return { kind: "member", target, name: name.name, args, nameAt: name.at, at: name.at, end: c.previousEnd };
}

function parseIndex(c: Cursor, target: Expression): Expression {
  const at = c.expect("[").start;
  const args = parseArguments(c, "]");
  if (args.length === 0) throw c.errorAt(at, "Syntax error; value expected");
  return { kind: "index", target, args, at, end: c.previousEnd };
}

function parseHole(c: Cursor, part: string | SecretPart | HolePart): string | SecretPart | Hole {
  if (typeof part === "string" || "secret" in part) return part;
  const inner = new Cursor(part.tokens);
  // The hole's own cursor counts its nesting from zero; the lexer bounds how deep holes nest.
  const value = c.nested(() => parseExpression(inner));
  let alignment: Expression | undefined;
  if (inner.takeIf(",")) alignment = parseExpression(inner);
  if (inner.token.kind !== "end") throw inner.error("} expected");
  return { value, alignment, format: part.format };
}
