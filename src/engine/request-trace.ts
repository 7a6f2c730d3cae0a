import { StepFailure } from "../policy/compiler/pipeline.ts";
import type { Exchange, TracedPlace, TraceEntry, Tracer } from "../policy/exchange/exchange.ts";
import type { HeaderList } from "../policy/exchange/headers.ts";
import type { Message } from "../policy/exchange/message.ts";
import { toText, typeName } from "../policy/expression/convert.ts";

/** What a step changed: `request.headers.x-user`, `variables.count`, `response.status`, … */
export interface TracedChange {
  what: string;
  /** Undefined: it was not there. */
  before?: string;
  /** Undefined: it is gone. */
  after?: string;
}

export interface TracedStep extends TracedPlace {
  section: string;
  /** Nesting inside other policies. */
  depth: number;
  /** Milliseconds, waiting included. */
  ms: number;
  /** Changes of the steps inside it are theirs, and not repeated here. */
  changes: TracedChange[];
  error?: string;
}

/** The trace of one request: which policies ran, what each changed, how long each took. */
export interface RequestTraceReport {
  requestId: string;
  method: string;
  url: string;
  api?: string;
  operation?: string;
  product?: string;
  steps: TracedStep[];
  /** What `trace` policies and `context.Trace` said. */
  messages: readonly TraceEntry[];
  status: number;
  totalMs: number;
}

/** Longest text of a value in a trace. */
const LONGEST = 500;
/** Steps of one request that are kept: loops of `retry` end somewhere, but far away. */
const MOST_STEPS = 2000;
const CREDENTIALS =
  /^(authorization|proxy-authorization|cookie|set-cookie|.*subscription-key|.*api-key|apim-debug-authorization)$/i;

type Snapshot = Map<string, string>;

/**
 * Records the steps of one exchange. `showCredentials`: for a developer's own machine; elsewhere the values of
 * credential header fields, and of variables that policies put tokens into, are masked.
 */
export class RequestTrace implements Tracer {
  readonly steps: TracedStep[] = [];
  readonly #showCredentials: boolean;
  #depth = 0;
  #last: Snapshot | undefined;

  constructor(showCredentials: boolean) {
    this.#showCredentials = showCredentials;
  }

  enter(x: Exchange, place: TracedPlace): (error?: unknown) => void {
    this.#last ??= this.#snapshot(x);
    const step: TracedStep = { ...place, section: x.section, depth: this.#depth, ms: 0, changes: [] };
    if (this.steps.length < MOST_STEPS) this.steps.push(step);
    const began = performance.now();
    this.#depth++;
    return (error) => {
      this.#depth--;
      step.ms = Math.round((performance.now() - began) * 1000) / 1000;
      const now = this.#snapshot(x);
      step.changes = difference(this.#last ?? now, now);
      this.#last = now;
      if (error !== undefined) step.error = messageOf(error);
    };
  }

  report(x: Exchange, status: number): RequestTraceReport {
    return {
      requestId: x.id,
      method: x.originalMethod,
      url: `${x.originalUrl.path}${x.originalUrl.query}`,
      ...(x.api ? { api: x.api.id } : {}),
      ...(x.operation ? { operation: x.operation.id } : {}),
      ...(x.product ? { product: x.product.id } : {}),
      steps: this.steps,
      messages: x.traceEntries,
      status,
      totalMs: Math.round((x.services.clock.now() - x.startedAt) * 1000) / 1000,
    };
  }

  #snapshot(x: Exchange): Snapshot {
    const snapshot: Snapshot = new Map([
      ["request.method", x.request.method],
      ["request.url", x.request.urlText],
    ]);
    this.#message("request", x.request, snapshot);
    for (const [name, value] of x.variables) {
      const masked = !this.#showCredentials && x.secretVariables?.has(name);
      snapshot.set(`variables.${name}`, masked ? "***" : show(value));
    }
    if (x.backend.kind === "entity") snapshot.set("backend", x.backend.id);
    if (x.response) {
      snapshot.set("response.status", `${x.response.status} ${x.response.reason}`.trim());
      this.#message("response", x.response, snapshot);
    }
    return snapshot;
  }

  #message(side: string, { headers, body }: Message, snapshot: Snapshot): void {
    for (const [name, values] of byName(headers)) {
      const masked = !this.#showCredentials && CREDENTIALS.test(name);
      snapshot.set(`${side}.headers.${name}`, masked ? "***" : clip(values));
    }
    if (body.buffered)
      snapshot.set(`${side}.body`, clip(Buffer.from(body.buffered.subarray(0, LONGEST * 4)).toString("utf8")));
    else if (!body.absent) snapshot.set(`${side}.body`, "(streaming)");
  }
}

function byName(headers: HeaderList): [string, string][] {
  return headers.names().map((name) => [name.toLowerCase(), headers.get(name) ?? ""]);
}

function difference(before: Snapshot, after: Snapshot): TracedChange[] {
  const changes: TracedChange[] = [];
  for (const [what, value] of after) {
    const old = before.get(what);
    if (old !== value) changes.push({ what, ...(old === undefined ? {} : { before: old }), after: value });
  }
  for (const [what, old] of before) if (!after.has(what)) changes.push({ what, before: old });
  return changes;
}

function show(value: unknown): string {
  try {
    return clip(value === null ? "null" : `(${typeName(value)}) ${toText(value) ?? "null"}`);
  } catch {
    return "(a value without text)";
  }
}

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function messageOf(error: unknown): string {
  const cause = error instanceof StepFailure ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** A trace as lines for the terminal. */
export function formatTrace(trace: RequestTraceReport): string {
  const route = [trace.api, trace.operation].filter(Boolean).join(" / ") || "no operation";
  const lines = [
    `${trace.method} ${trace.url} → ${trace.status} in ${trace.totalMs} ms (${route}${trace.product ? `, product ${trace.product}` : ""})`,
  ];
  let section = "";
  for (const step of trace.steps) {
    if (step.section !== section) lines.push((section = step.section));
    const pad = "  ".repeat(step.depth + 1);
    lines.push(`${pad}${step.policy}  ${step.ms} ms  ${step.scope}  ${step.at}`);
    for (const change of step.changes) {
      lines.push(
        `${pad}    ${change.what}: ${change.before ?? "(none)"} → ${change.after ?? "(none)"}`.replaceAll("\n", "⏎"),
      );
    }
    if (step.error !== undefined) lines.push(`${pad}    failed: ${step.error}`);
  }
  for (const message of trace.messages) lines.push(`trace ${message.severity} ${message.source}: ${message.message}`);
  return lines.join("\n");
}
