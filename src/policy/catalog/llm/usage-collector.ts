import { chain } from "../async/chain.ts";
import { completionText, deltaText } from "./completion.ts";
import { EventStream, eventJson } from "./event-stream.ts";
import { parseJsonBytes } from "./json-shape.ts";
import { TokenMeter } from "./token-counter.ts";
import { readUsage, type TokenUsage } from "./usage.ts";
import type { BodyWatcher } from "./watched-source.ts";

/** What was learnt of a call's cost: what the model said, and an estimate of the answer for what it did not say. */
export interface UsageReading extends Partial<TokenUsage> {
  /** Estimates the tokens of the answer. */
  estimate(): number | Promise<number>;
}

/** Reads the cost of an answer while it streams: server-sent events, or one JSON array that grows (Vertex AI). */
export class UsageCollector implements BodyWatcher {
  readonly #finished: (reading: UsageReading) => void;
  readonly #jsonLimit: number | undefined;
  readonly #events = new EventStream();
  readonly #meter = new TokenMeter();
  #json: Uint8Array[] = [];
  #size = 0;
  #usage: Partial<TokenUsage> = {};

  /**
   * @param finished called once, when the stream is over.
   * @param jsonLimit where the answer is JSON: the bytes of it that are kept.
   */
  constructor(finished: (reading: UsageReading) => void, jsonLimit?: number) {
    this.#finished = finished;
    this.#jsonLimit = jsonLimit;
  }

  chunk(bytes: Uint8Array): void {
    if (this.#jsonLimit === undefined) {
      this.#events.push(bytes, (event) => {
        const answer = eventJson(event);
        this.#learn(answer, deltaText(answer));
      });
    } else if (this.#size + bytes.byteLength <= this.#jsonLimit) {
      this.#size += bytes.byteLength;
      this.#json.push(bytes);
    }
  }

  /** A stream that broke off has told less than it cost: what was counted is the least. */
  done(complete: boolean): void {
    if (this.#jsonLimit !== undefined) this.#readJson();
    const meter = this.#meter;
    const { completion, ...usage } = this.#usage;
    const estimate = () => meter.total();
    if (complete || completion === undefined) this.#finished({ ...this.#usage, estimate });
    else this.#finished({ ...usage, estimate: () => chain(meter.total(), (total) => Math.max(completion, total)) });
  }

  #readJson(): void {
    const bytes = Buffer.concat(this.#json, this.#size);
    const answer = parseJsonBytes(bytes);
    if (answer !== undefined) this.#learn(answer, completionText(answer));
    else
      for (const [, text = ""] of bytes.toString("utf8").matchAll(/"text"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)"/g))
        this.#meter.add(text);
  }

  #learn(answer: unknown, text: string): void {
    const usage = readUsage(answer);
    if (usage) this.#usage = { ...this.#usage, ...usage };
    if (text !== "") this.#meter.add(text);
  }
}
