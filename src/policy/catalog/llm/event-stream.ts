/** Bytes of one event; a longer one is none that a language model sends. */
const LONGEST_EVENT = 1 << 20;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Divides a stream of server-sent events (WHATWG HTML, section 9.2) into its events, in linear time and bounded memory. */
export class EventStream {
  /** An event was too long to be kept: what has been seen is not all there was. */
  lost = false;
  #chunks: Uint8Array[] = [];
  #size = 0;
  /** Nothing but a carriage return stands in the current line. */
  #lineEmpty = true;
  /** The current event has nothing but blank lines yet. */
  #blankSoFar = true;
  #skipping = false;

  /** Takes what has arrived, and hands on the events that are complete with it, each with the blank line that ends it. */
  push(chunk: Uint8Array, complete: (event: Uint8Array) => void): void {
    let start = 0;
    for (let from = 0; ; ) {
      const end = chunk.indexOf(LINE_FEED, from);
      if (end < 0) {
        this.#lineEmpty &&= isBlank(chunk, from, chunk.length);
        break;
      }
      const blank = this.#lineEmpty && isBlank(chunk, from, end);
      this.#lineEmpty = true;
      from = end + 1;
      if (!blank) this.#blankSoFar = false;
      // Blank lines before an event belong to it.
      if (!blank || this.#blankSoFar) continue;
      this.#keep(chunk.subarray(start, from));
      start = from;
      const event = this.#take();
      if (event) complete(event);
    }
    this.#keep(chunk.subarray(start));
  }

  /** What has arrived of an event that is not complete. */
  rest(): Uint8Array {
    return this.#take() ?? new Uint8Array(0);
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.byteLength === 0 || this.#skipping) return;
    this.#size += bytes.byteLength;
    if (this.#size > LONGEST_EVENT) {
      this.lost = true;
      this.#skipping = true;
      this.#chunks = [];
    } else {
      this.#chunks.push(bytes);
    }
  }

  #take(): Uint8Array | undefined {
    const [only, second] = this.#chunks;
    const event = this.#skipping ? undefined : second || !only ? Buffer.concat(this.#chunks, this.#size) : only;
    this.#blankSoFar = true;
    this.#chunks = [];
    this.#size = 0;
    this.#skipping = false;
    return event;
  }
}

/** The data of an event: its `data` lines joined. Empty for comments. */
export function eventData(event: Uint8Array): string {
  const lines = Buffer.from(event.buffer, event.byteOffset, event.byteLength).toString("utf8").split(/\r?\n/);
  const data = lines.filter((line) => line.startsWith("data:"));
  return data.map((line) => (line.charAt(5) === " " ? line.slice(6) : line.slice(5))).join("\n");
}

/** The data of an event as JSON; undefined for `[DONE]` and whatever else is no JSON. */
export function eventJson(event: Uint8Array): unknown {
  const data = eventData(event);
  if (!data.startsWith("{")) return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  return to === from || (to === from + 1 && bytes[from] === CARRIAGE_RETURN);
}
