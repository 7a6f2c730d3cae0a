import { definePolicy, type Report, type ValueSchema } from "../compiler/schema.ts";
import { attribute, type Element } from "../document/tree.ts";
import type { Exchange, SubscriptionInfo } from "../exchange/exchange.ts";
import { allOf, chain } from "./async/chain.ts";
import { checkLevels, loadLevels, subscriptionCounter } from "./limits/levels.ts";
import {
  checkQuotas,
  countBytesAfterSend,
  countCalls,
  QUOTA_ATTRIBUTES,
  QuotaLimits,
  type QuotaWindow,
} from "./limits/quota-window.ts";

const PERIOD: ValueSchema = {
  type: "int",
  expression: false,
  min: 0,
  doc: "Length of a period in seconds, counted from the start of the subscription; 0: the quota is never renewed.",
};

const ENTITY_ATTRIBUTES = {
  id: { type: "string", expression: false, doc: "Id of the API or operation; wins over `name`." },
  name: { type: "string", expression: false, doc: "Name of the API or operation." },
  ...QUOTA_ATTRIBUTES,
  // Documentation and schema disagree on whether it is required here (policy reference 6.3).
  "renewal-period": { ...PERIOD, doc: "Length of a period in seconds; by default the policy's." },
} as const satisfies Record<string, ValueSchema>;

const OPERATION = { doc: "A quota of its own for one operation.", attributes: ENTITY_ATTRIBUTES };

export const quota = definePolicy({
  name: "quota",
  summary: "Limits how many calls or kilobytes each subscription may use in a period.",
  category: "limits",
  sections: ["inbound"],
  scopes: ["product"],
  once: true,
  attributes: { ...QUOTA_ATTRIBUTES, "renewal-period": { ...PERIOD, required: true } },
  children: {
    api: {
      doc: "A quota of its own for one API.",
      attributes: ENTITY_ATTRIBUTES,
      children: { operation: OPERATION },
    },
    operation: OPERATION,
  },
  check(element, report) {
    checkLimited(element, report);
    checkLevels(element, report);
  },
  load(element, loader) {
    const counter = subscriptionCounter("quota", loader);
    const root = new QuotaLimits(element, loader);
    const levels = loadLevels(element, loader)
      .map((level) => ({
        level,
        limits: level.element === element ? root : new QuotaLimits(level.element, loader, root),
      }))
      .filter(({ limits }) => limits.limited);
    return (x) => {
      const prefix = counter(x);
      if (prefix === undefined || !x.subscription) return;
      const origin = subscriptionStart(x.subscription);
      const windows: QuotaWindow[] = [];
      for (const { level, limits } of levels) {
        const suffix = level.counter(x);
        if (suffix !== undefined) windows.push(limits.window(x, prefix + suffix, origin));
      }
      return chain(checkQuotas(x, windows), () => countAll(x, windows));
    };
  },
});

function countAll(x: Exchange, windows: readonly QuotaWindow[]): void | Promise<void> {
  for (const window of windows) countBytesAfterSend(x, window);
  return chain(allOf(windows.map((window) => countCalls(x.services.counters, window, 1))), () => {});
}

/** Reports a quota that limits neither calls nor bandwidth. */
export function checkLimited(element: Element, report: Report): void {
  if (attribute(element, "calls") || attribute(element, "bandwidth")) return;
  report(element, `<${element.name}> needs the attribute "calls" or "bandwidth"`);
}

const starts = new WeakMap<SubscriptionInfo, number>();

/** Epoch milliseconds from which the windows of a subscription are counted. */
function subscriptionStart(subscription: SubscriptionInfo): number {
  let start = starts.get(subscription);
  if (start === undefined) {
    const parsed = Date.parse(subscription.startDate ?? subscription.createdDate);
    starts.set(subscription, (start = Number.isNaN(parsed) ? 0 : parsed));
  }
  return start;
}
