import { runSteps } from "../compiler/pipeline.ts";
import { ALL_SCOPES, definePolicy, type Step } from "../compiler/schema.ts";
import { elementChildren } from "../document/tree.ts";
import type { Exchange } from "../exchange/exchange.ts";

export const wait = definePolicy({
  name: "wait",
  summary: "Runs its policies in parallel and waits for all of them, or for the first.",
  category: "control flow",
  sections: ["inbound", "backend", "outbound"],
  scopes: ALL_SCOPES,
  attributes: {
    for: {
      type: ["all", "any"],
      expression: true,
      default: "all",
      doc: "Wait for every policy, or for the first one to complete.",
    },
  },
  policies: [
    "send-request",
    "cache-lookup-value",
    "choose",
    "forward-request",
    "cache-store-value",
    "authentication-managed-identity",
    "authentication-token",
  ],
  check(element, report) {
    if (elementChildren(element).length === 0) report(element, "<wait> needs at least one policy inside");
  },
  load(element, loader) {
    const mode = loader.word(element, "for", ["all", "any"], "all");
    const branches = loader.load(element.children ?? []).map((step): Step => {
      const steps = [step];
      return (x) => runSteps(steps, x);
    });
    return (x) => runParallel(branches, x, mode(x) === "any");
  },
});

/**
 * Starts every branch, then waits. The first failure ends the wait, in both modes; so does a branch that ends the
 * exchange (`return-response`). What still runs then is cancelled through the exchange's signal (error rules unconfirmed).
 */
function runParallel(branches: readonly Step[], x: Exchange, any: boolean): void | Promise<void> {
  const release = takeSignal(x);
  const waiting: Promise<void>[] = [];
  let done = false;
  try {
    for (const branch of branches) {
      const pending = branch(x);
      if (pending) waiting.push(pending);
      else if (any || x.ended) {
        done = true;
        break;
      }
    }
  } catch (error) {
    ignoreOutcome(waiting);
    release();
    throw error;
  }
  if (done || waiting.length === 0) {
    ignoreOutcome(waiting);
    release();
    return;
  }
  return settle(waiting, x, any).finally(release);
}

function settle(waiting: readonly Promise<void>[], x: Exchange, any: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = waiting.length;
    for (const pending of waiting) {
      pending.then(() => {
        if (--left === 0 || any || x.ended) resolve();
      }, reject);
    }
  });
}

/** Cancelled branches reject, which nobody wants to know. */
function ignoreOutcome(waiting: readonly Promise<void>[]): void {
  for (const pending of waiting) pending.catch(() => {});
}

/**
 * Puts a signal of its own in front of the client's for as long as the branches run; the result gives it back and
 * aborts what still runs. Inside another `wait` the outer signal serves: branches share the exchange, so there can be one only.
 */
function takeSignal(x: Exchange): () => void {
  if (x.branchSignal) return () => {};
  const controller = new AbortController();
  const outer = x.signal;
  x.branchSignal = outer ? AbortSignal.any([outer, controller.signal]) : controller.signal;
  return () => {
    x.branchSignal = undefined;
    controller.abort();
  };
}
