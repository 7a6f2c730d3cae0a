import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { chain } from "./async/chain.ts";
import { INCREMENT_ATTRIBUTES, Increment } from "./limits/increment.ts";
import {
  checkQuotas,
  countBytesAfterSend,
  countCalls,
  QUOTA_ATTRIBUTES,
  QuotaLimits,
  type QuotaWindow,
} from "./limits/quota-window.ts";
import { checkLimited } from "./quota.ts";

const SHORTEST_PERIOD = 300;
const FIRST_PERIOD_START = "0001-01-01T00:00:00Z";

export const quotaByKey = definePolicy({
  name: "quota-by-key",
  summary: "Limits how many calls or kilobytes callers with the same key may use in a period.",
  category: "limits",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    ...QUOTA_ATTRIBUTES,
    "renewal-period": {
      type: "int",
      expression: false,
      required: true,
      min: 0,
      doc: "Length of a period in seconds, at least 300; 0: the quota is never renewed.",
    },
    "counter-key": {
      type: "string",
      expression: true,
      required: true,
      doc: "Key of the counter; policies with the same key share it, at every scope.",
    },
    ...INCREMENT_ATTRIBUTES,
    "first-period-start": {
      type: "string",
      expression: false,
      default: FIRST_PERIOD_START,
      pattern: /^\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\s*$/,
      patternDoc: "a time of the form yyyy-MM-ddTHH:mm:ssZ",
      doc: "Time (UTC) from which periods are counted.",
    },
  },
  check(element, report) {
    checkLimited(element, report);
    const period = attribute(element, "renewal-period")?.value.text.trim() ?? "";
    if (/^\d+$/.test(period) && Number(period) > 0 && Number(period) < SHORTEST_PERIOD) {
      report(element, `attribute "renewal-period" of <quota-by-key> must be 0 or at least ${SHORTEST_PERIOD}`);
    }
    const start = attribute(element, "first-period-start")?.value.text.trim();
    if (start?.match(/^\d{4}-/) && Number.isNaN(Date.parse(start))) {
      report(element, `attribute "first-period-start" of <quota-by-key> is not a date: "${start}"`);
    }
  },
  load(element, loader) {
    const limits = new QuotaLimits(element, loader);
    const counterKey = loader.text(element, "counter-key");
    const start = loader.text(element, "first-period-start", FIRST_PERIOD_START);
    const increment = new Increment(element, loader);
    return (x) => {
      const window = limits.window(x, `quota-by-key:${counterKey(x)}`, timeOf(start(x)));
      window.own = countedUnits(x).get(counterOf("calls", window)) ?? 0;
      return chain(checkQuotas(x, [window]), () => {
        if (!increment.deferred) return count(x, window, increment.units(x));
        x.afterOutbound(() => chain(increment.unitsAfterResponse(x), (units) => count(x, window, units)));
      });
    };
  },
});

const COUNTED = Symbol("quota-by-key: what this request has been counted for, by counter");

/** Units that this request has been counted for, by counter: a key is counted once, however many policies use it. */
function countedUnits(x: Exchange): Map<string, number> {
  return x.state(COUNTED, () => new Map<string, number>());
}

function counterOf(kind: "calls" | "bytes", { key, start, periodMs }: QuotaWindow): string {
  return `${kind}\n${start}\n${periodMs}\n${key}`;
}

function count(x: Exchange, window: QuotaWindow, units: number): void | Promise<void> {
  if (units <= 0) return;
  const counted = countedUnits(x);
  const first = (kind: "calls" | "bytes") => {
    const counter = counterOf(kind, window);
    if (counted.has(counter)) return false;
    counted.set(counter, units);
    return true;
  };
  if (window.bytes !== undefined && first("bytes")) countBytesAfterSend(x, window);
  if (window.calls === undefined || !first("calls")) return;
  return chain(countCalls(x.services.counters, window, units), () => {});
}

function timeOf(text: string): number {
  const time = Date.parse(text.trim());
  if (Number.isNaN(time)) throw new Error(`quota-by-key: first-period-start is not a date: "${text}"`);
  return time;
}
