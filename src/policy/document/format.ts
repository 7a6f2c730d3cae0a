import { isWholeExpression } from "./csharp-scan.ts";
import { referenceAt } from "./entities.ts";
import { printNodes } from "./print.ts";
import type { Attribute, Comment, Document, Text } from "./tree.ts";

/**
 * The document as well-formed XML (the management API's format `xml`): expressions escaped, line ends inside
 * attributes as `&#xA;`, everything else as written. No byte order mark, which XML readers refuse inside a string.
 * Well-formed only if the document parsed without errors.
 */
export function toXmlFormat(document: Document): string {
  return printNodes(document.children, (part) => {
    if (!("kind" in part)) return attributeAsXml(part);
    if (part.kind === "text") return textAsXml(part);
    return part.kind === "comment" ? commentAsXml(part) : undefined;
  });
}

/**
 * The document with its expressions readable, without escapes (the management API's format `rawxml`). An expression
 * whose brackets or strings are broken stays escaped, because no reader would find its end.
 */
export function toRawXml(document: Document): string {
  return printNodes(document.children, (part) => {
    if (!("kind" in part)) return attributeAsRaw(part);
    return part.kind === "text" ? textAsRaw(part) : undefined;
  });
}

/** A value as it must stand between delimiters in well-formed XML, so that reading it gives the same characters. */
export function escapeForAttribute(value: string, quote: '"' | "'" = '"'): string {
  const special = quote === '"' ? /[&<>"\n\r\t]/g : /[&<>'\n\r\t]/g;
  return value.replace(special, (character) => ESCAPES[character] as string);
}

/** A value as it must stand between tags in well-formed XML. */
export function escapeForText(value: string): string {
  return value.replace(/[&<>\r]/g, (character) => ESCAPES[character] as string);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\n": "&#xA;",
  "\r": "&#xD;",
  "\t": "&#x9;",
};

/** An expression as it may stand in a raw document: only what would be read as a reference there is escaped. */
export function escapeForRawExpression(code: string): string {
  return code.replace(/[&\r]/g, (character, at: number) => {
    if (character === "&" && !referenceAt(code, at)) return character;
    return ESCAPES[character] as string;
  });
}

function attributeAsXml(a: Attribute): string | undefined {
  if (!a.expression && isWellFormedLiteral(a)) return undefined;
  const quote = a.quote || '"';
  return withValue(a, escapeForAttribute(a.value.text, quote), quote);
}

function attributeAsRaw(a: Attribute): string | undefined {
  if (!a.quote || !isWholeExpression(a.value.text)) return undefined;
  return withValue(a, escapeForRawExpression(a.value.text), a.quote);
}

/** The attribute as its author wrote it, with another value. */
function withValue(a: Attribute, value: string, quote: string): string {
  if (a.written !== undefined || !a.quote) return `${a.name}=${quote}${value}${quote}`;
  return a.file.text.slice(a.start, a.valueStart) + value + quote;
}

function isWellFormedLiteral(a: Attribute): boolean {
  if (a.written !== undefined) return true;
  if (!a.quote || a.file.text[a.end - 1] !== a.quote) return false;
  const raw = a.file.text.slice(a.valueStart, a.end - 1);
  return !raw.includes("<") && !raw.includes(a.quote) && !hasLooseAmpersand(raw);
}

function hasLooseAmpersand(raw: string): boolean {
  for (let i = raw.indexOf("&"); i >= 0; i = raw.indexOf("&", i + 1)) if (!referenceAt(raw, i)) return true;
  return false;
}

function textAsXml(node: Text): string | undefined {
  const raw = node.file.text.slice(node.start, node.end);
  if (!node.expression && !raw.includes("<") && !raw.includes("]]>") && !hasLooseAmpersand(raw)) return undefined;
  return escapeForText(node.value.text);
}

function textAsRaw(node: Text): string | undefined {
  return isWholeExpression(node.value.text) ? escapeForRawExpression(node.value.text) : undefined;
}

function commentAsXml(node: Comment): string | undefined {
  const inner = node.value.text;
  if (!inner.includes("--") && !inner.endsWith("-")) return undefined;
  return `<!--${inner.replace(/-(?=-)|-$/g, "- ")}-->`;
}
