import type { Diagnostic, Severity } from "./diagnostic.ts";

/** A file's text with line look-up, so that an offset becomes `line:column` when (and only when) something is reported. */
export class SourceFile {
  readonly name: string;
  readonly text: string;
  #lineStarts: number[] | undefined;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  /** 1-based line and column of a 0-based offset into `text`. */
  position(offset: number): { line: number; column: number } {
    this.#lineStarts ??= lineStarts(this.text);
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 };
  }

  /** A finding at an offset of this file. */
  diagnostic(severity: Severity, code: string, offset: number, message: string, hint?: string): Diagnostic {
    const at = this.position(offset);
    return { severity, code, message, file: this.name, line: at.line, column: at.column, ...(hint ? { hint } : {}) };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === 10) starts.push(i + 1);
  return starts;
}

/** Where a run of decoded characters came from: `text` index `at` stands at file offset `source`. */
interface Segment {
  at: number;
  source: number;
  /** false: every character of the run maps to `source` itself (a decoded entity, a substituted value). */
  verbatim: boolean;
}

/**
 * Text taken out of a file and decoded or substituted on the way (entities, named values), which still knows
 * the file offset of each of its characters. Expressions are compiled from this, so that an error in the
 * middle of an expression is reported where the author wrote it.
 */
export class SourceText {
  readonly file: SourceFile;
  readonly text: string;
  readonly #segments: readonly Segment[];

  constructor(file: SourceFile, text: string, segments: readonly Segment[]) {
    this.file = file;
    this.text = text;
    this.#segments = segments;
  }

  /** Text as written, without any decoding, from `start` to `end` of the file. */
  static verbatim(file: SourceFile, start: number, end: number): SourceText {
    return new SourceText(file, file.text.slice(start, end), [{ at: 0, source: start, verbatim: true }]);
  }

  /** Text that stands in no file (an expression typed at a prompt). */
  static of(text: string, name = "expression"): SourceText {
    return SourceText.verbatim(new SourceFile(name, text), 0, text.length);
  }

  /** The file offset of the character at `index` of `text`. */
  offset(index: number): number {
    const found = this.#segments[this.#segmentAt(index)];
    if (!found) return 0;
    return found.verbatim ? found.source + (index - found.at) : found.source;
  }

  /** Which segment holds `index`: the last that begins at or before it, -1 if none does. */
  #segmentAt(index: number): number {
    let low = -1;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#segments[middle] as Segment).at <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The part from `start` to `end` (indexes of `text`), positions kept. */
  slice(start: number, end = this.text.length): SourceText {
    const segments: Segment[] = [];
    for (let i = Math.max(0, this.#segmentAt(start)); i < this.#segments.length; i++) {
      const segment = this.#segments[i] as Segment;
      if (segment.at >= end && segment.at > start) break;
      const skipped = Math.max(0, start - segment.at);
      segments.push({
        at: Math.max(0, segment.at - start),
        source: segment.verbatim ? segment.source + skipped : segment.source,
        verbatim: segment.verbatim,
      });
    }
    return new SourceText(this.file, this.text.slice(start, end), segments);
  }

  trim(): SourceText {
    const start = this.text.length - this.text.trimStart().length;
    const end = this.text.trimEnd().length;
    return this.slice(start, Math.max(start, end));
  }

  /**
   * Each non-overlapping match of `pattern` (global) replaced by `replace(match)`; undefined leaves the match.
   * Replaced characters map to where the match began.
   */
  replace(pattern: RegExp, replace: (match: RegExpMatchArray) => string | undefined): SourceText {
    const builder = new SourceTextBuilder(this.file);
    let from = 0;
    for (const match of this.text.matchAll(pattern)) {
      const replacement = replace(match);
      if (replacement === undefined) continue;
      builder.append(this.slice(from, match.index));
      builder.mapped(replacement, this.offset(match.index));
      from = match.index + match[0].length;
    }
    if (from === 0) return this;
    builder.append(this.slice(from));
    return builder.build();
  }

  diagnostic(severity: Severity, code: string, index: number, message: string, hint?: string): Diagnostic {
    return this.file.diagnostic(severity, code, this.offset(index), message, hint);
  }

  /** The segments, for building longer texts from this one. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }
}

/** Collects decoded runs into a {@link SourceText}. */
export class SourceTextBuilder {
  readonly #file: SourceFile;
  readonly #segments: Segment[] = [];
  #text = "";

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /** Characters copied as they stand in the file at `start`. */
  verbatim(start: number, end: number): void {
    if (end <= start) return;
    this.#segments.push({ at: this.#text.length, source: start, verbatim: true });
    this.#text += this.#file.text.slice(start, end);
  }

  /** Characters that stand for the file's text at `source` (a decoded entity). */
  mapped(text: string, source: number): void {
    if (text === "") return;
    this.#segments.push({ at: this.#text.length, source, verbatim: false });
    this.#text += text;
  }

  append(part: SourceText): void {
    if (part.text === "") return;
    const base = this.#text.length;
    for (const s of part.segments) this.#segments.push({ ...s, at: base + s.at });
    this.#text += part.text;
  }

  build(): SourceText {
    return new SourceText(this.#file, this.#text, this.#segments);
  }
}
