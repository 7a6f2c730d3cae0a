import { nameAt, skipSpace } from "./characters.ts";
import type { Reading } from "./reading.ts";
import type { Element } from "./tree.ts";

/** The tree types are read-only for everybody else; while an element is open the parser still completes it. */
export interface OpenElement extends Element {
  end: number;
  inner: { start: number; end: number };
}

/** The elements whose end tags have not come yet, outermost first; decides which of them an end tag closes. */
export class OpenElements {
  readonly #reading: Reading;
  readonly #stack: OpenElement[] = [];
  readonly #onClose: (element: Element) => void;
  /** End tags that may still turn up although their elements were closed for want of them: no new error. */
  readonly #expectedStrays = new Map<string, number>();
  readonly #doubtful = new Set<Element>();
  #strays = 0;

  constructor(reading: Reading, onClose: (element: Element) => void) {
    this.#reading = reading;
    this.#onClose = onClose;
  }

  get innermost(): OpenElement | undefined {
    return this.#stack.at(-1);
  }

  get depth(): number {
    return this.#stack.length;
  }

  /** `doubtful`: the start tag was broken, perhaps it was not meant to open anything. */
  open(element: OpenElement, doubtful: boolean): void {
    this.#stack.push(element);
    if (doubtful) this.#doubtful.add(element);
  }

  /** Lets the end tag at `start` to `end` close what it is meant for; false if that is none of the open elements. */
  endTag(name: string, start: number, end: number): boolean {
    const top = this.innermost;
    if (!top) return false;
    if (top.name === name) {
      this.#close(start, end);
      return true;
    }
    if (this.#excused(name)) return false;
    const index = this.#stack.findLastIndex((element) => element.name === name);
    if (index >= 0) {
      this.#closeThrough(index, top, name, start, end);
      return true;
    }
    const place = this.#reading.place(top.start);
    if (this.#doubtful.has(top) || this.#isMeantFor(top, name, start, end)) {
      if (!this.#doubtful.has(top)) {
        const message = `Expected </${top.name}> but found </${name}>: <${top.name}> was opened at ${place}.`;
        this.#reading.error("mismatched-end-tag", start, message);
      }
      this.#close(start, end);
      return true;
    }
    const message = `</${name}> closes nothing: the open element is <${top.name}> (${place}).`;
    this.#reading.error("stray-end-tag", start, message);
    this.#strays++;
    return false;
  }

  /** Closes what is still open at the end of what is read; `silent` where the reason has been reported. */
  finish(end: number, silent: boolean): void {
    const top = this.innermost;
    // Each stray end tag was perhaps meant for one of these.
    if (top && !silent && this.#stack.length > this.#strays) {
      const others = this.#stack.slice(0, -1).reverse();
      const more = others.length > 0 ? ` Also open: ${this.#list(others)}.` : "";
      const message = `<${top.name}> is never closed: expected </${top.name}> before the end of the file.${more}`;
      this.#reading.error("unclosed-element", top.start, message);
    }
    while (this.#stack.length > 0) this.#close(end, end);
  }

  #close(innerEnd: number, end: number): void {
    const element = this.#stack.pop();
    if (!element) return;
    element.inner.end = innerEnd;
    element.end = end;
    this.#onClose(element);
  }

  #closeThrough(index: number, top: Element, name: string, start: number, end: number): void {
    const unclosed = this.#stack.slice(index + 1).reverse();
    const more = unclosed.length > 1 ? ` Not closed either: ${this.#list(unclosed.slice(1))}.` : "";
    const message = `Expected </${top.name}> but found </${name}>: <${top.name}> was opened at ${this.#reading.place(top.start)}.${more}`;
    if (!unclosed.every((element) => this.#doubtful.has(element))) {
      this.#reading.error("mismatched-end-tag", start, message);
    }
    this.#expect(name);
    for (const element of unclosed) {
      this.#expect(element.name);
      this.#close(start, start);
    }
    this.#close(start, end);
  }

  #list(elements: readonly Element[]): string {
    const shown = elements.slice(0, 5).map((e) => `<${e.name}> (${this.#reading.place(e.start)})`);
    if (elements.length > shown.length) shown.push("…");
    return shown.join(", ");
  }

  #expect(name: string): void {
    this.#expectedStrays.set(name, (this.#expectedStrays.get(name) ?? 0) + 1);
  }

  #excused(name: string): boolean {
    const left = this.#expectedStrays.get(name);
    if (!left) return false;
    this.#expectedStrays.set(name, left - 1);
    return true;
  }

  /** Whether an end tag of a name that is not open was meant to close `top`: misspelt, or placed where that tag belongs. */
  #isMeantFor(top: Element, name: string, start: number, end: number): boolean {
    const { text } = this.#reading;
    const next = skipSpace(text, end);
    if (text.startsWith("</", next)) {
      const nextName = nameAt(text, next + 2);
      if (nextName === top.name) return false;
      if (nextName === top.parent?.name) return true;
    }
    if (isMisspelt(name, top.name)) return true;
    const indentation = lineIndentation(text, start);
    return indentation !== undefined && indentation === lineIndentation(text, top.start);
  }
}

/** The white space before `at` if nothing else precedes it on its line. */
function lineIndentation(text: string, at: number): string | undefined {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  if (lineStart === 0 || skipSpace(text, lineStart, at) !== at) return undefined;
  return text.slice(lineStart, at);
}

/** Whether two names differ only in case, or at most two characters are missing, added or changed in one place. */
function isMisspelt(a: string, b: string): boolean {
  const x = a.toLowerCase();
  const y = b.toLowerCase();
  const shorter = Math.min(x.length, y.length);
  let prefix = 0;
  while (prefix < shorter && x[prefix] === y[prefix]) prefix++;
  let suffix = 0;
  while (suffix < shorter - prefix && x[x.length - 1 - suffix] === y[y.length - 1 - suffix]) suffix++;
  return prefix + suffix >= 2 && Math.max(x.length, y.length) - prefix - suffix <= 2;
}
