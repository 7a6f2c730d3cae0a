import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import { chain } from "./async/chain.ts";
import { CACHING_TYPE, loadCache } from "./caching/caching-type.ts";
import { store } from "./caching/forgiving.ts";
import { toCached } from "./caching/value-form.ts";
import { valueKey } from "./caching/value-key.ts";

export const cacheStoreValue = definePolicy({
  name: "cache-store-value",
  summary: "Keeps a value in the cache.",
  category: "caching",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    key: { type: "string", expression: true, required: true, doc: "Key of the value." },
    value: { type: "any", expression: true, required: true, doc: "The value; it keeps its type." },
    duration: { type: "int", expression: true, required: true, min: 0, doc: "Seconds to keep it." },
    "caching-type": CACHING_TYPE,
  },
  load(element, loader) {
    const keyOf = loader.text(element, "key");
    const resultOf = loader.any(element.attributes?.value);
    const seconds = loader.int(element, "duration", 0);
    const cacheOf = loadCache(element, loader);
    return (x) => {
      const key = valueKey(keyOf(x));
      const ttlMs = seconds(x) * 1000;
      return chain(toCached(resultOf(x), x), (value) => store(cacheOf(x), key, value, ttlMs));
    };
  },
});
