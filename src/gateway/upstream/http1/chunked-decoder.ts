import { isNameByte, isTextByte, malformed } from "./response-head.ts";

/** Bytes of all chunk extensions of a body at most, and of its trailer section. */
const MOST_EXTENSIONS = 16 * 1024;
const MOST_TRAILERS = 16 * 1024;
/** Hexadecimal digits of a chunk's size: more could not be counted exactly. */
const MOST_DIGITS = 12;

const CR = 13;
const LF = 10;
const COLON = 58;
const SEMICOLON = 59;

type State =
  | "size"
  | "extension"
  | "size-lf"
  | "data"
  | "data-cr"
  | "data-lf"
  | "trailer"
  | "trailer-name"
  | "trailer-value"
  | "trailer-lf"
  | "end-lf"
  | "done";

/**
 * Takes the chunked transfer coding (RFC 9112 section 7.1) off a body, strictly. Extensions and trailers are checked,
 * counted and dropped. The content of each read is left in one piece in the read's own memory.
 */
export class ChunkedDecoder {
  /** Where the content of the last read stands. */
  from = 0;
  to = 0;
  #state: State = "size";
  /** Bytes of the current chunk that have not come; its size while that is read. */
  #left = 0;
  #digits = 0;
  #extensions = 0;
  #trailers = 0;

  /** The last chunk and the trailer section have come. */
  get done(): boolean {
    return this.#state === "done";
  }

  /**
   * Decodes the bytes from `start` to `end` in place. @returns where the message ended, or `end`.
   * @throws {BackendError} `protocol`
   */
  decode(bytes: Uint8Array, start: number, end: number): number {
    this.from = start;
    this.to = start;
    let at = start;
    while (at < end && this.#state !== "done") {
      if (this.#state === "data") {
        const size = Math.min(this.#left, end - at);
        this.#take(bytes, at, size);
        at += size;
        this.#left -= size;
        if (this.#left === 0) this.#state = "data-cr";
      } else {
        this.#state = this.#next(bytes[at++] as number);
      }
    }
    return at;
  }

  /** Moves a piece of content behind the one before. */
  #take(bytes: Uint8Array, at: number, size: number): void {
    if (this.to === this.from) {
      this.from = at;
      this.to = at;
    } else if (this.to !== at) {
      bytes.copyWithin(this.to, at, at + size);
    }
    this.to += size;
  }

  /** The state after one byte of framing. */
  #next(byte: number): State {
    switch (this.#state) {
      case "size":
        return this.#size(byte);
      case "extension":
        if (byte === CR) return "size-lf";
        if (!isTextByte(byte) || ++this.#extensions > MOST_EXTENSIONS) throw invalid("a chunk extension");
        return "extension";
      case "size-lf":
        if (byte !== LF) throw invalid("a chunk size");
        this.#digits = 0;
        return this.#left === 0 ? "trailer" : "data";
      case "data-cr":
        if (byte !== CR) throw invalid("the end of a chunk");
        return "data-lf";
      case "data-lf":
        if (byte !== LF) throw invalid("the end of a chunk");
        return "size";
      default:
        return this.#trailer(byte);
    }
  }

  #size(byte: number): State {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (++this.#digits > MOST_DIGITS) throw invalid("a chunk size");
      this.#left = this.#left * 16 + digit;
      return "size";
    }
    if (this.#digits === 0) throw invalid("a chunk size");
    if (byte === CR) return "size-lf";
    if (byte === SEMICOLON) return "extension";
    throw invalid("a chunk size");
  }

  #trailer(byte: number): State {
    if (++this.#trailers > MOST_TRAILERS) throw malformed("its trailer section is too large");
    switch (this.#state) {
      case "trailer":
        if (byte === CR) return "end-lf";
        break;
      case "trailer-name":
        if (byte === COLON) return "trailer-value";
        break;
      case "trailer-value":
        if (byte === CR) return "trailer-lf";
        if (isTextByte(byte)) return "trailer-value";
        throw invalid("a trailer field");
      case "trailer-lf":
        if (byte === LF) return "trailer";
        throw invalid("a trailer field");
      default:
        if (byte === LF) return "done";
        throw invalid("the end of the trailer section");
    }
    if (isNameByte(byte)) return "trailer-name";
    throw invalid("a trailer field");
  }
}

/** -1 where it is none. */
function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function invalid(what: string): Error {
  return malformed(`${what} is not valid`);
}
