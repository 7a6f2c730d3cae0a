import type { ExpressionScan } from "./csharp-scan.ts";
import type { Reading } from "./reading.ts";

/** Reports an expression without its closing bracket, with the likely reason. `at` is its `@`, `what` where it stands. */
export function unclosedExpression(
  reading: Reading,
  at: number,
  scan: Extract<ExpressionScan, { closed: false }>,
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
  const hint =
    scan.brokenLiteral === undefined
      ? `the number of opening and closing brackets must be the same`
      : `the string or character literal at ${reading.place(scan.brokenLiteral)} is not closed on its line`;
  reading.error("unclosed-expression", at, `The expression in ${what} has no closing ${bracket}${seen}.`, hint);
}
