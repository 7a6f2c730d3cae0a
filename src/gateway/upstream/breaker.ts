import type { PlanBreaker } from "../../plan/plan.ts";

/** How a call to a backend went. */
export type Outcome = { status: number; retryAfterMs?: number | undefined } | { reason: string };

/** Parts of the interval that outcomes are counted in for a percentage: memory stays fixed at any rate. */
const SLICES = 60;
/** Reasons that the free text `Server errors` of Microsoft's samples stands for (unconfirmed). */
const SERVER_ERRORS: ReadonlySet<string> = new Set(["BackendConnectionFailure", "Timeout"]);

/**
 * A circuit breaker as the API management service has it (policy reference 10.6): it trips when failures within a
 * sliding interval reach a count, or a share of all calls; stays open for a time; then closes as if nothing had been.
 */
export class Breaker {
  readonly #rule: PlanBreaker;
  readonly #reasons: ReadonlySet<string>;
  readonly #countsServerErrors: boolean;
  #openUntil = 0;
  /** The backend itself said when to come back. */
  #asked = false;
  /** Times of the last failures, oldest first; at most as many as trip the breaker. */
  #failures: number[] = [];
  #slices: { slice: number; calls: number; failures: number }[] = [];

  constructor(rule: PlanBreaker) {
    this.#rule = rule;
    this.#reasons = new Set(rule.errorReasons);
    this.#countsServerErrors = rule.errorReasons.some((reason) => reason.toLowerCase() === "server errors");
  }

  /** May the backend be called at `now` (milliseconds)? */
  closed(now: number): boolean {
    return now >= this.#openUntil;
  }

  /** Milliseconds until it closes, where the backend asked for that time; undefined otherwise. */
  retryAfterMs(now: number): number | undefined {
    return this.#asked && now < this.#openUntil ? this.#openUntil - now : undefined;
  }

  /** Learns from a call. Outcomes of calls that began before the breaker tripped are not counted. */
  report(outcome: Outcome, now: number): void {
    if (!this.closed(now)) return;
    const failed = this.#isFailure(outcome);
    if (!this.#reached(failed, now)) return;
    const asked = this.#rule.acceptRetryAfter && "status" in outcome ? outcome.retryAfterMs : undefined;
    this.#asked = asked !== undefined && asked > 0;
    this.#openUntil = now + (this.#asked ? (asked as number) : this.#rule.tripDurationMs);
    this.#failures = [];
    this.#slices = [];
  }

  #isFailure(outcome: Outcome): boolean {
    if ("reason" in outcome) {
      return this.#reasons.has(outcome.reason) || (this.#countsServerErrors && SERVER_ERRORS.has(outcome.reason));
    }
    return this.#rule.statusCodeRanges.some(({ min, max }) => outcome.status >= min && outcome.status <= max);
  }

  /** Counts the call; true when the failures are enough. */
  #reached(failed: boolean, now: number): boolean {
    const { count, percentage } = this.#rule;
    if (percentage !== null && this.#share(failed, now) >= percentage && failed) return true;
    if (count === null || !failed) return false;
    const since = now - this.#rule.intervalMs;
    this.#failures.push(now);
    let old = 0;
    while ((this.#failures[old] as number) <= since) old++;
    this.#failures.splice(0, old);
    return this.#failures.length >= count;
  }

  /** Percentage of failed calls in the interval, this one included. */
  #share(failed: boolean, now: number): number {
    const slice = Math.floor(now / (this.#rule.intervalMs / SLICES));
    this.#slices = this.#slices.filter((older) => older.slice > slice - SLICES);
    let current = this.#slices.at(-1);
    if (current?.slice !== slice) this.#slices.push((current = { slice, calls: 0, failures: 0 }));
    current.calls++;
    if (failed) current.failures++;
    let calls = 0;
    let failures = 0;
    for (const one of this.#slices) {
      calls += one.calls;
      failures += one.failures;
    }
    return (failures / calls) * 100;
  }
}
