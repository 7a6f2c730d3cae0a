import type { Bound, BoundCatch, BoundStatement } from "../bound.ts";
import { voidType } from "../types.ts";
import type { Emitter } from "./emitter.ts";
import { expression } from "./expressions.ts";
import { assign, compound } from "./places.ts";

/** JavaScript for a list of statements. */
export function statements(e: Emitter, list: readonly BoundStatement[]): string {
  return list.map((statement) => one(e, statement)).join("");
}

function block(e: Emitter, list: readonly BoundStatement[]): string {
  return `{${statements(e, list)}}`;
}

/** An expression for what it does; its value is not wanted. */
function effect(e: Emitter, value: Bound): string {
  if (value.kind === "assign") return assign(e, value, false);
  if (value.kind === "compound") return compound(e, value, false);
  return expression(e, value);
}

function one(e: Emitter, statement: BoundStatement): string {
  switch (statement.kind) {
    case "block":
      return block(e, statement.statements);
    case "declare": {
      const value = statement.value ? expression(e, statement.value) : e.defaultValue(statement.local.type);
      return `let ${e.local(statement.local)}=${value};`;
    }
    case "expression":
      return `${effect(e, statement.value)};`;
    case "function": {
      const parameters = statement.parameters.map((local) => ({ local, boxed: false }));
      const isVoid = statement.target.returnType === voidType;
      const code = e.functionBody(parameters, statement.body, isVoid ? voidType : undefined);
      const names = statement.parameters.map((local) => e.local(local)).join(",");
      return `function f${statement.target.id}(${names}){${e.op("spend")}();${code}}`;
    }
    case "if": {
      const otherwise = statement.otherwise ? `else${block(e, statement.otherwise)}` : "";
      return `if(${expression(e, statement.condition)})${block(e, statement.then)}${otherwise}`;
    }
    case "loop":
      return loop(e, statement);
    case "foreach":
      return foreach(e, statement);
    case "switch":
      return choose(e, statement);
    case "try":
      return attempt(e, statement);
    case "using":
      return using(e, statement);
    case "return": {
      if (!statement.value) return "return;";
      const value = expression(e, statement.value);
      return `return ${e.returnBox ? e.box(value, statement.value.type) : value};`;
    }
    case "throw":
      return statement.value ? `${e.op("raise")}(${expression(e, statement.value)});` : "throw e;";
    case "break":
      return statement.fromSwitch ? `break s${statement.target};` : "break;";
    case "continue":
      return "continue;";
  }
}

function loop(e: Emitter, statement: BoundStatement & { kind: "loop" }): string {
  const condition = statement.condition ? expression(e, statement.condition) : "true";
  const update = statement.update.map((value) => effect(e, value)).join(",");
  const body = `{${e.op("spend")}();${statements(e, statement.body)}}`;
  if (statement.test === "after") return `do${body}while(${condition});`;
  // The variable of a C# for loop is one variable for all turns; it is declared outside, not by this `for`.
  return `for(;${condition};${update})${body}`;
}

function foreach(e: Emitter, statement: BoundStatement & { kind: "foreach" }): string {
  const item = e.module.temporary();
  if (statement.hole.kind === "hole") e.holes.set(statement.hole.id, e.unbox(item, statement.item));
  const declare = `const ${e.local(statement.local)}=${expression(e, statement.convert)};`;
  const parts = statement.parts.map(({ local, value }) => `const ${e.local(local)}=${expression(e, value)};`).join("");
  const source = e.box(expression(e, statement.source), statement.source.type);
  return `for(const ${item} of ${e.op("each")}(${source})){${declare}${parts}${statements(e, statement.body)}}`;
}

/** A switch as a labelled block of ifs: C# has no falling through, and its labels may be patterns. */
function choose(e: Emitter, statement: BoundStatement & { kind: "switch" }): string {
  const name = e.module.temporary();
  if (statement.hole.kind === "hole") e.holes.set(statement.hole.id, name);
  const value = expression(e, statement.value);
  const locals = statement.sections.flatMap((section) => [
    ...section.locals,
    // Sections share their variables' scope; each is declared once, in front.
    ...section.body.flatMap((inner) => (inner.kind === "declare" ? [inner.local] : [])),
  ]);
  const declared = new Set(locals.map((local) => local.id));
  const declarations = locals.map((local) => `let ${e.local(local)}=${e.defaultValue(local.type)};`).join("");
  const bodyOf = (section: (typeof statement.sections)[number]): string =>
    `{${section.body.map((inner) => (inner.kind === "declare" && declared.has(inner.local.id) ? assignment(e, inner) : one(e, inner))).join("")}}`;
  const fallback = statement.sections.find((section) => section.tests.includes(undefined));
  const cases = statement.sections.flatMap((section) => {
    const tests = section.tests.flatMap((test) => (test ? [expression(e, test)] : []));
    // A default's own case labels lead to the same code, which stands last.
    if (tests.length === 0 || section === fallback) return [];
    return [`if(${tests.join("||")})${bodyOf(section)}`];
  });
  const last = fallback ? bodyOf(fallback) : "";
  const chain = cases.join("else ");
  const whole = chain === "" ? last : last === "" ? chain : `${chain}else${last}`;
  return `s${statement.id}:{const ${name}=${value};${declarations}${whole}}`;
}

function assignment(e: Emitter, statement: BoundStatement & { kind: "declare" }): string {
  if (!statement.value) return "";
  return `${e.local(statement.local)}=${expression(e, statement.value)};`;
}

function attempt(e: Emitter, statement: BoundStatement & { kind: "try" }): string {
  const catches =
    statement.catches.length > 0 ? `catch(e){e=${e.op("caught")}(e);${handlers(e, statement.catches)}}` : "";
  const last = statement.finally ? `finally${block(e, statement.finally)}` : "";
  return `try${block(e, statement.body)}${catches}${last}`;
}

function handlers(e: Emitter, catches: readonly BoundCatch[]): string {
  const locals = catches.flatMap((clause) => (clause.local ? [`let ${e.local(clause.local)}=null;`] : []));
  const chain = catches.map((clause) => {
    const { type, local, when } = clause;
    const all = !type || type === e.language.known.exception;
    const conditions = all ? [] : [`${e.module.type(type)}.is(e)`];
    if (when) conditions.push(local ? `(${e.local(local)}=e,${filter(e, when)})` : filter(e, when));
    const test = conditions.length > 0 ? `if(${conditions.join("&&")})` : "";
    const take = local ? `${e.local(local)}=e;` : "";
    return { test, code: `${test}{${take}${statements(e, clause.body)}}`, open: test === "" };
  });
  const end = chain.findIndex((clause) => clause.open);
  const used = end < 0 ? chain : chain.slice(0, end + 1);
  const text = used.map((clause) => clause.code).join("else ");
  return locals.join("") + text + (end < 0 ? "else throw e;" : "");
}

/** A filter that itself fails counts as false (C# specification, 13.10.5). */
function filter(e: Emitter, when: Bound): string {
  return `${e.op("filter")}(()=>${expression(e, when)})`;
}

function using(e: Emitter, statement: BoundStatement & { kind: "using" }): string {
  const declare = statements(e, statement.declare);
  let resource = "";
  if (statement.resource) {
    const name = e.module.temporary();
    if (statement.hole?.kind === "hole") e.holes.set(statement.hole.id, name);
    resource = `const ${name}=${expression(e, statement.resource)};`;
  }
  const body = block(e, statement.body);
  if (!statement.dispose) return `{${declare}${resource}${body}}`;
  const { dispose } = statement;
  const subject = dispose.kind === "call" && dispose.receiver ? expression(e, dispose.receiver) : "null";
  return `{${declare}${resource}try${body}finally{if(${subject}!==null)${expression(e, dispose)};}}`;
}
