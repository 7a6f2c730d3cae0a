import { createHash, timingSafeEqual } from "node:crypto";
import type { TracingOptions } from "../engine/engine.ts";
import type { Handled, IncomingRequest, RequestHandler } from "../engine/handler.ts";
import type { RequestTraceReport } from "../engine/request-trace.ts";
import { Body } from "../policy/exchange/body.ts";
import { HeaderList } from "../policy/exchange/headers.ts";
import { ResponseMessage } from "../policy/exchange/message.ts";

/** Header field that carries the debug token. */
const TOKEN_HEADER = "apim-debug-authorization";
/** Where a trace is read, by the id of the answer's `Apim-Trace-Id`. */
const PATH = "/.gatehouse/traces/";
/** Traces kept; the oldest go. */
const MOST_TRACES = 100;

/**
 * Traces for callers who present the debug token: the request is traced, credentials masked, and its trace can be read
 * with the same token for a while. The header never reaches policies or backends.
 */
export class DebugTraces implements TracingOptions {
  readonly #digest: Buffer;
  /** Oldest first. */
  readonly #reports = new Map<string, RequestTraceReport>();

  constructor(token: string) {
    this.#digest = digest(token);
  }

  traces(request: IncomingRequest): { showCredentials: boolean; requested: boolean } | undefined {
    const given = request.headers.get(TOKEN_HEADER);
    if (given === undefined) return undefined;
    request.headers.delete(TOKEN_HEADER);
    return this.#matches(given) ? { showCredentials: false, requested: true } : undefined;
  }

  done(report: RequestTraceReport): void {
    this.#reports.set(report.requestId, report);
    if (this.#reports.size <= MOST_TRACES) return;
    const [oldest] = this.#reports.keys();
    if (oldest !== undefined) this.#reports.delete(oldest);
  }

  /** Answers requests for traces; every other request goes on to `next`. */
  inFrontOf(next: RequestHandler): RequestHandler {
    return {
      handle: (request) => (request.path.startsWith(PATH) ? this.#answer(request) : next.handle(request)),
      ...(next.handshake ? { handshake: next.handshake.bind(next) } : {}),
    };
  }

  #answer(request: IncomingRequest): Handled {
    request.body.discard();
    const report = this.#reports.get(decodeURIComponentSafe(request.path.slice(PATH.length)));
    // A wrong token and an unknown id look alike.
    if (!report || !this.#matches(request.headers.get(TOKEN_HEADER) ?? ""))
      return answer(404, { statusCode: 404, message: "Resource not found" });
    return answer(200, report);
  }

  #matches(given: string): boolean {
    return timingSafeEqual(digest(given), this.#digest);
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function answer(status: number, value: unknown): Handled {
  const headers = new HeaderList(["Content-Type", "application/json", "Cache-Control", "no-store"]);
  return { response: new ResponseMessage(status, "", headers, Body.text(JSON.stringify(value))), finished() {} };
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
