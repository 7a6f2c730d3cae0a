import type { Bound, BoundStatement, Local } from "../bound.ts";
import type { Statement, SwitchSection } from "../syntax.ts";
import { errorType } from "../types.ts";
import type { Binder } from "./binder.ts";
import { bindExpression, requireValue } from "./expressions.ts";
import { completes } from "./flow.ts";
import { bindPattern } from "./patterns.ts";
import { bindList } from "./statements.ts";

export function bindSwitch(b: Binder, statement: Extract<Statement, { kind: "switch" }>): BoundStatement {
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
