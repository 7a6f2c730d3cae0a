import { Body, decodeContent } from "../../exchange/body.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Message, ResponseMessage } from "../../exchange/message.ts";
import { chain } from "../async/chain.ts";
import { isFormat, mediaType } from "../messages/media-type.ts";
import { completionText } from "./completion.ts";
import { parseJsonBytes } from "./json-shape.ts";
import { type Prompt, type PromptType, readPrompt } from "./prompt.ts";
import { estimatePrompt } from "./prompt-tokens.ts";
import { readAhead } from "./read-ahead.ts";
import { countTokens } from "./token-counter.ts";
import { readUsage, type TokenUsage } from "./usage.ts";
import { UsageCollector, type UsageReading } from "./usage-collector.ts";
import { WatchedSource } from "./watched-source.ts";

/**
 * Told once what a call has cost. `streamed`: the answer is on its way to the caller already, so its header fields can
 * no longer change.
 */
export type UsageWatcher = (usage: TokenUsage, streamed: boolean) => void | Promise<void>;

/** What the AI policies know of one exchange with a language model; one object for all of them. */
export class LlmCall {
  /** The answer was stopped on its way: what the caller got is not all of it. */
  stopped = false;
  readonly #x: Exchange;
  readonly #watchers: UsageWatcher[] = [];
  #read: { bytes: Uint8Array; json: unknown; prompts: Map<PromptType, Prompt | undefined> } | undefined;
  /** The one that the answer belongs to. */
  #prompt: Prompt | undefined;
  readonly #estimates = new Map<Prompt, Promise<number>>();

  private constructor(x: Exchange) {
    this.#x = x;
  }

  static of(x: Exchange): LlmCall {
    return x.state(LlmCall, () => new LlmCall(x));
  }

  /** The request's body as JSON, brought into memory; undefined where it is none. */
  async requestJson(): Promise<unknown> {
    const { request, services } = this.#x;
    const limit = services.limits.bodyBytes;
    // Uploads may be larger than memory allows. They are looked at all the same, as backends may not mind the type.
    if (UPLOADS.test(mediaType(request.headers.get("content-type")))) await readAhead(request, limit);
    else await request.readBody(limit);
    const { body } = request;
    if (!body.buffered || body.consumed) return undefined;
    // Another policy may have changed the body since.
    if (this.#read?.bytes !== body.buffered) {
      const json = parseJsonBytes(plain(request, body.buffered, limit));
      this.#read = { bytes: body.buffered, json, prompts: new Map() };
    }
    return this.#read.json;
  }

  /** What the request asks the model; undefined where it is no such request. */
  async prompt(type: PromptType = "auto"): Promise<Prompt | undefined> {
    const json = await this.requestJson();
    const prompts = json === undefined ? undefined : this.#read?.prompts;
    if (!prompts) return undefined;
    if (!prompts.has(type)) prompts.set(type, readPrompt(json, this.#x.request.path, type));
    return prompts.get(type);
  }

  /**
   * Tells the watcher what the call has cost once the backend has answered well: before outbound, or at the end of an
   * answer that streams. Nobody is told of errors, and of answers from a cache, which cost nothing (unconfirmed).
   * @param prompt the request's prompt, for what the answer does not tell.
   */
  watchUsage(prompt: Prompt | undefined, watcher: UsageWatcher): void {
    this.#prompt ??= prompt;
    if (this.#watchers.push(watcher) === 1) this.#x.afterBackend(() => this.#answered());
  }

  /** The estimate for the prompt, made once. */
  promptTokens(prompt: Prompt): Promise<number> {
    const estimate = this.#estimates.get(prompt) ?? estimatePrompt(prompt);
    this.#estimates.set(prompt, estimate);
    return estimate;
  }

  async #answered(): Promise<void> {
    const { response, services } = this.#x;
    if (!response || response.status < 200 || response.status > 299) return;
    const type = mediaType(response.headers.get("content-type"));
    const json = type === "" || isFormat(type, "json");
    if (type === "text/event-stream") return this.#watch(response);
    if (!json) return;
    if (this.#prompt?.stream) return this.#watch(response, services.limits.bodyBytes);
    const bytes = await readAhead(response, services.limits.bodyBytes);
    const answer = bytes && parseJsonBytes(plain(response, bytes, services.limits.bodyBytes));
    const usage = readUsage(answer) ?? {};
    if (usage.prompt === undefined && usage.completion === undefined && !this.#prompt) return;
    const prompt = usage.prompt ?? (this.#prompt ? await this.promptTokens(this.#prompt) : 0);
    const completion = usage.completion ?? (await countTokens(completionText(answer)));
    await this.#tell({ prompt, completion }, false);
  }

  /** `jsonLimit`: for an answer in JSON, see {@link UsageCollector}. */
  async #watch(response: ResponseMessage, jsonLimit?: number): Promise<void> {
    const { body, headers } = response;
    // Now, as nothing waits at the end of a stream.
    const prompt = this.#prompt ? await this.promptTokens(this.#prompt) : 0;
    const finished = (reading: UsageReading) => {
      const told = chain(reading.completion ?? reading.estimate(), (completion) => {
        const usage = { prompt: reading.prompt ?? prompt, completion };
        // Events that are none of a model (tools, agents) cost nothing.
        if (usage.prompt + usage.completion > 0) return this.#tell(usage, true);
      });
      // The answer is gone already: nobody is left to tell about what failed.
      if (told instanceof Promise) told.catch(() => {});
    };
    const collector = new UsageCollector(finished, jsonLimit);
    if (body.source) {
      const watched = new WatchedSource(body.source, collector, headers.get("content-encoding"));
      response.body = Body.stream(watched, body.announced);
    } else if (body.buffered && !body.consumed) {
      collector.chunk(plain(response, body.buffered, this.#x.services.limits.bodyBytes));
      collector.done(true);
    }
  }

  async #tell(usage: TokenUsage, streamed: boolean): Promise<void> {
    this.#x.facts.tokens = usage;
    for (const watcher of this.#watchers) await watcher(usage, streamed);
  }
}

const UPLOADS = /^(multipart|image|audio|video)\/|^application\/octet-stream$/;

/** A body without its content coding; as it is where that is not known or not right. */
function plain(message: Message, bytes: Uint8Array, limit: number): Uint8Array {
  const encoding = message.headers.get("content-encoding");
  if (encoding === undefined) return bytes;
  try {
    return decodeContent(bytes, encoding, limit) ?? bytes;
  } catch {
    return bytes;
  }
}
