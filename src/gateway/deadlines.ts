/** Something that may take too long. `expired` is called once, unless it was disarmed or armed again before. */
export abstract class Timed {
  // Place in the queue of those that wait equally long; for the queue alone.
  queue: DeadlineQueue | undefined = undefined;
  dueAt = 0;
  earlier: Timed | undefined = undefined;
  later: Timed | undefined = undefined;

  abstract expired(): void;
}

/**
 * Deadlines without a timer each: what waits equally long forms a queue whose head is due first, so arming and
 * disarming are a few assignments, and one timer per distinct duration serves all requests.
 */
export class Deadlines {
  readonly #queues = new Map<number, DeadlineQueue>();

  /** (Re)starts the time of `timed`: `expired` is called in `ms` milliseconds (rounded up). */
  arm(timed: Timed, ms: number): void {
    const rounded = Math.ceil(ms);
    let queue = this.#queues.get(rounded);
    if (!queue) {
      queue = new DeadlineQueue(rounded, () => this.#queues.delete(rounded));
      this.#queues.set(rounded, queue);
    }
    queue.add(timed);
  }

  /** Calls it off. Safe at any time. */
  disarm(timed: Timed): void {
    timed.queue?.remove(timed);
  }
}

/** Milliseconds past which a timer cannot be set in Node. */
const LONGEST_TIMER = 2 ** 31 - 1;

class DeadlineQueue {
  readonly #ms: number;
  readonly #emptied: () => void;
  #first: Timed | undefined;
  #last: Timed | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, emptied: () => void) {
    this.#ms = ms;
    this.#emptied = emptied;
  }

  add(timed: Timed): void {
    timed.queue?.remove(timed);
    timed.queue = this;
    timed.dueAt = performance.now() + this.#ms;
    timed.earlier = this.#last;
    if (this.#last) this.#last.later = timed;
    else this.#first = timed;
    this.#last = timed;
    if (!this.#timer) this.#schedule(this.#ms);
  }

  remove(timed: Timed): void {
    if (timed.earlier) timed.earlier.later = timed.later;
    else this.#first = timed.later;
    if (timed.later) timed.later.earlier = timed.earlier;
    else this.#last = timed.earlier;
    timed.earlier = undefined;
    timed.later = undefined;
    timed.queue = undefined;
  }

  /** A timer that finds nothing due sets itself anew, so disarming never touches it. */
  #schedule(ms: number): void {
    this.#timer = setTimeout(() => this.#check(), Math.min(Math.max(ms, 1), LONGEST_TIMER));
    this.#timer.unref();
  }

  #check(): void {
    const now = performance.now();
    try {
      for (let head = this.#first; head && head.dueAt <= now; head = this.#first) {
        this.remove(head);
        head.expired();
      }
    } finally {
      this.#timer = undefined;
      if (this.#first) this.#schedule(this.#first.dueAt - performance.now());
      else this.#emptied();
    }
  }
}
