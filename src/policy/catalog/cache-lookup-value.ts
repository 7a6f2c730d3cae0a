import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { CACHING_TYPE, loadCache } from "./caching/caching-type.ts";
import { lookUp } from "./caching/forgiving.ts";
import { fromCached } from "./caching/value-form.ts";
import { valueKey } from "./caching/value-key.ts";

export const cacheLookupValue = definePolicy({
  name: "cache-lookup-value",
  summary: "Reads a value from the cache into a variable.",
  category: "caching",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    key: { type: "string", expression: true, required: true, doc: "Key of the value." },
    "variable-name": {
      type: "string",
      expression: false,
      required: true,
      doc: "Variable that receives the value; it stays unset when there is none and no default.",
    },
    "default-value": { type: "any", expression: true, doc: "What the variable receives when nothing is cached." },
    "caching-type": CACHING_TYPE,
  },
  load(element, loader) {
    const keyOf = loader.text(element, "key");
    const variable = loader.text(element, "variable-name");
    const fallback = element.attributes?.["default-value"];
    const fallbackOf = fallback === undefined ? undefined : loader.any(fallback);
    const cacheOf = loadCache(element, loader);
    const settle = (x: Exchange, found: unknown) => {
      if (found !== undefined) x.variables.set(variable(x), fromCached(found));
      else if (fallbackOf) x.variables.set(variable(x), fallbackOf(x));
    };
    return (x) => {
      const found = lookUp(cacheOf(x), valueKey(keyOf(x)));
      if (found instanceof Promise) return found.then((value) => settle(x, value));
      settle(x, found);
    };
  },
});
