import { SourceText } from "../../model/source-text.ts";
import { readAttributeValue } from "./attribute-value.ts";
import { isSpace, nameAt, skipSpace } from "./characters.ts";
import { expressionStart } from "./csharp-scan.ts";
import type { Reading } from "./reading.ts";
import type { Attribute } from "./tree.ts";

export interface StartTag {
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly attributes: Attribute[];
  readonly tailStart: number;
  readonly end: number;
  readonly selfClosing: boolean;
  /** Whether errors were found in it, so that even its end is a guess. */
  readonly doubtful: boolean;
}

/** Reads the start tag whose `<` stands at `start`; a name is known to follow. */
export function readStartTag(reading: Reading, start: number): StartTag {
  const { text } = reading;
  const nameStart = start + 1;
  const name = nameAt(text, nameStart);
  const nameEnd = nameStart + name.length;
  const attributes: Attribute[] = [];
  const names = new Set<string>();
  const errorsBefore = reading.errors;
  let leadStart = nameEnd;
  let at = nameEnd;
  const tag = (end: number, selfClosing = false): StartTag => {
    return {
      name,
      nameStart,
      nameEnd,
      attributes,
      tailStart: leadStart,
      end,
      selfClosing,
      doubtful: reading.errors > errorsBefore,
    };
  };
  while (!reading.stopped) {
    at = skipSpace(text, at);
    const code = text.charCodeAt(at);
    if (code === 62) return tag(at + 1);
    if (code === 47 && text.charCodeAt(at + 1) === 62) return tag(at + 2, true);
    const expression = code === 64 && expressionStart(text, at) === at;
    if (at >= text.length || code === 60 || expression) {
      if (reading.errors === errorsBefore) {
        reading.error("unclosed-tag", start, `The tag of <${name}> is not closed: expected > at ${reading.place(at)}.`);
      }
      return tag(at);
    }
    if (nameAt(text, at)) {
      const read = readAttribute(reading, name, leadStart, at, errorsBefore);
      if (names.has(read.name) && reading.errors === errorsBefore) {
        reading.error("duplicate-attribute", at, `<${name}> has the attribute "${read.name}" twice.`);
      }
      names.add(read.name);
      attributes.push(read);
      at = leadStart = read.end;
      continue;
    }
    // After the first error in a tag the rest of it is likely a consequence.
    if (reading.errors === errorsBefore) {
      const message = `Unexpected ${JSON.stringify(text.charAt(at))} in the tag of <${name}>: expected an attribute or >.`;
      reading.error("unexpected-character", at, message);
    }
    at = skipGarbage(text, at);
  }
  return tag(at);
}

/** To the end of a run of characters that belong to no attribute. */
function skipGarbage(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (isSpace(code) || code === 60 || code === 62 || (code === 47 && text.charCodeAt(i + 1) === 62)) break;
    i++;
  }
  return i;
}

function readAttribute(
  reading: Reading,
  element: string,
  leadStart: number,
  start: number,
  errorsBefore: number,
): Attribute {
  const { text, file } = reading;
  const name = nameAt(text, start);
  const nameEnd = start + name.length;
  const base = { file, name, nameStart: start, start, lead: text.slice(leadStart, start) };
  reading.count(start);
  const equals = skipSpace(text, nameEnd);
  if (text.charCodeAt(equals) !== 61) {
    if (reading.errors === errorsBefore) {
      const message = `The attribute "${name}" of <${element}> has no value.`;
      reading.error("missing-value", start, message, `write ${name}="value"`);
    }
    const value = SourceText.verbatim(file, nameEnd, nameEnd);
    return { ...base, end: nameEnd, quote: "", valueStart: nameEnd, value, expression: false };
  }
  const what = `attribute "${name}" of <${element}>`;
  return { ...base, ...readAttributeValue(reading, skipSpace(text, equals + 1), what, errorsBefore) };
}
