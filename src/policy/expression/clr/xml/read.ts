import { InvalidOperationException, XmlException } from "../exceptions.ts";
import { XAttribute } from "./attribute.ts";
import { describeCharacter, forbiddenAt, isXmlSpace, scanName } from "./characters.ts";
import type { XContainer } from "./container.ts";
import { XDeclaration, XDocument } from "./document.ts";
import { XElement } from "./element.ts";
import { XCData, XComment, XDocumentType, XProcessingInstruction, XText } from "./leaf-nodes.ts";
import { XML_NAMESPACE, XMLNS_NAMESPACE, XName } from "./name.ts";

export interface XmlReadOptions {
  /** Keep text that is white space only. Default false, as in .NET. */
  preserveWhitespace?: boolean;
  /** How deep elements may nest. Default {@link DEFAULT_MAX_DEPTH}. */
  maxDepth?: number;
  /** How many nodes and attributes there may be. Default {@link DEFAULT_MAX_NODES}. */
  maxNodes?: number;
  /** Told of each element and the place of its start tag (index into the text), for those who report places. */
  onElement?: (element: XElement, at: number) => void;
}

/** Deep enough for any honest document, shallow enough for every recursive walk. */
export const DEFAULT_MAX_DEPTH = 256;

/** A node takes some hundred bytes, its text as few as four: the length of the text alone does not bound the memory. */
export const DEFAULT_MAX_NODES = 2_000_000;

/**
 * Reads an XML 1.0 document with namespaces. Entities other than the five predefined ones and character references
 * do not exist here, so a document type declaration is kept but without effect: nothing expands, nothing is fetched.
 * @throws {XmlException} with line and position when the text is not well-formed
 */
export function parseXml(text: string, options: XmlReadOptions = {}): XDocument {
  return new XmlReader(text, options).document();
}

/** {@link parseXml} for the root element alone. @throws {XmlException} */
export function parseXmlElement(text: string, options: XmlReadOptions = {}): XElement {
  const root = parseXml(text, options).root;
  if (root === null) throw new InvalidOperationException("The XmlReader must be on a node of type Element.");
  root.remove();
  return root;
}

/** A start tag's attribute before namespaces are known. */
interface RawAttribute {
  prefix: string | null;
  localName: string;
  value: string;
  at: number;
}

const PREDEFINED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

class XmlReader {
  readonly #text: string;
  readonly #preserve: boolean;
  readonly #maxDepth: number;
  readonly #onElement: XmlReadOptions["onElement"];
  #nodesLeft: number;
  #at = 0;
  /** Open elements with their names as written and the place of their start tags. */
  readonly #open: { element: XElement; name: string; at: number; declared: readonly string[]; keepSpace: boolean }[] =
    [];
  /** Namespaces by prefix, the innermost last. */
  readonly #namespaces = new Map<string, string[]>([
    ["xml", [XML_NAMESPACE]],
    ["xmlns", [XMLNS_NAMESPACE]],
    ["", [""]],
  ]);

  constructor(text: string, options: XmlReadOptions) {
    this.#text = text.startsWith("\ufeff") ? text.slice(1) : text;
    this.#preserve = options.preserveWhitespace ?? false;
    this.#maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
    this.#onElement = options.onElement;
    this.#nodesLeft = options.maxNodes ?? DEFAULT_MAX_NODES;
  }

  document(): XDocument {
    const bad = forbiddenAt(this.#text);
    if (bad >= 0) {
      throw this.#error(`${describeCharacter(this.#text.charCodeAt(bad))}, is an invalid character.`, bad);
    }
    const document = new XDocument();
    if (/^<\?xml[ \t\r\n]/.test(this.#text)) document.declaration = this.#declaration();
    while (this.#at < this.#text.length) {
      this.#countNode();
      const parent = this.#open[this.#open.length - 1]?.element ?? document;
      if (this.#text[this.#at] === "<") this.#markup(document, parent);
      else this.#characters(parent);
    }
    if (this.#open.length > 0) {
      const names = this.#open.map((open) => open.name).reverse();
      throw this.#error(
        `Unexpected end of file has occurred. The following elements are not closed: ${names.join(", ")}.`,
      );
    }
    if (document.root === null) throw new XmlException("Root element is missing.");
    return document;
  }

  #countNode(): void {
    if (--this.#nodesLeft < 0) throw this.#error("The XML has too many nodes.");
  }

  #markup(document: XDocument, parent: XContainer): void {
    const text = this.#text;
    const start = this.#at;
    if (text.startsWith("<!--", start)) {
      this.#comment(parent);
    } else if (text.startsWith("<![CDATA[", start)) {
      if (parent === document) throw this.#error("Data at the root level is invalid.");
      const end = this.#find("]]>", start + 9, "CDATA");
      parent.append(new XCData(normalizeLines(text.slice(start + 9, end))));
      (parent as XElement).isEmpty = false;
      this.#at = end + 3;
    } else if (text.startsWith("<?", start)) {
      this.#instruction(parent);
    } else if (text.startsWith("<!DOCTYPE", start)) {
      this.#documentType(document);
    } else if (text[start + 1] === "/") {
      this.#endTag();
    } else {
      this.#startTag(document, parent);
    }
  }

  /** Text up to the next markup. */
  #characters(parent: XContainer): void {
    const start = this.#at;
    let end = this.#text.indexOf("<", start);
    if (end < 0) end = this.#text.length;
    const raw = this.#text.slice(start, end);
    if (!(parent instanceof XElement)) {
      if (!isXmlSpace(raw)) {
        throw this.#error("Data at the root level is invalid.", start + raw.search(/[^ \t\r\n]/));
      }
      if (this.#preserve && parent.nodes.length > 0) parent.append(new XText(normalizeLines(raw)));
      this.#at = end;
      return;
    }
    const close = raw.indexOf("]]>");
    if (close >= 0) throw this.#error("']]>' is not allowed in character data.", start + close);
    const value = raw.includes("&") ? this.#resolve(raw, start) : normalizeLines(raw);
    this.#at = end;
    parent.isEmpty = false;
    const keep = this.#preserve || this.#open[this.#open.length - 1]?.keepSpace === true;
    if (keep || !isXmlSpace(value)) parent.append(new XText(value));
  }

  #startTag(document: XDocument, parent: XContainer): void {
    const start = this.#at++;
    if (parent === document && document.root !== null) throw this.#error("There are multiple root elements.", start);
    if (this.#open.length >= this.#maxDepth) {
      throw this.#error(`The XML is nested deeper than ${this.#maxDepth} levels.`, start);
    }
    const [prefix, localName, name] = this.#name();
    const attributes = this.#attributes();
    const declared = this.#declare(attributes);
    const element = new XElement(new XName(localName, this.#namespaceOf(prefix, start + 1)));
    this.#addAttributes(element, attributes);
    parent.append(element);
    this.#onElement?.(element, start);
    if (this.#text[this.#at] === "/") {
      this.#at++;
      this.#expect(">");
      this.#undeclare(declared);
      return;
    }
    this.#expect(">");
    element.isEmpty = false;
    const space = attributes.find((a) => a.prefix === "xml" && a.localName === "space")?.value;
    const inherited = this.#open[this.#open.length - 1]?.keepSpace ?? false;
    const keepSpace = space === undefined ? inherited : space === "preserve";
    this.#open.push({ element, name, at: start + 1, declared, keepSpace });
  }

  #endTag(): void {
    const start = this.#at;
    this.#at += 2;
    const [, , name] = this.#name();
    const open = this.#open.pop();
    if (open === undefined) throw this.#error("Unexpected end tag.", start + 2);
    if (open.name !== name) {
      const [line, position] = this.#place(open.at);
      throw this.#error(
        `The '${open.name}' start tag on line ${line} position ${position} does not match the end tag of '${name}'.`,
        start + 2,
      );
    }
    this.#space();
    this.#expect(">");
    this.#undeclare(open.declared);
  }

  /** The attributes of a start tag, up to `>` or `/`. */
  #attributes(): RawAttribute[] {
    const attributes: RawAttribute[] = [];
    for (;;) {
      const spaced = this.#space();
      const c = this.#text[this.#at];
      if (c === ">" || c === "/") return attributes;
      if (c === undefined) throw this.#endOfFile();
      if (!spaced) throw this.#unexpected(">");
      this.#countNode();
      const at = this.#at;
      const [prefix, localName] = this.#name();
      this.#space();
      this.#expect("=");
      this.#space();
      attributes.push({ prefix, localName, value: this.#attributeValue(), at });
    }
  }

  #attributeValue(): string {
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") throw this.#unexpected("\"' or '''");
    const start = this.#at + 1;
    const end = this.#text.indexOf(quote, start);
    if (end < 0) throw this.#endOfFile();
    const raw = this.#text.slice(start, end);
    const less = raw.indexOf("<");
    if (less >= 0) {
      throw this.#error("'<', hexadecimal value 0x3C, is an invalid attribute character.", start + less);
    }
    this.#at = end + 1;
    return this.#resolve(raw, start, true);
  }

  /** Registers the namespaces that a start tag declares; gives their prefixes. */
  #declare(attributes: readonly RawAttribute[]): readonly string[] {
    const declared: string[] = [];
    for (const { prefix, localName, value, at } of attributes) {
      if (prefix !== "xmlns" && (prefix !== null || localName !== "xmlns")) continue;
      const name = prefix === null ? "" : localName;
      const reserved = name === "xmlns" || value === XMLNS_NAMESPACE || (name === "xml") !== (value === XML_NAMESPACE);
      if (reserved || (name !== "" && value === "")) {
        throw this.#error(`Prefix '${name}' cannot be mapped to namespace name '${value}'.`, at);
      }
      const known = this.#namespaces.get(name);
      if (known) known.push(value);
      else this.#namespaces.set(name, [value]);
      declared.push(name);
    }
    return declared;
  }

  #undeclare(prefixes: readonly string[]): void {
    for (const prefix of prefixes) this.#namespaces.get(prefix)?.pop();
  }

  #addAttributes(element: XElement, attributes: readonly RawAttribute[]): void {
    const seen = new Set<string>();
    for (const { prefix, localName, value, at } of attributes) {
      const namespace = prefix === null ? "" : this.#namespaceOf(prefix, at);
      const key = `${namespace} ${localName}`;
      if (seen.has(key)) {
        const name = prefix === null ? localName : `${prefix}:${localName}`;
        throw this.#error(`'${name}' is a duplicate attribute name.`, at);
      }
      seen.add(key);
      element.appendAttribute(new XAttribute(new XName(localName, namespace), value));
    }
  }

  #namespaceOf(prefix: string | null, at: number): string {
    const stack = this.#namespaces.get(prefix ?? "");
    const namespace = stack?.[stack.length - 1];
    if (namespace === undefined) throw this.#error(`'${prefix}' is an undeclared prefix.`, at);
    return namespace;
  }

  #comment(parent: XContainer): void {
    const start = this.#at + 4;
    const end = this.#text.indexOf("--", start);
    if (end < 0) throw this.#endOfFile("Comment");
    if (this.#text[end + 2] !== ">") {
      throw this.#error("An XML comment cannot contain '--', and '-' cannot be the last character.", end);
    }
    parent.append(new XComment(normalizeLines(this.#text.slice(start, end))));
    if (parent instanceof XElement) parent.isEmpty = false;
    this.#at = end + 3;
  }

  #instruction(parent: XContainer): void {
    const start = this.#at;
    this.#at += 2;
    const [prefix, target] = this.#name();
    if (target.toLowerCase() === "xml") {
      throw this.#error(
        "Unexpected XML declaration. The XML declaration must be the first node in the document, and no white space characters are allowed to appear before it.",
        start + 2,
      );
    }
    if (prefix !== null) throw this.#error("The ':' character, hexadecimal value 0x3A, cannot be included in a name.");
    const end = this.#find("?>", this.#at, "PI");
    if (end > this.#at && !this.#space()) throw this.#unexpected("?>");
    parent.append(new XProcessingInstruction(target, normalizeLines(this.#text.slice(Math.min(this.#at, end), end))));
    if (parent instanceof XElement) parent.isEmpty = false;
    this.#at = end + 2;
  }

  #declaration(): XDeclaration {
    const end = this.#find("?>", 0, "XmlDeclaration");
    const match =
      /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"(1\.[0-9])"|'(1\.[0-9])')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(yes|no)"|'(yes|no)'))?[ \t\r\n]*\?>$/.exec(
        this.#text.slice(0, Math.min(end + 2, 300)),
      );
    if (match === null) throw this.#error("Syntax for an XML declaration is invalid.", 6);
    this.#at = end + 2;
    const [, version, version2, encoding, encoding2, standalone, standalone2] = match;
    return new XDeclaration(
      version ?? version2 ?? null,
      encoding ?? encoding2 ?? null,
      standalone ?? standalone2 ?? null,
    );
  }

  /** `<!DOCTYPE name SYSTEM "…" [ … ]>`. The internal subset is skipped with its quotes and comments respected. */
  #documentType(document: XDocument): void {
    const start = this.#at;
    if (this.#open.length > 0 || document.root !== null || document.documentType !== null) {
      throw this.#error("Unexpected DTD declaration.", start);
    }
    this.#at += 9;
    if (!this.#space()) throw this.#unexpected(" ");
    const [, , name] = this.#name();
    this.#space();
    let publicId: string | null = null;
    let systemId: string | null = null;
    if (this.#text.startsWith("PUBLIC", this.#at)) {
      this.#at += 6;
      publicId = this.#literal();
      systemId = this.#literal();
    } else if (this.#text.startsWith("SYSTEM", this.#at)) {
      this.#at += 6;
      systemId = this.#literal();
    }
    this.#space();
    const subset = this.#text[this.#at] === "[" ? this.#internalSubset() : "";
    this.#space();
    this.#expect(">");
    document.append(new XDocumentType(name, publicId, systemId, subset));
  }

  #literal(): string {
    this.#space();
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") throw this.#unexpected("\"' or '''");
    const end = this.#text.indexOf(quote, this.#at + 1);
    if (end < 0) throw this.#endOfFile("DTD");
    const text = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return text;
  }

  #internalSubset(): string {
    const start = ++this.#at;
    const part = /<!--|<\?|["'\]]/g;
    for (;;) {
      part.lastIndex = this.#at;
      const match = part.exec(this.#text);
      if (match === null) throw this.#endOfFile("DTD");
      const open = match[0];
      this.#at = match.index + open.length;
      if (open === "]") return this.#text.slice(start, match.index);
      const close = open === "<!--" ? "-->" : open === "<?" ? "?>" : open;
      this.#at = this.#find(close, this.#at, "DTD") + close.length;
    }
  }

  /** Text with its references resolved. References to anything but characters and the five entities are errors. */
  #resolve(raw: string, start: number, attribute = false): string {
    const plain = (text: string) => (attribute ? text.replace(/\r\n|[\t\r\n]/g, " ") : normalizeLines(text));
    let resolved = "";
    let from = 0;
    for (let amp = raw.indexOf("&"); amp >= 0; amp = raw.indexOf("&", from)) {
      resolved += plain(raw.slice(from, amp));
      const end = raw.indexOf(";", amp);
      const name = end < 0 || end - amp > 100 ? null : raw.slice(amp + 1, end);
      resolved += this.#reference(name, start + amp + 1);
      from = end + 1;
    }
    return resolved + plain(raw.slice(from));
  }

  #reference(name: string | null, at: number): string {
    if (name === null) throw this.#error("An error occurred while parsing EntityName.", at);
    if (name.startsWith("#")) {
      const hex = /^#x([0-9a-fA-F]+)$/.exec(name)?.[1];
      const decimal = /^#([0-9]+)$/.exec(name)?.[1];
      const code = hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal ?? "", 10);
      const valid = code <= 0x10ffff && forbiddenAt(String.fromCodePoint(code)) < 0;
      if (!valid) throw this.#error("Invalid syntax for a character reference.", at);
      return String.fromCodePoint(code);
    }
    if (Object.hasOwn(PREDEFINED, name)) return PREDEFINED[name] as string;
    const whole = scanName(name, 0)?.end === name.length;
    throw this.#error(
      whole ? `Reference to undeclared entity '${name}'.` : "An error occurred while parsing EntityName.",
      at,
    );
  }

  /** A name at the current place: prefix (null without), local part, and as written. */
  #name(): [prefix: string | null, localName: string, name: string] {
    const text = this.#text;
    const start = this.#at;
    const name = scanName(text, start);
    if (name === null) {
      if (start >= text.length) throw this.#endOfFile();
      throw this.#error(`Name cannot begin with the ${describeCharacter(text.charCodeAt(start), " character")}.`);
    }
    const { colon, end } = name;
    this.#at = end;
    if (text[end] === ":") {
      throw this.#error("The ':' character, hexadecimal value 0x3A, cannot be included in a name.");
    }
    const written = text.slice(start, end);
    return colon < 0 ? [null, written, written] : [text.slice(start, colon), text.slice(colon + 1, end), written];
  }

  /** Skips white space; tells whether there was any. */
  #space(): boolean {
    const start = this.#at;
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return this.#at > start;
      this.#at++;
    }
  }

  #expect(sign: string): void {
    if (this.#text[this.#at] !== sign) throw this.#unexpected(sign);
    this.#at++;
  }

  #find(sign: string, from: number, inside: string): number {
    const at = this.#text.indexOf(sign, from);
    if (at < 0) throw this.#endOfFile(inside);
    return at;
  }

  #unexpected(expected: string): XmlException {
    const found = this.#text[this.#at];
    if (found === undefined) return this.#endOfFile();
    return this.#error(`'${found}' is an unexpected token. The expected token is '${expected}'.`);
  }

  #endOfFile(inside?: string): XmlException {
    const where = inside === undefined ? "has occurred" : `while parsing ${inside} has occurred`;
    return this.#error(`Unexpected end of file ${where}.`, this.#text.length);
  }

  #error(message: string, at = this.#at): XmlException {
    const [line, position] = this.#place(at);
    return new XmlException(`${message} Line ${line}, position ${position}.`);
  }

  /** 1-based line and position. */
  #place(at: number): [line: number, position: number] {
    const before = this.#text.slice(0, at).split(/\r\n|[\r\n]/);
    return [before.length, (before[before.length - 1]?.length ?? 0) + 1];
  }
}

function normalizeLines(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
