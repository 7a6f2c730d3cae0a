import type { AccessRecord } from "../model/access-record.ts";
import type { Exchange } from "../policy/exchange/exchange.ts";
import type { Sent } from "./handler.ts";
import type { LoadedOperation } from "./loaded-plan.ts";

/** The access record of an answered exchange. The query string is left out: keys and tokens travel in it. */
export function accessRecord(
  x: Exchange,
  operation: LoadedOperation | undefined,
  sent: Sent,
  gateway: string,
  plan: string,
): AccessRecord {
  const total = Math.max(0, x.services.clock.now() - x.startedAt);
  const { facts, lastError } = x;
  const traceparent = x.request.headers.get("traceparent");
  const record: AccessRecord = {
    time: new Date(x.startedAt).toISOString(),
    "gatehouse.request.id": x.id,
    "gatehouse.gateway": gateway,
    "gatehouse.data_plane": "node",
    "gatehouse.plan": plan,
    "client.address": x.client.address,
    "http.request.method": x.originalMethod,
    "url.path": x.originalUrl.path,
    "http.response.status_code": sent.status,
    "http.request.body.size": sent.bytesIn,
    "http.response.body.size": sent.bytesOut,
    "gatehouse.duration.total": round(total),
    "gatehouse.duration.backend": round(facts.backendMs),
    "gatehouse.duration.policy": round(Math.max(0, total - facts.backendMs)),
    "gatehouse.backend.attempts": facts.attempts,
  };
  if (traceparent) record.trace_id = traceparent.slice(3, 35);
  if (x.api) {
    record["gatehouse.api"] = x.api.id;
    if (operation) record["http.route"] = `/${x.api.path}${operation.urlTemplate}`;
  }
  if (x.operation) record["gatehouse.operation"] = x.operation.id;
  if (x.product) record["gatehouse.product"] = x.product.id;
  if (x.subscription) record["gatehouse.subscription"] = x.subscription.id;
  if (x.user) record["user.id"] = x.user.id;
  else if (facts.user !== undefined) record["user.id"] = facts.user;
  if (facts.backendId !== undefined) record["gatehouse.backend"] = facts.backendId;
  if (facts.backendTarget !== undefined) record["gatehouse.backend.target"] = facts.backendTarget;
  if (facts.cache !== undefined) record["gatehouse.cache"] = facts.cache;
  if (facts.tokens) {
    record["gen_ai.usage.input_tokens"] = facts.tokens.prompt;
    record["gen_ai.usage.output_tokens"] = facts.tokens.completion;
  }
  if (lastError) {
    record["error.source"] = lastError.source;
    record["error.type"] = lastError.reason;
    if (!TELLS_VALUES.has(lastError.reason)) record["error.message"] = lastError.message;
  }
  if (sent.aborted) record["gatehouse.aborted"] = true;
  return record;
}

/** Reasons whose message quotes what the caller sent, which may be a credential. */
const TELLS_VALUES: ReadonlySet<string> = new Set(["HeaderValueNotAllowed", "TokenClaimValueNotAllowed"]);

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
