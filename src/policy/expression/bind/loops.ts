import type { Bound, BoundStatement, Local } from "../bound.ts";
import type { Statement } from "../syntax.ts";
import { errorType, type Type } from "../types.ts";
import type { Binder } from "./binder.ts";
import { deconstructParts } from "./deconstruction.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { bindEmbedded, bindList } from "./statements.ts";
import { bindType } from "./type-names.ts";

function inLoop(b: Binder, bind: (id: number) => BoundStatement[]): { id: number; body: BoundStatement[] } {
  const id = b.nextId();
  b.context.targets.push({ id, kind: "loop" });
  try {
    return { id, body: bind(id) };
  } finally {
    b.context.targets.pop();
  }
}

export function bindWhile(b: Binder, statement: Extract<Statement, { kind: "while" | "do" }>): BoundStatement {
  if (statement.kind === "while") {
    const condition = b.condition(requireValue(b, bindExpression(b, statement.condition)));
    const { id, body } = inLoop(b, () => bindEmbedded(b, statement.body));
    return { kind: "loop", id, test: "before", condition, update: [], body, at: statement.at };
  }
  const { id, body } = inLoop(b, () => bindEmbedded(b, statement.body));
  const condition = b.condition(requireValue(b, bindExpression(b, statement.condition)));
  return { kind: "loop", id, test: "after", condition, update: [], body, at: statement.at };
}

export function bindFor(b: Binder, statement: Extract<Statement, { kind: "for" }>): BoundStatement[] {
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

export function bindForeach(b: Binder, statement: Extract<Statement, { kind: "foreach" }>): BoundStatement {
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
