import type { Bound } from "../bound.ts";
import type { Argument, Block, Expression, Query, QueryClause, Statement, TypeSyntax } from "../syntax.ts";
import type { Binder } from "./binder.ts";
import { bindExpression } from "./expressions.ts";

/** A query expression, rewritten to the method calls it stands for (C# specification, 12.20.3). */
export function bindQuery(b: Binder, syntax: Extract<Expression, { kind: "query" }>): Bound {
  return bindExpression(b, translate(syntax.query, undefined, syntax.at));
}

/** Names in scope in a query: one variable, or an anonymous object that holds several. */
interface Range {
  source: Expression;
  names: string[];
}

/** The parameter of a lambda that carries several range variables; not a name that C# text can hold. Inner queries have their own. */
const carrierOf = (at: number): string => `<range${at}>`;

function translate(query: Query, continued: Range | undefined, at: number): Expression {
  let range = continued;
  for (const [i, clause] of query.clauses.entries()) {
    const last = i === query.clauses.length - 1;
    range =
      clause.kind === "from" && !range
        ? { source: sourceOf(clause, at), names: [clause.name] }
        : step(range as Range, clause, last ? query : undefined, at);
    if (range.names.length === 0) return finish(range.source, query, at);
  }
  if (!range) return { kind: "null", at, end: at };
  const { result } = query;
  let source: Expression;
  if (result.kind === "group") {
    source = call(
      range.source,
      "GroupBy",
      [lambda(range.names, result.by, at), lambda(range.names, result.value, at)],
      at,
    );
  } else if (isIdentity(result.value, range.names) && query.clauses.length > 1) {
    source = range.source;
  } else {
    source = call(range.source, "Select", [lambda(range.names, result.value, at)], at);
  }
  return finish(source, query, at);
}

function finish(source: Expression, query: Query, at: number): Expression {
  return query.into ? translate(query.into.query, { source, names: [query.into.name] }, at) : source;
}

function isIdentity(value: Expression, names: readonly string[]): boolean {
  return names.length === 1 && value.kind === "name" && value.name === names[0];
}

function sourceOf(clause: Extract<QueryClause, { kind: "from" }>, at: number): Expression {
  return clause.type ? call(clause.source, "Cast", [], at, [clause.type]) : clause.source;
}

function step(range: Range, clause: QueryClause, _ending: Query | undefined, at: number): Range {
  switch (clause.kind) {
    case "where":
      return { ...range, source: call(range.source, "Where", [lambda(range.names, clause.condition, at)], clause.at) };
    case "orderby": {
      let source = range.source;
      for (const [i, key] of clause.keys.entries()) {
        const method = `${i === 0 ? "OrderBy" : "ThenBy"}${key.descending ? "Descending" : ""}`;
        source = call(source, method, [lambda(range.names, key.value, at)], clause.at);
      }
      return { ...range, source };
    }
    case "let": {
      const names = [...range.names, clause.name];
      const carried = anonymous([...range.names.map((name) => named(name, at)), clause.value], names, at);
      return { source: call(range.source, "Select", [lambda(range.names, carried, at)], clause.at), names };
    }
    case "from": {
      const names = [...range.names, clause.name];
      const collection = lambda(range.names, sourceOf(clause, at), at);
      return {
        source: call(range.source, "SelectMany", [collection, pairing(range.names, clause.name, names, at)], clause.at),
        names,
      };
    }
    case "join": {
      const added = clause.into ?? clause.name;
      const names = [...range.names, added];
      const args = [
        clause.source,
        lambda(range.names, clause.left, at),
        lambda([clause.name], clause.right, at),
        pairing(range.names, added, names, at),
      ];
      return { source: call(range.source, clause.into ? "GroupJoin" : "Join", args, clause.at), names };
    }
  }
}

/** `(range, added) => new { …names }`. */
function pairing(before: readonly string[], added: string, names: readonly string[], at: number): Expression {
  const body = anonymous(
    names.map((name) => named(name, at)),
    names,
    at,
  );
  return lambda(before, body, at, added);
}

function named(name: string, at: number): Expression {
  return { kind: "name", name, args: [], at, end: at };
}

function anonymous(values: readonly Expression[], names: readonly string[], at: number): Expression {
  return { kind: "anonymous", members: values.map((value, i) => ({ name: names[i] ?? "", value, at })), at, end: at };
}

/** A lambda over the range variables: several are unpacked from the object that carries them. */
function lambda(names: readonly string[], body: Expression, at: number, extra?: string): Expression {
  const single = names.length === 1 ? (names[0] as string) : carrierOf(at);
  const parameters = [single, ...(extra === undefined ? [] : [extra])].map((name) => ({
    name,
    type: undefined,
    at,
    mode: "value" as const,
  }));
  if (names.length === 1) return { kind: "lambda", parameters, body, at, end: at };
  const unpack: Statement[] = names.map((name) => {
    const value: Expression = {
      kind: "member",
      target: named(carrierOf(at), at),
      name,
      args: [],
      nameAt: at,
      at,
      end: at,
    };
    return { kind: "local", type: undefined, constant: false, declarators: [{ name, at, value }], at, end: at };
  });
  const block: Block = {
    kind: "block",
    statements: [...unpack, { kind: "return", value: body, at, end: at }],
    at,
    end: at,
  };
  return { kind: "lambda", parameters, body: block, at, end: at };
}

function call(
  target: Expression,
  method: string,
  args: readonly Expression[],
  at: number,
  types: TypeSyntax[] = [],
): Expression {
  const member: Expression = { kind: "member", target, name: method, args: types, nameAt: at, at, end: at };
  const list: Argument[] = args.map((value) => ({ value, name: undefined, nameAt: at, mode: "value" }));
  return { kind: "call", target: member, args: list, at, end: at };
}
