import { expressionFailure } from "../../compiler/expression-failure.ts";
import { parseUrl, type UrlParts } from "../../exchange/url.ts";

/** One segment of a path. Dots would name another place of the sidecar's API, which acts with the gateway's rights. */
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

/** An address of the sidecar: its base address with a path of its API. */
export function daprUrl(address: string, path: string): UrlParts {
  const base = parseUrl(address);
  if (!base) throw new Error(`The address of the Dapr sidecar, "${address}", is not an absolute http or https URL.`);
  return { ...base, path: base.path.replace(/\/+$/, "") + path, query: "" };
}
