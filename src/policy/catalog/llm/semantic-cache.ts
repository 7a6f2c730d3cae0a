import { createHash } from "node:crypto";
import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import { definePolicy, type PolicyDefinition, type Report } from "../../compiler/schema.ts";
import { attribute, type Element } from "../../document/tree.ts";
import { Body } from "../../exchange/body.ts";
import type { Scope } from "../../exchange/errors.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { ResponseMessage } from "../../exchange/message.ts";
import { chain } from "../async/chain.ts";
import { CachedResponse, keptHeaders } from "../caching/cached-response.ts";
import { lookUp, store } from "../caching/forgiving.ts";
import { readableBy } from "../caching/readable-by.ts";
import { Tee } from "../caching/tee.ts";
import { embed } from "./embeddings.ts";
import { isObject, jsonText } from "./json-shape.ts";
import { LlmCall } from "./llm-call.ts";
import type { Prompt, PromptMessage } from "./prompt.ts";
import { SemanticIndex } from "./semantic-index.ts";

const SCOPES: readonly Scope[] = ["global", "product", "api", "operation"];
/** Both families keep their answers in the same way, so either store follows either lookup. */
const STORES: readonly string[] = ["azure-openai-semantic-cache-store", "llm-semantic-cache-store"];
/** Characters of a dialog that is looked up: embeddings models read about 8,000 tokens. */
const LONGEST_TEXT = 32_000;
/** A distance beyond this makes answers to other questions likely (policy reference 11.7). */
const RISKY_THRESHOLD = 0.2;

/** A policy that answers a prompt from the cache where one near to it has been answered (policy reference 11.7). */
export function semanticCacheLookupPolicy(name: string, summary: string): PolicyDefinition {
  return definePolicy({
    name,
    summary,
    category: "caching",
    sections: ["inbound"],
    scopes: SCOPES,
    once: true,
    attributes: {
      "score-threshold": {
        type: "double",
        expression: false,
        required: true,
        min: 0,
        max: 1,
        doc: "How far a prompt may be from one that was answered: 0 is the same, above 0.2 others match by mistake.",
      },
      "embeddings-backend-id": {
        type: "string",
        expression: true,
        required: true,
        doc: "Backend of the embeddings API that turns prompts into vectors.",
      },
      "embeddings-backend-auth": {
        type: ["system-assigned", "header"],
        expression: false,
        default: "system-assigned",
        doc: "How to authenticate there: as the backend says.",
      },
      "ignore-system-messages": {
        type: "bool",
        expression: true,
        default: false,
        doc: "Compare dialogs without their system messages.",
      },
      "max-message-count": {
        type: "int",
        expression: true,
        min: 0,
        doc: "Longest dialog, in messages, that is looked up and kept.",
      },
      "cache-id": { type: "string", expression: false, doc: "Keeps the answers of caches of different ids apart." },
    },
    children: {
      "vary-by": {
        doc: "Keep answers apart by a value.",
        text: { type: "string", expression: true, required: true, doc: "An expression or a text." },
      },
    },
    check: warnAboutThreshold,
    load(element, loader) {
      const lookup = new Lookup(element, loader);
      return (x) => lookup.run(x);
    },
  });
}

/** A policy that keeps the answer for the lookup in the same request (policy reference 11.8). */
export function semanticCacheStorePolicy(name: string, summary: string): PolicyDefinition {
  return definePolicy({
    name,
    summary,
    category: "caching",
    sections: ["outbound"],
    scopes: SCOPES,
    once: true,
    attributes: {
      duration: { type: "int", expression: true, required: true, min: 0, doc: "Seconds to keep the answer." },
      "cache-response": { type: "bool", expression: true, default: true, doc: "Whether to keep it." },
    },
    load(element, loader) {
      const seconds = loader.int(element, "duration", 0);
      const wanted = loader.bool(element, "cache-response", true);
      return (x) => {
        const question = x.peekState<{ question?: Question }>(QUESTION)?.question;
        // That only successful answers are kept is unconfirmed.
        if (!question || x.fromCache || x.response?.status !== 200 || !wanted(x)) return;
        keep(x, question, x.response, seconds(x) * 1000);
      };
    },
  });
}

function warnAboutThreshold(element: Element, report: Report): void {
  const written = attribute(element, "score-threshold")?.value.text;
  if (written === undefined || !(Number(written) > RISKY_THRESHOLD)) return;
  report(
    element,
    `a score-threshold of ${written} lets answers to other questions match: it is a distance, and lower is stricter`,
    "begin with 0.05",
    "warning",
  );
}

const QUESTION = Symbol("semantic cache: what was looked up in vain");

/** A prompt that was not answered from the cache, for the store policy. */
interface Question {
  /** Key of the partition's index. */
  index: string;
  key: string;
  vector: Float32Array;
}

class Lookup {
  readonly #threshold: Evaluate<number>;
  readonly #backendId: Evaluate<string>;
  readonly #ignoreSystem: Evaluate<boolean>;
  readonly #longest: Evaluate<number>;
  readonly #cacheId: Evaluate<string>;
  readonly #varyBy: readonly Evaluate<string>[];

  constructor(element: PlanElement, loader: Loader) {
    this.#threshold = loader.double(element, "score-threshold", 0);
    this.#backendId = loader.text(element, "embeddings-backend-id");
    this.#ignoreSystem = loader.bool(element, "ignore-system-messages", false);
    this.#longest = loader.int(element, "max-message-count", Number.POSITIVE_INFINITY);
    this.#cacheId = loader.text(element, "cache-id");
    this.#varyBy = loader.children(element, "vary-by").map(({ text }) => loader.textOf(text));
  }

  async run(x: Exchange): Promise<void> {
    if (x.fromCache) return;
    const call = LlmCall.of(x);
    const prompt = await call.prompt();
    const messages = prompt && this.#dialog(x, prompt);
    if (!messages) return;
    const partition = this.#partition(x, messages, await call.requestJson());
    const text = messages.map((message) => message.text).join("\n");
    const index = `semantic:${partition}`;
    const key = `semantic:${partition}:${digest(text)}`;
    x.storePolicies = STORES;
    // The very same prompt needs no vector.
    if (await answerFrom(x, key)) return;
    const backendId = this.#backendId(x);
    const vector = await embed(x, backendId, text).catch((error: unknown) => {
      // A cache that does not work is no cache, and no error.
      const message = error instanceof Error ? error.message : String(error);
      x.trace({ source: "semantic-cache-lookup", severity: "error", message });
      return undefined;
    });
    if (!vector) return;
    const known = await lookUp(x.services.cache, index);
    if (known instanceof SemanticIndex) {
      const nearest = known.nearest(vector, this.#threshold(x), x.services.clock.now());
      if (nearest !== undefined && (await answerFrom(x, nearest))) return;
      if (nearest !== undefined) known.remove(nearest);
    }
    x.facts.cache = "miss";
    x.state<{ question?: Question }>(QUESTION, () => ({})).question = { index, key, vector };
  }

  /** The messages to compare; undefined where the prompt is none that a cache can answer. */
  #dialog(x: Exchange, prompt: Prompt): readonly PromptMessage[] | undefined {
    if (prompt.kind === "embeddings" || prompt.tokens > 0) return undefined;
    const ignoreSystem = this.#ignoreSystem(x);
    const messages = prompt.messages.filter(({ role }) => !(ignoreSystem && isSystem(role)));
    // The vector says nothing about images.
    if (messages.length === 0 || messages.length > this.#longest(x) || messages.some(({ images }) => images > 0)) {
      return undefined;
    }
    const size = messages.reduce((sum, { text }) => sum + text.length, 0);
    return size > 0 && size <= LONGEST_TEXT ? messages : undefined;
  }

  /**
   * Answers are shared within a partition only: of one operation and address (which names the deployment), one value of
   * `vary-by`, dialogs of the same roles, and requests that are the same but for the words. The composition is unconfirmed.
   */
  #partition(x: Exchange, messages: readonly PromptMessage[], body: unknown): string {
    const varyBy = this.#varyBy.map((value) => value(x)).join("");
    const roles = messages.map(({ role }) => role);
    const place = [x.api?.id, x.api?.revision, x.operation?.id, x.originalUrl.path];
    return digest(JSON.stringify([place, this.#cacheId(x), varyBy, roles, settings(body)]));
  }
}

function isSystem(role: string): boolean {
  return role === "system" || role === "developer";
}

/** Members of a request that are the words, and those that name the caller. */
const NO_SETTINGS: ReadonlySet<string> = new Set([
  "messages",
  "system",
  "contents",
  "systemInstruction",
  "system_instruction",
  "input",
  "instructions",
  "prompt",
  "user",
  "metadata",
  "safety_identifier",
  "prompt_cache_key",
]);

/** What else a request asks for: model, temperature, tools, a stream, … */
function settings(body: unknown): string[][] {
  if (!isObject(body)) return [];
  const names = Object.keys(body).filter((name) => !NO_SETTINGS.has(name));
  return names.sort().map((name) => [name, jsonText(body[name])]);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Makes the cached answer the response. @returns whether there is one that the caller can read. */
async function answerFrom(x: Exchange, key: string): Promise<boolean> {
  const cached = await lookUp(x.services.cache, key);
  const response = cached instanceof CachedResponse ? readableBy(x, cached) : undefined;
  if (!response) return false;
  x.response?.body.discard();
  x.response = response;
  x.fromCache = true;
  x.facts.cache = "hit";
  return true;
}

/** Stores the answer as it is now; one that streams goes on to stream and is stored when it is complete. */
function keep(x: Exchange, question: Question, response: ResponseMessage, ttlMs: number): void {
  const { body, status, reason } = response;
  const { cache, clock, limits } = x.services;
  if (!(ttlMs > 0) || body.taken || body.consumed || (body.length ?? 0) > limits.bodyBytes) return;
  const headers = keptHeaders(response.headers);
  const expires = clock.now() + ttlMs;
  const complete = (bytes: Uint8Array) => {
    if (LlmCall.of(x).stopped) return;
    store(cache, question.key, new CachedResponse(status, reason, headers, bytes, expires), ttlMs);
    addToIndex(x, question, expires);
    x.facts.cache = "stored";
  };
  const { source, announced } = body;
  if (source) response.body = Body.stream(new Tee(source, limits.bodyBytes, complete), announced);
  else if (body.buffered) complete(body.buffered);
}

/** At once where the cache answers at once: two answers that come together would take each other's place otherwise. */
function addToIndex(x: Exchange, { index, key, vector }: Question, expires: number): void {
  const { cache, clock } = x.services;
  const added = chain(lookUp(cache, index), (known) => {
    const now = clock.now();
    const entries = known instanceof SemanticIndex ? known : new SemanticIndex();
    entries.add(vector, key, expires, now);
    store(cache, index, entries, entries.expires - now);
  });
  // Nothing is stored then.
  if (added instanceof Promise) added.catch(() => {});
}
