import { type Diagnostic, formatDiagnostic } from "../model/diagnostic.ts";

/** What went wrong, said to the person at the terminal; exit code 1. */
export class CommandError extends Error {}

/** Prints findings to standard error, errors last so that they are what is seen, and a count. */
export function printDiagnostics(diagnostics: readonly Diagnostic[]): void {
  const bySeverity = [...diagnostics].sort((a, b) => (a.severity < b.severity ? 1 : a.severity > b.severity ? -1 : 0));
  for (const diagnostic of bySeverity) console.error(formatDiagnostic(diagnostic));
  const errors = diagnostics.filter((d) => d.severity === "error").length;
  const warnings = diagnostics.length - errors;
  if (diagnostics.length > 0) console.error(`${count(errors, "error")}, ${count(warnings, "warning")}`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
