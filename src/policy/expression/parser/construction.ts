import type { ArrayItems, Expression, Initializer, InitializerElement, TypeSyntax } from "../syntax.ts";
import type { Cursor } from "./cursor.ts";
import { parseArguments, parseExpression } from "./expressions.ts";
import { scanSuffixes, scanType } from "./types.ts";

/** Everything that begins with `new`: objects, arrays, anonymous objects. */
export function parseNew(c: Cursor): Expression {
  const at = c.expect("new").start;
  if (c.is("{")) return parseAnonymous(c, at);
  if (c.is("[")) return parseImplicitArray(c, at);
  if (c.is("(")) throw c.error("'new()' without a type needs C# 9; expressions are C# 7", "name the type");
  const type = c.nested(() => scanType(c, false));
  if (!type) throw c.error("Type expected");
  let named: TypeSyntax = type;
  if (c.is("?") && c.is("[", 1)) {
    c.take();
    named = { kind: "nullable-type", inner: type, at: type.at, end: c.previousEnd };
  }
  if (c.is("[")) return parseSizedArray(c, at, named);
  const args = c.takeIf("(") ? parseArguments(c, ")") : undefined;
  const initializer = c.is("{") ? c.nested(() => parseInitializer(c)) : undefined;
  if (!args && !initializer) throw c.error("A new expression requires (), [], or {} after type");
  return { kind: "new", type: named, args: args ?? [], initializer, at, end: c.previousEnd };
}

function parseAnonymous(c: Cursor, at: number): Expression {
  c.expect("{");
  const members: { name: string; value: Expression; at: number }[] = [];
  while (!c.is("}")) {
    const token = c.token;
    if (token.kind === "identifier" && c.is("=", 1)) {
      c.take();
      c.take();
      members.push({ name: token.text, value: parseExpression(c), at: token.start });
    } else {
      const value = parseExpression(c);
      const name = projectedName(value);
      if (name === undefined) {
        throw c.errorAt(
          value.at,
          "Invalid anonymous type member declarator. Anonymous type members must be declared with a member assignment, simple name or member access",
        );
      }
      members.push({ name, value, at: token.start });
    }
    if (!c.takeIf(",")) break;
  }
  c.expect("}");
  return { kind: "anonymous", members, at, end: c.previousEnd };
}

function projectedName(value: Expression): string | undefined {
  if (value.kind === "name" && value.args.length === 0) return value.name;
  if (value.kind === "member" && value.args.length === 0) return value.name;
  if (value.kind === "conditional-access") return projectedName(value.rest);
  return undefined;
}

/** `new[] { … }` and `new[,] { … }`. */
function parseImplicitArray(c: Cursor, at: number): Expression {
  c.expect("[");
  let rank = 1;
  while (c.takeIf(",")) rank++;
  c.expect("]");
  if (!c.is("{")) throw c.error("Array creation must have array size or array initializer");
  const items = parseArrayItems(c);
  return { kind: "new-array", element: undefined, sizes: [], rank, items, at, end: c.previousEnd };
}

/** `new T[5]`, `new T[] { … }`, `new T[2][]`, `new T[2, 3]`. */
function parseSizedArray(c: Cursor, at: number, element: TypeSyntax): Expression {
  c.expect("[");
  const sizes: Expression[] = [];
  let rank = 1;
  if (c.is("]") || c.is(",")) {
    while (c.takeIf(",")) rank++;
    c.expect("]");
  } else {
    do sizes.push(parseExpression(c));
    while (c.takeIf(","));
    rank = sizes.length;
    c.expect("]");
  }
  const inner = scanSuffixes(c, element);
  const items = c.is("{") ? parseArrayItems(c) : undefined;
  if (!items && sizes.length === 0) throw c.error("Array creation must have array size or array initializer");
  return { kind: "new-array", element: inner, sizes, rank, items, at, end: c.previousEnd };
}

/** `{ a, b, { c } }`: items of an array; nested braces are items of inner dimensions. */
export function parseArrayItems(c: Cursor): ArrayItems {
  return c.nested(() => {
    c.expect("{");
    const items: ArrayItems = [];
    while (!c.is("}")) {
      if (c.is("{")) {
        const at = c.token.start;
        items.push({ kind: "array-items", items: parseArrayItems(c), at, end: c.previousEnd });
      } else {
        items.push(parseExpression(c));
      }
      if (!c.takeIf(",")) break;
    }
    c.expect("}");
    return items;
  });
}

/** Object and collection initialisers. */
export function parseInitializer(c: Cursor): Initializer {
  const at = c.expect("{").start;
  const elements: InitializerElement[] = [];
  while (!c.is("}")) {
    elements.push(parseElement(c));
    if (!c.takeIf(",")) break;
  }
  c.expect("}");
  return { kind: "initializer", elements, at, end: c.previousEnd };
}

function parseElement(c: Cursor): InitializerElement {
  const token = c.token;
  const at = token.start;
  if (token.kind === "identifier" && c.is("=", 1)) {
    c.take();
    c.take();
    return { at, target: { kind: "property", name: token.text }, values: [parseElementValue(c)] };
  }
  if (c.is("[")) {
    c.take();
    const args = parseArguments(c, "]");
    c.expect("=");
    return { at, target: { kind: "index", args }, values: [parseElementValue(c)] };
  }
  if (c.is("{")) {
    c.take();
    const values: Expression[] = [];
    do values.push(parseExpression(c));
    while (c.takeIf(",") && !c.is("}"));
    c.expect("}");
    return { at, target: { kind: "add" }, values };
  }
  return { at, target: { kind: "add" }, values: [parseExpression(c)] };
}

function parseElementValue(c: Cursor): Expression | Initializer {
  return c.is("{") ? c.nested(() => parseInitializer(c)) : parseExpression(c);
}
