/** What one call costs. */
export interface Cost {
  nanoseconds: number;
  /** Heap bytes allocated per call. */
  bytes: number;
}

/** Runs that the median is taken of. */
const RUNS = 9;
/** Time that one run should take at least. */
const RUN_NS = 20_000_000n;

/**
 * Median cost of a synchronous function over several runs, after a warm-up. Bytes are counted in runs short enough
 * that no collection falls into them (start Node with --expose-gc and a large --max-semi-space-size).
 */
export function measure(call: () => unknown): Cost {
  let calls = 1000;
  let elapsed = 0n;
  for (;;) {
    elapsed = time(call, calls);
    if (elapsed > RUN_NS) break;
    calls *= 2;
  }
  const times: number[] = [];
  const sizes: number[] = [];
  const few = Math.min(calls, 20_000);
  for (let i = 0; i < RUNS; i++) {
    times.push(Number(time(call, calls)) / calls);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    time(call, few);
    sizes.push(Math.max(0, process.memoryUsage().heapUsed - before) / few);
  }
  return { nanoseconds: median(times), bytes: Math.round(median(sizes)) };
}

/** The last result, kept where everybody could see it, so that no engine may drop the calls. */
const sink: { last: unknown } = { last: undefined };

function time(call: () => unknown, calls: number): bigint {
  const began = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) sink.last = call();
  return process.hrtime.bigint() - began;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] as number;
}
