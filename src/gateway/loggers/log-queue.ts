import type { LogEvent } from "../../policy/exchange/loggers.ts";
import type { Clock } from "../../policy/exchange/services.ts";

/** An event with the time (epoch milliseconds) at which it was logged. */
export interface QueuedEvent extends LogEvent {
  time: number;
}

/** Delivers events in order. Rejects when none of them could be delivered. */
export type Deliver = (events: readonly QueuedEvent[]) => Promise<void>;

export interface QueueLimits {
  /** Events that may wait. */
  events: number;
  /** UTF-16 code units of the texts that may wait. */
  characters: number;
}

const LIMITS: QueueLimits = { events: 10_000, characters: 32 << 20 };
/** What one delivery takes at most. */
const BATCH_EVENTS = 100;
const BATCH_CHARACTERS = 256 * 1024;
/** Milliseconds to wait before each further attempt. */
const RETRIES_MS = [500, 2000];

export type DropReason = "queue full" | "delivery failed";

/**
 * Events that wait for one logger. One delivery runs at a time; one that fails is tried again a little later, then its
 * events are dropped, so that a target that is gone holds neither memory nor requests.
 */
export class LogQueue {
  readonly #clock: Clock;
  readonly #dropped: (count: number, reason: DropReason) => void;
  readonly #limits: QueueLimits;
  /** Replaced when a plan brings other secrets. */
  deliver: Deliver;
  #waiting: QueuedEvent[] = [];
  #characters = 0;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(
    clock: Clock,
    deliver: Deliver,
    dropped: (count: number, reason: DropReason) => void,
    limits: QueueLimits = LIMITS,
  ) {
    this.#clock = clock;
    this.deliver = deliver;
    this.#dropped = dropped;
    this.#limits = limits;
  }

  add(event: LogEvent): void {
    const size = sizeOf(event);
    if (this.#waiting.length >= this.#limits.events || this.#characters + size > this.#limits.characters) {
      this.#dropped(1, "queue full");
      return;
    }
    this.#waiting.push({ ...event, time: this.#clock.now() });
    this.#characters += size;
    this.#running ??= this.#run();
  }

  /** Resolves when nothing waits any more. What fails from now on is not tried again. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#running ?? Promise.resolve();
  }

  async #run(): Promise<void> {
    // Those that are logged in the same moment travel together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      if (!(await this.#delivered(batch))) this.#dropped(batch.length, "delivery failed");
    }
    this.#running = undefined;
  }

  #take(): QueuedEvent[] {
    let characters = 0;
    let count = 0;
    for (const event of this.#waiting) {
      const size = sizeOf(event);
      if (count >= BATCH_EVENTS || (count > 0 && characters + size > BATCH_CHARACTERS)) break;
      characters += size;
      count++;
    }
    this.#characters -= characters;
    return this.#waiting.splice(0, count);
  }

  async #delivered(batch: readonly QueuedEvent[]): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.deliver(batch);
        return true;
      } catch {
        const wait = this.#closed ? undefined : RETRIES_MS[attempt];
        if (wait === undefined) return false;
        await this.#clock.sleep(wait);
      }
    }
  }
}

function sizeOf({ text, partitionKey = "", partitionId = "" }: LogEvent): number {
  return text.length + partitionKey.length + partitionId.length;
}
