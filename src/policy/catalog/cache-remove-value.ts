import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import { PolicyError } from "../exchange/errors.ts";
import { CACHING_TYPE, loadCache } from "./caching/caching-type.ts";
import { valueKey } from "./caching/value-key.ts";

export const cacheRemoveValue = definePolicy({
  name: "cache-remove-value",
  summary: "Removes a value from the cache.",
  category: "caching",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    key: { type: "string", expression: true, required: true, doc: "Key of the value; a missing one is no error." },
    "caching-type": CACHING_TYPE,
    "fail-on-cache-removal-error": {
      type: "bool",
      expression: true,
      default: false,
      doc: "Fail the request when the cache fails.",
    },
  },
  load(element, loader) {
    const keyOf = loader.text(element, "key");
    const cacheOf = loadCache(element, loader);
    const strict = loader.bool(element, "fail-on-cache-removal-error", false);
    return (x) => {
      const fails = strict(x);
      const failed = (error: unknown) => {
        if (fails) throw removalFailed(error);
      };
      try {
        const waiting = cacheOf(x)?.delete(valueKey(keyOf(x)));
        if (waiting instanceof Promise) return waiting.catch(failed);
      } catch (error) {
        failed(error);
      }
    };
  },
});

/** Reason and status are unconfirmed: the attribute is known by name only. */
function removalFailed(cause: unknown): PolicyError {
  return new PolicyError("CacheRemovalFailed", 500, "The value could not be removed from the cache.", { cause });
}
