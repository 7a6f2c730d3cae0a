import type { BoundBody, BoundStatement, LocalFunction } from "../bound.ts";
import type { Statement } from "../syntax.ts";
import { errorType, type Type, voidType } from "../types.ts";
import type { Binder, FunctionContext } from "./binder.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { completes } from "./flow.ts";
import { bindBlockStatements } from "./statements.ts";
import { bindType } from "./type-names.ts";

export function declareFunction(b: Binder, statement: Extract<Statement, { kind: "local-function" }>): LocalFunction {
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

export function bindLocalFunction(
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
