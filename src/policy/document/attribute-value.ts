import type { SourceText } from "../../model/source-text.ts";
import { isSpace } from "./characters.ts";
import { embeddedExpression, expressionStart, isExpression, scanExpression, skipEncodedSpace } from "./csharp-scan.ts";
import { decode } from "./entities.ts";
import {
  attributeBefore,
  beginsAttribute,
  canFollowAttribute,
  type MendedValue,
  mendedValue,
  tagGoesOn,
} from "./mend.ts";
import type { Reading } from "./reading.ts";
import { unclosedExpression } from "./unclosed-expression.ts";

export interface AttributeValue {
  readonly quote: '"' | "'" | "";
  readonly valueStart: number;
  readonly value: SourceText;
  readonly expression: boolean;
  /** Offset after the closing delimiter. */
  readonly end: number;
}

const EXPRESSION_WHOLE = 'an expression must be the whole value: join text inside it, as in @("text" + value)';

/**
 * Reads the value whose opening delimiter stands at `at`. `what` names the attribute in messages
 * (`attribute "name" of <set-header>`); `errorsBefore` is the number of errors before its tag, of which the missing
 * quotes may be a consequence.
 */
export function readAttributeValue(reading: Reading, at: number, what: string, errorsBefore: number): AttributeValue {
  const { text } = reading;
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return readUnquoted(reading, at, what, reading.errors > errorsBefore);
  const from = at + 1;
  const code = reading.format === "rawxml" ? expressionStart(text, from) : -1;
  if (code >= 0) {
    const { valueEnd, end } = expressionEnd(reading, code, quote, what);
    return { quote, valueStart: from, value: decode(reading.file, from, valueEnd, "keep"), expression: true, end };
  }
  const { valueEnd, end, mended } = literalEnd(reading, from, quote, what);
  return { quote, valueStart: from, ...literalValue(reading, from, valueEnd, what, mended), end };
}

function expressionEnd(reading: Reading, code: number, quote: string, what: string): MendedValue {
  const { text } = reading;
  const scan = scanExpression(text, code, { references: true });
  const bracket = closingBracket(text, code);
  if (!scan.closed) {
    reading.mend(code);
    const mended = mendedValue(text, code, quote, bracket);
    unclosedExpression(reading, code, scan, mended.valueEnd, what);
    return mended;
  }
  const after = skipEncodedSpace(text, scan.end);
  if (text[after] === quote) return { valueEnd: after, end: after + 1 };
  reading.mend(after);
  if (tagGoesOn(text, scan.end)) {
    reading.error("missing-quote", scan.end, `The closing ${quote} of ${what} is missing after its expression.`);
    return { valueEnd: scan.end, end: scan.end };
  }
  const message = `The expression in ${what} (begun at ${reading.place(code)}) ends here; expected the closing ${quote}.`;
  const hint = text[after] === bracket ? `there is one ${bracket} too many` : EXPRESSION_WHOLE;
  reading.error("text-after-expression", after, message, hint);
  return mendedValue(text, scan.end, quote, bracket);
}

type LiteralEnd = MendedValue & { mended?: true };

/** A literal value ends at the next delimiter, unless what follows shows that a delimiter is missing or one too many. */
function literalEnd(reading: Reading, from: number, quote: string, what: string): LiteralEnd {
  const { text } = reading;
  const found = text.indexOf(quote, from);
  const valueEnd = found < 0 ? text.length : found;
  const lessThan = text.slice(from, valueEnd).indexOf("<");
  if (found >= 0 && canFollowAttribute(text, found + 1)) {
    if (lessThan >= 0) {
      reading.error("less-than-in-attribute", from + lessThan, `In ${what}, the character < must be written &lt;.`);
    }
    return { valueEnd, end: found + 1 };
  }
  if (found >= 0 && lessThan < 0) {
    // Whatever is wrong further on, the tag says it: this value ends well.
    if (isSpace(text.charCodeAt(found + 1)) || found + 1 === text.length) return { valueEnd, end: found + 1 };
    if (beginsAttribute(text, found + 1)) {
      reading.error("missing-space", found + 1, `White space is missing after ${what}.`);
      return { valueEnd, end: found + 1 };
    }
  }
  reading.mend(from);
  const next = found < 0 || lessThan >= 0 ? -1 : attributeBefore(text, from, found);
  if (next >= 0) {
    reading.error("missing-quote", from - 1, `The value of ${what} begins here, and its closing ${quote} is missing.`);
    return { valueEnd: next, end: next };
  }
  const embedded = embeddedExpression(text.slice(from, Math.min(valueEnd, from + 4096)));
  const mended = mendedValue(text, from, quote, embedded >= 0 ? closingBracket(text, from + embedded) : undefined);
  if (mended.valueEnd === mended.end) {
    reading.error("missing-quote", from - 1, `The value of ${what} begins here, and its closing ${quote} is missing.`);
  } else {
    const hint = embedded >= 0 ? EXPRESSION_WHOLE : `inside the value write ${quote === '"' ? "&quot;" : "&apos;"}`;
    const message = `A quote is missing or one too many in ${what}: expected white space or > after this one.`;
    reading.error("quote-in-attribute", Math.min(valueEnd, mended.valueEnd), message, hint);
  }
  return { ...mended, mended: true };
}

function closingBracket(text: string, at: number): string {
  return text[at + 1] === "(" ? ")" : "}";
}

const TYPOGRAPHIC = /[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb]/;

function readUnquoted(reading: Reading, at: number, what: string, quiet: boolean): AttributeValue {
  const { text, file } = reading;
  const typographic = TYPOGRAPHIC.test(text[at] ?? "");
  if (!quiet) {
    const message = typographic
      ? `${upperFirst(what)} has typographic quotes.`
      : `The value of ${what} is not in quotes.`;
    reading.error("missing-quote", at, message, 'write name="value"');
  }
  if (reading.format === "rawxml" && expressionStart(text, at) === at) {
    reading.mend(at);
    const scan = scanExpression(text, at, { references: true });
    if (scan.closed) {
      return { quote: "", valueStart: at, value: decode(file, at, scan.end, "keep"), expression: true, end: scan.end };
    }
  }
  let end = at;
  if (typographic) {
    end++;
    while (end < text.length && !/[<>\n]/.test(text[end] as string) && !TYPOGRAPHIC.test(text[end] as string)) end++;
    if (TYPOGRAPHIC.test(text[end] ?? "")) end++;
  } else {
    while (end < text.length && !/[\s<>]/.test(text[end] as string) && !text.startsWith("/>", end)) end++;
  }
  return { quote: "", valueStart: at, ...literalValue(reading, at, end, what, true), end };
}

/** `quiet`: an error has been reported for the value, and further findings would only repeat it. */
function literalValue(reading: Reading, start: number, end: number, what: string, quiet = false) {
  const value = quiet ? decode(reading.file, start, end, "space") : reading.decodeLiteral(start, end, "space", what);
  const expression = isExpression(value.text);
  const embedded = expression || quiet ? -1 : embeddedExpression(value.text);
  if (embedded >= 0) {
    const message = `${upperFirst(what)} holds an expression behind other text, and so is taken literally.`;
    reading.warning("expression-not-whole", value.offset(embedded), message, EXPRESSION_WHOLE);
  }
  return { value, expression };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
