import type { Argument, BinaryOperator, Expression, Pattern, TypeSyntax, UnaryOperator } from "../syntax.ts";
import { typeKeywords } from "../tokens.ts";
import type { Cursor } from "./cursor.ts";
import { isLambda, parseLambda } from "./lambdas.ts";
import { parsePostfix, parsePrimary } from "./primary.ts";
import { isQuery, parseQuery } from "./queries.ts";
import { parseType, scanType } from "./types.ts";

/** How tightly each binary operator binds (C# specification, 12.4.2); higher is tighter. */
const precedence: Readonly<Record<string, number>> = {
  "||": 2,
  "&&": 3,
  "|": 4,
  "^": 5,
  "&": 6,
  "==": 7,
  "!=": 7,
  "<": 8,
  ">": 8,
  "<=": 8,
  ">=": 8,
  is: 8,
  as: 8,
  "<<": 9,
  ">>": 9,
  "+": 10,
  "-": 10,
  "*": 11,
  "/": 11,
  "%": 11,
};

const assignments = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<="]);

/** Any expression, assignments and lambdas included. */
export function parseExpression(c: Cursor): Expression {
  return c.nested(() => parseAssignment(c));
}

function parseAssignment(c: Cursor): Expression {
  if (isLambda(c)) return parseLambda(c);
  if (isQuery(c)) return parseQuery(c);
  if (c.is("throw")) {
    const at = c.take().start;
    const value = parseExpression(c);
    return { kind: "throw", value, at, end: c.previousEnd };
  }
  const target = parseConditional(c);
  const token = c.token;
  if (token.kind === "punctuation") {
    if (token.text === "??=") throw c.error("'??=' needs C# 8; expressions are C# 7", "write a = a ?? b");
    if (assignments.has(token.text)) {
      c.take();
      const operator = token.text === "=" ? undefined : (token.text.slice(0, -1) as BinaryOperator);
      const value = parseExpression(c);
      return { kind: "assign", operator, target, value, at: token.start, end: c.previousEnd };
    }
    if (token.text === ">" && c.is(">=", 1) && c.peek().start === token.end) {
      c.take();
      c.take();
      const value = parseExpression(c);
      return { kind: "assign", operator: ">>", target, value, at: token.start, end: c.previousEnd };
    }
  }
  return target;
}

function parseConditional(c: Cursor): Expression {
  const condition = parseCoalesce(c);
  if (!c.is("?")) return condition;
  const at = c.take().start;
  const whenTrue = parseExpression(c);
  c.expect(":");
  const whenFalse = parseExpression(c);
  return { kind: "conditional", condition, whenTrue, whenFalse, at, end: c.previousEnd };
}

function parseCoalesce(c: Cursor): Expression {
  const left = parseBinary(c, 2);
  if (!c.is("??")) return left;
  const operatorAt = c.take().start;
  // `??` is right-associative, and its right side may be a throw expression.
  const right = c.is("throw") ? parseExpression(c) : c.nested(() => parseCoalesce(c));
  return { kind: "binary", operator: "??", left, right, operatorAt, at: left.at, end: c.previousEnd };
}

/** Operators from `||` up, by precedence climbing; the left operand grows in a loop, so long chains need no stack. */
function parseBinary(c: Cursor, minimum: number): Expression {
  let left = parseUnary(c);
  for (;;) {
    const operator = binaryOperator(c);
    const binds = operator === undefined ? 0 : (precedence[operator] ?? 0);
    if (operator === undefined || binds < minimum) return left;
    const operatorAt = c.take().start;
    if (operator === ">>") c.take();
    if (operator === "is") {
      const pattern = parsePattern(c);
      left = { kind: "is", operand: left, pattern, at: operatorAt, end: c.previousEnd };
    } else if (operator === "as") {
      const type = parseTestedType(c);
      left = { kind: "as", operand: left, type, at: operatorAt, end: c.previousEnd };
    } else {
      const right = c.nested(() => parseBinary(c, binds + 1));
      left = {
        kind: "binary",
        operator: operator as BinaryOperator,
        left,
        right,
        operatorAt,
        at: left.at,
        end: c.previousEnd,
      };
    }
  }
}

function binaryOperator(c: Cursor): string | undefined {
  const token = c.token;
  if (token.kind === "keyword") {
    if (token.text === "switch" && c.is("{", 1)) {
      throw c.error("A switch expression needs C# 8; expressions are C# 7", "use ?: or a switch statement");
    }
    return token.text === "is" || token.text === "as" ? token.text : undefined;
  }
  if (token.kind === "identifier" && token.text === "with" && c.is("{", 1)) {
    throw c.error("A 'with' expression needs C# 9; expressions are C# 7");
  }
  if (token.kind !== "punctuation") return undefined;
  if (token.text === ">") {
    const next = c.peek();
    const adjacent = next.kind === "punctuation" && next.start === token.end;
    if (adjacent && next.text === ">") return ">>";
    return adjacent && next.text === ">=" ? undefined : ">";
  }
  if (token.text === "..") throw c.error("Ranges need C# 8; expressions are C# 7", "use Substring, Skip or Take");
  return token.text in precedence ? token.text : undefined;
}

/** A type after `is` or `as`: a `?` that begins a conditional expression does not belong to it. */
function parseTestedType(c: Cursor): TypeSyntax {
  const start = c.position;
  const type = parseType(c);
  if (type.kind !== "nullable-type") return type;
  // `x is T ? a : b`: the `?` makes a nullable type only when no operand follows it.
  const token = c.token;
  const operandFollows =
    !(token.kind === "punctuation" && !["(", "-", "!", "~", "+", "++", "--"].includes(token.text)) &&
    token.kind !== "end" &&
    !(token.kind === "keyword" && ["is", "as"].includes(token.text));
  if (!operandFollows) return type;
  c.position = start;
  const plain = scanType(c, false);
  if (!plain) throw c.error("Type expected");
  return plain;
}

/** The pattern after `is` or `case`. */
export function parsePattern(c: Cursor): Pattern {
  const at = c.token.start;
  if (c.isWord("not") && startsOperand(c, 1)) {
    throw c.error("'is not' needs C# 9; expressions are C# 7", "write !(x is …) or x != null");
  }
  if (c.is("{")) throw c.error("Property patterns need C# 8; expressions are C# 7");
  if (c.is("<") || c.is(">") || c.is("<=") || c.is(">="))
    throw c.error("Relational patterns need C# 9; expressions are C# 7");
  if (c.isWord("var") && c.peek().kind === "identifier") {
    c.take();
    const name = c.identifier();
    return { kind: "type-pattern", type: undefined, name: name.name, nameAt: name.at, at, end: c.previousEnd };
  }
  const start = c.position;
  const type = startsType(c) ? tryTestedType(c) : undefined;
  if (type) {
    const token = c.token;
    if (token.kind === "identifier" && !["when", "and", "or"].includes(token.text)) {
      c.take();
      return { kind: "type-pattern", type, name: token.text, nameAt: token.start, at, end: c.previousEnd };
    }
    if (c.isWord("and") || c.isWord("or")) throw c.error("Pattern combinators need C# 9; expressions are C# 7");
    // `is Name` may be a constant too; the binder decides by what the name means. Only plain names come here.
    if (endsPattern(c)) return { kind: "type-pattern", type, name: undefined, nameAt: at, at, end: c.previousEnd };
    c.position = start;
  }
  const value = c.nested(() => parseBinary(c, 9));
  return { kind: "constant-pattern", value, at, end: c.previousEnd };
}

function tryTestedType(c: Cursor): TypeSyntax | undefined {
  const start = c.position;
  if (!scanType(c, true)) return undefined;
  c.position = start;
  return parseTestedType(c);
}

function startsType(c: Cursor): boolean {
  const token = c.token;
  return token.kind === "identifier" || (token.kind === "keyword" && typeKeywords.has(token.text));
}

function startsOperand(c: Cursor, ahead: number): boolean {
  const token = c.peek(ahead);
  return (
    token.kind === "identifier" ||
    token.kind === "number" ||
    token.kind === "string" ||
    token.kind === "char" ||
    (token.kind === "keyword" && (typeKeywords.has(token.text) || ["null", "true", "false"].includes(token.text)))
  );
}

function endsPattern(c: Cursor): boolean {
  const token = c.token;
  if (token.kind === "end") return true;
  if (token.kind === "identifier") return token.text === "when";
  if (token.kind === "keyword") return token.text === "is" || token.text === "as";
  if (token.kind !== "punctuation") return false;
  return [")", "]", "}", ",", ";", ":", "?", "??", "&&", "||", "&", "|", "^", "==", "!=", "=>"].includes(token.text);
}

const unaryOperators = new Set(["+", "-", "!", "~"]);

/** Prefix operators, casts, and everything tighter. */
export function parseUnary(c: Cursor): Expression {
  const token = c.token;
  if (token.kind === "punctuation") {
    if (unaryOperators.has(token.text)) {
      c.take();
      const operand = c.nested(() => parseUnary(c));
      return { kind: "unary", operator: token.text as UnaryOperator, operand, at: token.start, end: c.previousEnd };
    }
    if (token.text === "++" || token.text === "--") {
      c.take();
      const operand = c.nested(() => parseUnary(c));
      return { kind: "increment", operator: token.text, prefix: true, operand, at: token.start, end: c.previousEnd };
    }
    if (token.text === "(") {
      const type = scanCast(c);
      if (type) {
        const operand = c.nested(() => parseUnary(c));
        return { kind: "cast", type, operand, at: token.start, end: c.previousEnd };
      }
    }
    if (token.text === "^")
      throw c.error("Index from the end needs C# 8; expressions are C# 7", "use Last() or Length - 1");
    if (token.text === "&" || token.text === "*") throw c.error("Pointers cannot be used in an expression");
  }
  if (token.kind === "identifier" && token.text === "await" && c.peek().kind === "identifier") {
    throw c.error("'await' cannot be used in an expression");
  }
  return parsePostfix(c, parsePrimary(c));
}

/**
 * The type of a cast when the parenthesis here begins one, by the rule of the C# specification (12.9.7): the brackets
 * hold a type, and either it can be nothing else or what follows can only be an operand.
 */
function scanCast(c: Cursor): TypeSyntax | undefined {
  const start = c.position;
  c.take();
  const type = c.nested(() => scanType(c, true));
  if (type && c.takeIf(")")) {
    if (!couldBeExpression(type) || beginsCastOperand(c)) return type;
  }
  c.position = start;
  return undefined;
}

function couldBeExpression(type: TypeSyntax): boolean {
  if (type.kind === "tuple-type") return true;
  return type.kind === "name-type" && type.parts.every((part) => part.args.length === 0);
}

function beginsCastOperand(c: Cursor): boolean {
  const token = c.token;
  switch (token.kind) {
    case "identifier":
      // Words that continue a query or a filter, not operands.
      return ![
        "when",
        "select",
        "where",
        "orderby",
        "into",
        "join",
        "on",
        "equals",
        "by",
        "ascending",
        "descending",
      ].includes(token.text);
    case "number":
    case "string":
    case "char":
    case "interpolated":
      return true;
    case "keyword":
      return token.text !== "is" && token.text !== "as" && token.text !== "in" && token.text !== "switch";
    case "punctuation":
      return token.text === "(" || token.text === "!" || token.text === "~";
    default:
      return false;
  }
}

/** Arguments from after the opening bracket through the closing one. */
export function parseArguments(c: Cursor, close: ")" | "]"): Argument[] {
  const args: Argument[] = [];
  if (c.takeIf(close)) return args;
  do {
    args.push(parseArgument(c));
  } while (c.takeIf(","));
  c.expect(close);
  return args;
}

function parseArgument(c: Cursor): Argument {
  const token = c.token;
  let name: string | undefined;
  if (token.kind === "identifier" && c.is(":", 1)) {
    name = token.text;
    c.take();
    c.take();
  }
  const nameAt = token.start;
  if (c.is("out") || c.is("ref")) {
    const mode = c.take().text as "out" | "ref";
    const value = mode === "out" ? parseOutTarget(c) : parseUnary(c);
    return { value, name, nameAt, mode };
  }
  if (c.is("in")) throw c.error("'in' arguments cannot be used in an expression");
  return { value: parseExpression(c), name, nameAt, mode: "value" };
}

function parseOutTarget(c: Cursor): Expression {
  const at = c.token.start;
  const start = c.position;
  const type = c.nested(() => scanType(c, true));
  const token = c.token;
  if (type && token.kind === "identifier") {
    c.take();
    const inferred = type.kind === "name-type" && type.parts.length === 1 && type.parts[0]?.name === "var";
    return { kind: "declaration", type: inferred ? undefined : type, name: token.text, at, end: c.previousEnd };
  }
  c.position = start;
  return parseUnary(c);
}
