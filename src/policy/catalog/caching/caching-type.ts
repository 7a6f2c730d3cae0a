import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ValueSchema } from "../../compiler/schema.ts";
import type { CacheStore } from "../../exchange/services.ts";

const TYPES = ["prefer-external", "external", "internal"] as const;

/** The attribute `caching-type` of every cache policy. */
export const CACHING_TYPE: ValueSchema = {
  type: TYPES,
  expression: false,
  default: "prefer-external",
  doc: "Which cache: the built-in one, the external one, or the external one where one is configured.",
};

/** The cache that an element asks for; undefined where there is none: lookups then miss and nothing is stored. */
export function loadCache(element: PlanElement, loader: Loader): Evaluate<CacheStore | undefined> {
  const type = loader.word(element, "caching-type", TYPES, "prefer-external");
  return (x) => {
    const { cache, externalCache } = x.services;
    switch (type(x)) {
      case "internal":
        return cache;
      case "external":
        return externalCache;
      default:
        return externalCache ?? cache;
    }
  };
}
