import { decodePercent, queryPairs } from "../../../exchange/url.ts";
import { checkExpression, ODataSyntaxError } from "./expression.ts";
import type { ODataMetadata, ODataType } from "./metadata.ts";

/** System query options; without `$` as well from version 4.01 on. */
const OPTIONS = new Set([
  "apply",
  "compute",
  "count",
  "deltatoken",
  "expand",
  "filter",
  "format",
  "id",
  "index",
  "inlinecount",
  "levels",
  "orderby",
  "schemaversion",
  "search",
  "select",
  "skip",
  "skiptoken",
  "top",
]);

/** Longest value of an option that is looked at. */
const MAX_OPTION = 32_768;
const MAX_DEPTH = 20;

/** What is wrong with a request: the part of it, and why. */
export interface ODataProblem {
  name: string;
  type: "Url" | "QueryParameter";
  message: string;
}

/** Checks path and query of a request. @param metadata undefined where the API has no metadata document: syntax alone counts */
export function checkODataRequest(path: string, query: string, metadata: ODataMetadata | undefined): ODataProblem[] {
  const problems: ODataProblem[] = [];
  let type: ODataType | undefined;
  try {
    type = checkPath(path, metadata);
  } catch (error) {
    if (!(error instanceof ODataSyntaxError)) throw error;
    problems.push({ name: "", type: "Url", message: error.message });
  }
  const seen = new Set<string>();
  for (const [name, value] of queryPairs(query)) {
    if (!name.startsWith("$")) continue;
    try {
      if (seen.has(name)) throw new ODataSyntaxError(`The query option '${name}' is given more than once.`);
      seen.add(name);
      checkOption(name, value, type, metadata, 0);
    } catch (error) {
      if (!(error instanceof ODataSyntaxError)) throw error;
      problems.push({ name, type: "QueryParameter", message: error.message });
    }
  }
  return problems;
}

/** The type that a path leads to, where the metadata tells. */
function checkPath(path: string, metadata: ODataMetadata | undefined): ODataType | undefined {
  const segments = path
    .split("/")
    .map(decodePercent)
    .filter((segment) => segment !== "");
  let type: ODataType | undefined;
  for (const [index, segment] of segments.entries()) {
    const match = /^([^()]+)(\((.*)\))?$/s.exec(segment);
    if (!match) throw new ODataSyntaxError(`The segment '${segment.slice(0, 100)}' is malformed.`);
    const [, name = "", , key] = match;
    if (key !== undefined && key !== "") checkKey(key);
    if (!metadata) continue;
    if (name.startsWith("$")) return undefined;
    if (index === 0) {
      if (!metadata.roots.has(name)) throw new ODataSyntaxError(`The resource '${name.slice(0, 100)}' does not exist.`);
      const root = metadata.roots.get(name);
      type = root === undefined ? undefined : metadata.types.get(root);
    } else if (name.includes(".")) type = undefined;
    else if (type) type = memberType(type, name, metadata);
  }
  return type;
}

/** The type of a member; a key may stand as a segment of its own. */
function memberType(type: ODataType, name: string, metadata: ODataMetadata): ODataType | undefined {
  const member = type.properties.get(name);
  if (member !== undefined) return metadata.types.get(member);
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !type.open) throw noProperty(name);
  return type.open ? undefined : type;
}

function noProperty(name: string): ODataSyntaxError {
  return new ODataSyntaxError(`The property '${name.slice(0, 100)}' does not exist.`);
}

function checkKey(key: string): void {
  for (const part of splitAt(key, ",")) {
    const value = /^[\p{L}_][\p{L}\p{N}_]*=(.*)$/su.exec(part)?.[1] ?? part;
    checkExpression(value, () => {
      throw new ODataSyntaxError(`The key '${key.slice(0, 100)}' is malformed.`);
    });
  }
}

function checkOption(
  name: string,
  value: string,
  type: ODataType | undefined,
  metadata: ODataMetadata | undefined,
  depth: number,
): void {
  if (value.length > MAX_OPTION) throw new ODataSyntaxError(`The query option '${name}' is too long.`);
  if (depth > MAX_DEPTH) throw new ODataSyntaxError(`The query option '${name}' is nested too deeply.`);
  const option = name.replace(/^\$/, "");
  const property = (first: string) => {
    if (type && !type.open && !type.properties.has(first)) throw noProperty(first);
  };
  switch (option) {
    case "filter":
      checkExpression(value, property);
      return;
    case "orderby":
      for (const item of splitAt(value, ",")) checkExpression(item.trim().replace(/\s+(asc|desc)$/, ""), property);
      return;
    case "top":
    case "skip":
      if (!/^\d{1,18}$/.test(value)) throw wrong(name, value, "a number of 0 or more");
      return;
    case "count":
      if (!/^(true|false)$/.test(value)) throw wrong(name, value, "true or false");
      return;
    case "levels":
      if (!/^(max|[1-9]\d{0,5})$/.test(value)) throw wrong(name, value, "a number or max");
      return;
    case "select":
    case "expand":
      for (const item of splitAt(value, ",")) checkItem(name, item.trim(), type, metadata, depth);
      return;
    default:
      if (!OPTIONS.has(option)) throw new ODataSyntaxError(`The query option '${name.slice(0, 100)}' does not exist.`);
  }
}

/** An item of `$select` or `$expand`: a path, with options of its own in parentheses. */
function checkItem(
  name: string,
  item: string,
  type: ODataType | undefined,
  metadata: ODataMetadata | undefined,
  depth: number,
): void {
  const match =
    /^(\*|[\p{L}_][\p{L}\p{N}_.]*(?:\/(?:[\p{L}_$][\p{L}\p{N}_.]*|\*))*(?:\/\$(?:ref|count))?)(?:\((.*)\))?$/su.exec(
      item,
    );
  if (!match) throw new ODataSyntaxError(`'${item.slice(0, 100)}' is malformed in '${name}'.`);
  const [, path = "", options] = match;
  let inner = type;
  for (const segment of path.split("/")) {
    if (segment === "*" || segment.startsWith("$") || segment.includes(".")) inner = undefined;
    else if (inner && metadata) {
      const member = inner.properties.get(segment);
      if (member === undefined && !inner.open) throw noProperty(segment);
      inner = member === undefined ? undefined : metadata.types.get(member);
    }
  }
  if (options === undefined) return;
  for (const option of splitAt(options, ";")) {
    const equals = option.indexOf("=");
    if (equals < 1) throw new ODataSyntaxError(`'${option.slice(0, 100)}' is malformed in '${name}'.`);
    checkOption(option.slice(0, equals).trim(), option.slice(equals + 1).trim(), inner, metadata, depth + 1);
  }
}

function wrong(name: string, value: string, expected: string): ODataSyntaxError {
  return new ODataSyntaxError(`The value '${value.slice(0, 100)}' of '${name}' must be ${expected}.`);
}

/** Splits at a separator outside of quotes and parentheses. @throws {ODataSyntaxError} where these are not closed */
function splitAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (c === "(") depth++;
    else if (c === ")" && --depth < 0) break;
    else if (c === separator && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  if (quoted || depth !== 0)
    throw new ODataSyntaxError(`Quotes or parentheses are not closed in '${text.slice(0, 100)}'.`);
  parts.push(text.slice(from));
  return parts;
}
