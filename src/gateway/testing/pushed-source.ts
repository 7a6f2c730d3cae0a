import type { BodySink, BodySource } from "../../policy/exchange/body.ts";

/** A body that a test delivers by hand. */
export class PushedSource implements BodySource {
  sink: BodySink | undefined;
  cancelled = false;
  /** Asked for more after it was told to wait. */
  resumed = 0;
  readonly started: Promise<BodySink>;
  #started: (sink: BodySink) => void;
  #onCancel: (() => void)[] = [];
  #onResume: (() => void)[] = [];

  constructor() {
    const { promise, resolve } = Promise.withResolvers<BodySink>();
    this.started = promise;
    this.#started = resolve;
  }

  start(sink: BodySink): void {
    this.sink = sink;
    this.#started(sink);
  }

  resume(): void {
    this.resumed++;
    for (const wake of this.#onResume.splice(0)) wake();
  }

  cancel(): void {
    this.cancelled = true;
    for (const wake of this.#onCancel.splice(0)) wake();
  }

  untilCancelled(): Promise<void> {
    if (this.cancelled) return Promise.resolve();
    return new Promise((resolve) => this.#onCancel.push(resolve));
  }

  untilResumed(): Promise<void> {
    return new Promise((resolve) => this.#onResume.push(resolve));
  }
}
