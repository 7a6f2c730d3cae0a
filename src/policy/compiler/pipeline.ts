import type { Scope } from "../exchange/errors.ts";
import type { Exchange, Tracer } from "../exchange/exchange.ts";
import type { PlanElement } from "./element.ts";
import type { Step } from "./schema.ts";

/** A step with the element it came from, so that a failure can say where. */
export interface LoadedStep {
  run: Step;
  element: PlanElement;
  scope: Scope;
}

/** A failure on its way to `on-error`, with the innermost policy it happened in. */
export class StepFailure extends Error {
  readonly element: PlanElement;
  readonly scope: Scope;
  constructor(cause: unknown, step: LoadedStep) {
    super("A policy failed.", { cause });
    this.name = "StepFailure";
    this.element = step.element;
    this.scope = step.scope;
  }
}

/**
 * Runs steps in order until the exchange has ended, or inbound was answered from the cache. Stays synchronous as long as the steps do.
 * @throws {StepFailure} (or rejects with it): the innermost failing policy and its error as `cause`.
 */
export function runSteps(steps: readonly LoadedStep[], x: Exchange, from = 0): void | Promise<void> {
  for (let i = from; i < steps.length; i++) {
    const step = steps[i] as LoadedStep;
    let waiting: void | Promise<void>;
    try {
      waiting = x.tracer ? traced(step, x, x.tracer) : step.run(x);
    } catch (error) {
      throw located(error, step);
    }
    if (waiting) {
      return waiting.then(
        () => (stops(x) ? undefined : runSteps(steps, x, i + 1)),
        (error: unknown) => {
          throw located(error, step);
        },
      );
    }
    if (stops(x)) return;
  }
}

/** A hit of `cache-lookup` skips the rest of inbound as well as the backend (policy reference 11.1; unconfirmed). */
function stops(x: Exchange): boolean {
  return x.ended || (x.fromCache && x.section === "inbound");
}

function traced(step: LoadedStep, x: Exchange, tracer: Tracer): void | Promise<void> {
  const { element, scope } = step;
  const leave = tracer.enter(x, { policy: element.name, scope, at: element.at });
  try {
    const waiting = step.run(x);
    if (!waiting) {
      leave();
      return;
    }
    return waiting.then(
      () => leave(),
      (error: unknown) => {
        leave(error);
        throw error;
      },
    );
  } catch (error) {
    leave(error);
    throw error;
  }
}

function located(error: unknown, step: LoadedStep): StepFailure {
  return error instanceof StepFailure ? error : new StepFailure(error, step);
}
