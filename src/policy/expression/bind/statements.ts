import type { BoundStatement, LocalFunction } from "../bound.ts";
import type { Block, Declarator, Statement } from "../syntax.ts";
import { errorType, voidType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { bindArrayItems } from "./creation.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { bindLocalFunction, declareFunction } from "./local-functions.ts";
import { bindFor, bindForeach, bindWhile } from "./loops.ts";
import { bindSwitch } from "./switches.ts";
import { bindTry, bindUsing } from "./try-and-using.ts";
import { bindType } from "./type-names.ts";

/** The statements of a block, in a scope of their own. */
export function bindBlockStatements(b: Binder, block: Block): BoundStatement[] {
  return b.inScope(() => bindList(b, block.statements));
}

export function bindList(b: Binder, statements: readonly Statement[]): BoundStatement[] {
  // Local functions may be called before they are declared.
  const functions = new Map<Statement, LocalFunction>();
  for (const statement of statements) {
    if (statement.kind === "local-function") functions.set(statement, declareFunction(b, statement));
  }
  return statements.flatMap((statement) => bindStatement(b, statement, functions.get(statement)));
}

/** One statement that stands alone (the body of an if or loop), in a scope of its own. */
export function bindEmbedded(b: Binder, statement: Statement): BoundStatement[] {
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

function bindIf(b: Binder, statement: Extract<Statement, { kind: "if" }>): BoundStatement {
  const condition = b.condition(requireValue(b, bindExpression(b, statement.condition)));
  const then = bindEmbedded(b, statement.then);
  const otherwise = statement.otherwise ? bindEmbedded(b, statement.otherwise) : undefined;
  return { kind: "if", condition, then, otherwise, at: statement.at };
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
