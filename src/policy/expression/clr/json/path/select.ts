import { spend } from "../../budget.ts";
import { JsonException } from "../../exceptions.ts";
import { JArray } from "../array.ts";
import { JConstructor } from "../constructor.ts";
import { JContainer } from "../container.ts";
import { JObject } from "../object.ts";
import { JProperty } from "../property.ts";
import type { JToken } from "../token.ts";
import { matches } from "./match.ts";
import { parsePath } from "./parse.ts";
import type { Filter } from "./syntax.ts";

/** Parsed paths; policies use few, and always the same. */
const cache = new Map<string, readonly Filter[]>();
const CACHE_SIZE = 500;
const CACHED_LENGTH = 200;

function parsed(path: string): readonly Filter[] {
  let filters = cache.get(path);
  if (filters === undefined) {
    filters = parsePath(path);
    if (path.length > CACHED_LENGTH) return filters;
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(path, filters);
  }
  return filters;
}

/**
 * `SelectToken`: the token at a JSONPath, or null.
 * @param strict throw when a step finds nothing
 * @throws {JsonException} for a bad path, several matches, or (strict) none
 */
export function selectToken(from: JToken, path: string, strict: boolean): JToken | null {
  let found: JToken | null = null;
  for (const token of selectTokens(from, path, strict)) {
    if (found !== null) throw new JsonException("Path returned multiple tokens.");
    found = token;
  }
  return found;
}

/** `SelectTokens`: all tokens at a JSONPath, in document order. */
export function selectTokens(from: JToken, path: string, strict: boolean): Iterable<JToken> {
  return evaluate(parsed(path), from, from, strict);
}

/** Runs the steps of a path, lazily, each on what the step before it found. */
export function evaluate(filters: readonly Filter[], root: JToken, from: JToken, strict: boolean): Iterable<JToken> {
  let tokens: Iterable<JToken> = [from];
  for (const filter of filters) tokens = filter.kind === "root" ? [root] : step(filter, root, tokens, strict);
  return tokens;
}

type Step = Exclude<Filter, { kind: "root" }>;

function* step(filter: Step, root: JToken, tokens: Iterable<JToken>, strict: boolean): Generator<JToken> {
  for (const token of tokens) {
    spend();
    switch (filter.kind) {
      case "field":
        yield* filter.scan ? scan(filter.names, token) : fields(filter.names, token, strict);
        break;
      case "index":
        yield* filter.indexes === null ? allItems(token, strict) : itemsAt(filter.indexes, token, strict);
        break;
      case "slice":
        yield* slice(filter, token, strict);
        break;
      case "query": {
        const candidates = !filter.scan ? token : token instanceof JContainer ? token.descendantsAndSelf() : [token];
        for (const item of candidates) {
          spend();
          if (matches(filter.condition, root, item)) yield item;
        }
      }
    }
  }
}

function* fields(names: readonly (string | null)[], token: JToken, strict: boolean): Generator<JToken> {
  if (!(token instanceof JObject)) {
    if (strict) throw new JsonException(`Property '${names[0] ?? "*"}' not valid on ${shortName(token)}.`);
    return;
  }
  for (const name of names) {
    if (name === null) {
      for (const property of token.properties) yield property.value;
      continue;
    }
    const value = token.get(name);
    if (value !== null) yield value;
    else if (strict) throw new JsonException(`Property '${name}' does not exist on JObject.`);
  }
}

/** `..name`: the values of that name at any depth; `..*`: the token and everything in it. */
function* scan(names: readonly (string | null)[], token: JToken): Generator<JToken> {
  const everything = names.includes(null);
  if (everything) yield token;
  if (!(token instanceof JContainer)) return;
  for (const item of token.descendants()) {
    spend();
    if (item instanceof JProperty) {
      if (names.includes(item.name)) yield item.value;
    } else if (everything) {
      yield item;
    }
  }
}

function isIndexed(token: JToken): token is JArray | JConstructor {
  return token instanceof JArray || token instanceof JConstructor;
}

function* allItems(token: JToken, strict: boolean): Generator<JToken> {
  if (isIndexed(token)) yield* token.items;
  else if (strict) throw new JsonException(`Index * not valid on ${shortName(token)}.`);
}

function* itemsAt(indexes: readonly number[], token: JToken, strict: boolean): Generator<JToken> {
  for (const index of indexes) {
    if (!isIndexed(token)) {
      if (strict) throw new JsonException(`Index ${index} not valid on ${shortName(token)}.`);
    } else if (index < token.count) {
      yield token.getItem(index) as JToken;
    } else if (strict) {
      throw new JsonException(`Index ${index} outside the bounds of JArray.`);
    }
  }
}

function* slice(filter: Filter & { kind: "slice" }, token: JToken, strict: boolean): Generator<JToken> {
  const step = filter.step ?? 1;
  if (step === 0) throw new JsonException("Step cannot be zero.");
  if (!(token instanceof JArray)) {
    if (strict) throw new JsonException(`Array slice is not valid on ${shortName(token)}.`);
    return;
  }
  const place = (index: number) => (index < 0 ? token.count + index : index);
  let start = place(filter.start ?? (step > 0 ? 0 : token.count - 1));
  let end = filter.end === null ? (step > 0 ? token.count : -1) : place(filter.end);
  start = step > 0 ? Math.max(start, 0) : Math.min(start, token.count - 1);
  end = step > 0 ? Math.min(end, token.count) : Math.max(end, -1);
  const any = step > 0 ? start < end : start > end;
  if (!any && strict) {
    throw new JsonException(`Array slice of ${filter.start ?? "*"} to ${filter.end ?? "*"} returned no results.`);
  }
  for (let i = start; step > 0 ? i < end : i > end; i += step) yield token.getItem(i) as JToken;
}

function shortName(token: JToken): string {
  return token.clrName.slice(token.clrName.lastIndexOf(".") + 1);
}
