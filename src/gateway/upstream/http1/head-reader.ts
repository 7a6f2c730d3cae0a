import { beginsLikeStatusLine, malformed, parseResponseHead, type ResponseHead } from "./response-head.ts";

/** Most heads are smaller and come in one read: they are parsed where they are. */
const USUAL_BYTES = 4096;
const CR = 13;
const LF = 10;

/**
 * Finds response heads in what a connection delivers, also where they come in pieces: those are put together first, and
 * looked at once, so that a backend that sends byte by byte costs no more than its bytes.
 */
export class HeadReader {
  readonly #most: number;
  /** The beginning of a head whose end has not come. */
  #partial: Buffer | undefined;
  #length = 0;
  /** Line ends seen directly before the end of what was collected, as bytes of CR LF CR LF. */
  #matched = 0;

  /** `most`: bytes of one head at most. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Has part of a head come? */
  get begun(): boolean {
    return this.#length > 0;
  }

  /**
   * Reads on from `start`. @returns the head, and by {@link ResponseHead.bytes} how many of these bytes belonged to it;
   * undefined where more must come. @throws {BackendError} `protocol`
   */
  read(bytes: Buffer, start: number, end: number): ResponseHead | undefined {
    if (start >= end) return undefined;
    if (this.#length === 0) {
      const text = bytes.toString("latin1", start, Math.min(end, start + USUAL_BYTES));
      const head = parseResponseHead(bytes, start, end, text);
      if (head) {
        if (head.bytes > this.#most) throw this.#tooLarge();
        return head;
      }
    }
    return this.#collect(bytes, start, end);
  }

  #collect(bytes: Buffer, start: number, end: number): ResponseHead | undefined {
    let at = start;
    while (at < end && this.#matched < 4) this.#match(bytes[at++] as number);
    const taken = at - start;
    this.#append(bytes, start, at);
    const partial = this.#partial as Buffer;
    if (this.#matched < 4) {
      if (!beginsLikeStatusLine(partial.toString("latin1", 0, Math.min(this.#length, 16)))) {
        throw malformed("it does not begin with an HTTP/1 status line");
      }
      return undefined;
    }
    const head = parseResponseHead(partial, 0, this.#length, partial.toString("latin1", 0, this.#length));
    // The empty line ends every head that is one.
    if (!head) throw malformed("its head is not valid");
    head.bytes = taken;
    this.#partial = undefined;
    this.#length = 0;
    this.#matched = 0;
    return head;
  }

  #match(byte: number): void {
    if (byte === LF) {
      if ((this.#matched & 1) === 0) throw malformed("a LF in its head has no CR");
      this.#matched++;
    } else if (byte === CR) {
      this.#matched = this.#matched === 2 ? 3 : 1;
    } else {
      this.#matched = 0;
    }
  }

  #append(bytes: Buffer, start: number, end: number): void {
    const needed = this.#length + end - start;
    if (needed > this.#most) throw this.#tooLarge();
    if (!this.#partial || this.#partial.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(1024, 2 * needed));
      this.#partial?.copy(larger, 0, 0, this.#length);
      this.#partial = larger;
    }
    bytes.copy(this.#partial, this.#length, start, end);
    this.#length = needed;
  }

  #tooLarge(): Error {
    return malformed(`its head is larger than ${this.#most} bytes`);
  }
}
