import type { Clock } from "../policy/exchange/services.ts";

/** The longest delay that Node's timers take; longer sleeps are cut into pieces. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The computer's clock. */
export const systemClock: Clock = {
  now: Date.now,
  sleep,
};

/** Resolves after `ms`; rejects with the signal's reason when that is aborted first. */
async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let left = Number.isFinite(ms) ? Math.max(0, ms) : 0;
  while (left > LONGEST_TIMER) {
    await pause(LONGEST_TIMER, signal);
    left -= LONGEST_TIMER;
  }
  await pause(left, signal);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
