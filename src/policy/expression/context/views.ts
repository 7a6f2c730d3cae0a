import type { HeaderList } from "../../exchange/headers.ts";
import { formatUrl, queryPairs, type UrlParts } from "../../exchange/url.ts";
import { ClrArray } from "../clr/box.ts";
import { KeyValuePair } from "../clr/collections/key-value-pair.ts";
import type { ReadOnlyDictionary } from "../clr/collections/protocol.ts";
import type { ClrObject } from "../clr/system/protocol.ts";

/**
 * The context's dictionaries as C# sees them where a plain `IReadOnlyDictionary` is wanted: enumerated, passed on,
 * stored. `value` is what the gateway itself works with; the common members read that and make no view.
 */
abstract class DictionaryView<V> implements ReadOnlyDictionary, ClrObject {
  readonly value: V;
  abstract readonly clrName: string;
  constructor(value: V) {
    this.value = value;
  }

  protected abstract entries(): Iterable<readonly [key: string, value: unknown]>;
  abstract lookup(key: unknown): unknown;

  get count(): number {
    let count = 0;
    for (const _ of this.entries()) count++;
    return count;
  }

  get keys(): string[] {
    return Array.from(this.entries(), ([key]) => key);
  }

  get values(): unknown[] {
    return Array.from(this.entries(), ([, value]) => value);
  }

  *[Symbol.iterator](): Iterator<KeyValuePair> {
    for (const [key, value] of this.entries()) yield new KeyValuePair(key, value);
  }

  /** A missing name gives null (recommended in the reference), not an exception. */
  missing(): unknown {
    return null;
  }
}

export function strings(values: readonly string[]): ClrArray {
  return new ClrArray("string", [...values]);
}

/** `context.Request.Headers`: names compare without case; lines of one name make one entry. */
export class HeaderView extends DictionaryView<HeaderList> {
  readonly clrName = "Gatehouse.HeaderDictionary";

  protected *entries(): Iterable<readonly [string, unknown]> {
    const seen = new Set<string>();
    const { raw } = this.value;
    for (let i = 0; i < raw.length; i += 2) {
      const name = raw[i] as string;
      const key = name.toLowerCase();
      if (seen.has(key)) continue;
      seen.add(key);
      yield [name, strings(this.value.all(name))];
    }
  }

  lookup(key: unknown): unknown {
    if (typeof key !== "string") return undefined;
    const values = this.value.all(key);
    return values.length > 0 ? strings(values) : undefined;
  }
}

/** Values of one query parameter, in order. */
export function queryValues(query: string, name: string): string[] {
  if (query === "") return [];
  return queryPairs(query).flatMap(([key, value]) => (key === name ? [value] : []));
}

/** `context.Request.Url.Query`; `value` is the query string. */
export class QueryView extends DictionaryView<string> {
  readonly clrName = "Gatehouse.QueryDictionary";

  protected entries(): Iterable<readonly [string, unknown]> {
    const grouped = new Map<string, string[]>();
    for (const [name, value] of queryPairs(this.value)) {
      const known = grouped.get(name);
      if (known) known.push(value);
      else grouped.set(name, [value]);
    }
    return Array.from(grouped, ([name, values]) => [name, strings(values)] as const);
  }

  lookup(key: unknown): unknown {
    const values = queryValues(this.value, String(key));
    return values.length > 0 ? strings(values) : undefined;
  }
}

/** `context.Request.MatchedParameters`. */
export class ParameterView extends DictionaryView<Readonly<Record<string, string>>> {
  readonly clrName = "Gatehouse.MatchedParameterDictionary";

  protected entries(): Iterable<readonly [string, unknown]> {
    return Object.entries(this.value);
  }

  lookup(key: unknown): unknown {
    return typeof key === "string" && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
  }
}

/** `context.Variables`. */
export class VariableView extends DictionaryView<ReadonlyMap<string, unknown>> {
  readonly clrName = "Gatehouse.VariableDictionary";

  protected entries(): Iterable<readonly [string, unknown]> {
    return this.value.entries();
  }

  lookup(key: unknown): unknown {
    return this.value.get(key as string);
  }
}

/** The values of a claim; names compare without case where no claim has exactly this name. */
export function claimValues(
  claims: ReadonlyMap<string, readonly string[]>,
  name: string,
): readonly string[] | undefined {
  const exact = claims.get(name);
  if (exact) return exact;
  const wanted = name.toLowerCase();
  for (const [key, values] of claims) if (key.toLowerCase() === wanted) return values;
  return undefined;
}

/** `Jwt.Claims`. A missing claim is an empty array (unconfirmed: as in the service's toolkit). */
export class ClaimView extends DictionaryView<ReadonlyMap<string, readonly string[]>> {
  readonly clrName = "Gatehouse.ClaimDictionary";

  protected entries(): Iterable<readonly [string, unknown]> {
    return Array.from(this.value, ([name, values]) => [name, strings(values)] as const);
  }

  lookup(key: unknown): unknown {
    const values = claimValues(this.value, String(key));
    return values && strings(values);
  }

  override missing(): unknown {
    return strings([]);
  }
}

/** `IUrl` where it is an object: printed, it is the absolute URL. */
export class UrlView implements ClrObject {
  readonly clrName = "Gatehouse.Url";
  readonly value: UrlParts;
  constructor(value: UrlParts) {
    this.value = value;
  }
  toClrString(): string {
    return formatUrl(this.value);
  }
}
