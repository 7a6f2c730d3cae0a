import type { Diagnostic } from "../../model/diagnostic.ts";
import { type SourceFile, SourceText, SourceTextBuilder } from "../../model/source-text.ts";

/**
 * How a policy document is written: `rawxml` (expressions hold unescaped quotes, `<` and `&`, the form that people
 * keep in repositories) or `xml` (well-formed XML, expressions escaped). Names of the management API.
 */
export type DocumentFormat = "rawxml" | "xml";

/** A range of a file: offsets in UTF-16 code units, `end` exclusive. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A policy document or fragment as written. The children, printed in order, give back every character of the file. */
export interface Document {
  readonly file: SourceFile;
  readonly format: DocumentFormat;
  /** Whether the file began with U+FEFF; no node covers it. */
  readonly byteOrderMark: boolean;
  readonly children: Node[];
  /** The first element outside all others; undefined in a document without any. */
  readonly root: Element | undefined;
  /** In the order of the file. An error means that the tree is a guess from there on. */
  readonly diagnostics: readonly Diagnostic[];
}

export type Node = Element | Text | CData | Comment | Instruction | Doctype | Stray;

export interface Element extends Span {
  readonly kind: "element";
  /** As written, with its prefix (`xsl:template`). */
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly parent: Element | undefined;
  readonly attributes: Attribute[];
  /** Where what follows the last attribute in the start tag begins (white space, the slash). */
  readonly tailStart: number;
  readonly children: Node[];
  readonly selfClosing: boolean;
  /** From after the start tag to before the end tag; empty for `<a />`. */
  readonly inner: { readonly start: number; readonly end: number };
}

export interface Attribute extends Span {
  readonly name: string;
  /** Same as `start`: the name comes first. */
  readonly nameStart: number;
  /** What stands before it since the attribute before: white space, in a broken tag also other characters. */
  readonly lead: string;
  /** The delimiter; empty where the author left it out (which is an error). */
  readonly quote: '"' | "'" | "";
  /** Where the value begins, behind the delimiter. */
  readonly valueStart: number;
  /** Without delimiters, entities decoded; newlines kept in an expression, else turned into spaces as XML does. */
  readonly value: SourceText;
  /** Whether the value begins with `@(` or `@{`. */
  readonly expression: boolean;
  /** Printed in place of the file's characters: an edited or added attribute, without the white space before it. */
  readonly written?: string;
}

/** Characters between tags, white space included. */
export interface Text extends Span {
  readonly kind: "text";
  readonly value: SourceText;
  readonly expression: boolean;
}

export interface CData extends Span {
  readonly kind: "cdata";
  /** What stands between the brackets; nothing is decoded in it. */
  readonly value: SourceText;
  readonly expression: boolean;
}

export interface Comment extends Span {
  readonly kind: "comment";
  readonly value: SourceText;
}

/** `<?name …?>`, the XML declaration included. */
export interface Instruction extends Span {
  readonly kind: "instruction";
  readonly name: string;
}

/** `<!DOCTYPE …>`: kept, never followed. */
export interface Doctype extends Span {
  readonly kind: "doctype";
}

/** Markup that belongs nowhere (an end tag without a start, what was not read any more): kept so that printing is lossless. */
export interface Stray extends Span {
  readonly kind: "stray";
}

/** The elements directly inside `element`. */
export function elementChildren(element: Element): Element[] {
  return element.children.filter((child) => child.kind === "element");
}

/** The attribute of that name, the first if the author wrote several. */
export function attribute(element: Element, name: string): Attribute | undefined {
  return element.attributes.find((a) => a.name === name);
}

/**
 * The text of an element that has only text: texts and CDATA sections joined, comments left out, white space kept.
 * Empty for an empty element, undefined for one with elements inside.
 */
export function textContent(element: Element): SourceText | undefined {
  const parts: SourceText[] = [];
  for (const child of element.children) {
    if (child.kind === "element") return undefined;
    if (child.kind === "text" || child.kind === "cdata") parts.push(child.value);
  }
  const [only] = parts;
  if (only && parts.length === 1) return only;
  if (!only) return SourceText.verbatim(element.file, element.inner.start, element.inner.start);
  const joined = new SourceTextBuilder(element.file);
  for (const part of parts) joined.append(part);
  return joined.build();
}

/** The markup between the tags of an element, exactly as written (an XML template inside `set-body`). */
export function innerSource(element: Element): SourceText {
  return SourceText.verbatim(element.file, element.inner.start, element.inner.end);
}
