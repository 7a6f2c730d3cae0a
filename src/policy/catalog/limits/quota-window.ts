import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ValueSchema } from "../../compiler/schema.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { CounterStore } from "../../exchange/services.ts";
import { allOf, chain } from "../async/chain.ts";
import { quotaExceeded } from "./rejection.ts";

/** What a quota allows. */
export const QUOTA_ATTRIBUTES = {
  calls: { type: "int", expression: false, min: 0, doc: "Calls allowed in a period." },
  bandwidth: {
    type: "long",
    expression: false,
    min: 0,
    doc: "Kilobytes of requests and responses allowed in a period.",
  },
} as const satisfies Record<string, ValueSchema>;

const KILOBYTE = 1024;

/** A quota's window that a request falls into. */
export interface QuotaWindow {
  key: string;
  /** Undefined: not limited. */
  calls: number | undefined;
  bytes: number | undefined;
  /** Epoch milliseconds. */
  start: number;
  /** 0: the window never ends. */
  periodMs: number;
  /** Calls that this request has been counted for already (by another policy with the same key); 0 where not said. */
  own?: number;
}

/** Reads a quota's limits from its element; `periodMs` applies where the element has no period of its own. */
export class QuotaLimits {
  readonly limited: boolean;
  readonly #calls: Evaluate<number>;
  readonly #kilobytes: Evaluate<number>;
  readonly #period: Evaluate<number>;
  readonly #has: { calls: boolean; bandwidth: boolean };

  constructor(element: PlanElement, loader: Loader, outer?: QuotaLimits) {
    const { attributes = {} } = element;
    this.#has = { calls: attributes.calls !== undefined, bandwidth: attributes.bandwidth !== undefined };
    this.limited = this.#has.calls || this.#has.bandwidth;
    this.#calls = loader.int(element, "calls", 0);
    this.#kilobytes = loader.long(element, "bandwidth", 0);
    const own = attributes["renewal-period"] !== undefined;
    this.#period = !own && outer ? outer.#period : loader.int(element, "renewal-period", 0);
  }

  /** The window of `key` that is open now; windows are counted from `origin` (epoch ms) on. */
  window(x: Exchange, key: string, origin: number): QuotaWindow {
    const periodMs = this.#period(x) * 1000;
    const now = x.services.clock.now();
    return {
      key,
      calls: this.#has.calls ? this.#calls(x) : undefined,
      bytes: this.#has.bandwidth ? this.#kilobytes(x) * KILOBYTE : undefined,
      start: periodMs > 0 ? origin + Math.floor((now - origin) / periodMs) * periodMs : origin,
      periodMs,
    };
  }
}

/** Refuses the request when one of the windows is used up. @throws {PolicyError} (or rejects with it) */
export function checkQuotas(x: Exchange, windows: readonly QuotaWindow[]): void | Promise<void> {
  const { counters } = x.services;
  const totals = windows.flatMap((window) => [
    window.calls === undefined ? 0 : counters.fixed(callsKey(window), window.start, window.periodMs, 0),
    window.bytes === undefined ? 0 : counters.fixed(bytesKey(window), window.start, window.periodMs, 0),
  ]);
  return chain(allOf(totals), (used) => {
    for (const [i, { calls, bytes, start, periodMs, own = 0 }] of windows.entries()) {
      const left = periodMs === 0 ? undefined : start + periodMs - x.services.clock.now();
      if (calls !== undefined && (used[2 * i] as number) - own >= calls) throw quotaExceeded("call volume", left);
      if (bytes !== undefined && (used[2 * i + 1] as number) >= bytes) throw quotaExceeded("bandwidth", left);
    }
  });
}

/** Counts calls in a window. */
export function countCalls(counters: CounterStore, window: QuotaWindow, units: number): unknown {
  if (window.calls === undefined || units <= 0) return;
  return counters.fixed(callsKey(window), window.start, window.periodMs, units);
}

/**
 * Counts the bytes of both bodies once they are known, which is after the response: only later calls are refused.
 * That requests count as well as responses is unconfirmed (policy reference 6.3).
 */
export function countBytesAfterSend(x: Exchange, window: QuotaWindow): void {
  if (window.bytes === undefined) return;
  const { counters } = x.services;
  x.afterSend((bytesIn, bytesOut) => {
    const counted = counters.fixed(bytesKey(window), window.start, window.periodMs, bytesIn + bytesOut);
    // The answer is gone already: nobody is left to tell about a store that failed.
    if (counted instanceof Promise) counted.catch(() => {});
  });
}

function callsKey(window: QuotaWindow): string {
  return `${window.key}:calls`;
}

function bytesKey(window: QuotaWindow): string {
  return `${window.key}:bytes`;
}
