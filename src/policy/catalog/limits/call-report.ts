import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ValueSchema } from "../../compiler/schema.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { rateLimitExceeded, retrySeconds } from "./rejection.ts";
import { headerAttribute, headerName, variableAttribute } from "./report-names.ts";

/** Attributes by which rate limits tell the caller and later policies where they stand. */
export const CALL_REPORT_ATTRIBUTES = {
  "retry-after-header-name": {
    ...headerAttribute("Response header that says how many seconds to wait after a refusal."),
    default: "Retry-After",
  },
  "retry-after-variable-name": variableAttribute("Variable that receives the seconds to wait (int) after a refusal."),
  "remaining-calls-header-name": headerAttribute("Response header with the calls left."),
  "remaining-calls-variable-name": variableAttribute("Variable that receives the calls left (int)."),
  "total-calls-header-name": headerAttribute("Response header with the value of `calls`."),
} as const satisfies Record<string, ValueSchema>;

/** Tells the caller and later policies about a rate limit, as its element's attributes ask for. */
export class CallReport {
  readonly #retryHeader: Evaluate<string | undefined>;
  readonly #retryVariable: Evaluate<string | undefined>;
  readonly #remainingHeader: Evaluate<string | undefined>;
  readonly #remainingVariable: Evaluate<string | undefined>;
  readonly #totalHeader: Evaluate<string | undefined>;
  /** Whether there is anything to tell after a call that was let through. */
  readonly #silent: boolean;

  constructor(element: PlanElement, loader: Loader) {
    this.#retryHeader = headerName(element, "retry-after-header-name", loader);
    this.#retryVariable = loader.optionalText(element, "retry-after-variable-name");
    this.#remainingHeader = headerName(element, "remaining-calls-header-name", loader);
    this.#remainingVariable = loader.optionalText(element, "remaining-calls-variable-name");
    this.#totalHeader = headerName(element, "total-calls-header-name", loader);
    const told = ["remaining-calls-header-name", "remaining-calls-variable-name", "total-calls-header-name"];
    this.#silent = told.every((attribute) => element.attributes?.[attribute] === undefined);
  }

  /**
   * Sets the variable and promises the headers for the final response, error responses included. Also after a
   * refusal, with 0 calls left: it is an execution as well (unconfirmed, policy reference 6.1 and 19).
   */
  calls(x: Exchange, total: number, left: number): void {
    if (this.#silent) return;
    const remaining = Math.max(0, left);
    const variable = this.#remainingVariable(x);
    if (variable) x.variables.set(variable, remaining);
    const remainingHeader = this.#remainingHeader(x);
    const totalHeader = this.#totalHeader(x);
    if (!remainingHeader && !totalHeader) return;
    x.beforeSend((response) => {
      if (remainingHeader) response.headers.set(remainingHeader, String(remaining));
      if (totalHeader) response.headers.set(totalHeader, String(total));
    });
  }

  /** The refusal, its wait told by this element's attributes, else by those of `outer`, else by Retry-After. */
  refuse(x: Exchange, retryAfterMs: number, outer: CallReport = this): never {
    const seconds = retrySeconds(retryAfterMs);
    const variable = this.#retryVariable(x) || outer.#retryVariable(x);
    if (variable) x.variables.set(variable, seconds);
    throw rateLimitExceeded(seconds, this.#retryHeader(x) || outer.#retryHeader(x) || "Retry-After");
  }
}
