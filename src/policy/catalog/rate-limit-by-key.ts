import { expressionFailure } from "../compiler/expression-failure.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { WindowState } from "../exchange/services.ts";
import { chain } from "./async/chain.ts";
import { CALL_REPORT_ATTRIBUTES, CallReport } from "./limits/call-report.ts";
import { INCREMENT_ATTRIBUTES, Increment } from "./limits/increment.ts";

export const rateLimitByKey = definePolicy({
  name: "rate-limit-by-key",
  summary: "Limits how often callers with the same key may call, in a sliding window.",
  category: "limits",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    calls: { type: "int", expression: true, required: true, min: 0, doc: "Calls allowed in the window." },
    "renewal-period": {
      type: "int",
      expression: true,
      required: true,
      min: 1,
      max: 300,
      doc: "Length of the sliding window in seconds.",
    },
    "counter-key": {
      type: "string",
      expression: true,
      required: true,
      doc: "Key of the counter; policies with the same key share it, at every scope.",
    },
    ...INCREMENT_ATTRIBUTES,
    "increment-after-response": {
      type: "bool",
      expression: false,
      default: false,
      doc: "Count when the response is there rather than at once.",
    },
    "flexible-retry-window": {
      type: "bool",
      expression: false,
      // Schema only, its meaning is unconfirmed (policy reference 6.2): accepted, without effect.
      doc: "Accepted for compatibility, without effect.",
    },
    ...CALL_REPORT_ATTRIBUTES,
  },
  load(element, loader) {
    const calls = loader.int(element, "calls", 0);
    const period = loader.int(element, "renewal-period", 1);
    const counterKey = loader.text(element, "counter-key");
    const report = new CallReport(element, loader);
    const increment = new Increment(element, loader);
    const afterResponse = loader.bool(element, "increment-after-response", false);
    return (x) => {
      const limit = calls(x);
      const periodMs = period(x) * 1000;
      // No window at all would be no limit at all.
      if (periodMs < 1000) throw expressionFailure("The renewal period of rate-limit-by-key must be 1 second or more.");
      const key = `rate-limit-by-key:${counterKey(x)}`;
      const deferred = increment.deferred || afterResponse(x);
      const state = x.services.counters.slide(key, limit, periodMs, deferred ? 0 : increment.units(x));
      const postponed = deferred ? { key, periodMs, increment } : undefined;
      if (state instanceof Promise) return state.then((arrived) => decide(x, report, limit, arrived, postponed));
      decide(x, report, limit, state, postponed);
    };
  },
});

/** Counting that waits for the response. */
interface Postponed {
  key: string;
  periodMs: number;
  increment: Increment;
}

function decide(x: Exchange, report: CallReport, limit: number, state: WindowState, postponed?: Postponed): void {
  report.calls(x, limit, state.allowed ? limit - state.count : 0);
  if (!state.allowed) report.refuse(x, state.retryAfterMs);
  if (postponed) x.afterOutbound(() => countLater(x, postponed));
}

function countLater(x: Exchange, { key, periodMs, increment }: Postponed): void | Promise<void> {
  return chain(increment.unitsAfterResponse(x), (units) => {
    if (units > 0) return x.services.counters.slideAdd(key, periodMs, units);
  });
}
