import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ValueSchema } from "../../compiler/schema.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { queryPairs } from "../../exchange/url.ts";
import { TokenFailure } from "./token-failure.ts";

/** Attributes that say where the token is; one of them is given. */
export const TOKEN_SOURCE_ATTRIBUTES = {
  "header-name": { type: "string", expression: true, doc: "Header that holds the token." },
  "query-parameter-name": { type: "string", expression: true, doc: "Query parameter that holds the token." },
  "token-value": { type: "string", expression: true, doc: "The token itself, without a scheme." },
} as const satisfies Record<string, ValueSchema>;

/**
 * Finds the token of a request. In the Authorization header a scheme stands before it (`require-scheme` says which);
 * other headers hold the token alone.
 * @returns a reader that throws {@link TokenFailure} when there is no token.
 */
export function loadTokenSource(element: PlanElement, loader: Loader, defaultHeader?: string): Evaluate<string> {
  const scheme = loader.optionalText(element, "require-scheme");
  const find = finder(element, loader, scheme, defaultHeader);
  return (x) => {
    const token = find(x);
    if (token === undefined || token === "") throw new TokenFailure("TokenNotPresent", "JWT not present.");
    return token;
  };
}

function finder(
  element: PlanElement,
  loader: Loader,
  scheme: Evaluate<string | undefined>,
  defaultHeader: string | undefined,
): Evaluate<string | undefined> {
  const { attributes = {} } = element;
  if (attributes["token-value"] !== undefined) {
    const value = loader.text(element, "token-value");
    return (x) => value(x).trim();
  }
  if (attributes["query-parameter-name"] !== undefined) {
    const name = loader.text(element, "query-parameter-name");
    return (x) => queryParameter(x, name(x));
  }
  const name = loader.text(element, "header-name", defaultHeader);
  return (x) => {
    const header = name(x);
    const value = x.request.headers.get(header)?.trim();
    if (value === undefined || header.toLowerCase() !== "authorization") return value;
    return withoutScheme(value, scheme(x));
  };
}

function queryParameter(x: Exchange, name: string): string | undefined {
  return queryPairs(x.request.query).find(([key]) => key === name)?.[1];
}

/** Undefined when the required scheme is not there: for this policy such a request brings no token. */
function withoutScheme(value: string, required: string | undefined): string | undefined {
  // The scheme alone: transport has taken the space away that stood before nothing.
  if (value.toLowerCase() === (required || "bearer").toLowerCase()) return undefined;
  const space = value.indexOf(" ");
  const scheme = space < 0 ? "" : value.slice(0, space);
  if (required !== undefined && required !== "" && scheme.toLowerCase() !== required.toLowerCase()) return undefined;
  return value.slice(space + 1).trim();
}
