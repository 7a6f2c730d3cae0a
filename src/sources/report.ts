import type { Diagnostic, Severity } from "../model/diagnostic.ts";

/** A point in a file that a person wrote; line and column are 1-based. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** Collects what a source finds, so that everything is reported at once. A flood ends with one closing finding. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  readonly #limit: number;

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  error(at: Place, code: string, message: string, hint?: string): void {
    this.#report("error", at, code, message, hint);
  }

  warning(at: Place, code: string, message: string, hint?: string): void {
    this.#report("warning", at, code, message, hint);
  }

  add(diagnostic: Diagnostic): void {
    const { file, line, column } = diagnostic;
    if (this.diagnostics.length < this.#limit) this.diagnostics.push(diagnostic);
    else if (this.diagnostics.length === this.#limit) {
      const message = `there are more than ${this.#limit} findings; mend these first`;
      this.diagnostics.push({ severity: "error", code: "too-many-findings", message, file, line, column });
    }
  }

  #report(severity: Severity, { file, line, column }: Place, code: string, message: string, hint?: string): void {
    this.add({ severity, code, message, file, line, column, ...(hint ? { hint } : {}) });
  }
}
