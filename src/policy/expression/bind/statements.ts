import type { Bound, BoundBody, BoundCatch, BoundStatement, Local, LocalFunction } from "../bound.ts";
import type { Block, Declarator, Expression, Statement, SwitchSection } from "../syntax.ts";
import { errorType, type Type, voidType } from "../types.ts";
import type { Binder, FunctionContext } from "./binder.ts";
import { callGroup } from "./calls.ts";
import { bindArrayItems } from "./creation.ts";
import { deconstructParts } from "./deconstruction.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { completes } from "./flow.ts";
import { memberOf } from "./names.ts";
import { bindPattern } from "./patterns.ts";
import { bindType } from "./type-names.ts";

/** The statements of a block, in a scope of their own. */
export function bindBlockStatements(b: Binder, block: Block): BoundStatement[] {
  return b.inScope(() => bindList(b, block.statements));
}

function bindList(b: Binder, statements: readonly Statement[]): BoundStatement[] {
  // Local functions may be called before they are declared.
  const functions = new Map<Statement, LocalFunction>();
  for (const statement of statements) {
    if (statement.kind === "local-function") functions.set(statement, declareFunction(b, statement));
  }
  return statements.flatMap((statement) => bindStatement(b, statement, functions.get(statement)));
}

/** One statement that stands alone (the body of an if or loop), in a scope of its own. */
function bindEmbedded(b: Binder, statement: Statement): BoundStatement[] {
  if (statement.kind === "local" || statement.kind === "local-function") {
    b.error(statement.at, "expression-syntax", "Embedded statement cannot be a declaration", "put it in braces");
    return [];
  }
  return statement.kind === "block"
    ? bindBlockStatements(b, statement)
    : b.inScope(() => bindStatement(b, statement, undefined));
}

/** Variables that the statement's expressions declared come first, so that its code may assign them. */
function withExpressionLocals(b: Binder, bind: () => BoundStatement[]): BoundStatement[] {
  const start = b.scope.expressionLocals.length;
  const bound = bind();
  const declared = b.scope.expressionLocals.splice(start);
  return [...declared.map((local): BoundStatement => ({ kind: "declare", local, value: undefined, at: 0 })), ...bound];
}

function bindStatement(b: Binder, statement: Statement, target: LocalFunction | undefined): BoundStatement[] {
  b.step();
  return withExpressionLocals(b, () => bindOne(b, statement, target));
}

function bindOne(b: Binder, statement: Statement, target: LocalFunction | undefined): BoundStatement[] {
  const { at } = statement;
  switch (statement.kind) {
    case "block":
      return [{ kind: "block", statements: bindBlockStatements(b, statement), at }];
    case "empty":
      return [];
    case "local":
      return statement.declarators.map((declarator) => bindDeclarator(b, statement, declarator));
    case "local-function":
      return target ? [bindLocalFunction(b, statement, target)] : [];
    case "expression":
      return [{ kind: "expression", value: bindExpression(b, statement.value), at }];
    case "if":
      return [bindIf(b, statement)];
    case "while":
    case "do":
      return [bindWhile(b, statement)];
    case "for":
      return b.inScope(() => bindFor(b, statement));
    case "foreach":
      return [bindForeach(b, statement)];
    case "switch":
      return [bindSwitch(b, statement)];
    case "try":
      return [bindTry(b, statement)];
    case "using":
      return b.inScope(() => [bindUsing(b, statement)]);
    case "lock": {
      const value = requireValue(b, bindExpression(b, statement.value));
      return [
        { kind: "expression", value, at },
        { kind: "block", statements: bindEmbedded(b, statement.body), at },
      ];
    }
    case "checked-block": {
      const outer = { checked: b.checked, constants: b.uncheckedConstants };
      b.checked = statement.checked;
      b.uncheckedConstants = !statement.checked;
      const statements = bindBlockStatements(b, statement.body);
      b.checked = outer.checked;
      b.uncheckedConstants = outer.constants;
      return [{ kind: "block", statements, at }];
    }
    case "throw-statement":
      if (!statement.value) {
        if (b.context.inCatch === 0)
          b.error(
            at,
            "expression-syntax",
            "A throw statement with no arguments is not allowed outside of a catch clause",
          );
        return [{ kind: "throw", value: undefined, at }];
      }
      return [
        { kind: "throw", value: b.convert(requireValue(b, bindExpression(b, statement.value)), b.known.exception), at },
      ];
    case "return":
      return [bindReturn(b, statement)];
    case "break":
    case "continue":
      return bindJump(b, statement.kind, at);
  }
}

function bindDeclarator(
  b: Binder,
  statement: Extract<Statement, { kind: "local" }>,
  declarator: Declarator,
): BoundStatement {
  const { at, name, value: syntax } = declarator;
  const declared = statement.type ? bindType(b, statement.type) : undefined;
  if (declared === voidType) b.error(at, "expression-type", "A variable cannot be of type void");
  if (!syntax) {
    if (!declared) b.error(at, "expression-type", "Implicitly-typed variables must be initialized");
    if (statement.constant) b.error(at, "expression-syntax", "A const field requires a value to be provided");
    const local = b.declare(name, declared ?? errorType, at);
    return { kind: "declare", local, value: undefined, at };
  }
  let value =
    syntax.kind === "array-items" && declared
      ? bindArrayItems(b, syntax.items, declared, syntax.at)
      : requireValue(b, bindExpression(b, syntax));
  let type = declared;
  if (!type) {
    type = value.type;
    if (type === errorType || value.kind === "null") {
      if (value.kind === "null")
        b.error(
          at,
          "expression-type",
          "Cannot assign <null> to an implicitly-typed variable",
          "name the type instead of var",
        );
      if (value.kind === "unbound-lambda")
        b.error(at, "expression-type", "Cannot assign lambda expression to an implicitly-typed variable");
      if (value.kind === "default-literal")
        b.error(at, "expression-type", "Cannot assign default to an implicitly-typed variable");
      type = errorType;
    }
  } else if (type !== errorType && value.kind !== "error") {
    value = b.convert(value, type);
  }
  if (statement.constant) {
    if (value.kind !== "constant" && value.kind !== "error")
      b.error(syntax.at, "expression-constant", `The expression being assigned to '${name}' must be constant`);
    const constant = value.kind === "constant" && type !== b.known.decimal ? value.value : undefined;
    const local = b.declare(name, type, at, { readonly: "constant", constant });
    return { kind: "declare", local, value, at };
  }
  const local = b.declare(name, type, at);
  return { kind: "declare", local, value, at };
}

function declareFunction(b: Binder, statement: Extract<Statement, { kind: "local-function" }>): LocalFunction {
  b.checkFree(statement.name, statement.nameAt);
  const target: LocalFunction = {
    kind: "function",
    name: statement.name,
    id: b.nextId(),
    returnType: bindType(b, statement.returnType),
    parameters: statement.parameters.map((p) => {
      const type = p.type ? bindType(b, p.type) : errorType;
      const defaultValue = p.defaultValue
        ? b.convert(requireValue(b, bindExpression(b, p.defaultValue)), type)
        : undefined;
      return { name: p.name, type, mode: p.mode, defaultValue };
    }),
  };
  b.scope.add(target);
  return target;
}

function bindLocalFunction(
  b: Binder,
  statement: Extract<Statement, { kind: "local-function" }>,
  target: LocalFunction,
): BoundStatement {
  const context: FunctionContext = {
    kind: "function",
    returnType: target.returnType,
    returns: [],
    targets: [],
    inFinally: 0,
    inCatch: 0,
  };
  const outer = b.context;
  b.context = context;
  try {
    return b.inScope((scope) => {
      const parameters = target.parameters.map((p, i) => {
        return b.declare(p.name, p.type, statement.parameters[i]?.at ?? statement.at, {
          cell: p.mode === "out" || p.mode === "ref",
        });
      });
      let body: BoundBody;
      if (statement.body.kind === "block") {
        const statements = bindBlockStatements(b, statement.body);
        checkReturns(b, statements, target.returnType, target.name, statement.nameAt);
        body = { kind: "statements", statements };
      } else {
        const value = bindExpression(b, statement.body);
        body = {
          kind: "expression",
          value: target.returnType === voidType ? value : b.convert(requireValue(b, value), target.returnType),
          locals: scope.expressionLocals,
        };
      }
      return { kind: "function", target, parameters, body, at: statement.at };
    });
  } finally {
    b.context = outer;
  }
}

/** A body that must return a value and may run off its end. */
export function checkReturns(
  b: Binder,
  statements: readonly BoundStatement[],
  returnType: Type | undefined,
  name: string | undefined,
  at: number,
): void {
  if (returnType === voidType || !completes(statements)) return;
  b.error(
    at,
    "expression-return",
    name ? `'${name}': not all code paths return a value` : "Not all code paths return a value",
    "every path must end in return or throw",
  );
}

function bindIf(b: Binder, statement: Extract<Statement, { kind: "if" }>): BoundStatement {
  const condition = b.condition(requireValue(b, bindExpression(b, statement.condition)));
  const then = bindEmbedded(b, statement.then);
  const otherwise = statement.otherwise ? bindEmbedded(b, statement.otherwise) : undefined;
  return { kind: "if", condition, then, otherwise, at: statement.at };
}

function inLoop(b: Binder, bind: (id: number) => BoundStatement[]): { id: number; body: BoundStatement[] } {
  const id = b.nextId();
  b.context.targets.push({ id, kind: "loop" });
  try {
    return { id, body: bind(id) };
  } finally {
    b.context.targets.pop();
  }
}

function bindWhile(b: Binder, statement: Extract<Statement, { kind: "while" | "do" }>): BoundStatement {
  if (statement.kind === "while") {
    const condition = b.condition(requireValue(b, bindExpression(b, statement.condition)));
    const { id, body } = inLoop(b, () => bindEmbedded(b, statement.body));
    return { kind: "loop", id, test: "before", condition, update: [], body, at: statement.at };
  }
  const { id, body } = inLoop(b, () => bindEmbedded(b, statement.body));
  const condition = b.condition(requireValue(b, bindExpression(b, statement.condition)));
  return { kind: "loop", id, test: "after", condition, update: [], body, at: statement.at };
}

function bindFor(b: Binder, statement: Extract<Statement, { kind: "for" }>): BoundStatement[] {
  const initial = bindList(b, statement.initial);
  const condition = statement.condition
    ? b.condition(requireValue(b, bindExpression(b, statement.condition)))
    : undefined;
  const update = statement.update.map((value) => bindExpression(b, value));
  const declared = b.scope.expressionLocals
    .splice(0)
    .map((local): BoundStatement => ({ kind: "declare", local, value: undefined, at: 0 }));
  const { id, body } = inLoop(b, () => bindEmbedded(b, statement.body));
  const loop: BoundStatement = { kind: "loop", id, test: "before", condition, update, body, at: statement.at };
  return [{ kind: "block", statements: [...declared, ...initial, loop], at: statement.at }];
}

function bindForeach(b: Binder, statement: Extract<Statement, { kind: "foreach" }>): BoundStatement {
  const source = requireValue(b, bindExpression(b, statement.source));
  const item = source.type === errorType ? errorType : b.relations.itemType(source.type);
  if (!item) {
    b.error(
      statement.source.at,
      "expression-type",
      `foreach statement cannot operate on variables of type '${source.type}' because '${source.type}' does not contain a public definition for 'GetEnumerator'`,
    );
  }
  const itemType = item ?? errorType;
  return b.inScope(() => {
    const hole = b.hole(itemType, statement.at);
    const declared = statement.type ? bindType(b, statement.type) : itemType;
    const parts: { local: Local; value: Bound }[] = [];
    let convert: Bound = hole;
    let local: Local;
    if (statement.names) {
      local = {
        kind: "local",
        name: "item",
        type: itemType,
        id: b.nextId(),
        cell: false,
        readonly: undefined,
        constant: undefined,
      };
      const values =
        itemType === errorType
          ? []
          : deconstructParts(b, { kind: "local", local, type: itemType, at: statement.at }, statement.at);
      if (!values || (itemType !== errorType && values.length !== statement.names.length)) {
        b.error(
          statement.at,
          "expression-type",
          `A value of type '${itemType}' cannot be deconstructed into ${statement.names.length} variables`,
        );
      }
      statement.names.forEach((name, i) => {
        const value = values?.[i] ?? b.errorNode(name.at);
        if (name.name !== "_")
          parts.push({
            local: b.declare(name.name, value.type, name.at, { readonly: "foreach iteration variable" }),
            value,
          });
      });
    } else {
      // A foreach with a written type casts each item, as C# does.
      if (declared !== itemType && declared !== errorType && itemType !== errorType)
        convert = castItem(b, hole, declared, statement.nameAt);
      local = b.declare(statement.name, declared, statement.nameAt, { readonly: "foreach iteration variable" });
    }
    const { id, body } = inLoop(b, () => bindEmbedded(b, statement.body));
    return { kind: "foreach", id, source, item: itemType, local, convert, hole, parts, body, at: statement.at };
  });
}

function castItem(b: Binder, item: Bound, to: Type, at: number): Bound {
  const conversion = b.castConversion(item, to);
  if (conversion) return b.apply(item, conversion, to);
  return b.fail(at, "expression-type", `Cannot convert type '${item.type}' to '${to}'`);
}

function bindSwitch(b: Binder, statement: Extract<Statement, { kind: "switch" }>): BoundStatement {
  const value = requireValue(b, bindExpression(b, statement.value));
  const hole = b.hole(value.type, statement.at);
  const id = b.nextId();
  b.context.targets.push({ id, kind: "switch" });
  try {
    // All sections share one scope: a variable declared in one is visible, though unassigned, in the next.
    const sections = b.inScope(() => statement.sections.map((section) => bindSection(b, section, hole)));
    const defaults = statement.sections.flatMap((s) => s.labels).filter((label) => !label.pattern);
    if (defaults[1])
      b.error(
        defaults[1].at,
        "expression-syntax",
        "The switch statement contains multiple cases with the label value 'default'",
      );
    return { kind: "switch", id, value, hole, sections, at: statement.at };
  } finally {
    b.context.targets.pop();
  }
}

function bindSection(
  b: Binder,
  section: SwitchSection,
  hole: Bound,
): { tests: (Bound | undefined)[]; locals: Local[]; body: BoundStatement[] } {
  const outer = b.scope;
  const start = outer.expressionLocals.length;
  const tests = section.labels.map((label) => {
    if (!label.pattern) return undefined;
    if (hole.type === errorType) return b.errorNode(label.at);
    const test = bindPattern(b, label.pattern, hole);
    if (!test) return b.errorNode(label.at);
    const is: Bound = { kind: "is", operand: hole, ...test, type: b.known.bool, at: label.at };
    if (!label.when) return is;
    const when = b.condition(requireValue(b, bindExpression(b, label.when)));
    return { kind: "logical", operator: "&&", left: is, right: when, type: b.known.bool, at: label.at } satisfies Bound;
  });
  const locals = outer.expressionLocals.splice(start);
  const body = bindList(b, section.statements);
  if (completes(body)) {
    b.error(
      section.at,
      "expression-syntax",
      "Control cannot fall through from one case label to another",
      "end the section with break or return",
    );
  }
  return { tests, locals, body };
}

function bindTry(b: Binder, statement: Extract<Statement, { kind: "try" }>): BoundStatement {
  const body = bindBlockStatements(b, statement.body);
  const catches = statement.catches.map(
    (clause): BoundCatch =>
      b.inScope((scope) => {
        let type = clause.type ? bindType(b, clause.type) : undefined;
        if (type && type !== errorType && !b.isException(type)) {
          b.error(clause.at, "expression-type", "The type caught or thrown must be derived from System.Exception");
          type = errorType;
        }
        const local = clause.name === undefined ? undefined : b.declare(clause.name, type ?? errorType, clause.nameAt);
        const when = clause.when ? b.condition(requireValue(b, bindExpression(b, clause.when))) : undefined;
        const declared = scope.expressionLocals
          .splice(0)
          .map((l): BoundStatement => ({ kind: "declare", local: l, value: undefined, at: 0 }));
        b.context.inCatch++;
        const handler = bindBlockStatements(b, clause.body);
        b.context.inCatch--;
        return { type, local, when, body: [...declared, ...handler] };
      }),
  );
  let last: BoundStatement[] | undefined;
  if (statement.finally) {
    b.context.inFinally++;
    last = bindBlockStatements(b, statement.finally);
    b.context.inFinally--;
  }
  return { kind: "try", body, catches, finally: last, at: statement.at };
}

function bindUsing(b: Binder, statement: Extract<Statement, { kind: "using" }>): BoundStatement {
  const { at } = statement;
  const declare: BoundStatement[] = [];
  let resource: Bound | undefined;
  let subject: Bound;
  const { resource: syntax } = statement;
  if (isStatement(syntax)) {
    declare.push(...bindList(b, [syntax]));
    const last = declare.at(-1);
    if (last?.kind !== "declare") return { kind: "block", statements: declare, at };
    last.local.readonly = "using variable";
    subject = { kind: "local", local: last.local, type: last.local.type, at };
  } else {
    resource = requireValue(b, bindExpression(b, syntax));
    subject = b.hole(resource.type, at);
  }
  const hole = resource ? subject : undefined;
  const dispose = disposal(b, subject, at);
  const body = bindEmbedded(b, statement.body);
  return { kind: "using", declare, resource, dispose, hole, body, at };
}

function isStatement(resource: Statement | Expression): resource is Statement {
  return resource.kind === "local";
}

/** The call of Dispose, for types that declare one; hash objects and readers here hold nothing to free. */
function disposal(b: Binder, subject: Bound, at: number): Bound | undefined {
  if (subject.type === errorType) return undefined;
  const { result } = b.speculate(() => {
    const method = memberOf(b, subject, "Dispose", [], at, true);
    return method.kind === "method-group" ? callGroup(b, method.group, [], at) : method;
  });
  return result.kind === "call" ? result : undefined;
}

function bindReturn(b: Binder, statement: Extract<Statement, { kind: "return" }>): BoundStatement {
  const { context } = b;
  const { at } = statement;
  if (context.inFinally > 0) b.error(at, "expression-syntax", "Control cannot leave the body of a finally clause");
  if (!statement.value) {
    if (context.kind === "main" || (context.returnType && context.returnType !== voidType)) {
      b.error(
        at,
        "expression-return",
        "An object of a type convertible to the return type is required",
        "return a value",
      );
    }
    return { kind: "return", value: undefined, at };
  }
  const value = bindExpression(b, statement.value);
  if (context.returnType === voidType) {
    b.error(
      at,
      "expression-return",
      "Since the function returns void, a return keyword must not be followed by an object expression",
    );
    return { kind: "return", value: undefined, at };
  }
  const usable = value.kind === "method-group" || value.kind === "function-group" ? value : requireValue(b, value);
  const node: Extract<BoundStatement, { kind: "return" }> = {
    kind: "return",
    value: context.returnType ? b.convert(usable, context.returnType) : usable,
    at,
  };
  context.returns.push({ value: node.value, at: statement.value.at, set: (converted) => (node.value = converted) });
  return node;
}

function bindJump(b: Binder, kind: "break" | "continue", at: number): BoundStatement[] {
  const { targets } = b.context;
  const target = kind === "break" ? targets.at(-1) : targets.findLast((t) => t.kind === "loop");
  if (!target) {
    b.error(at, "expression-syntax", "No enclosing loop out of which to break or continue");
    return [];
  }
  if (kind === "break") return [{ kind, target: target.id, fromSwitch: target.kind === "switch", at }];
  return [{ kind, target: target.id, at }];
}
