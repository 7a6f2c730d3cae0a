import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy, type Step } from "../compiler/schema.ts";
import { ClientGoneError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";

/** More retries than this are not made, also when an expression asks for them. */
const MOST_RETRIES = 50;
/** What a timer can hold. */
const LONGEST_WAIT_MS = 2_147_483_647;

export const retry = definePolicy({
  name: "retry",
  summary: "Runs its policies, and again while the condition is true.",
  category: "control flow",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  prefetch: "own",
  attributes: {
    condition: {
      type: "bool",
      expression: true,
      required: true,
      doc: "Evaluated after each run; when true, the policies run again.",
    },
    count: {
      type: "int",
      expression: true,
      required: true,
      min: 1,
      max: MOST_RETRIES,
      doc: "Number of retries after the first run.",
    },
    interval: { type: "int", expression: true, required: true, min: 0, doc: "Seconds to wait before a retry." },
    "max-interval": {
      type: "int",
      expression: true,
      min: 1,
      doc: "Longest wait in seconds; with delta, waits grow exponentially up to it.",
    },
    delta: { type: "int", expression: true, min: 1, doc: "Seconds by which the wait grows." },
    "first-fast-retry": { type: "bool", expression: true, default: false, doc: "The first retry comes at once." },
  },
  policies: "any",
  load(element, loader) {
    const plan: Retry = {
      steps: loader.steps(element.children),
      prefetch: loader.prefetch(element),
      condition: loader.bool(element, "condition", false),
      count: loader.int(element, "count", 1),
      waitSeconds: waitBefore(element, loader),
    };
    return (x) => run(plan, x);
  },
});

interface Retry {
  steps: Step;
  prefetch: Step | undefined;
  condition: Evaluate<boolean>;
  count: Evaluate<number>;
  waitSeconds(x: Exchange, retry: number): number;
}

/**
 * A failing child does not end the policy: published conditions test `context.Response == null` and expect a retry
 * (unconfirmed).
 */
async function run(plan: Retry, x: Exchange): Promise<void> {
  for (let retries = 0; ; retries++) {
    let failure: { error: unknown } | undefined;
    try {
      const waiting = plan.steps(x);
      if (waiting) await waiting;
    } catch (error) {
      if (x.signal?.aborted) throw error;
      failure = { error };
    }
    if (x.ended) return;
    let again: boolean;
    try {
      const reading = plan.prefetch?.(x);
      if (reading) await reading;
      again = plan.condition(x) && retries < Math.min(MOST_RETRIES, plan.count(x));
    } catch (error) {
      // A condition that reads the response which the failure prevented: the failure is what there is to report.
      throw failure ? failure.error : error;
    }
    if (!again) {
      if (failure) throw failure.error;
      return;
    }
    await sleep(plan.waitSeconds(x, retries + 1), x);
  }
}

async function sleep(seconds: number, x: Exchange): Promise<void> {
  if (seconds <= 0) return;
  const { signal } = x;
  try {
    await x.services.clock.sleep(Math.min(LONGEST_WAIT_MS, seconds * 1000), signal);
  } catch (error) {
    throw signal?.aborted ? new ClientGoneError() : error;
  }
}

/**
 * Seconds before retry n (1, 2, …), by policy reference 16.2. The attributes are evaluated when they are needed, so
 * that an interval can follow the Retry-After of the last response.
 */
function waitBefore(element: PlanElement, loader: Loader): Retry["waitSeconds"] {
  const given = element.attributes ?? {};
  const interval = loader.int(element, "interval", 0);
  const delta = given.delta === undefined ? undefined : loader.int(element, "delta", 0);
  const longest = given["max-interval"] === undefined ? undefined : loader.int(element, "max-interval", 0);
  const fast = loader.bool(element, "first-fast-retry", false);
  return (x, retry) => {
    // The numbering goes on after a fast first retry (unconfirmed).
    if (retry === 1 && fast(x)) return 0;
    const first = interval(x);
    if (!delta) return longest ? Math.min(longest(x), first) : first;
    const step = delta(x);
    if (!longest) return first + (retry - 1) * step;
    // The documentation says 2^n, its example shows 2^(n-1) (conflict).
    const spread = step * (0.8 + 0.4 * x.services.random());
    return Math.min(longest(x), first + (2 ** (retry - 1) - 1) * spread);
  };
}
