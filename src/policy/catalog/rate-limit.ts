import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { definePolicy, type ValueSchema } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { CounterStore, WindowState } from "../exchange/services.ts";
import { chain } from "./async/chain.ts";
import { CALL_REPORT_ATTRIBUTES, CallReport } from "./limits/call-report.ts";
import { checkLevels, type Level, loadLevels, subscriptionCounter } from "./limits/levels.ts";

const LIMIT_ATTRIBUTES = {
  calls: { type: "int", expression: false, required: true, min: 0, doc: "Calls allowed in the window." },
  "renewal-period": {
    type: "int",
    expression: false,
    required: true,
    min: 1,
    max: 300,
    doc: "Length of the sliding window in seconds.",
  },
} as const satisfies Record<string, ValueSchema>;

const ENTITY_ATTRIBUTES = {
  id: { type: "string", expression: false, doc: "Id of the API or operation; wins over `name`." },
  name: { type: "string", expression: false, doc: "Name of the API or operation." },
} as const satisfies Record<string, ValueSchema>;

const OPERATION = {
  doc: "A limit of its own for one operation.",
  attributes: { ...ENTITY_ATTRIBUTES, ...LIMIT_ATTRIBUTES, ...CALL_REPORT_ATTRIBUTES },
};

/** One level's window: its limit and how it is reported. */
interface Limit {
  level: Level;
  calls: Evaluate<number>;
  period: Evaluate<number>;
  report: CallReport;
}

/** A limit that applies to the request at hand. */
interface Applicable {
  limit: Limit;
  key: string;
  calls: number;
  periodMs: number;
}

export const rateLimit = definePolicy({
  name: "rate-limit",
  summary: "Limits how often each subscription may call, in a sliding window.",
  category: "limits",
  sections: ["inbound"],
  scopes: ["workspace", "product", "api", "operation"],
  once: true,
  attributes: { ...LIMIT_ATTRIBUTES, ...CALL_REPORT_ATTRIBUTES },
  children: {
    api: {
      doc: "A limit of its own for one API.",
      attributes: { ...ENTITY_ATTRIBUTES, ...LIMIT_ATTRIBUTES, ...CALL_REPORT_ATTRIBUTES },
      children: { operation: OPERATION },
    },
    operation: OPERATION,
  },
  check: checkLevels,
  load(element, loader) {
    const limits = loadLevels(element, loader).map((level) => loadLimit(level, loader));
    const counter = subscriptionCounter("rate-limit", loader);
    const root = limits[0] as Limit;
    return (x) => {
      const prefix = counter(x);
      if (prefix === undefined) return;
      if (limits.length > 1) {
        const applicable = applicableLimits(limits, prefix, x);
        return chain(countAll(x.services.counters, applicable), (states) => decide(x, applicable, states, root));
      }
      const calls = root.calls(x);
      const state = x.services.counters.slide(prefix, calls, root.period(x) * 1000, 1);
      if (state instanceof Promise) return state.then((arrived) => decideOne(x, root.report, calls, arrived));
      decideOne(x, root.report, calls, state);
    };
  },
});

function loadLimit(level: Level, loader: Loader): Limit {
  const element: PlanElement = level.element;
  return {
    level,
    calls: loader.int(element, "calls", 0),
    period: loader.int(element, "renewal-period", 1),
    report: new CallReport(element, loader),
  };
}

function applicableLimits(limits: readonly Limit[], prefix: string, x: Exchange): Applicable[] {
  const applicable: Applicable[] = [];
  for (const limit of limits) {
    const counter = limit.level.counter(x);
    if (counter === undefined) continue;
    applicable.push({ limit, key: prefix + counter, calls: limit.calls(x), periodMs: limit.period(x) * 1000 });
  }
  return applicable;
}

/** Counts the call in every window, or in none when one of them is full. */
function countAll(counters: CounterStore, applicable: readonly Applicable[]): WindowState[] | Promise<WindowState[]> {
  return chain(all(applicable.map((a) => counters.slide(a.key, a.calls, a.periodMs, 0))), (asked) =>
    asked.every((state) => state.allowed)
      ? all(applicable.map((a) => counters.slide(a.key, a.calls, a.periodMs, 1)))
      : asked,
  );
}

function all(states: (WindowState | Promise<WindowState>)[]): WindowState[] | Promise<WindowState[]> {
  return states.some((state) => state instanceof Promise) ? Promise.all(states) : (states as WindowState[]);
}

function decideOne(x: Exchange, report: CallReport, calls: number, state: WindowState): void {
  report.calls(x, calls, state.allowed ? calls - state.count : 0);
  if (!state.allowed) report.refuse(x, state.retryAfterMs);
}

function decide(x: Exchange, applicable: readonly Applicable[], states: readonly WindowState[], root: Limit): void {
  let left = Number.POSITIVE_INFINITY;
  let violated: Limit | undefined;
  let wait = 0;
  for (const [i, { limit, calls }] of applicable.entries()) {
    const state = states[i] as WindowState;
    const own = state.allowed ? calls - state.count : 0;
    left = Math.min(left, own);
    if (limit !== root) limit.report.calls(x, calls, own);
    if (state.allowed || (violated && state.retryAfterMs <= wait)) continue;
    violated = limit;
    wait = state.retryAfterMs;
  }
  root.report.calls(x, root.calls(x), left);
  if (violated) violated.report.refuse(x, wait, root.report);
}
