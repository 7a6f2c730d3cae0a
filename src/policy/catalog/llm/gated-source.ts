import type { BodySink, BodySource } from "../../exchange/body.ts";
import { deltaText } from "./completion.ts";
import { EventStream, eventJson } from "./event-stream.ts";

/** Bytes that wait for a check; a stream that says little in many bytes is checked before its window is full. */
const MOST_HELD = 1 << 20;

/** Windows of a text, and who checks them. */
export interface Gate {
  /** Characters that are checked together. */
  size: number;
  /** How many of the last characters are checked once more with the next ones: words may lie on the border. */
  overlap: number;
  /** May the text pass? Rejects where that cannot be known, which stops the stream as well. */
  allows(text: string): Promise<boolean>;
  /** Told when the stream is stopped. */
  stopped(): void;
}

/** Does every window of a text pass? Rejects where that cannot be known. */
export async function allWindows(text: string, { size, overlap, allows }: Omit<Gate, "stopped">): Promise<boolean> {
  for (let from = 0; ; from += size - overlap) {
    if (!(await allows(text.slice(from, from + size)))) return false;
    if (from + size >= text.length) return true;
  }
}

/**
 * Passes an answer's server-sent events on once the text in them has been checked, window by window. On an objection the
 * stream just ends: its head has been sent already (policy reference 9.8).
 */
export class GatedSource implements BodySource, BodySink {
  readonly #source: BodySource;
  readonly #gate: Gate;
  readonly #events = new EventStream();
  #sink: BodySink | undefined;
  /** Events that came and are not looked at yet: windows do not depend on how a stream arrives. */
  #waiting: Uint8Array[] = [];
  /** Events that have to be checked, and the text in them. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #text = "";
  /** The end of what was checked last. */
  #tail = "";
  /** Events that may pass. */
  #cleared: Uint8Array[] = [];
  #checking = false;
  /** The sink wants no more for now. */
  #blocked = false;
  /** The source was told to hold back. */
  #paused = false;
  #ended = false;

  constructor(source: BodySource, gate: Gate) {
    this.#source = source;
    this.#gate = gate;
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    this.#source.start(this);
  }

  write(chunk: Uint8Array): boolean {
    this.#events.push(chunk, (event) => this.#waiting.push(event));
    // An event that was too long to be kept cannot be checked.
    if (this.#events.lost) this.#stop();
    else this.#proceed();
    this.#paused = this.#sink !== undefined && (this.#checking || this.#blocked);
    return !this.#paused;
  }

  end(): void {
    this.#ended = true;
    const rest = this.#events.rest();
    if (rest.byteLength > 0) this.#waiting.push(rest);
    this.#proceed();
  }

  fail(error: Error): void {
    this.#finish()?.fail(error);
  }

  resume(): void {
    this.#blocked = false;
    this.#proceed();
  }

  cancel(reason?: Error): void {
    this.#finish();
    this.#source.cancel(reason);
  }

  #hold(event: Uint8Array): void {
    this.#held.push(event);
    this.#heldBytes += event.byteLength;
    this.#text += deltaText(eventJson(event));
  }

  /** Passes on what may pass, checks what has to be checked, and asks for more or ends. */
  #proceed(): void {
    while (this.#passOn() && !this.#checking) {
      const event = this.#waiting.shift();
      if (event) this.#hold(event);
      if (this.#text === "") {
        this.#clear(this.#held);
        this.#held = [];
        this.#heldBytes = 0;
        if (event || this.#cleared.length > 0) continue;
      } else if (this.#isFull() || (this.#ended && !event)) {
        this.#check();
        return;
      } else if (event) continue;
      if (this.#ended) this.#finish()?.end();
      else if (this.#paused) {
        this.#paused = false;
        this.#source.resume();
      }
      return;
    }
  }

  #isFull(): boolean {
    return this.#tail.length + this.#text.length >= this.#gate.size || this.#heldBytes > MOST_HELD;
  }

  #check(): void {
    const events = this.#held;
    const text = this.#tail + this.#text;
    this.#held = [];
    this.#heldBytes = 0;
    this.#text = "";
    this.#tail = this.#gate.overlap > 0 ? text.slice(-this.#gate.overlap) : "";
    this.#checking = true;
    allWindows(text, this.#gate)
      .catch(() => false)
      .then((allowed) => {
        this.#checking = false;
        if (allowed) {
          this.#clear(events);
          this.#proceed();
        } else {
          this.#stop();
        }
      });
  }

  #clear(events: readonly Uint8Array[]): void {
    for (const event of events) this.#cleared.push(event);
  }

  /** @returns whether all that may pass has passed. */
  #passOn(): boolean {
    while (this.#sink && !this.#blocked) {
      const event = this.#cleared.shift();
      if (!event) return true;
      this.#blocked = !this.#sink.write(event);
    }
    return false;
  }

  #stop(): void {
    const sink = this.#finish();
    if (!sink) return;
    this.#gate.stopped();
    if (!this.#ended) this.#source.cancel();
    sink.end();
  }

  #finish(): BodySink | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    this.#waiting = [];
    this.#held = [];
    this.#cleared = [];
    return sink;
  }
}
