import { describe, expect, it } from "vitest";
import type { Expression, TypeSyntax } from "../syntax.ts";
import { ExpressionSyntaxError } from "../tokens.ts";
import { parseBareExpression, parsePolicyExpression } from "./parse.ts";

/** The tree with every grouping bracketed. */
function show(node: Expression): string {
  switch (node.kind) {
    case "name":
      return node.name + (node.args.length > 0 ? `<${node.args.map(type).join(",")}>` : "");
    case "keyword-name":
      return node.keyword;
    case "number":
      return String(node.value);
    case "null":
      return "null";
    case "string":
      return JSON.stringify(node.parts.join());
    case "bool":
      return String(node.value);
    case "binary":
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case "unary":
      return `(${node.operator}${show(node.operand)})`;
    case "cast":
      return `((${type(node.type)})${show(node.operand)})`;
    case "member":
      return `${show(node.target)}.${node.name}${node.args.length > 0 ? `<${node.args.map(type).join(",")}>` : ""}`;
    case "call":
      return `${show(node.target)}(${node.args.map((a) => (a.name ? `${a.name}: ` : "") + show(a.value)).join(", ")})`;
    case "index":
      return `${show(node.target)}[${node.args.map((a) => show(a.value)).join(", ")}]`;
    case "conditional-access":
      return `{${show(node.target)} ? ${show(node.rest)}}`;
    case "receiver":
      return "_";
    case "parenthesized":
      return show(node.inner);
    case "conditional":
      return `(${show(node.condition)} ? ${show(node.whenTrue)} : ${show(node.whenFalse)})`;
    case "is":
      return node.pattern.kind === "type-pattern"
        ? `(${show(node.operand)} is ${node.pattern.type ? type(node.pattern.type) : "var"}${node.pattern.name ? ` ${node.pattern.name}` : ""})`
        : `(${show(node.operand)} is =${show(node.pattern.value)})`;
    case "as":
      return `(${show(node.operand)} as ${type(node.type)})`;
    case "lambda":
      return `(${node.parameters.map((p) => p.name).join(",")} => ${node.body.kind === "block" ? "{}" : show(node.body)})`;
    case "assign":
      return `(${show(node.target)} ${node.operator ?? ""}= ${show(node.value)})`;
    case "new":
      return `new ${type(node.type)}(${node.args.map((a) => show(a.value)).join(", ")})`;
    case "new-array":
      return `new ${node.element ? type(node.element) : ""}[${node.sizes.map(show).join()}]${node.items ? `{${node.items.map(show).join()}}` : ""}`;
    default:
      return node.kind;
  }
}

function type(node: TypeSyntax): string {
  switch (node.kind) {
    case "name-type":
      return node.parts.map((p) => p.name + (p.args.length > 0 ? `<${p.args.map(type).join(",")}>` : "")).join(".");
    case "keyword-type":
      return node.keyword;
    case "array-type":
      return `${type(node.element)}[${",".repeat(node.rank - 1)}]`;
    case "nullable-type":
      return `${type(node.inner)}?`;
    case "tuple-type":
      return `(${node.elements.map((e) => type(e.type)).join()})`;
  }
}

const tree = (text: string): string => show(parseBareExpression(text));

function failure(text: string): ExpressionSyntaxError {
  try {
    parsePolicyExpression(text);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return error;
    throw error;
  }
  throw new Error(`${text} was parsed without an error`);
}

describe("precedence and grouping", () => {
  it.each([
    ["a + b * c - d", "((a + (b * c)) - d)"],
    ["a || b && c | d ^ e & f", "(a || (b && (c | (d ^ (e & f)))))"],
    ["a == b < c << d + e", "(a == (b < (c << (d + e))))"],
    ["a ?? b ?? c", "(a ?? (b ?? c))"],
    ["a ? b : c ? d : e", "(a ? b : (c ? d : e))"],
    ["a ?? b ? c : d", "((a ?? b) ? c : d)"],
    ["a = b = c", "(a = (b = c))"],
    ["a > b >> c", "(a > (b >> c))"],
    ["a >>= b", "(a >>= b)"],
    ["-a.b", "(-a.b)"],
    ["!a && !b", "((!a) && (!b))"],
    ["a - -b", "(a - (-b))"],
    ["x => y => x + y", "(x => (y => (x + y)))"],
  ])("%s", (text, expected) => {
    expect(tree(text)).toBe(expected);
  });
});

describe("trees that other parsers get wrong", () => {
  it.each([
    ["a ?? b?.c", "(a ?? {b ? _.c})"],
    ["x == a?.b", "(x == {a ? _.b})"],
    ["a + b?.c", "(a + {b ? _.c})"],
    ["!a?.b", "(!{a ? _.b})"],
    ["(T)a?.b", "((T){a ? _.b})"],
    ["a && b?.c", "(a && {b ? _.c})"],
    ["a is null && b", "((a is =null) && b)"],
    ['a is "x" || b', '((a is ="x") || b)'],
    ["a is B && c", "((a is B) && c)"],
    ["(x)-1", "(x - 1)"],
    ["(x)+1", "(x + 1)"],
    ["(x)&y", "(x & y)"],
    ['(T)(x)["k"]', '((T)x["k"])'],
  ])("%s", (text, expected) => {
    expect(tree(text)).toBe(expected);
  });
});

describe("casts, generics and types", () => {
  it.each([
    ["(int)x", "((int)x)"],
    ["(int)-1", "((int)(-1))"],
    ["(x)(y)", "((x)y)"],
    ["(x)y", "((x)y)"],
    ["(x)!y", "((x)(!y))"],
    ["(x)is y", "(x is y)"],
    ["(List<int>)-1", "((List<int>)(-1))"],
    ["(string[])x", "((string[])x)"],
    ["(int?)x", "((int?)x)"],
    ["(A.B)x", "((A.B)x)"],
    ["f(a < b, c > d)", "f((a < b), (c > d))"],
    ["f(a < b, c > (d))", "f(a<b,c>(d))"],
    ["a<b>.c", "a<b>.c"],
    ["a < b", "(a < b)"],
    ["a.b<int>(c)", "a.b<int>(c)"],
    ["new List<List<int>>()", "new List<List<int>>()"],
    ["x is int? ? 1 : 2", "((x is int?) ? 1 : 2)"],
    ["x is int ? 1 : 2", "((x is int) ? 1 : 2)"],
    ["x is T t ? t : u", "((x is T t) ? t : u)"],
    ["x as string ?? y", "((x as string) ?? y)"],
    ["x as int? ?? y", "((x as int?) ?? y)"],
    ["new int[3]", "new int[3]"],
    ["new int[1][3]", "new int[1][3]"],
    ["new int[2][]", "new int[][2]"],
    ["new[] { a, b }", "new []{a,b}"],
  ])("%s", (text, expected) => {
    expect(tree(text)).toBe(expected);
  });
});

describe("chains", () => {
  it.each([
    ["a?.b.c(d)[e]", "{a ? _.b.c(d)[e]}"],
    ["a?.b?.c", "{a ? {_.b ? _.c}}"],
    ["a?[0]?.b", "{a ? {_[0] ? _.b}}"],
    ["(a?.b).c", "{a ? _.b}.c"],
    ["f(name: x, y)", "f(name: x, y)"],
  ])("%s", (text, expected) => {
    expect(tree(text)).toBe(expected);
  });
});

describe("refusals", () => {
  it.each([
    ["@(a", 3, ") expected, found the end"],
    ["@(a b)", 4, ") expected, found 'b'"],
    ["@(1 +)", 5, "Expression expected"],
    ["@()", 2, "Expression expected"],
    ["@(1) x", 5, "Nothing may follow"],
    ["@{ var x = 1 return x; }", 13, "; expected"],
    ["@{ return 1; ", 13, "} expected"],
    ["@{ 1 + 1; }", 3, "can be used as a statement"],
    ["@(a switch { _ => 1 })", 4, "C# 8"],
    ["@(a ??= b)", 4, "C# 8"],
    ["@(a is not null)", 7, "C# 9"],
    ["@(a[..2])", 4, "Expression expected"],
    ["@(a[^1])", 4, "C# 8"],
    ["@(new())", 5, "C# 9"],
    ["@{ using var a = b; return 1; }", 9, "C# 8"],
    ['@("""raw""")', 2, "C# 11"],
    ["@(a!.b)", 3, "C# 8"],
    ["@([1, 2])", 2, "C# 12"],
    ["@(async () => 1)", 2, "async"],
    ["@{ yield return 1; }", 3, "yield"],
    ["@{ if (a) return 1; else }", 25, "Expression expected"],
    ["@{ int class = 1; return 1; }", 7, "'class' is a keyword"],
  ])("%s", (text, index, message) => {
    const error = failure(text);
    expect(error.message).toContain(message);
    expect(error.index).toBe(index);
  });
});
