/**
 * The log of one sliding window: when units were counted, exact to the millisecond. Units of the same millisecond share
 * an entry, so a window of `n` ms never holds more than `n` entries, and never more than were counted.
 * Entries carry the running total up to them: counts and waits are differences found by binary search.
 */
export class SlidingLog {
  /** Epoch milliseconds at which the last unit leaves the window. */
  expires = 0;
  #times: number[] = [];
  #totals: number[] = [];
  #head = 0;
  /** Running total before the first kept entry. */
  #before = 0;
  /** Longest window asked for: entries are kept that long. */
  #keepMs = 0;

  /** Units kept. */
  get weight(): number {
    return this.#last() - this.#before;
  }

  /** Units counted in the last `periodMs`. */
  count(now: number, periodMs: number): number {
    this.#forget(now, periodMs);
    return this.#last() - this.#totalAt(now - periodMs, periodMs);
  }

  /** Counts units. */
  add(now: number, periodMs: number, units: number): void {
    this.#forget(now, periodMs);
    const at = Math.floor(now);
    const newest = this.#times.length - 1;
    const total = this.#last() + units;
    if (newest >= this.#head && (this.#times[newest] as number) >= at) {
      this.#totals[newest] = total;
    } else {
      this.#times.push(at);
      this.#totals.push(total);
    }
    this.expires = Math.max(this.expires, at + this.#keepMs);
  }

  /** Milliseconds until fewer than `limit` units are in the window. */
  wait(now: number, periodMs: number, limit: number): number {
    if (limit <= 0) return periodMs;
    const target = this.#last() - limit;
    // The first entry whose leaving brings the count below the limit.
    const index = firstAbove(this.#totals, this.#head, target);
    const time = this.#times[index];
    return time === undefined ? 0 : Math.max(0, time + periodMs - Math.floor(now));
  }

  #last(): number {
    return this.#totals.length > this.#head ? (this.#totals[this.#totals.length - 1] as number) : this.#before;
  }

  /** Running total of everything at or before `time`. */
  #totalAt(time: number, periodMs: number): number {
    if (periodMs >= this.#keepMs) return this.#before;
    const index = firstAbove(this.#times, this.#head, Math.floor(time));
    return index === this.#head ? this.#before : (this.#totals[index - 1] as number);
  }

  #forget(now: number, periodMs: number): void {
    if (periodMs > this.#keepMs) this.#keepMs = periodMs;
    const times = this.#times;
    const oldest = Math.floor(now) - this.#keepMs;
    let head = this.#head;
    while (head < times.length && (times[head] as number) <= oldest) this.#before = this.#totals[head++] as number;
    this.#head = head;
    if (head === times.length) {
      times.length = 0;
      this.#totals.length = 0;
      this.#head = 0;
    } else if (head > 32 && head * 2 > times.length) {
      this.#times = times.slice(head);
      this.#totals = this.#totals.slice(head);
      this.#head = 0;
    }
  }
}

/** Index of the first number above `bound` in a sorted list, from `from` on; its length where there is none. */
function firstAbove(sorted: readonly number[], from: number, bound: number): number {
  let low = from;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
