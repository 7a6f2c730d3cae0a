import { ClrArray } from "../box.ts";
import { declareType, type TypeDeclaration } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";
import type { ClrObject } from "../system/protocol.ts";
import { XAttribute } from "../xml/attribute.ts";
import { XContainer } from "../xml/container.ts";
import { XDocument } from "../xml/document.ts";
import { XElement } from "../xml/element.ts";
import { XText } from "../xml/leaf-nodes.ts";
import { XName } from "../xml/name.ts";
import { XNode } from "../xml/node.ts";
import { parseXml } from "../xml/read.ts";
import { selectNodes, type XPathItem } from "./xpath.ts";

/**
 * `System.Xml.XmlDocument` and its nodes: not on the service's list, but published samples use them (reference,
 * section 4). Reading only, over the tree of System.Xml.Linq.
 */
class XmlNode implements ClrObject {
  readonly clrName: string = "System.Xml.XmlElement";
  readonly item: XPathItem;
  constructor(item: XPathItem) {
    this.item = item;
  }

  get localName(): string {
    const { item } = this;
    if (item instanceof XElement || item instanceof XAttribute) return item.name.localName;
    return item instanceof XText ? "#text" : "#document";
  }

  get text(): string {
    const { item } = this;
    if (item instanceof XAttribute || item instanceof XText) return item.value;
    if (item instanceof XElement) return item.value;
    return item instanceof XDocument ? (item.root?.value ?? "") : "";
  }

  get innerXml(): string {
    const { item } = this;
    if (item instanceof XContainer) return item.nodes.map((node) => node.toXml(false)).join("");
    return this.text;
  }

  get outerXml(): string {
    const { item } = this;
    return item instanceof XNode ? item.toXml(false) : this.text;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof XmlNode && other.item === this.item;
  }
}

class XmlDocument extends XmlNode {
  override readonly clrName = "System.Xml.XmlDocument";
  #document: XDocument = new XDocument();

  constructor() {
    super(new XDocument());
  }

  load(text: string | null): void {
    if (text === null) throw new ArgumentNullException("xml");
    this.#document = parseXml(text);
  }

  get document(): XDocument {
    return this.#document;
  }
}

function itemOf(node: XmlNode): XPathItem {
  return node instanceof XmlDocument ? node.document : node.item;
}

function wrap(item: XPathItem | null | undefined): XmlNode | null {
  return item ? new XmlNode(item) : null;
}

function list(items: Iterable<XPathItem>): ClrArray {
  return new ClrArray(
    "System.Xml.XmlNode",
    Array.from(items, (item) => new XmlNode(item)),
  );
}

function children(node: XmlNode): readonly XNode[] {
  const item = itemOf(node);
  return item instanceof XContainer ? item.nodes : [];
}

function childNamed(node: XmlNode, name: string): XmlNode | null {
  return wrap(children(node).find((child) => child instanceof XElement && child.name.localName === name));
}

function attributeNamed(node: XmlNode, name: string): XAttribute | null {
  const { item } = node;
  return item instanceof XElement ? item.attribute(new XName(name)) : null;
}

function byTagName(node: XmlNode, name: string): ClrArray {
  const item = itemOf(node);
  const all = item instanceof XContainer ? item.descendantNodes(false) : [];
  return list([...all].filter((child) => child instanceof XElement && (name === "*" || child.name.localName === name)));
}

const isNode = (value: unknown): boolean => value instanceof XmlNode;
const nodeList = "System.Collections.Generic.IReadOnlyList<System.Xml.XmlNode>";

export const xmlDocumentTypes: TypeDeclaration[] = [
  declareType({
    name: "System.Xml.XmlNode",
    kind: "class",
    is: isNode,
    members: {
      [`${nodeList} ChildNodes { get; }`]: (node: XmlNode) => list(children(node)),
      "XmlNode FirstChild { get; }": (node: XmlNode) => wrap(children(node)[0]),
      "XmlNode LastChild { get; }": (node: XmlNode) => wrap(children(node).at(-1)),
      "XmlNode ParentNode { get; }": (node: XmlNode) => wrap(itemOf(node).owner),
      "bool HasChildNodes { get; }": (node: XmlNode) => children(node).length > 0,
      "string InnerText { get; }": (node: XmlNode) => new XmlNode(itemOf(node)).text,
      "string InnerXml { get; }": (node: XmlNode) => new XmlNode(itemOf(node)).innerXml,
      "string OuterXml { get; }": (node: XmlNode) => new XmlNode(itemOf(node)).outerXml,
      "string LocalName { get; }": (node: XmlNode) => new XmlNode(itemOf(node)).localName,
      "string Name { get; }": (node: XmlNode) => new XmlNode(itemOf(node)).localName,
      "string Value { get; }": (node: XmlNode) => (node.item instanceof XContainer ? null : node.text),
      "XmlAttributeCollection Attributes { get; }": (node: XmlNode) => node,
      "XmlNode this[string name] { get; }": childNamed,
      "XmlNode SelectSingleNode(string xpath)": (node: XmlNode, path: string | null) =>
        wrap(selectNodes(itemOf(node), path)[0]),
      [`${nodeList} SelectNodes(string xpath)`]: (node: XmlNode, path: string | null) =>
        list(selectNodes(itemOf(node), path)),
    },
  }),
  declareType({
    name: "System.Xml.XmlAttributeCollection",
    kind: "class",
    is: () => false,
    members: {
      "XmlNode this[string name] { get; }": (node: XmlNode, name: string) => wrap(attributeNamed(node, name)),
      "int Count { get; }": (node: XmlNode) => (node.item instanceof XElement ? node.item.attributes.length : 0),
    },
  }),
  declareType({
    name: "System.Xml.XmlElement",
    kind: "class",
    base: "System.Xml.XmlNode",
    is: (value) => value instanceof XmlNode && value.item instanceof XElement,
    members: {
      "string GetAttribute(string name)": (node: XmlNode, name: string) => attributeNamed(node, name)?.value ?? "",
      "bool HasAttribute(string name)": (node: XmlNode, name: string) => attributeNamed(node, name) !== null,
      [`${nodeList} GetElementsByTagName(string name)`]: byTagName,
    },
  }),
  declareType({
    name: "System.Xml.XmlDocument",
    kind: "class",
    base: "System.Xml.XmlNode",
    is: (value) => value instanceof XmlDocument,
    members: {
      "new XmlDocument()": () => new XmlDocument(),
      "void LoadXml(string xml)": (document: XmlDocument, text: string | null) => document.load(text),
      "XmlElement DocumentElement { get; }": (document: XmlDocument) => wrap(document.document.root),
      [`${nodeList} GetElementsByTagName(string name)`]: byTagName,
    },
  }),
];
