import type { Clock } from "../policy/exchange/services.ts";

/**
 * A clock that runs with the real one, and that tests can set forward: a window of an hour passes at once. What sleeps
 * (`retry`) wakes at once too, the time being set forward by what it wanted to sleep.
 */
export class VirtualClock implements Clock {
  #ahead = 0;

  now(): number {
    return performance.timeOrigin + performance.now() + this.#ahead;
  }

  advance(ms: number): void {
    this.#ahead += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.advance(ms);
  }
}
