import type { CacheStore } from "../exchange/services.ts";
import { testExchange, testServices } from "./exchange.ts";
import { runXml } from "./run-policy.ts";

/** Runs policy XML on fresh exchanges that share their caches; gives the variables afterwards. */
export function sharedCaches() {
  const services = testServices();
  const run = async (xml: string, variables: Record<string, unknown> = {}) => {
    const x = testExchange({ services });
    for (const [name, value] of Object.entries(variables)) x.variables.set(name, value);
    await runXml(xml, x);
    return x.variables;
  };
  return { services, run };
}

/** Stores the variable `in` under the key `k` for a minute. */
export const STORE_VALUE = '<cache-store-value key="k" value=\'@(context.Variables["in"])\' duration="60" />';
/** Looks the key `k` up, into the variable `out`. */
export const LOOKUP_VALUE = '<cache-lookup-value key="k" variable-name="out" />';

/** A cache that is away: it fails later. */
export const failingCache: CacheStore = {
  get: () => Promise.reject(new Error("away")),
  set: () => Promise.reject(new Error("away")),
  delete: () => Promise.reject(new Error("away")),
};
/** A cache that is away: it fails at once. */
export const throwingCache: CacheStore = {
  get() {
    throw new Error("away");
  },
  set() {
    throw new Error("away");
  },
  delete() {
    throw new Error("away");
  },
};
