import { spend } from "../budget.ts";
import { declareType, type TypeDeclaration } from "../declare.ts";
import { ArgumentNullException, InvalidOperationException, XmlException } from "../exceptions.ts";
import type { StringReader } from "../system/string-io.ts";
import type { XAttribute } from "../xml/attribute.ts";
import type { XContainer } from "../xml/container.ts";
import type { XDocument } from "../xml/document.ts";
import { XElement } from "../xml/element.ts";
import { XComment, XDocumentType, XProcessingInstruction, XText } from "../xml/leaf-nodes.ts";
import type { XNode } from "../xml/node.ts";
import { NodeType, nodeTypeValue } from "../xml/node-type.ts";
import { parseXml } from "../xml/read.ts";

/**
 * `System.Xml.XmlReader`: not on the service's list, but published samples read with it (reference, section 4). A
 * forward cursor over a parsed document; only what those samples use.
 */
class XmlReader {
  readonly clrName = "System.Xml.XmlReader";
  readonly #document: XDocument;
  /** Null before the first Read and after the last. */
  #node: XNode | null = null;
  /** At the end tag of the node. */
  #atEnd = false;
  #started = false;
  eof = false;

  constructor(text: string) {
    this.#document = parseXml(text);
  }

  read(): boolean {
    spend();
    if (this.eof) return false;
    if (!this.#started) {
      this.#started = true;
      return this.#go(this.#document.firstNode);
    }
    const node = this.#node;
    if (node instanceof XElement && !this.#atEnd && !node.isEmpty) {
      if (node.firstNode) return this.#go(node.firstNode);
      this.#atEnd = true;
      return true;
    }
    return this.#leave();
  }

  /** Moves past the current node with everything in it. */
  skip(): boolean {
    if (!this.#started || this.#atEnd) return this.read();
    return this.#leave();
  }

  #leave(): boolean {
    const node = this.#node;
    if (!node) return this.#end();
    const next = node.nextNode;
    if (next) return this.#go(next);
    const owner = node.owner;
    if (!(owner instanceof XElement)) return this.#end();
    this.#node = owner;
    this.#atEnd = true;
    return true;
  }

  #go(node: XNode | null): boolean {
    this.#node = node;
    this.#atEnd = false;
    return node !== null || this.#end();
  }

  #end(): boolean {
    this.#node = null;
    this.#atEnd = false;
    this.eof = true;
    return false;
  }

  get nodeType(): NodeType {
    return this.#atEnd ? NodeType.EndElement : (this.#node?.nodeType ?? NodeType.None);
  }

  get element(): XElement | null {
    return this.#node instanceof XElement ? this.#node : null;
  }

  get localName(): string {
    const node = this.#node;
    if (node instanceof XElement) return node.name.localName;
    if (node instanceof XProcessingInstruction) return node.target;
    return node instanceof XDocumentType ? node.name : "";
  }

  get prefix(): string {
    const { element } = this;
    const namespace = element?.name.namespaceName ?? "";
    return namespace === "" ? "" : (element?.prefixOf(namespace) ?? "");
  }

  get name(): string {
    return this.prefix === "" ? this.localName : `${this.prefix}:${this.localName}`;
  }

  get value(): string {
    const node = this.#node;
    if (node instanceof XText || node instanceof XComment) return node.value;
    return node instanceof XProcessingInstruction ? node.data : "";
  }

  get depth(): number {
    let depth = 0;
    for (let owner: XContainer | null = this.#node?.owner ?? null; owner instanceof XElement; owner = owner.owner)
      depth++;
    return depth;
  }

  attribute(name: string): XAttribute | undefined {
    if (this.#atEnd) return undefined;
    return this.element?.attributes.find((attribute) => qualifiedName(this.element as XElement, attribute) === name);
  }

  /** Skips comments, instructions and white space. */
  moveToContent(): NodeType {
    if (!this.#started) this.read();
    const passing: readonly NodeType[] = [
      NodeType.Comment,
      NodeType.ProcessingInstruction,
      NodeType.DocumentType,
      NodeType.None,
    ];
    while (passing.includes(this.nodeType) && this.read());
    return this.nodeType;
  }

  isStartElement(name?: string): boolean {
    return this.moveToContent() === NodeType.Element && (name === undefined || this.name === name);
  }

  readToFollowing(name: string): boolean {
    while (this.read()) if (this.nodeType === NodeType.Element && this.name === name) return true;
    return false;
  }

  readToDescendant(name: string): boolean {
    const start = this.element;
    if (!start || this.#atEnd || start.isEmpty) return false;
    while (this.read()) {
      if (this.nodeType === NodeType.EndElement && this.element === start) return false;
      if (this.nodeType === NodeType.Element && this.name === name) return true;
    }
    return false;
  }

  readToNextSibling(name: string): boolean {
    while (this.skip()) {
      if (this.nodeType === NodeType.EndElement) return false;
      if (this.nodeType === NodeType.Element && this.name === name) return true;
    }
    return false;
  }

  /** The text of the current element; the cursor moves behind it. */
  elementText(): string {
    if (this.nodeType !== NodeType.Element) throw new InvalidOperationException("The XmlReader is not on an element.");
    const text = this.element?.value ?? "";
    this.skip();
    return text;
  }

  /** For `XNode.ReadFrom`: the current node as one of its own; the cursor moves behind it. */
  take(): XNode {
    const node = this.#node;
    if (!node || this.#atEnd) throw new InvalidOperationException("The XmlReader state should be Interactive.");
    const copy = node.clone();
    this.skip();
    return copy;
  }

  inner(): string {
    const element = this.#atEnd ? null : this.element;
    const text = element ? element.nodes.map((node) => node.toXml(false)).join("") : "";
    this.skip();
    return text;
  }

  outer(): string {
    const text = this.#atEnd ? "" : (this.#node?.toXml(false) ?? "");
    this.skip();
    return text;
  }

  /** Past a start or end tag that must be there. */
  expect(type: NodeType): void {
    if (this.moveToContent() !== type) throw new XmlException(`'${this.name}' is an invalid XmlNodeType.`);
    this.read();
  }
}

function qualifiedName(element: XElement, { name }: XAttribute): string {
  const prefix = name.namespaceName === "" ? "" : (element.prefixOf(name.namespaceName) ?? "");
  return prefix === "" ? name.localName : `${prefix}:${name.localName}`;
}

function create(reader: StringReader | null): XmlReader {
  if (reader === null) throw new ArgumentNullException("input");
  return new XmlReader(reader.readToEnd());
}

export const xmlReaderTypes: TypeDeclaration[] = [
  declareType({
    name: "System.Xml.XmlReader",
    kind: "class",
    interfaces: ["System.IDisposable"],
    is: (value) => value instanceof XmlReader,
    members: {
      "static XmlReader Create(TextReader input)": create,
      "bool EOF { get; }": (reader: XmlReader) => reader.eof,
      "int AttributeCount { get; }": (reader: XmlReader) => reader.element?.attributes.length ?? 0,
      "int Depth { get; }": (reader: XmlReader) => reader.depth,
      "bool HasAttributes { get; }": (reader: XmlReader) => (reader.element?.attributes.length ?? 0) > 0,
      "bool HasValue { get; }": (reader: XmlReader) => reader.value !== "",
      "bool IsEmptyElement { get; }": (reader: XmlReader) =>
        reader.nodeType === NodeType.Element && reader.element?.isEmpty === true,
      "string LocalName { get; }": (reader: XmlReader) => reader.localName,
      "string Name { get; }": (reader: XmlReader) => reader.name,
      "string NamespaceURI { get; }": (reader: XmlReader) => reader.element?.name.namespaceName ?? "",
      "XmlNodeType NodeType { get; }": (reader: XmlReader) => nodeTypeValue(reader.nodeType),
      "string Prefix { get; }": (reader: XmlReader) => reader.prefix,
      "string Value { get; }": (reader: XmlReader) => reader.value,
      "string this[string name] { get; }": (reader: XmlReader, name: string) => reader.attribute(name)?.value ?? null,
      "void Close()": () => undefined,
      "void Dispose()": () => undefined,
      "string GetAttribute(string name)": (reader: XmlReader, name: string) => reader.attribute(name)?.value ?? null,
      "bool IsStartElement()": (reader: XmlReader) => reader.isStartElement(),
      "bool IsStartElement(string name)": (reader: XmlReader, name: string) => reader.isStartElement(name),
      "XmlNodeType MoveToContent()": (reader: XmlReader) => nodeTypeValue(reader.moveToContent()),
      "bool Read()": (reader: XmlReader) => reader.read(),
      "string ReadElementContentAsString()": (reader: XmlReader) => reader.elementText(),
      "string ReadElementString()": (reader: XmlReader) => reader.elementText(),
      "void ReadEndElement()": (reader: XmlReader) => reader.expect(NodeType.EndElement),
      "string ReadInnerXml()": (reader: XmlReader) => reader.inner(),
      "string ReadOuterXml()": (reader: XmlReader) => reader.outer(),
      "void ReadStartElement()": (reader: XmlReader) => reader.expect(NodeType.Element),
      "bool ReadToDescendant(string name)": (reader: XmlReader, name: string) => reader.readToDescendant(name),
      "bool ReadToFollowing(string name)": (reader: XmlReader, name: string) => reader.readToFollowing(name),
      "bool ReadToNextSibling(string name)": (reader: XmlReader, name: string) => reader.readToNextSibling(name),
      "void Skip()": (reader: XmlReader) => {
        reader.skip();
      },
    },
  }),
  declareType({
    name: "System.Xml.Linq.XNode",
    kind: "class",
    members: {
      "static XNode ReadFrom(System.Xml.XmlReader reader)": (reader: XmlReader | null) => {
        if (reader === null) throw new ArgumentNullException("reader");
        return reader.take();
      },
    },
  }),
  declareType({
    name: "System.Xml.Linq.XElement",
    kind: "class",
    members: {
      "static XElement Load(System.Xml.XmlReader reader)": (reader: XmlReader | null) => {
        if (reader === null) throw new ArgumentNullException("reader");
        reader.moveToContent();
        return reader.take();
      },
      "static XElement Load(System.IO.TextReader textReader)": (reader: StringReader | null) => {
        const xml = create(reader);
        xml.moveToContent();
        return xml.take();
      },
    },
  }),
];
