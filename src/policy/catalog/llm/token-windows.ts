import type { CounterStore } from "../../exchange/services.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Minutes over which the rate is held. An answer may cost many times what a minute allows; the service was then seen
 * to ask for waits of 180 and 288 seconds (policy reference 6.6), so an overdraft is paid back: `n` minutes together
 * allow `n` times the limit. What is older is forgotten (unconfirmed).
 */
const MINUTES = 10;

/** How a request stands to a limit before it is sent. */
export interface Standing {
  /** Tokens left now; negative where more was used than allowed. */
  left: number;
  /** Milliseconds until the request fits; 0 when it does. */
  waitMs: number;
}

/** Tokens used under a key, against a limit per minute in a sliding window. */
export class TokenRate {
  readonly key: string;
  readonly #counters: CounterStore;
  readonly #limit: number;

  constructor(counters: CounterStore, key: string, limit: number) {
    this.key = `llm-tokens:${key}`;
    this.#counters = counters;
    this.#limit = limit;
  }

  /** Does a request fit that will use `tokens` at least? One, where that is not known. */
  async standing(tokens: number): Promise<Standing> {
    const needed = Math.max(1, tokens);
    const limit = this.#limit;
    const within = (minutes: number) =>
      this.#counters.slide(this.key, limit * minutes - needed + 1, MINUTE_MS * minutes, 0);
    const longest = await within(MINUTES);
    const minute = await within(1);
    let waitMs = Math.max(minute.retryAfterMs, longest.retryAfterMs);
    // A limit that holds for all minutes together holds for some of them.
    if (longest.count + needed > limit) {
      for (let minutes = 2; minutes < MINUTES; minutes++) {
        waitMs = Math.max(waitMs, (await within(minutes)).retryAfterMs);
      }
    }
    return { left: limit - minute.count, waitMs };
  }

  /** Counts tokens that were used. */
  async charge(tokens: number): Promise<void> {
    if (tokens > 0) await this.#counters.slideAdd(this.key, MINUTE_MS * MINUTES, tokens);
  }
}

export const QUOTA_PERIODS = ["Hourly", "Daily", "Weekly", "Monthly", "Yearly", "Indefinite"] as const;
export type QuotaPeriod = (typeof QUOTA_PERIODS)[number];

/** Tokens used under a key, against a quota for a fixed period. */
export class TokenQuota {
  readonly key: string;
  readonly #counters: CounterStore;
  readonly #quota: number;
  readonly #start: number;
  readonly #end: number;

  /** `now`: epoch milliseconds; the quota is that of the period it falls into. */
  constructor(counters: CounterStore, key: string, quota: number, period: QuotaPeriod, now: number) {
    this.key = `llm-tokens:${key}:${period}`;
    this.#counters = counters;
    this.#quota = quota;
    [this.#start, this.#end] = periodAt(period, now);
  }

  async standing(tokens: number, now: number): Promise<Standing> {
    const left = this.#quota - (await this.#count(0));
    return { left, waitMs: left >= Math.max(1, tokens) ? 0 : Math.max(1, this.#end - now) };
  }

  async charge(tokens: number): Promise<void> {
    if (tokens > 0) await this.#count(tokens);
  }

  #count(tokens: number): number | Promise<number> {
    const length = Number.isFinite(this.#end) ? this.#end - this.#start : 0;
    return this.#counters.fixed(this.key, this.#start, length, tokens);
  }
}

/**
 * Begin and end of the period that a time falls into: the UTC time truncated to the unit (policy reference 6.6). That
 * weeks begin on Monday is unconfirmed. `Indefinite` never ends.
 */
export function periodAt(period: QuotaPeriod, now: number): [start: number, end: number] {
  const time = new Date(now);
  const year = time.getUTCFullYear();
  const month = time.getUTCMonth();
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  switch (period) {
    case "Hourly": {
      const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
      return [hour, hour + HOUR_MS];
    }
    case "Daily":
      return [day, day + DAY_MS];
    case "Weekly": {
      const monday = day - ((time.getUTCDay() + 6) % 7) * DAY_MS;
      return [monday, monday + 7 * DAY_MS];
    }
    case "Monthly":
      return [Date.UTC(year, month), Date.UTC(year, month + 1)];
    case "Yearly":
      return [Date.UTC(year, 0), Date.UTC(year + 1, 0)];
    default:
      return [0, Number.POSITIVE_INFINITY];
  }
}
