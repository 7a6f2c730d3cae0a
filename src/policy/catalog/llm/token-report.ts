import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ValueSchema } from "../../compiler/schema.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { headerAttribute, headerName, variableAttribute } from "../limits/report-names.ts";

/** Attributes by which a token limit tells the caller and later policies where they stand. */
export const TOKEN_REPORT_ATTRIBUTES = {
  "retry-after-header-name": {
    ...headerAttribute("Response header that says how many seconds to wait after a refusal."),
    default: "Retry-After",
  },
  "retry-after-variable-name": variableAttribute("Variable that receives the seconds to wait (int) after a refusal."),
  "remaining-quota-tokens-header-name": headerAttribute("Response header with the tokens left of the quota."),
  "remaining-quota-tokens-variable-name": variableAttribute(
    "Variable that receives the tokens left of the quota (int; long where it must be).",
  ),
  "remaining-tokens-header-name": headerAttribute("Response header with the tokens left of the limit per minute."),
  "remaining-tokens-variable-name": variableAttribute(
    "Variable that receives the tokens left of the limit per minute (int).",
  ),
  "tokens-consumed-header-name": headerAttribute("Response header with the tokens used; not with streamed answers."),
  "tokens-consumed-variable-name": variableAttribute(
    "Variable that receives the tokens used (int): the estimate for the prompt, later the real number.",
  ),
} as const satisfies Record<string, ValueSchema>;

/** What a token limit knows about a request; undefined: nothing. */
export interface TokenFigures {
  /** Tokens left of the limit per minute. */
  remaining?: number | undefined;
  remainingQuota?: number | undefined;
  consumed: number;
  /** `consumed` is what the answer said, and no estimate for the prompt. */
  answered: boolean;
}

/** Tells a token limit's figures as its element's attributes ask for. */
export class TokenReport {
  readonly #retryHeader: Evaluate<string | undefined>;
  readonly #retryVariable: Evaluate<string | undefined>;
  readonly #headers: Record<"remaining" | "remainingQuota" | "consumed", Evaluate<string | undefined>>;
  readonly #variables: Record<"remaining" | "remainingQuota" | "consumed", Evaluate<string | undefined>>;

  constructor(element: PlanElement, loader: Loader) {
    const header = (name: string) => headerName(element, `${name}-header-name`, loader);
    const variable = (name: string) => loader.optionalText(element, `${name}-variable-name`);
    this.#retryHeader = header("retry-after");
    this.#retryVariable = variable("retry-after");
    this.#headers = {
      remaining: header("remaining-tokens"),
      remainingQuota: header("remaining-quota-tokens"),
      consumed: header("tokens-consumed"),
    };
    this.#variables = {
      remaining: variable("remaining-tokens"),
      remainingQuota: variable("remaining-quota-tokens"),
      consumed: variable("tokens-consumed"),
    };
  }

  /** Promises the headers, with what `figures` holds when the response is sent, error responses included. */
  promise(x: Exchange, figures: TokenFigures): void {
    const remaining = this.#headers.remaining(x);
    const remainingQuota = this.#headers.remainingQuota(x);
    const consumed = this.#headers.consumed(x);
    if (!remaining && !remainingQuota && !consumed) return;
    x.beforeSend(({ headers }) => {
      const set = (name: string | undefined, value: number | undefined) => {
        if (name && value !== undefined) headers.set(name, String(value));
      };
      set(remaining, atLeastZero(figures.remaining));
      set(remainingQuota, atLeastZero(figures.remainingQuota));
      if (figures.answered) set(consumed, figures.consumed);
    });
  }

  setVariables(x: Exchange, figures: TokenFigures): void {
    const set = (variable: Evaluate<string | undefined>, value: number | undefined) => {
      const name = variable(x);
      if (name && value !== undefined) x.variables.set(name, boxed(value));
    };
    set(this.#variables.remaining, atLeastZero(figures.remaining));
    set(this.#variables.remainingQuota, atLeastZero(figures.remainingQuota));
    set(this.#variables.consumed, figures.consumed);
  }

  /** Sets the variable for the wait, where there is an end to it. @returns the header that is to tell it. */
  retryAfter(x: Exchange, seconds: number | undefined): string {
    const variable = this.#retryVariable(x);
    if (variable && seconds !== undefined) x.variables.set(variable, seconds);
    return this.#retryHeader(x) || "Retry-After";
  }
}

function atLeastZero(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.max(0, value);
}

/** C# int where it fits, else long. */
function boxed(value: number): number | bigint {
  return value <= 2_147_483_647 ? value : BigInt(Math.min(value, Number.MAX_SAFE_INTEGER));
}
