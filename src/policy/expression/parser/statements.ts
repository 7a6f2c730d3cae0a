import type {
  Block,
  Catch,
  Declarator,
  Expression,
  Parameter,
  Statement,
  SwitchSection,
  TypeSyntax,
} from "../syntax.ts";
import { typeKeywords } from "../tokens.ts";
import { parseArrayItems } from "./construction.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression, parsePattern } from "./expressions.ts";
import { parseTypedParameter } from "./lambdas.ts";
import { parseType, scanType } from "./types.ts";

/** `{ … }`. */
export function parseBlock(c: Cursor): Block {
  return c.nested(() => {
    const at = c.expect("{").start;
    const statements: Statement[] = [];
    while (!c.is("}")) {
      if (c.token.kind === "end") throw c.error("} expected");
      statements.push(parseStatement(c));
    }
    c.expect("}");
    return { kind: "block", statements, at, end: c.previousEnd };
  });
}

export function parseStatement(c: Cursor): Statement {
  return c.nested(() => parseOne(c));
}

function parseOne(c: Cursor): Statement {
  const token = c.token;
  const at = token.start;
  if (token.kind === "keyword") {
    const statement = parseKeywordStatement(c, token.text, at);
    if (statement) return statement;
  }
  if (c.is("{")) return parseBlock(c);
  if (c.takeIf(";")) return { kind: "empty", at, end: c.previousEnd };
  if (c.isWord("yield") && (c.is("return", 1) || c.is("break", 1)))
    throw c.error("'yield' cannot be used in an expression");
  if (token.kind === "identifier" && c.is(":", 1)) throw c.error("Labels cannot be used in an expression");
  const declaration = parseDeclaration(c);
  if (declaration) return declaration;
  return parseExpressionStatement(c);
}

function parseExpressionStatement(c: Cursor): Statement {
  const at = c.token.start;
  const value = parseExpression(c);
  requireStatement(c, value);
  c.expect(";");
  return { kind: "expression", value, at, end: c.previousEnd };
}

/** Only calls, assignments, increments and constructions do something on their own. */
function requireStatement(c: Cursor, value: Expression): void {
  let inner = value;
  while (inner.kind === "conditional-access") inner = inner.rest;
  if (!["call", "assign", "increment", "new"].includes(inner.kind)) {
    throw c.errorAt(
      value.at,
      "Only assignment, call, increment, decrement, and new object expressions can be used as a statement",
    );
  }
}

function parseKeywordStatement(c: Cursor, keyword: string, at: number): Statement | undefined {
  switch (keyword) {
    case "if": {
      c.take();
      const condition = parseCondition(c);
      const then = parseStatement(c);
      const otherwise = c.takeIf("else") ? parseStatement(c) : undefined;
      return { kind: "if", condition, then, otherwise, at, end: c.previousEnd };
    }
    case "while": {
      c.take();
      const condition = parseCondition(c);
      return { kind: "while", condition, body: parseStatement(c), at, end: c.previousEnd };
    }
    case "do": {
      c.take();
      const body = parseStatement(c);
      c.expect("while");
      const condition = parseCondition(c);
      c.expect(";");
      return { kind: "do", condition, body, at, end: c.previousEnd };
    }
    case "for":
      return parseFor(c, at);
    case "foreach":
      return parseForeach(c, at);
    case "switch":
      return parseSwitch(c, at);
    case "try":
      return parseTry(c, at);
    case "using":
      return parseUsing(c, at);
    case "lock": {
      c.take();
      const value = parseCondition(c);
      return { kind: "lock", value, body: parseStatement(c), at, end: c.previousEnd };
    }
    case "throw": {
      c.take();
      const value = c.is(";") ? undefined : parseExpression(c);
      c.expect(";");
      return { kind: "throw-statement", value, at, end: c.previousEnd };
    }
    case "return": {
      c.take();
      const value = c.is(";") ? undefined : parseExpression(c);
      c.expect(";");
      return { kind: "return", value, at, end: c.previousEnd };
    }
    case "break":
    case "continue":
      c.take();
      c.expect(";");
      return { kind: keyword, at, end: c.previousEnd };
    case "const": {
      c.take();
      const type = parseType(c);
      const statement = parseLocal(c, type, true, at);
      c.expect(";");
      return statement;
    }
    case "checked":
    case "unchecked":
      if (!c.is("{", 1)) return undefined;
      c.take();
      return { kind: "checked-block", checked: keyword === "checked", body: parseBlock(c), at, end: c.previousEnd };
    case "goto":
    case "unsafe":
    case "fixed":
      throw c.error(`'${keyword}' cannot be used in an expression`);
    case "class":
    case "struct":
    case "interface":
    case "enum":
    case "namespace":
      throw c.error(`A ${keyword} cannot be declared in an expression`);
    case "else":
      throw c.error("'else' without 'if'");
    case "case":
      throw c.error("'case' outside a switch");
    case "catch":
    case "finally":
      throw c.error(`'${keyword}' without 'try'`);
    case "static":
      c.take();
      return parseOne(c);
    default:
      return undefined;
  }
}

function parseCondition(c: Cursor): Expression {
  c.expect("(");
  const value = parseExpression(c);
  c.expect(")");
  return value;
}

function isVar(type: TypeSyntax): boolean {
  return (
    type.kind === "name-type" &&
    type.parts.length === 1 &&
    type.parts[0]?.name === "var" &&
    type.parts[0].args.length === 0
  );
}

/** A local declaration or local function, if one begins here. */
function parseDeclaration(c: Cursor): Statement | undefined {
  const start = c.position;
  const at = c.token.start;
  const token = c.token;
  const mayBeType =
    token.kind === "identifier" || (token.kind === "keyword" && typeKeywords.has(token.text)) || c.is("(");
  if (!mayBeType) return undefined;
  if (c.isWord("var") && c.is("(", 1)) return undefined;
  const type = c.nested(() => scanType(c, true));
  const name = c.token;
  if (type && name.kind === "identifier") {
    if (c.is("(", 1)) return parseLocalFunction(c, type, at);
    if (c.is("=", 1) || c.is(";", 1) || c.is(",", 1)) {
      const statement = parseLocal(c, type, false, at);
      c.expect(";");
      return statement;
    }
    if (c.is("<", 1)) throw c.error("Generic local functions are not supported in expressions");
  }
  if (type && name.kind === "keyword" && (c.is("=", 1) || c.is(";", 1))) c.identifier();
  c.position = start;
  return undefined;
}

function parseLocal(c: Cursor, type: TypeSyntax, constant: boolean, at: number): Statement {
  const declarators: Declarator[] = [];
  do {
    const name = c.identifier();
    let value: Expression | undefined;
    if (c.takeIf("=")) {
      const from = c.token.start;
      value = c.is("{")
        ? { kind: "array-items", items: parseArrayItems(c), at: from, end: c.previousEnd }
        : parseExpression(c);
    }
    declarators.push({ name: name.name, at: name.at, value });
  } while (c.takeIf(","));
  return { kind: "local", type: isVar(type) ? undefined : type, constant, declarators, at, end: c.previousEnd };
}

function parseLocalFunction(c: Cursor, returnType: TypeSyntax, at: number): Statement {
  const name = c.identifier();
  c.expect("(");
  const parameters: Parameter[] = [];
  if (!c.takeIf(")")) {
    do parameters.push(parseTypedParameter(c));
    while (c.takeIf(","));
    c.expect(")");
  }
  let body: Block | Expression;
  if (c.takeIf("=>")) {
    body = parseExpression(c);
    c.expect(";");
  } else {
    body = parseBlock(c);
  }
  return {
    kind: "local-function",
    returnType,
    name: name.name,
    parameters,
    body,
    nameAt: name.at,
    at,
    end: c.previousEnd,
  };
}

function parseFor(c: Cursor, at: number): Statement {
  c.take();
  c.expect("(");
  const initial: Statement[] = [];
  if (!c.takeIf(";")) {
    const declaration = parseDeclaration(c);
    if (declaration) {
      initial.push(declaration);
    } else {
      for (const value of expressionList(c)) initial.push({ kind: "expression", value, at: value.at, end: value.end });
      c.expect(";");
    }
  }
  const condition = c.is(";") ? undefined : parseExpression(c);
  c.expect(";");
  const update = c.is(")") ? [] : expressionList(c);
  c.expect(")");
  return { kind: "for", initial, condition, update, body: parseStatement(c), at, end: c.previousEnd };
}

function expressionList(c: Cursor): Expression[] {
  const list: Expression[] = [];
  do {
    const value = parseExpression(c);
    requireStatement(c, value);
    list.push(value);
  } while (c.takeIf(","));
  return list;
}

function parseForeach(c: Cursor, at: number): Statement {
  c.take();
  c.expect("(");
  let names: { name: string; at: number }[] | undefined;
  let name = { name: "", at };
  let type: TypeSyntax | undefined;
  if (c.isWord("var") && c.is("(", 1)) {
    c.take();
    c.take();
    names = [];
    do names.push(c.identifier());
    while (c.takeIf(","));
    c.expect(")");
  } else {
    const written = parseType(c);
    type = isVar(written) ? undefined : written;
    name = c.identifier();
  }
  c.expect("in");
  const source = parseExpression(c);
  c.expect(")");
  const body = parseStatement(c);
  return { kind: "foreach", type, name: name.name, nameAt: name.at, names, source, body, at, end: c.previousEnd };
}

function parseSwitch(c: Cursor, at: number): Statement {
  c.take();
  const value = parseCondition(c);
  c.expect("{");
  const sections: SwitchSection[] = [];
  while (!c.takeIf("}")) {
    const section: SwitchSection = { at: c.token.start, labels: [], statements: [] };
    while (c.is("case") || c.is("default")) {
      const labelAt = c.token.start;
      if (c.takeIf("default")) {
        section.labels.push({ at: labelAt, pattern: undefined });
      } else {
        c.take();
        const pattern = parsePattern(c);
        const when = c.takeWordIf("when") ? parseExpression(c) : undefined;
        section.labels.push({ at: labelAt, pattern, when });
      }
      c.expect(":");
    }
    if (section.labels.length === 0) throw c.error("'case' or 'default' expected");
    while (!c.is("case") && !c.is("default") && !c.is("}")) {
      if (c.token.kind === "end") throw c.error("} expected");
      section.statements.push(parseStatement(c));
    }
    sections.push(section);
  }
  return { kind: "switch", value, sections, at, end: c.previousEnd };
}

function parseTry(c: Cursor, at: number): Statement {
  c.take();
  const body = parseBlock(c);
  const catches: Catch[] = [];
  while (c.is("catch")) catches.push(parseCatch(c));
  const last = c.takeIf("finally") ? parseBlock(c) : undefined;
  if (catches.length === 0 && !last) throw c.error("Expected catch or finally");
  return { kind: "try", body, catches, finally: last, at, end: c.previousEnd };
}

function parseCatch(c: Cursor): Catch {
  const at = c.take().start;
  let type: TypeSyntax | undefined;
  let name: string | undefined;
  let nameAt = at;
  if (c.takeIf("(")) {
    type = parseType(c);
    const token = c.token;
    if (token.kind === "identifier") {
      name = token.text;
      nameAt = token.start;
      c.take();
    }
    c.expect(")");
  }
  let when: Expression | undefined;
  if (c.takeWordIf("when")) when = parseCondition(c);
  return { at, type, name, nameAt, when, body: parseBlock(c) };
}

function parseUsing(c: Cursor, at: number): Statement {
  c.take();
  if (!c.is("("))
    throw c.error("'using' declarations need C# 8; expressions are C# 7", "write using (var x = …) { … }");
  c.take();
  const start = c.position;
  const type = c.nested(() => scanType(c, true));
  let resource: Statement | Expression;
  if (type && c.token.kind === "identifier" && c.is("=", 1)) {
    resource = parseLocal(c, type, false, at);
  } else {
    c.position = start;
    resource = parseExpression(c);
  }
  c.expect(")");
  return { kind: "using", resource, body: parseStatement(c), at, end: c.previousEnd };
}
