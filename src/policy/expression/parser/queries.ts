import type { Expression, Query, QueryClause, TypeSyntax } from "../syntax.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./expressions.ts";
import { parseType } from "./types.ts";

/** True at `from x in` and `from T x in`: anything else makes `from` an ordinary name. */
export function isQuery(c: Cursor): boolean {
  if (!c.isWord("from")) return false;
  const next = c.peek();
  if (next.kind === "keyword")
    return next.text !== "is" && next.text !== "as" && next.text !== "in" && next.text !== "switch";
  return (
    next.kind === "identifier" &&
    (c.is("in", 2) || c.peek(2).kind === "identifier" || c.is(".", 2) || c.is("<", 2) || c.is("[", 2))
  );
}

export function parseQuery(c: Cursor): Expression {
  const at = c.token.start;
  const query = parseBody(c, [parseFrom(c)]);
  return { kind: "query", query, at, end: c.previousEnd };
}

function parseBody(c: Cursor, clauses: QueryClause[]): Query {
  for (;;) {
    const at = c.token.start;
    if (c.isWord("from")) {
      clauses.push(parseFrom(c));
    } else if (c.takeWordIf("let")) {
      const name = c.identifier().name;
      c.expect("=");
      clauses.push({ kind: "let", name, value: parseExpression(c), at });
    } else if (c.takeWordIf("where")) {
      clauses.push({ kind: "where", condition: parseExpression(c), at });
    } else if (c.takeWordIf("orderby")) {
      const keys: { value: Expression; descending: boolean }[] = [];
      do {
        const value = parseExpression(c);
        const descending = c.takeWordIf("descending");
        if (!descending) c.takeWordIf("ascending");
        keys.push({ value, descending });
      } while (c.takeIf(","));
      clauses.push({ kind: "orderby", keys, at });
    } else if (c.takeWordIf("join")) {
      clauses.push(parseJoin(c, at));
    } else if (c.takeWordIf("select")) {
      const value = parseExpression(c);
      return { clauses, result: { kind: "select", value }, into: parseInto(c) };
    } else if (c.takeWordIf("group")) {
      const value = parseExpression(c);
      expectWord(c, "by");
      const by = parseExpression(c);
      return { clauses, result: { kind: "group", value, by }, into: parseInto(c) };
    } else {
      throw c.error("A query body must end with a select clause or a group clause");
    }
    if (clauses.length > 32) throw c.error("A query may have at most 32 clauses");
  }
}

function parseFrom(c: Cursor): QueryClause {
  const at = c.take().start;
  let type: TypeSyntax | undefined;
  if (!c.is("in", 1)) type = parseType(c);
  const name = c.identifier().name;
  c.expect("in");
  return { kind: "from", name, type, source: parseExpression(c), at };
}

function parseJoin(c: Cursor, at: number): QueryClause {
  const name = c.identifier().name;
  c.expect("in");
  const source = parseExpression(c);
  expectWord(c, "on");
  const left = parseExpression(c);
  expectWord(c, "equals");
  const right = parseExpression(c);
  const into = c.takeWordIf("into") ? c.identifier().name : undefined;
  return { kind: "join", name, source, left, right, into, at };
}

function parseInto(c: Cursor): { name: string; query: Query } | undefined {
  if (!c.takeWordIf("into")) return undefined;
  const name = c.identifier().name;
  return { name, query: c.nested(() => parseBody(c, [])) };
}

function expectWord(c: Cursor, word: string): void {
  if (!c.takeWordIf(word)) throw c.error(`'${word}' expected`);
}
