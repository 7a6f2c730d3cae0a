import { runSteps } from "../compiler/pipeline.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import { PolicyError } from "../exchange/errors.ts";

export const limitConcurrency = definePolicy({
  name: "limit-concurrency",
  summary: "Lets only so many requests at once run the policies inside it; the others are refused, not queued.",
  category: "limits",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    key: {
      type: "string",
      expression: true,
      required: true,
      doc: "Key of the count; policies with the same key share it.",
    },
    "max-count": { type: "int", expression: false, required: true, min: 1, doc: "Most requests inside at once." },
  },
  policies: "any",
  load(element, loader) {
    const keyOf = loader.text(element, "key");
    const maxCount = loader.int(element, "max-count", 1);
    const steps = loader.load(element.children ?? []);
    return (x) => {
      const inside = x.services.concurrency;
      const key = keyOf(x);
      const count = inside.get(key) ?? 0;
      if (count >= maxCount(x)) throw tooMany();
      inside.set(key, count + 1);
      let waiting: void | Promise<void>;
      try {
        waiting = runSteps(steps, x);
      } catch (error) {
        leave(inside, key);
        throw error;
      }
      if (waiting) return waiting.finally(() => leave(inside, key));
      leave(inside, key);
    };
  },
});

/** Reason and texts are unconfirmed (policy reference 4.5 and 19). */
function tooMany(): PolicyError {
  return new PolicyError("ConcurrencyLimitExceeded", 429, "Too many requests");
}

function leave(inside: Map<string, number>, key: string): void {
  const count = inside.get(key) ?? 1;
  if (count > 1) inside.set(key, count - 1);
  else inside.delete(key);
}
