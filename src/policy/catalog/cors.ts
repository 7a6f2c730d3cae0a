import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy, type TextSchema } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { type AllowedList, allowedList, normalizeOrigin } from "./cross-origin/allowed-list.ts";

export const cors = definePolicy({
  name: "cors",
  summary: "Lets scripts of other web origins call the API, and answers their preflight requests.",
  category: "cross-domain",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  once: true,
  attributes: {
    "allow-credentials": {
      type: "bool",
      expression: true,
      default: false,
      doc: "Whether browsers may send cookies, client certificates and HTTP authentication.",
    },
    "terminate-unmatched-request": {
      type: "bool",
      expression: true,
      // Documentation gives both defaults; the notes and older pages say true (policy reference 12.2).
      default: true,
      doc: "Whether a cross-origin request that does not match gets an empty 200 OK, or goes on without CORS headers.",
    },
  },
  order: "any",
  children: {
    "allowed-origins": {
      doc: "Origins that may call.",
      min: 1,
      max: 1,
      children: { origin: { doc: "`*`, or scheme, host and port.", min: 1, text: text("An origin.") } },
    },
    "allowed-methods": {
      doc: "Methods that may be used; by default GET and POST.",
      max: 1,
      attributes: {
        "preflight-result-max-age": {
          type: "int",
          expression: true,
          min: 0,
          default: 0,
          doc: "Seconds for which browsers may remember the answer to a preflight.",
        },
      },
      children: { method: { doc: "A method, or `*`.", min: 1, text: text("A method.") } },
    },
    "allowed-headers": {
      doc: "Request headers that may be sent.",
      max: 1,
      children: { header: { doc: "A header name, or `*`.", min: 1, text: text("A header name.") } },
    },
    "expose-headers": {
      doc: "Response headers that scripts may read.",
      max: 1,
      children: { header: { doc: "A header name, or `*`.", min: 1, text: text("A header name.") } },
    },
  },
  load(element, loader) {
    const settings = new CorsSettings(element, loader);
    return (x) => {
      if (!x.request.headers.has("origin") || promiseFields(settings, x)) return;
      // The same for every method (unconfirmed for others than GET and HEAD).
      if (settings.terminate(x)) x.end(new ResponseMessage(200));
    };
  },
});

/**
 * What one `cors` element does for a request that is refused before its inbound section runs (no subscription key): the
 * response tells a script of an allowed origin why, as was observed of the service (policy reference 12.2).
 */
export function promiseCors(element: PlanElement, loader: Loader): (x: Exchange) => void {
  const settings = new CorsSettings(element, loader);
  return (x) => void promiseFields(settings, x);
}

/** Promises the header fields of the response. @returns false when the request's origin may not call */
function promiseFields(settings: CorsSettings, x: Exchange): boolean {
  if (x.peekState<true>(MATCHED)) return true;
  const origin = x.request.headers.get("origin");
  const allowed = origin === undefined ? undefined : settings.allowOrigin(x, origin);
  if (allowed === undefined) return false;
  x.state(MATCHED, () => true as const);
  const credentials = settings.credentials(x);
  const exposed = settings.exposed(x);
  x.beforeSend(({ headers }) => {
    headers.set("Access-Control-Allow-Origin", allowed);
    if (credentials) headers.set("Access-Control-Allow-Credentials", "true");
    if (exposed !== "") headers.set("Access-Control-Expose-Headers", exposed);
    varyByOrigin(headers);
  });
  return true;
}

/** A policy of a broader scope matched already: its promise stands, and narrower ones have nothing to add. */
const MATCHED = Symbol("cors: the request matched");

/**
 * The answer to a preflight request by one `cors` element. The engine asks the `cors` policies that stand directly in
 * the effective inbound section, in order, until one answers; when none does, it sends an empty `200 OK`.
 * @returns per exchange: the response (an empty `200 OK` without CORS headers when the request does not match and
 *   `terminate-unmatched-request` is on), or undefined: try the next.
 */
export function preflight(element: PlanElement, loader: Loader): (x: Exchange) => ResponseMessage | undefined {
  const settings = new CorsSettings(element, loader);
  return (x) => {
    const requested = x.request.headers;
    const origin = requested.get("origin") ?? "";
    const method = (requested.get("access-control-request-method") ?? "").trim();
    const names = listed(requested.get("access-control-request-headers") ?? "");
    const allowed = settings.allowOrigin(x, origin);
    const methods = settings.allowMethod(x, method);
    const headers = settings.allowHeaders(x, names);
    if (allowed === undefined || methods === undefined || headers === undefined) {
      return settings.terminate(x) ? new ResponseMessage(200) : undefined;
    }
    const response = new ResponseMessage(200);
    const fields = response.headers;
    fields.set("Access-Control-Allow-Origin", allowed);
    fields.set("Access-Control-Allow-Methods", methods);
    if (headers !== "") fields.set("Access-Control-Allow-Headers", headers);
    const maxAge = settings.maxAge(x);
    if (maxAge > 0) fields.set("Access-Control-Max-Age", String(maxAge));
    if (settings.credentials(x)) fields.set("Access-Control-Allow-Credentials", "true");
    varyByOrigin(fields);
    return response;
  };
}

/** One `cors` element, ready to be asked. Where it answers for `*`, see the comments: exact forms are unconfirmed. */
class CorsSettings {
  readonly credentials: Evaluate<boolean>;
  readonly terminate: Evaluate<boolean>;
  readonly maxAge: Evaluate<number>;
  readonly #origins: Evaluate<AllowedList>;
  readonly #methods: Evaluate<AllowedList>;
  readonly #headers: Evaluate<AllowedList>;
  readonly #exposed: Evaluate<AllowedList>;

  constructor(element: PlanElement, loader: Loader) {
    const list = (name: string, item: string, normalize: (name: string) => string) => {
      const parent = loader.child(element, name);
      return allowedList(parent ? loader.children(parent, item) : [], loader, normalize);
    };
    this.credentials = loader.bool(element, "allow-credentials", false);
    this.terminate = loader.bool(element, "terminate-unmatched-request", true);
    this.#origins = list("allowed-origins", "origin", normalizeOrigin);
    const methods = loader.child(element, "allowed-methods");
    this.maxAge = methods ? loader.int(methods, "preflight-result-max-age", 0) : () => 0;
    this.#methods = methods ? list("allowed-methods", "method", (name) => name.toUpperCase()) : () => DEFAULT_METHODS;
    this.#headers = list("allowed-headers", "header", (name) => name.toLowerCase());
    this.#exposed = list("expose-headers", "header", (name) => name.toLowerCase());
  }

  /**
   * Access-Control-Allow-Origin for an origin, undefined when it may not call. `*` is sent as it is, but browsers do not
   * take it together with credentials: the origin is then named (unconfirmed).
   */
  allowOrigin(x: Exchange, origin: string): string | undefined {
    const { all, known } = this.#origins(x);
    if (all) return this.credentials(x) ? origin : "*";
    return known.has(origin) || known.has(normalizeOrigin(origin)) ? origin : undefined;
  }

  /** Access-Control-Allow-Methods for a requested method; for `*` that method, as browsers do not take `*` with credentials. */
  allowMethod(x: Exchange, method: string): string | undefined {
    const { all, names, known } = this.#methods(x);
    if (all) return method;
    return known.has(method.toUpperCase()) ? names.join(",") : undefined;
  }

  /** Access-Control-Allow-Headers for the requested names; for `*` those names, as `*` does not stand for Authorization. */
  allowHeaders(x: Exchange, requested: readonly string[]): string | undefined {
    const { all, names, known } = this.#headers(x);
    if (all) return requested.join(",");
    return requested.every((name) => known.has(name.toLowerCase())) ? names.join(",") : undefined;
  }

  /** Access-Control-Expose-Headers; empty for none. */
  exposed(x: Exchange): string {
    return this.#exposed(x).names.join(",");
  }
}

const DEFAULT_METHODS: AllowedList = { all: false, names: ["GET", "POST"], known: new Set(["GET", "POST"]) };

function text(doc: string): TextSchema {
  return { type: "string", expression: true, required: true, doc };
}

function listed(header: string): string[] {
  return header
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** The answer depends on who asks, so caches between must not give it to another origin. */
function varyByOrigin(headers: HeaderList): void {
  const vary = listed(headers.get("vary") ?? "");
  if (!vary.some((name) => name === "*" || name.toLowerCase() === "origin")) headers.append("Vary", "Origin");
}
