import { expressionFailure } from "../../compiler/expression-failure.ts";

/** One segment of a path. Dots would name another place of the service, which is called with the gateway's rights. */
export function segment(text: string, what: string): string {
  const trimmed = text.trim();
  if (trimmed === "") throw expressionFailure(`The ${what} is empty.`);
  if (/^\.{1,2}$/.test(trimmed)) throw expressionFailure(`The ${what} may not be "${trimmed}".`);
  return encode(trimmed);
}

/** Several segments with slashes between them; `%41` stays as it is. */
export function segments(text: string, what: string): string {
  const trimmed = text.trim();
  if (trimmed === "") throw expressionFailure(`The ${what} is empty.`);
  for (const part of trimmed.split(/[/\\]|%2f|%5c/i)) {
    if (/^(?:\.|%2e){1,2}$/i.test(part)) throw expressionFailure(`The ${what} may not hold the segment "${part}".`);
  }
  return trimmed
    .split("/")
    .map((part) =>
      part.replaceAll(/%[0-9a-f]{2}|[^%]+|%/gi, (run) => (run.length === 3 && run[0] === "%" ? run : encode(run))),
    )
    .join("/");
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
