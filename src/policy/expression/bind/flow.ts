import type { BoundStatement } from "../bound.ts";

/** Whether control can reach the end of the statements (C# specification, 13.2), for "not all code paths return". */
export function completes(statements: readonly BoundStatement[]): boolean {
  return statements.every((statement) => statementCompletes(statement));
}

function statementCompletes(statement: BoundStatement): boolean {
  switch (statement.kind) {
    case "return":
    case "throw":
    case "break":
    case "continue":
      return false;
    case "block":
      return completes(statement.statements);
    case "if": {
      const { condition } = statement;
      if (condition.kind === "constant" && condition.value === true) return completes(statement.then);
      return completes(statement.then) || !statement.otherwise || completes(statement.otherwise);
    }
    case "loop": {
      const endless =
        !statement.condition || (statement.condition.kind === "constant" && statement.condition.value === true);
      return !endless || breaks(statement.body, statement.id);
    }
    case "switch": {
      const hasDefault = statement.sections.some((section) => section.tests.includes(undefined));
      // A section that runs off its end is an error of its own; only break leads past the switch.
      return !hasDefault || statement.sections.some((section) => breaks(section.body, statement.id));
    }
    case "try": {
      if (statement.finally && !completes(statement.finally)) return false;
      return completes(statement.body) || statement.catches.some((clause) => completes(clause.body));
    }
    case "using":
      return completes(statement.body);
    case "expression":
      return statement.value.kind !== "throw";
    default:
      return true;
  }
}

/** Whether some `break` inside leaves the loop or switch with this id. */
function breaks(statements: readonly BoundStatement[], id: number): boolean {
  return statements.some((statement) => {
    switch (statement.kind) {
      case "break":
        return statement.target === id;
      case "block":
        return breaks(statement.statements, id);
      case "if":
        return breaks(statement.then, id) || (statement.otherwise !== undefined && breaks(statement.otherwise, id));
      case "loop":
      case "foreach":
      case "using":
        return breaks(statement.body, id);
      case "switch":
        return statement.sections.some((section) => breaks(section.body, id));
      case "try":
        return (
          breaks(statement.body, id) ||
          statement.catches.some((clause) => breaks(clause.body, id)) ||
          breaks(statement.finally ?? [], id)
        );
      default:
        return false;
    }
  });
}
