import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy, type Step } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { CacheStore } from "../exchange/services.ts";
import { CACHING_TYPE, loadCache } from "./caching/caching-type.ts";
import { lookUp, store } from "./caching/forgiving.ts";
import { fromCached, toCached } from "./caching/value-form.ts";

/** What applies without `expires-after`, as in Microsoft's emulator. */
const DEFAULT_SECONDS = 28_800;

export const cacheValue = definePolicy({
  name: "cache-value",
  summary: "Reads a value from the cache into a variable; where there is none, the policies inside it make one.",
  category: "caching",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    key: { type: "string", expression: true, required: true, doc: "Key of the value." },
    "variable-name": {
      type: "string",
      expression: false,
      required: true,
      doc: "Variable that receives the value, and that the policies inside set.",
    },
    "expires-after": {
      type: "int",
      expression: true,
      default: DEFAULT_SECONDS,
      doc: "Seconds that the value is kept.",
    },
    "refresh-after": {
      type: "int",
      expression: true,
      doc: "Seconds after which the value is made anew while the old one still serves; default: when it expires.",
    },
    "default-value": { type: "any", expression: true, doc: "What the variable receives when no value could be made." },
    "caching-type": CACHING_TYPE,
  },
  children: {
    value: { doc: "Policies that set the variable.", min: 1, max: 1, policies: "any" },
  },
  load(element, loader) {
    const settings = read(element, loader);
    return (x) => run(settings, x);
  },
});

interface Settings {
  key: Evaluate<string>;
  variable: Evaluate<string>;
  expires: Evaluate<number>;
  refresh: Evaluate<number> | undefined;
  fallback: Evaluate<unknown> | undefined;
  cache: Evaluate<CacheStore | undefined>;
  make: Step;
}

/** A cached value with the time it was made at (epoch milliseconds). */
class Made {
  readonly value: unknown;
  readonly at: number;
  constructor(value: unknown, at: number) {
    this.value = value;
    this.at = at;
  }
}

function read(element: PlanElement, loader: Loader): Settings {
  const { attributes } = element;
  return {
    key: loader.text(element, "key"),
    variable: loader.text(element, "variable-name"),
    expires: loader.int(element, "expires-after", DEFAULT_SECONDS),
    refresh: attributes?.["refresh-after"] === undefined ? undefined : loader.int(element, "refresh-after", 0),
    fallback: attributes?.["default-value"] === undefined ? undefined : loader.any(attributes["default-value"]),
    cache: loadCache(element, loader),
    make: loader.steps(loader.child(element, "value")?.children),
  };
}

/** Values that are being made, by cache and key: others who miss meanwhile wait for them. */
const making = new WeakMap<CacheStore, Map<string, Promise<void>>>();

async function run(settings: Settings, x: Exchange): Promise<void> {
  const key = `cache-value:${settings.key(x)}`;
  const variable = settings.variable(x);
  const cache = settings.cache(x);
  const found = await find(cache, key);
  if (found && isFresh(found, settings, x)) {
    x.variables.set(variable, fromCached(found.value));
    return;
  }
  const underWay = cache && making.get(cache)?.get(key);
  if (underWay) {
    if (!found) await underWay;
    const made = found ?? (await find(cache, key));
    if (made) {
      x.variables.set(variable, fromCached(made.value));
      return;
    }
  }
  await make(settings, x, { key, variable, cache, found });
}

async function make(
  settings: Settings,
  x: Exchange,
  {
    key,
    variable,
    cache,
    found,
  }: { key: string; variable: string; cache: CacheStore | undefined; found: Made | undefined },
): Promise<void> {
  const done = announce(cache, key);
  try {
    x.variables.delete(variable);
    await settings.make(x);
    const value = x.variables.get(variable) ?? null;
    if (value !== null) {
      const made = new Made(await toCached(value, x), x.services.clock.now());
      x.variables.set(variable, fromCached(made.value));
      store(cache, key, made, settings.expires(x) * 1000);
    } else if (found) x.variables.set(variable, fromCached(found.value));
    else if (settings.fallback) x.variables.set(variable, settings.fallback(x));
  } finally {
    done();
  }
}

function isFresh(made: Made, settings: Settings, x: Exchange): boolean {
  const seconds = settings.refresh ? settings.refresh(x) : settings.expires(x);
  return x.services.clock.now() - made.at < seconds * 1000;
}

async function find(cache: CacheStore | undefined, key: string): Promise<Made | undefined> {
  const found = await lookUp(cache, key);
  return found instanceof Made ? found : undefined;
}

/** Tells others that a value is being made; returns what to call when that has ended, however it did. */
function announce(cache: CacheStore | undefined, key: string): () => void {
  if (!cache) return () => {};
  let running = making.get(cache);
  if (!running) making.set(cache, (running = new Map()));
  const { promise, resolve } = Promise.withResolvers<void>();
  running.set(key, promise);
  return () => {
    if (running.get(key) === promise) running.delete(key);
    resolve();
  };
}
