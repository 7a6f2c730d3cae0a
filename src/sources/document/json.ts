/** What {@link scanJson} meets, in the order of the text. Offsets are 0-based indexes into it. */
export interface JsonEvents {
  open(kind: "object" | "array", offset: number): void;
  close(): void;
  key(name: string, offset: number): void;
  scalar(value: string | number | boolean | null, offset: number, end: number): void;
}

export interface JsonError {
  offset: number;
  message: string;
}

/** How deep objects and arrays may nest: more is no document that a person means, and walking it would exhaust the stack. */
export const MAX_DEPTH = 200;

/**
 * Reads JSON strictly (RFC 8259) from front to back and tells what it meets. `JSON.parse` knows neither positions
 * nor repeated names, and the YAML reader takes a hundred times as long, which matters for large OpenAPI documents.
 * @returns the first error, or undefined for valid JSON.
 */
export function scanJson(text: string, events: JsonEvents): JsonError | undefined {
  try {
    new Scanner(text, events).run();
    return undefined;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { offset: error.offset, message: error.message };
    throw error;
  }
}

class JsonSyntaxError extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z]+/y;
const WORDS = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

class Scanner {
  readonly #text: string;
  readonly #events: JsonEvents;
  #at = 0;

  constructor(text: string, events: JsonEvents) {
    this.#text = text;
    this.#events = events;
  }

  run(): void {
    const open: ("object" | "array")[] = [];
    do {
      let container = this.#value();
      if (container) {
        if (open.push(container) > MAX_DEPTH) throw new JsonSyntaxError(this.#at - 1, "nested too deeply");
        if (!this.#closes(container)) {
          if (container === "object") this.#key();
          continue;
        }
        open.pop();
      }
      while ((container = open.at(-1))) {
        this.#space();
        if (this.#closes(container)) {
          open.pop();
          continue;
        }
        if (this.#text[this.#at] !== ",") throw this.#unexpected(`"," or "${closing(container)}"`);
        this.#at++;
        if (container === "object") this.#key();
        break;
      }
    } while (open.length > 0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected("the end");
  }

  /** Reads a scalar, or the beginning of a container, which is returned. */
  #value(): "object" | "array" | undefined {
    this.#space();
    const start = this.#at;
    const first = this.#text[start];
    if (first === "{" || first === "[") {
      this.#at++;
      const kind = first === "{" ? "object" : "array";
      this.#events.open(kind, start);
      return kind;
    }
    const value = first === '"' ? this.#string() : this.#literal();
    this.#events.scalar(value, start, this.#at);
    return undefined;
  }

  #closes(container: "object" | "array"): boolean {
    this.#space();
    if (this.#text[this.#at] !== closing(container)) return false;
    this.#at++;
    this.#events.close();
    return true;
  }

  #key(): void {
    this.#space();
    const start = this.#at;
    if (this.#text[start] !== '"') throw this.#unexpected('a property name in double quotes (or "}" without a comma)');
    this.#events.key(this.#string(), start);
    this.#space();
    if (this.#text[this.#at] !== ":") throw this.#unexpected('":"');
    this.#at++;
  }

  #literal(): number | boolean | null {
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      return Number(number);
    }
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0] ?? "";
    const value = WORDS.get(word);
    if (value === undefined) throw this.#unexpected("a value");
    this.#at += word.length;
    return value;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    let escaped = false;
    let at = start + 1;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) break;
      if (code === 0x5c) {
        escaped = true;
        at++;
      } else if (Number.isNaN(code)) throw new JsonSyntaxError(start, "the string is not closed");
      else if (code < 0x20) throw new JsonSyntaxError(at, "a string may not hold a line break or control character");
    }
    this.#at = at + 1;
    if (!escaped) return text.slice(start + 1, at);
    try {
      return JSON.parse(text.slice(start, at + 1)) as string;
    } catch {
      throw new JsonSyntaxError(start, "the string holds an invalid escape sequence");
    }
  }

  #space(): void {
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    }
  }

  #unexpected(expected: string): JsonSyntaxError {
    const found = this.#text.codePointAt(this.#at);
    const what = found === undefined ? "the file ends" : `unexpected ${JSON.stringify(String.fromCodePoint(found))}`;
    return new JsonSyntaxError(this.#at, `${what} where ${expected} should stand`);
  }
}

function closing(container: "object" | "array"): string {
  return container === "object" ? "}" : "]";
}
