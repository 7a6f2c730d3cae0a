import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import {
  ALL_SCOPES,
  definePolicy,
  type PolicyDefinition,
  type Report,
  type ValueSchema,
} from "../../compiler/schema.ts";
import { attribute, type Element } from "../../document/tree.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { retrySeconds } from "../limits/rejection.ts";
import { LlmCall } from "./llm-call.ts";
import { PROMPT_TYPES, type Prompt, type PromptType } from "./prompt.ts";
import { prepareTokenCounter } from "./token-counter.ts";
import { tokenLimitExceeded, tokenQuotaExceeded } from "./token-rejection.ts";
import { TOKEN_REPORT_ATTRIBUTES, type TokenFigures, TokenReport } from "./token-report.ts";
import { QUOTA_PERIODS, TokenQuota, TokenRate } from "./token-windows.ts";

const ATTRIBUTES: Readonly<Record<string, ValueSchema>> = {
  "counter-key": {
    type: "string",
    expression: true,
    required: true,
    doc: "Key of the counter; policies with the same key share it, at every scope.",
  },
  "tokens-per-minute": {
    type: "int",
    expression: true,
    min: 0,
    doc: "Tokens of prompts and completions allowed in a minute.",
  },
  "token-quota": {
    type: "long",
    expression: true,
    min: 0,
    doc: "Tokens of prompts and completions allowed in a period.",
  },
  "token-quota-period": {
    type: QUOTA_PERIODS,
    expression: true,
    default: "Indefinite",
    doc: "Period of the quota, by the clock in UTC.",
  },
  "estimate-prompt-tokens": {
    type: "bool",
    expression: true,
    default: false,
    doc: "Estimate the prompt's tokens before it is sent, and refuse what would not fit; always done for streams.",
  },
  ...TOKEN_REPORT_ATTRIBUTES,
  "prompt-type": {
    type: PROMPT_TYPES,
    expression: false,
    default: "auto",
    doc: "What kind of request to take the body for.",
  },
  "ignore-prompt": { type: "bool", expression: false, default: false, doc: "Count the tokens of completions only." },
};

/** A policy that limits tokens of language models by key: per minute, per period, or both (policy reference 6.6). */
export function tokenLimitPolicy(name: string, summary: string): PolicyDefinition {
  return definePolicy({
    name,
    summary,
    category: "limits",
    sections: ["inbound"],
    scopes: ALL_SCOPES,
    attributes: ATTRIBUTES,
    check,
    load(element, loader) {
      prepareTokenCounter();
      const limit = new TokenLimit(element, loader);
      return (x) => limit.run(x);
    },
  });
}

function check(element: Element, report: Report): void {
  const has = (name: string) => attribute(element, name) !== undefined;
  if (!has("tokens-per-minute") && !has("token-quota")) {
    report(element, `<${element.name}> needs "tokens-per-minute", or "token-quota" with "token-quota-period", or all`);
  } else if (has("token-quota") && !has("token-quota-period")) {
    report(element, `the quota of <${element.name}> is never renewed`, 'add "token-quota-period"', "warning");
  } else if (has("token-quota-period") && !has("token-quota")) {
    report(element, `<${element.name}> has a "token-quota-period" and no quota`, 'add "token-quota"', "warning");
  }
}

class TokenLimit {
  readonly #key: Evaluate<string>;
  readonly #perMinute: Evaluate<number> | undefined;
  readonly #quota: Evaluate<number> | undefined;
  readonly #period: Evaluate<(typeof QUOTA_PERIODS)[number]>;
  readonly #estimate: Evaluate<boolean>;
  readonly #promptType: Evaluate<PromptType>;
  readonly #ignorePrompt: Evaluate<boolean>;
  readonly #report: TokenReport;

  constructor(element: PlanElement, loader: Loader) {
    const has = (name: string) => element.attributes?.[name] !== undefined;
    this.#key = loader.text(element, "counter-key");
    this.#perMinute = has("tokens-per-minute") ? loader.int(element, "tokens-per-minute", 0) : undefined;
    this.#quota = has("token-quota") ? loader.long(element, "token-quota", 0) : undefined;
    this.#period = loader.word(element, "token-quota-period", QUOTA_PERIODS, "Indefinite");
    this.#estimate = loader.bool(element, "estimate-prompt-tokens", false);
    this.#promptType = loader.word(element, "prompt-type", PROMPT_TYPES, "auto");
    this.#ignorePrompt = loader.bool(element, "ignore-prompt", false);
    this.#report = new TokenReport(element, loader);
  }

  /** @throws {PolicyError} (as a rejection) 403 where the quota is used up, 429 where the rate is. */
  async run(x: Exchange): Promise<void> {
    const { counters, clock } = x.services;
    const key = this.#key(x);
    const rate = this.#perMinute && new TokenRate(counters, key, this.#perMinute(x));
    const quota = this.#quota && new TokenQuota(counters, key, this.#quota(x), this.#period(x), clock.now());
    const call = LlmCall.of(x);
    const prompt = await call.prompt(this.#promptType(x));
    const estimate = await this.#promptTokens(x, call, prompt);
    const ofQuota = await quota?.standing(estimate, clock.now());
    const ofRate = await rate?.standing(estimate);
    const figures: TokenFigures = {
      remaining: ofRate?.left,
      remainingQuota: ofQuota?.left,
      consumed: 0,
      answered: false,
    };
    this.#report.promise(x, figures);
    // The quota first: it lasts longer, so its wait is the one that is true (the order is unconfirmed).
    const refusing = ofQuota?.waitMs ? ofQuota : ofRate?.waitMs ? ofRate : undefined;
    if (refusing) {
      this.#report.setVariables(x, figures);
      const seconds = Number.isFinite(refusing.waitMs) ? retrySeconds(refusing.waitMs) : undefined;
      const header = this.#report.retryAfter(x, seconds);
      throw refusing === ofQuota ? tokenQuotaExceeded(seconds, header) : tokenLimitExceeded(seconds ?? 1, header);
    }
    if (figures.remaining !== undefined) figures.remaining -= estimate;
    if (figures.remainingQuota !== undefined) figures.remainingQuota -= estimate;
    figures.consumed = estimate;
    this.#report.setVariables(x, figures);
    call.watchUsage(prompt, async (usage, streamed) => {
      const tokens = (this.#ignorePrompt(x) ? 0 : usage.prompt) + usage.completion;
      await charge(x, [rate, quota], tokens);
      // Nobody can be told any more.
      if (streamed) return;
      figures.remaining = (await rate?.standing(0))?.left;
      figures.remainingQuota = (await quota?.standing(0, clock.now()))?.left;
      figures.consumed = tokens;
      figures.answered = true;
      this.#report.setVariables(x, figures);
    });
  }

  /** The estimate for the prompt, 0 where none is wanted. */
  async #promptTokens(x: Exchange, call: LlmCall, prompt: Prompt | undefined): Promise<number> {
    if (!prompt || this.#ignorePrompt(x) || !(prompt.stream || this.#estimate(x))) return 0;
    return call.promptTokens(prompt);
  }
}

const CHARGED = Symbol("token limits: the counters that the exchange was charged on");

/** Charges each counter once, also where several policies of the exchange have the same key (unconfirmed). */
async function charge(x: Exchange, counters: readonly (TokenRate | TokenQuota | undefined)[], tokens: number) {
  const charged = x.state(CHARGED, () => new Set<string>());
  for (const counter of counters) {
    if (!counter || charged.has(counter.key)) continue;
    charged.add(counter.key);
    await counter.charge(tokens);
  }
}
