import type { Diagnostic, Severity } from "../model/diagnostic.ts";

/** A point in a file that a person wrote; line and column are 1-based. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** Findings of one severity that are kept; what floods more than that has one cause, and the first ones show it. */
const LIMIT = 1000;

/** Collects what a source finds, so that everything is reported at once. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  readonly #counts: Record<Severity, number> = { error: 0, warning: 0 };

  error(at: Place, code: string, message: string, hint?: string): void {
    this.#report("error", at, code, message, hint);
  }

  warning(at: Place, code: string, message: string, hint?: string): void {
    this.#report("warning", at, code, message, hint);
  }

  add(diagnostic: Diagnostic): void {
    const { severity, file, line, column } = diagnostic;
    const count = ++this.#counts[severity];
    if (count <= LIMIT) this.diagnostics.push(diagnostic);
    else if (count === LIMIT + 1) {
      const message = `there are more than ${LIMIT} findings like these; the others are left out`;
      this.diagnostics.push({ severity, code: "too-many-findings", message, file, line, column });
    }
  }

  #report(severity: Severity, { file, line, column }: Place, code: string, message: string, hint?: string): void {
    this.add({ severity, code, message, file, line, column, ...(hint ? { hint } : {}) });
  }
}
