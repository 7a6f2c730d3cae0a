/** How much a finding weighs: an error stops a compile, a warning does not. */
export type Severity = "error" | "warning";

/**
 * One finding about text that a person wrote (a policy document, an artifacts file, a case).
 * `line` and `column` are 1-based; `column` counts UTF-16 code units, as editors do.
 * `code` is stable and searchable (kebab-case), `hint` says how to mend it.
 */
export interface Diagnostic {
  severity: Severity;
  code: string;
  message: string;
  file: string;
  line: number;
  column: number;
  hint?: string;
}

/** `file:line:column severity message (hint)`: the form that compilers print and editors link. */
export function formatDiagnostic(d: Diagnostic): string {
  const hint = d.hint ? ` (${d.hint})` : "";
  return `${d.file}:${d.line}:${d.column} ${d.severity} ${d.message}${hint}`;
}
