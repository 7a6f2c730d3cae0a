import type { Bound, BoundCatch, BoundStatement } from "../bound.ts";
import type { Expression, Statement } from "../syntax.ts";
import { errorType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { callGroup } from "./calls.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { memberOf } from "./names.ts";
import { bindBlockStatements, bindEmbedded, bindList } from "./statements.ts";
import { bindType } from "./type-names.ts";

export function bindTry(b: Binder, statement: Extract<Statement, { kind: "try" }>): BoundStatement {
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

export function bindUsing(b: Binder, statement: Extract<Statement, { kind: "using" }>): BoundStatement {
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
