import type { SourceText } from "../../model/source-text.ts";
import { nameAt, skipSpace } from "./characters.ts";
import { embeddedExpression, expressionStart, isExpression, scanExpression, skipEncodedSpace } from "./csharp-scan.ts";
import { decode } from "./entities.ts";
import { nextEndTag, nextMarkupLine } from "./mend.ts";
import type { Reading } from "./reading.ts";
import type { CData, Element, Text } from "./tree.ts";
import { unclosedExpression } from "./unclosed-expression.ts";

/** Reads the characters from `start` to the next markup. `parent` is the element around them. */
export function readText(reading: Reading, start: number, parent: Element | undefined): Text {
  const what = parent ? `the text of <${parent.name}>` : "the text outside of all elements";
  const code = reading.format === "rawxml" ? expressionStart(reading.text, start) : -1;
  if (code >= 0) {
    const end = expressionEnd(reading, code, parent, what);
    const value = decode(reading.file, start, end, "keep");
    return { kind: "text", file: reading.file, start, end, value, expression: true };
  }
  const errors = reading.errors;
  const end = literalEnd(reading, start, what);
  const value = reading.decodeLiteral(start, end, "keep", what);
  const expression = isExpression(value.text);
  if (!expression && reading.errors === errors) warnOfEmbeddedExpression(reading, value, what);
  return { kind: "text", file: reading.file, start, end, value, expression };
}

const EXPRESSION_WHOLE = 'an expression must be the whole text: join text inside it, as in @("text" + value)';

/** Warns where an expression stands behind other text: the service takes such text literally. */
export function warnOfEmbeddedExpression(reading: Reading, value: SourceText, what: string): void {
  const embedded = embeddedExpression(value.text);
  if (embedded < 0) return;
  const message = `An expression stands behind other text in ${what}, and so is taken literally.`;
  reading.warning("expression-not-whole", value.offset(embedded), message, EXPRESSION_WHOLE);
}

/** Warns where comments or CDATA sections split the text of an element and an expression is not all of it. */
export function warnOfSplitExpression(reading: Reading, element: Element): void {
  const pieces: (Text | CData)[] = [];
  for (const child of element.children) {
    if ((child.kind === "text" || child.kind === "cdata") && skipSpace(child.value.text, 0) < child.value.text.length) {
      pieces.push(child);
    }
  }
  if (pieces.length < 2) return;
  const expression = pieces.find((piece) => piece.expression);
  if (!expression) return;
  const message = `The text of <${element.name}> holds an expression and other text, and so is not an expression.`;
  reading.warning("expression-not-whole", expression.start, message, EXPRESSION_WHOLE);
}

function expressionEnd(reading: Reading, code: number, parent: Element | undefined, what: string): number {
  const { text } = reading;
  const scan = scanExpression(text, code, { references: true });
  let resume = code;
  if (scan.closed) {
    const after = skipEncodedSpace(text, scan.end);
    if (after === text.length || beginsMarkup(text, after)) return after;
    const message = `The expression in ${what} (begun at ${reading.place(code)}) ends before this; expected a tag.`;
    reading.error("text-after-expression", after, message, EXPRESSION_WHOLE);
    resume = scan.end;
  }
  reading.mend(code);
  const endTag = parent ? nextEndTag(text, parent.name, resume) : -1;
  const end = endTag >= 0 ? endTag : nextMarkupLine(text, resume);
  if (!scan.closed) unclosedExpression(reading, code, scan, end, what);
  return end;
}

/** Up to the next `<` that begins markup; any other `<` is an error and stays text. */
function literalEnd(reading: Reading, start: number, what: string): number {
  const { text } = reading;
  let reported = false;
  const report = (at: number, hint?: string) => {
    if (!reported) reading.error("unescaped-less-than", at, `In ${what}, the character < must be written &lt;.`, hint);
    reported = true;
  };
  for (let i = text.indexOf("<", start); i >= 0; i = text.indexOf("<", i + 1)) {
    if (!beginsMarkup(text, i)) {
      report(i);
      continue;
    }
    const end = embeddedEnd(reading, start, i);
    if (end <= i) return i;
    report(i, EXPRESSION_WHOLE);
    i = end - 1;
  }
  return text.length;
}

/**
 * Where an expression ends that begins behind other text between `start` and `at`: if that is behind `at`, what looks
 * like markup at `at` is C#. Answers `at` otherwise.
 */
function embeddedEnd(reading: Reading, start: number, at: number): number {
  if (reading.format !== "rawxml") return at;
  const embedded = embeddedExpression(reading.text.slice(start, at));
  if (embedded < 0 || !reading.mayLookAhead()) return at;
  const scan = scanExpression(reading.text, start + embedded, { references: true });
  return scan.closed ? scan.end : at;
}

function beginsMarkup(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 60) return false;
  const next = text.charCodeAt(at + 1);
  return next === 47 || next === 33 || next === 63 || nameAt(text, at + 1) !== "";
}
