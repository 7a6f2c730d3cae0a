import type { ExpressionScan } from "./csharp-scan.ts";
import type { Reading } from "./reading.ts";

/**
 * Reports an expression without its closing bracket, with the likely reason. `at` is its `@`, `end` where the text
 * is taken to end in which `what` says that it stands.
 */
export function unclosedExpression(
  reading: Reading,
  at: number,
  scan: Extract<ExpressionScan, { closed: false }>,
  end: number,
  what: string,
): void {
  const bracket = reading.text[at + 1] === "(" ? ")" : "}";
  if (scan.cause === "too-long") {
    reading.error(
      "expression-too-long",
      at,
      `The expression in ${what} is too long, or its closing ${bracket} is missing.`,
    );
    return;
  }
  const seen =
    scan.cause === "markup" ? ` before the markup at ${reading.place(scan.stop)}` : " before the end of the file";
  const literal = scan.brokenLiteral !== undefined && scan.brokenLiteral < end;
  const hint = !literal
    ? "brackets and the quotes of strings must come in pairs"
    : `the string or character literal at ${reading.place(scan.brokenLiteral as number)} is not closed on its line`;
  reading.error("unclosed-expression", at, `The expression in ${what} has no closing ${bracket}${seen}.`, hint);
}
