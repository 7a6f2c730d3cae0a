import { type SourceFile, SourceText } from "../../model/source-text.ts";
import { forbiddenCharacters, nameAt, skipSpace } from "./characters.ts";
import { isExpression } from "./csharp-scan.ts";
import { OpenElements } from "./open-elements.ts";
import { LIMITS, Reading } from "./reading.ts";
import { readStartTag } from "./start-tag.ts";
import { readText, warnOfEmbeddedExpression, warnOfSplitExpression } from "./text.ts";
import type { Document, DocumentFormat, Element, Node } from "./tree.ts";

/**
 * Parses a policy document or fragment, as written by people (`rawxml`, the default) or as well-formed XML (`xml`).
 * Never throws, takes time linear in the text, and keeps every character: `print(parseDocument(file))` is the text.
 * What is wrong is in `diagnostics`, and the tree is then the best guess.
 */
export function parseDocument(file: SourceFile, options: { format?: DocumentFormat } = {}): Document {
  return new Parser(new Reading(file, options.format ?? "rawxml")).parse();
}

class Parser {
  readonly #reading: Reading;
  readonly #open: OpenElements;
  readonly #children: Node[] = [];
  #at = 0;
  #root: Element | undefined;
  /** Whether something broken took the rest of the file, so that open elements are no news. */
  #swallowed = false;
  /** Whether something outside of the root element was reported: the rest out there is a consequence. */
  #outsideReported = false;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#open = new OpenElements(reading, (element) => warnOfSplitExpression(reading, element));
  }

  parse(): Document {
    const reading = this.#reading;
    const { text } = reading;
    const byteOrderMark = text.charCodeAt(0) === 0xfeff;
    if (byteOrderMark) this.#at = 1;
    const start = this.#at;
    if (text.length > LIMITS.size) {
      const message = `The document is longer than ${LIMITS.size / 1024 / 1024} MiB and was not read.`;
      reading.stop("document-too-large", 0, message);
    } else {
      this.#checkCharacters();
    }
    while (this.#at < text.length && !reading.stopped) {
      const errors = reading.errors;
      if (text.charCodeAt(this.#at) === 60) this.#markup(start);
      else this.#text();
      if (this.#at === text.length && reading.errors > errors) this.#swallowed = true;
    }
    this.#open.finish(this.#at, this.#swallowed || reading.stopped);
    if (this.#at < text.length) this.#add({ kind: "stray", file: reading.file, start: this.#at, end: text.length });
    if (!this.#root && !this.#swallowed) {
      reading.error("no-root-element", start, "The document has no element: expected <policies> or <fragment>.");
    }
    return {
      file: reading.file,
      format: reading.format,
      byteOrderMark,
      children: this.#children,
      root: this.#root,
      diagnostics: inOrder(reading.diagnostics),
    };
  }

  #checkCharacters(): void {
    const found = forbiddenCharacters(this.#reading.text);
    if (!found) return;
    const code = this.#reading.text.charCodeAt(found.first).toString(16).toUpperCase().padStart(4, "0");
    const more = found.count > 1 ? `, and ${found.count - 1} more like it follow` : "";
    this.#reading.error("invalid-character", found.first, `The character U+${code} is not allowed in XML${more}.`);
  }

  #add(node: Node): void {
    const parent = this.#open.innermost;
    this.#reading.count(node.start);
    (parent ? parent.children : this.#children).push(node);
    this.#at = node.end;
  }

  #text(): void {
    const parent = this.#open.innermost;
    const node = readText(this.#reading, this.#at, parent);
    if (!parent) this.#outside(node.start, node.end);
    this.#add(node);
  }

  /** Text or CDATA that stands in no element: only white space may. */
  #outside(start: number, end: number): void {
    const visible = skipSpace(this.#reading.text, start, end);
    if (visible === end || this.#outsideReported) return;
    this.#outsideReported = true;
    const hint = "a document has one root element, <policies> or <fragment>, with everything inside";
    this.#reading.error("text-outside-root", visible, "Text stands outside of all elements.", hint);
  }

  #markup(documentStart: number): void {
    const { text } = this.#reading;
    const start = this.#at;
    if (text.startsWith("<!--", start)) {
      const end = this.#delimited(4, "-->", "The comment", "unclosed-comment");
      this.#comment(start, end);
    } else if (text.startsWith("<![CDATA[", start)) {
      this.#cdata(start);
    } else if (text.startsWith("<?", start)) {
      this.#instruction(start, start === documentStart);
    } else if (text.startsWith("<!", start)) {
      this.#declaration(start);
    } else if (text.startsWith("</", start)) {
      this.#endTag(start);
    } else if (nameAt(text, start + 1)) {
      this.#startTag(start);
    } else {
      this.#text();
    }
  }

  /** The end of something that `close` ends; without it, reports so and takes the rest of the file. */
  #delimited(opening: number, close: string, what: string, code: string): number {
    const { text } = this.#reading;
    const found = text.indexOf(close, this.#at + opening);
    if (found >= 0) return found + close.length;
    this.#reading.error(code, this.#at, `${what} that begins here is not closed: expected ${close}.`);
    this.#swallowed = true;
    return text.length;
  }

  #comment(start: number, end: number): void {
    const { file, text } = this.#reading;
    const inner = Math.max(start + 4, this.#swallowed ? end : end - 3);
    const hyphens = text.slice(start + 4, inner).indexOf("--");
    if (hyphens >= 0 || text.slice(start + 4, inner).endsWith("-")) {
      const at = hyphens >= 0 ? start + 4 + hyphens : inner - 1;
      this.#reading.warning("hyphens-in-comment", at, "XML allows no -- in a comment, and no - at its end.");
    }
    this.#add({ kind: "comment", file, start, end, value: SourceText.verbatim(file, start + 4, inner) });
  }

  #cdata(start: number): void {
    const { file } = this.#reading;
    const end = this.#delimited(9, "]]>", "The CDATA section", "unclosed-cdata");
    const value = SourceText.verbatim(file, start + 9, this.#swallowed ? end : end - 3);
    const expression = isExpression(value.text);
    const parent = this.#open.innermost;
    if (!parent) this.#outside(start, end);
    else if (!expression) warnOfEmbeddedExpression(this.#reading, value, `the text of <${parent.name}>`);
    this.#add({ kind: "cdata", file, start, end, value, expression });
  }

  #instruction(start: number, first: boolean): void {
    const { file, text } = this.#reading;
    const name = nameAt(text, start + 2);
    const end = this.#delimited(2, "?>", `The instruction <?${name}`, "unclosed-instruction");
    if (name.toLowerCase() === "xml" && !first) {
      this.#reading.error("misplaced-declaration", start, "An XML declaration may only stand at the very beginning.");
    }
    this.#add({ kind: "instruction", file, start, end, name });
  }

  /** `<!DOCTYPE …>`, with an internal subset in brackets, or something that XML does not know. */
  #declaration(start: number): void {
    const { file, text } = this.#reading;
    const doctype = /^<!doctype/i.test(text.slice(start, start + 9));
    const subset = doctype ? text.indexOf("[", start) : -1;
    const plainEnd = text.indexOf(">", start);
    if (plainEnd < 0) this.#swallowed = true;
    const close = doctype && subset >= 0 && subset < plainEnd ? text.indexOf("]", subset) : -1;
    const end = (close >= 0 ? text.indexOf(">", close) : plainEnd) + 1 || text.length;
    if (doctype) {
      const message = "A document type declaration is not allowed in a policy document.";
      this.#reading.error("doctype-not-allowed", start, message);
    } else {
      this.#reading.error("unknown-markup", start, "Expected a comment <!-- … --> or a section <![CDATA[ … ]]>.");
    }
    this.#add({ kind: doctype ? "doctype" : "stray", file, start, end });
  }

  #startTag(start: number): void {
    const { file } = this.#reading;
    const { end, selfClosing, doubtful, ...tag } = readStartTag(this.#reading, start);
    const parent = this.#open.innermost;
    const inner = { start: end, end };
    const element = { kind: "element" as const, file, start, end, parent, ...tag, selfClosing, inner, children: [] };
    if (!parent) {
      if (this.#root && !this.#outsideReported) {
        this.#outsideReported = true;
        const message = `<${tag.name}> follows the root element <${this.#root.name}>: a document has only one.`;
        this.#reading.error("second-root-element", start, message);
      }
      this.#root ??= element;
    }
    this.#add(element);
    if (selfClosing) return;
    this.#open.open(element, doubtful);
    if (this.#open.depth > LIMITS.depth) {
      const message = `<${tag.name}> is nested deeper than ${LIMITS.depth} elements: the rest was not read.`;
      this.#reading.stop("nesting-too-deep", start, message);
    }
  }

  #endTag(start: number): void {
    const { text, file } = this.#reading;
    const nameStart = skipSpace(text, start + 2);
    const name = nameAt(text, nameStart);
    let end = skipSpace(text, nameStart + name.length);
    if (text.charCodeAt(end) === 62 && name && nameStart === start + 2) {
      end++;
    } else {
      const open = this.#open.innermost;
      const expected = open ? `expected </${open.name}>` : "and no element is open";
      this.#reading.error("malformed-end-tag", start, `This end tag is malformed: ${expected}.`);
      while (end < text.length && !/[<>\n]/.test(text[end] as string)) end++;
      if (text.charCodeAt(end) === 62) end++;
    }
    const stray: Node = { kind: "stray", file, start, end };
    if (!this.#open.innermost) {
      if (!this.#outsideReported) {
        this.#reading.error("stray-end-tag", start, `</${name}> closes nothing: no element is open.`);
      }
      this.#outsideReported = true;
      this.#add(stray);
    } else if (!name || !this.#open.endTag(name, start, end)) {
      this.#add(stray);
    }
    this.#at = end;
  }
}

/** Findings in the order of the file: some (forbidden characters, open elements) are made out of turn. */
function inOrder<T extends { line: number; column: number }>(diagnostics: readonly T[]): T[] {
  return diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
