import type { Diagnostic } from "../../model/diagnostic.ts";
import type { SourceFile } from "../../model/source-text.ts";
import { decode } from "./entities.ts";
import type { DocumentFormat } from "./tree.ts";

/**
 * Bounds on a document, so that hostile text costs little. `size` counts UTF-16 code units, `nodes` attributes too;
 * `errors` is where reading stops, `warnings` where warnings are no longer listed.
 */
export const LIMITS = { size: 4 * 1024 * 1024, depth: 200, nodes: 300_000, errors: 50, warnings: 100 } as const;

/**
 * How many times one document may be mended. A mend may look ahead far, so that this number (with the limit on an
 * expression's length) is what keeps parsing linear.
 */
const MENDS = 50;

/** How far a mend looks ahead for the place where things make sense again, in UTF-16 code units. */
export const MEND_WINDOW = 64 * 1024;

/** One run of the parser over one file: what is being read, what was found, and when it is enough. */
export class Reading {
  readonly file: SourceFile;
  readonly text: string;
  readonly format: DocumentFormat;
  readonly diagnostics: Diagnostic[] = [];
  /** Set when the rest of the file is not read any more; the reason has been reported. */
  stopped = false;
  #errors = 0;
  #warnings = 0;
  #mends = 0;
  #lookAheads = 0;
  #nodes = 0;

  constructor(file: SourceFile, format: DocumentFormat) {
    this.file = file;
    this.text = file.text;
    this.format = format;
  }

  /** How many errors were reported so far. */
  get errors(): number {
    return this.#errors;
  }

  error(code: string, offset: number, message: string, hint?: string): void {
    if (this.stopped) return;
    this.diagnostics.push(this.file.diagnostic("error", code, offset, message, hint));
    if (++this.#errors >= LIMITS.errors) {
      this.stop("too-many-errors", offset, `More than ${LIMITS.errors} errors: the rest was not read.`);
    }
  }

  warning(code: string, offset: number, message: string, hint?: string): void {
    if (this.stopped || this.#warnings++ >= LIMITS.warnings) return;
    this.diagnostics.push(this.file.diagnostic("warning", code, offset, message, hint));
  }

  /** Reports why nothing more is read. */
  stop(code: string, offset: number, message: string): void {
    if (this.stopped) return;
    this.diagnostics.push(this.file.diagnostic("error", code, offset, message));
    this.stopped = true;
  }

  /** To be called before each look-ahead that mends something. */
  mend(offset: number): void {
    if (++this.#mends > MENDS) this.stop("too-many-errors", offset, "Too many errors: the rest was not read.");
  }

  /** Whether one more look-ahead is affordable that is made on suspicion, without an error. */
  mayLookAhead(): boolean {
    return this.#lookAheads++ < MENDS;
  }

  /** To be called for each node and attribute. */
  count(offset: number): void {
    if (++this.#nodes > LIMITS.nodes) {
      this.stop(
        "too-many-nodes",
        offset,
        `More than ${LIMITS.nodes} elements, attributes and texts: the rest was not read.`,
      );
    }
  }

  /** `line 3, column 5`, for messages that point at a second place. */
  place(offset: number): string {
    const { line, column } = this.file.position(offset);
    return `line ${line}, column ${column}`;
  }

  /** The decoded value of a literal (not an expression), where each ampersand must begin a reference. */
  decodeLiteral(start: number, end: number, whitespace: "keep" | "space", what: string) {
    let reported = false;
    return decode(this.file, start, end, whitespace, (offset) => {
      if (reported) return;
      reported = true;
      const reference = /^&[#\w]{1,32};/.exec(this.text.slice(offset, offset + 40))?.[0];
      if (reference) {
        this.error("unknown-entity", offset, `${reference} in ${what} is not a character that XML knows.`, ENTITIES);
      } else {
        this.error("unescaped-ampersand", offset, `In ${what}, an ampersand must be written &amp;.`);
      }
    });
  }
}

const ENTITIES = "known are &lt; &gt; &amp; &quot; &apos; and numbers such as &#xA;";
