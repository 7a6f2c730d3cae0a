import type { CircuitBreakerRule } from "../../../model/catalog.ts";
import { parseDuration } from "../duration.ts";
import type { Properties } from "../properties.ts";

const MAX_RULES = 15;
const MAX_CONDITIONS = 10;

/** A backend's `circuitBreaker.rules` (2.13). */
export function readCircuitBreaker(backend: Properties): CircuitBreakerRule[] {
  const breaker = backend.object("circuitBreaker");
  if (!breaker) return [];
  breaker.expect(["rules"]);
  const rules = breaker.objects("rules");
  if (rules.length > MAX_RULES) {
    breaker.error("rules", "invalid-property", `"rules" may hold at most ${MAX_RULES} rules`);
  } else if (rules.length > 1) {
    const message = "a backend has one circuit breaker rule; the others are not used";
    rules[1]?.warning(undefined, "unsupported", message);
  }
  return rules.flatMap((rule, index) => readRule(rule, index) ?? []);
}

function readRule(rule: Properties, index: number): CircuitBreakerRule | undefined {
  rule.expect(["name", "failureCondition", "tripDuration", "acceptRetryAfter"]);
  const name = rule.text("name") ?? `rule${index + 1}`;
  const tripDurationMs = readDuration(rule, "tripDuration");
  const acceptRetryAfter = rule.boolean("acceptRetryAfter") ?? false;
  const condition = rule.object("failureCondition");
  if (!condition) {
    if (!rule.has("failureCondition")) rule.missing("failureCondition");
    return undefined;
  }
  condition.expect(["count", "percentage", "interval", "statusCodeRanges", "errorReasons"]);
  const count = condition.integer("count", 1, Number.MAX_SAFE_INTEGER);
  const percentage = condition.integer("percentage", 1, 100);
  const intervalMs = readDuration(condition, "interval");
  const statusCodeRanges = readRanges(condition);
  const errorReasons = condition.texts("errorReasons") ?? [];
  if (errorReasons.length > MAX_CONDITIONS) {
    condition.error("errorReasons", "invalid-property", `"errorReasons" may hold at most ${MAX_CONDITIONS} reasons`);
  }
  if (!condition.has("count") && !condition.has("percentage")) {
    const message = 'the rule never trips: "failureCondition" needs "count" or "percentage"';
    condition.error(undefined, "missing-condition", message);
  }
  if (!hasItems(condition, "statusCodeRanges") && !hasItems(condition, "errorReasons")) {
    const message = 'the rule never trips: "failureCondition" needs "statusCodeRanges" or "errorReasons"';
    condition.error(undefined, "missing-condition", message);
  }
  if (intervalMs === undefined || tripDurationMs === undefined) return undefined;
  return {
    name,
    intervalMs,
    statusCodeRanges,
    errorReasons,
    tripDurationMs,
    acceptRetryAfter,
    ...(count === undefined ? {} : { count }),
    ...(percentage === undefined ? {} : { percentage }),
  };
}

function hasItems(condition: Properties, name: string): boolean {
  const value = condition.raw(name);
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function readRanges(condition: Properties): { min: number; max: number }[] {
  const items = condition.objects("statusCodeRanges");
  if (items.length > MAX_CONDITIONS) {
    const message = `"statusCodeRanges" may hold at most ${MAX_CONDITIONS} ranges`;
    condition.error("statusCodeRanges", "invalid-property", message);
  }
  return items.flatMap((item) => {
    item.expect(["min", "max"]);
    for (const name of ["min", "max"]) if (!item.has(name)) item.missing(name);
    const min = item.integer("min", 200, 599);
    const max = item.integer("max", 200, 599);
    if (min === undefined || max === undefined) return [];
    if (min > max) item.error("min", "invalid-property", `"min" (${min}) is greater than "max" (${max})`);
    return [{ min, max }];
  });
}

function readDuration(properties: Properties, name: string): number | undefined {
  const text = properties.requiredText(name);
  if (text === undefined) return undefined;
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
  const message = `"${name}" must be a duration longer than nothing, in ISO 8601 form`;
  properties.error(name, "invalid-duration", message, "such as PT30S, PT1M or PT1H");
  return undefined;
}
