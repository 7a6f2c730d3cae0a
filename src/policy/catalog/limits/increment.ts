import { isExpression, type PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { Step, ValueSchema } from "../../compiler/schema.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { chain } from "../async/chain.ts";

/** Attributes by which a limit by key says what a request counts. */
export const INCREMENT_ATTRIBUTES = {
  "increment-condition": {
    type: "bool",
    expression: true,
    unfolded: true,
    doc: "Whether to count the request; an expression is evaluated when the response is there.",
  },
  "increment-count": {
    type: "int",
    expression: true,
    unfolded: true,
    default: 1,
    doc: "How much to count; an expression is evaluated when the response is there.",
  },
} as const satisfies Record<string, ValueSchema>;

/** How much a request counts, and when. */
export class Increment {
  /**
   * An expression may ask for the response, so it is evaluated at the end of the outbound section and the counting
   * waits for it, also when the request ended in on-error (unconfirmed, policy reference 6.2).
   */
  readonly deferred: boolean;
  readonly #condition: Evaluate<boolean>;
  readonly #count: Evaluate<number>;
  readonly #prefetch: readonly Step[];

  constructor(element: PlanElement, loader: Loader) {
    const values = [element.attributes?.["increment-condition"], element.attributes?.["increment-count"]];
    this.deferred = values.some(isExpression);
    this.#condition = loader.bool(element, "increment-condition", true);
    this.#count = loader.int(element, "increment-count", 1);
    this.#prefetch = values.flatMap((value) => loader.prefetchValue(value) ?? []);
  }

  /** Units that the request counts; 0 when the condition does not hold. */
  units(x: Exchange): number {
    return this.#condition(x) ? Math.max(0, this.#count(x)) : 0;
  }

  /** As {@link units} at the end of the outbound section, the bodies that the expressions read being in memory. */
  unitsAfterResponse(x: Exchange): number | Promise<number> {
    return chain(this.#fetch(x, 0), () => this.units(x));
  }

  #fetch(x: Exchange, from: number): void | Promise<void> {
    const step = this.#prefetch[from];
    if (step) return chain(step(x), () => this.#fetch(x, from + 1));
  }
}
