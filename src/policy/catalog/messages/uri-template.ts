import { PolicyError } from "../../exchange/errors.ts";
import { escapeQuery, parameterName, queryParts } from "./query-string.ts";

/** Braces that are balanced and hold a name: what a template may look like. */
export const URI_TEMPLATE = /^[^{}]*(?:\{[^{}]+\}[^{}]*)*$/;

/** Text (already escaped) and names of parameters, in turn. */
type Piece = string | { name: string };

/** Values of template parameters, decoded. */
export type UriValues = Readonly<Record<string, string>>;

/** A `rewrite-uri` template, taken apart. */
export interface UriTemplate {
  path: readonly Piece[];
  query: readonly (readonly Piece[])[];
  /** Holds parameters, so that the path depends on the request. */
  dynamic: boolean;
}

/**
 * Takes a template (`/orders/{id}?expand={what}`) apart. Characters that a URI cannot hold are escaped, existing
 * escapes are kept, and a missing first slash is added.
 * @throws {PolicyError} for braces that do not match or hold no name.
 */
export function parseUriTemplate(written: string): UriTemplate {
  const text = written.trim();
  if (!URI_TEMPLATE.test(text)) throw invalid(500, `"${text}" is not a valid URI template.`);
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  return {
    path: pieces(path.startsWith("/") ? path : `/${path}`),
    query: mark < 0 ? [] : queryParts(text.slice(mark)).map(pieces),
    dynamic: text.includes("{"),
  };
}

/**
 * Fills the path with parameter values, each escaped so that it stays within its segment; only the wildcard of the
 * operation's URL template (`{*rest}`) may span several.
 */
export function expandPath(template: UriTemplate, values: UriValues, operationTemplate: string): string {
  if (!template.dynamic) return template.path.join("");
  const expand = (piece: Piece) => {
    if (typeof piece === "string") return piece;
    const value = parameterValue(piece.name, values);
    const wildcard = operationTemplate.includes(`{*${piece.name}}`);
    return wildcard ? value.split("/").map(escapeSegment).join("/") : escapeSegment(value);
  };
  const path = template.path.map(expand).join("");
  refuseDotSegments(path);
  return path;
}

/** Fills the query's parts (`name=value`, without `?` and `&`). */
export function expandQuery(template: UriTemplate, values: UriValues): string[] {
  return template.query.map((part) =>
    part.map((piece) => (typeof piece === "string" ? piece : escapeQuery(parameterValue(piece.name, values)))).join(""),
  );
}

/** Names of the parameters that a query's parts set. */
export function parameterNames(parts: readonly string[]): Set<string> {
  return new Set(parts.map(parameterName));
}

/** A path that came from the request must not climb out of the backend's base path. @throws {PolicyError} 400 */
export function refuseDotSegments(path: string): void {
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(path)) {
    throw invalid(400, "The rewritten path holds a dot segment that came from the request.");
  }
}

function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  for (const part of text.split(/(\{[^{}]+\})/)) {
    if (part === "") continue;
    if (!part.startsWith("{")) found.push(escapeIllegal(part));
    else found.push({ name: part.slice(part.startsWith("{*") ? 2 : 1, -1) });
  }
  return found;
}

/** Everything but the characters of RFC 3986's path and query, and existing `%XX`, percent-encoded. */
function escapeIllegal(text: string): string {
  return text.replace(/%(?![0-9a-f]{2})|[^!$%&'()*+,\-./:;=?@\w~]+/gi, (run) => encodeURIComponent(run.toWellFormed()));
}

/** As `encodeURIComponent`, but for the characters that a path segment may hold as they are. */
function escapeSegment(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(/%(?:24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent);
}

/** Only parameters of the operation can be used; another name is an error (as in the emulator). */
function parameterValue(name: string, values: UriValues): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) {
    throw invalid(500, `The template parameter "${name}" is not a parameter of the operation.`);
  }
  return value;
}

/** The reason code is not documented (unconfirmed). */
function invalid(status: number, message: string): PolicyError {
  return new PolicyError("InvalidUriTemplate", status, message);
}
