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
  const cancellation = new Cancellation(x);
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
    cancellation.cancel();
    throw error;
  }
  if (waiting.length === 0) return cancellation.release();
  if (done) {
    ignoreOutcome(waiting);
    return cancellation.cancel();
  }
  return finish(waiting, x, any, cancellation);
}

async function finish(
  waiting: readonly Promise<void>[],
  x: Exchange,
  any: boolean,
  cancellation: Cancellation,
): Promise<void> {
  let left: number;
  try {
    left = await settled(waiting, x, any);
    // The response may be the winner's, still streaming under the signal that is about to be aborted.
    if (left > 0 && x.response) await x.response.body.buffer(x.services.limits.bodyBytes);
  } catch (error) {
    cancellation.cancel();
    throw error;
  }
  if (left > 0) cancellation.cancel();
  else cancellation.release();
}

/** Resolves when all (or any) have, or the exchange has ended, with the number that still run; rejects with the first failure. */
function settled(waiting: readonly Promise<void>[], x: Exchange, any: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    let left = waiting.length;
    for (const pending of waiting) {
      pending.then(() => {
        left--;
        if (left === 0 || any || x.ended) resolve(left);
      }, reject);
    }
  });
}

/** Cancelled branches reject, which nobody wants to know. */
function ignoreOutcome(waiting: readonly Promise<void>[]): void {
  for (const pending of waiting) pending.catch(() => {});
}

/**
 * Puts a signal of its own in front of the client's while branches run. Inside another `wait` the outer one serves:
 * branches share the exchange, so there can be one only.
 */
class Cancellation {
  readonly #x: Exchange;
  readonly #controller: AbortController | undefined;

  constructor(x: Exchange) {
    this.#x = x;
    if (x.branchSignal) return;
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    x.branchSignal = x.signal ? AbortSignal.any([x.signal, signal]) : signal;
  }

  /** Nothing runs any more. */
  release(): void {
    if (this.#controller) this.#x.branchSignal = undefined;
  }

  /** What still runs is not wanted any more. */
  cancel(): void {
    this.release();
    this.#controller?.abort();
  }
}
