import type { ClrArray, EnumValue } from "../box.ts";
import { annotationMembers } from "../collections/annotations.ts";
import { declareType, type TypeDeclaration } from "../declare.ts";
import { ArgumentNullException, InvalidOperationException } from "../exceptions.ts";
import { boxedHashCode } from "../system/equality.ts";
import { XContainer } from "./container.ts";
import { XDeclaration, XDocument } from "./document.ts";
import { XElement } from "./element.ts";
import { XCData, XComment, XDocumentType, XProcessingInstruction, XText } from "./leaf-nodes.ts";
import type { XName } from "./name.ts";
import { XNode } from "./node.ts";
import { nodeTypeValue, SAVE_OPTIONS } from "./node-type.ts";
import { ancestors, childElements, descendants, documentOrder, elementsOf, nodes } from "./walk.ts";
import { XObject } from "./xobject.ts";

const LINQ = "System.Xml.Linq";

/** @throws {ArgumentNullException} */
export function required<T>(value: T | null, parameter: string): T {
  if (value === null) throw new ArgumentNullException(parameter);
  return value;
}

/** `XNode.EqualityComparer`: equality by content. */
const contentEquality = {
  equals: (a: unknown, b: unknown) => deepEquals(a as XNode | null, b as XNode | null),
  hashCode: (value: unknown) => boxedHashCode(value instanceof XElement ? value.name : null),
};

/** `XNode.DocumentOrderComparer`. */
const orderComparer = { compare: (a: unknown, b: unknown) => compareOrder(a as XNode | null, b as XNode | null) };

function deepEquals(a: XNode | null, b: XNode | null): boolean {
  return a === b || (a !== null && b !== null && a.contentEquals(b));
}

function compareOrder(a: XNode | null, b: XNode | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  const order = documentOrder(a, b);
  if (order === null) throw new InvalidOperationException("A common ancestor is missing.");
  return order;
}

export const isFormatted = (options: EnumValue) => (options.value & SAVE_OPTIONS.DisableFormatting) === 0;

const objectType = declareType({
  name: `${LINQ}.XObject`,
  kind: "class",
  is: (value) => value instanceof XObject,
  members: {
    "string BaseUri { get; }": () => "",
    "XDocument Document { get; }": (object: XObject) => (object.top instanceof XDocument ? object.top : null),
    "System.Xml.XmlNodeType NodeType { get; }": (object: XObject) => nodeTypeValue(object.nodeType),
    "XElement Parent { get; }": (object: XObject) => (object.owner instanceof XElement ? object.owner : null),
    ...annotationMembers,
  },
});

const nodeType = declareType({
  name: `${LINQ}.XNode`,
  kind: "class",
  base: `${LINQ}.XObject`,
  is: (value) => value instanceof XNode,
  members: {
    "static XNodeDocumentOrderComparer DocumentOrderComparer { get; }": () => orderComparer,
    "static XNodeEqualityComparer EqualityComparer { get; }": () => contentEquality,
    "XNode NextNode { get; }": (node: XNode) => node.nextNode,
    "XNode PreviousNode { get; }": (node: XNode) => node.previousNode,
    "void AddAfterSelf(object content)": (node: XNode, content: unknown) => node.addAfterSelf(content),
    "void AddAfterSelf(params object[] content)": (node: XNode, content: ClrArray | null) => node.addAfterSelf(content),
    "void AddBeforeSelf(object content)": (node: XNode, content: unknown) => node.addBeforeSelf(content),
    "void AddBeforeSelf(params object[] content)": (node: XNode, content: ClrArray | null) =>
      node.addBeforeSelf(content),
    "IEnumerable<XElement> Ancestors()": (node: XNode) => ancestors(node, false),
    "IEnumerable<XElement> Ancestors(XName name)": (node: XNode, name: XName | null) => ancestors(node, false, name),
    "static int CompareDocumentOrder(XNode n1, XNode n2)": compareOrder,
    "static bool DeepEquals(XNode n1, XNode n2)": deepEquals,
    "IEnumerable<XElement> ElementsAfterSelf()": (node: XNode) =>
      nodes(() => elementsOf(node.nodesAfterSelf(), undefined)),
    "IEnumerable<XElement> ElementsAfterSelf(XName name)": (node: XNode, name: XName | null) =>
      nodes(() => elementsOf(node.nodesAfterSelf(), name)),
    "IEnumerable<XElement> ElementsBeforeSelf()": (node: XNode) =>
      nodes(() => elementsOf(node.nodesBeforeSelf(), undefined)),
    "IEnumerable<XElement> ElementsBeforeSelf(XName name)": (node: XNode, name: XName | null) =>
      nodes(() => elementsOf(node.nodesBeforeSelf(), name)),
    "bool IsAfter(XNode node)": (node: XNode, other: XNode | null) => compareOrder(node, other) > 0,
    "bool IsBefore(XNode node)": (node: XNode, other: XNode | null) => compareOrder(node, other) < 0,
    "IEnumerable<XNode> NodesAfterSelf()": (node: XNode) => nodes(() => node.nodesAfterSelf()),
    "IEnumerable<XNode> NodesBeforeSelf()": (node: XNode) => nodes(() => node.nodesBeforeSelf()),
    "void Remove()": (node: XNode) => node.remove(),
    "void ReplaceWith(object content)": (node: XNode, content: unknown) => node.replaceWith(content),
    "void ReplaceWith(params object[] content)": (node: XNode, content: ClrArray | null) => node.replaceWith(content),
    "string ToString(SaveOptions options)": (node: XNode, options: EnumValue) => node.toXml(isFormatted(options)),
  },
});

const containerType = declareType({
  name: `${LINQ}.XContainer`,
  kind: "class",
  base: `${LINQ}.XNode`,
  is: (value) => value instanceof XContainer,
  members: {
    "XNode FirstNode { get; }": (container: XContainer) => container.firstNode,
    "XNode LastNode { get; }": (container: XContainer) => container.lastNode,
    "void Add(object content)": (container: XContainer, content: unknown) => container.add(content),
    "void Add(params object[] content)": (container: XContainer, content: ClrArray | null) => container.add(content),
    "void AddFirst(object content)": (container: XContainer, content: unknown) => container.insertContent(0, content),
    "void AddFirst(params object[] content)": (container: XContainer, content: ClrArray | null) =>
      container.insertContent(0, content),
    "IEnumerable<XNode> DescendantNodes()": (container: XContainer) => nodes(() => container.descendantNodes(false)),
    "IEnumerable<XElement> Descendants()": (container: XContainer) => descendants(container, false),
    "IEnumerable<XElement> Descendants(XName name)": (container: XContainer, name: XName | null) =>
      descendants(container, false, name),
    "XElement Element(XName name)": (container: XContainer, name: XName | null) =>
      name === null ? null : container.element(name),
    "IEnumerable<XElement> Elements()": (container: XContainer) => childElements(container),
    "IEnumerable<XElement> Elements(XName name)": (container: XContainer, name: XName | null) =>
      childElements(container, name),
    "IEnumerable<XNode> Nodes()": (container: XContainer) => nodes(() => container.childNodes()),
    "void RemoveNodes()": (container: XContainer) => container.removeNodes(),
    "void ReplaceNodes(object content)": (container: XContainer, content: unknown) => container.replaceNodes(content),
    "void ReplaceNodes(params object[] content)": (container: XContainer, content: ClrArray | null) =>
      container.replaceNodes(content),
  },
});

const comparers = [
  declareType({
    name: `${LINQ}.XNodeEqualityComparer`,
    kind: "class",
    interfaces: [`System.Collections.Generic.IEqualityComparer<${LINQ}.XNode>`],
    is: (value) => value === contentEquality,
    members: { "new XNodeEqualityComparer()": () => contentEquality },
  }),
  declareType({
    name: `${LINQ}.XNodeDocumentOrderComparer`,
    kind: "class",
    interfaces: [`System.Collections.Generic.IComparer<${LINQ}.XNode>`],
    is: (value) => value === orderComparer,
    members: { "new XNodeDocumentOrderComparer()": () => orderComparer },
  }),
];

const textType = declareType({
  name: `${LINQ}.XText`,
  kind: "class",
  base: `${LINQ}.XNode`,
  is: (value) => value instanceof XText,
  members: {
    "new XText(string value)": (value: string | null) => new XText(required(value, "value")),
    "new XText(XText other)": (other: XText | null) => required(other, "other").clone(),
    "string Value { get; set; }": {
      get: (text: XText) => text.value,
      set: (text: XText, value: string | null) => {
        text.value = value;
      },
    },
  },
});

const cdataType = declareType({
  name: `${LINQ}.XCData`,
  kind: "class",
  base: `${LINQ}.XText`,
  is: (value) => value instanceof XCData,
  members: {
    "new XCData(string value)": (value: string | null) => new XCData(required(value, "value")),
    "new XCData(XCData other)": (other: XCData | null) => required(other, "other").clone(),
  },
});

const commentType = declareType({
  name: `${LINQ}.XComment`,
  kind: "class",
  base: `${LINQ}.XNode`,
  is: (value) => value instanceof XComment,
  members: {
    "new XComment(string value)": (value: string | null) => new XComment(required(value, "value")),
    "new XComment(XComment other)": (other: XComment | null) => required(other, "other").clone(),
    "string Value { get; set; }": {
      get: (comment: XComment) => comment.value,
      set: (comment: XComment, value: string | null) => {
        comment.value = required(value, "value");
      },
    },
  },
});

const instructionType = declareType({
  name: `${LINQ}.XProcessingInstruction`,
  kind: "class",
  base: `${LINQ}.XNode`,
  is: (value) => value instanceof XProcessingInstruction,
  members: {
    "new XProcessingInstruction(string target, string data)": (target: string | null, data: string | null) =>
      new XProcessingInstruction(required(target, "target"), required(data, "data")),
    "new XProcessingInstruction(XProcessingInstruction other)": (other: XProcessingInstruction | null) =>
      required(other, "other").clone(),
    "string Target { get; set; }": {
      get: (instruction: XProcessingInstruction) => instruction.target,
      set: (instruction: XProcessingInstruction, target: string | null) => {
        instruction.target = new XProcessingInstruction(required(target, "value"), "").target;
      },
    },
    "string Data { get; set; }": {
      get: (instruction: XProcessingInstruction) => instruction.data,
      set: (instruction: XProcessingInstruction, data: string | null) => {
        instruction.data = required(data, "value");
      },
    },
  },
});

const documentTypeType = declareType({
  name: `${LINQ}.XDocumentType`,
  kind: "class",
  base: `${LINQ}.XNode`,
  is: (value) => value instanceof XDocumentType,
  members: {
    "new XDocumentType(string name, string publicId, string systemId, string internalSubset)": (
      name: string | null,
      publicId: string | null,
      systemId: string | null,
      subset: string | null,
    ) => new XDocumentType(required(name, "name"), publicId, systemId, subset),
    "new XDocumentType(XDocumentType other)": (other: XDocumentType | null) => required(other, "other").clone(),
    "string Name { get; }": (type: XDocumentType) => type.name,
    "string PublicId { get; }": (type: XDocumentType) => type.publicId,
    "string SystemId { get; }": (type: XDocumentType) => type.systemId,
    "string InternalSubset { get; }": (type: XDocumentType) => type.internalSubset,
  },
});

const declarationType = declareType({
  name: `${LINQ}.XDeclaration`,
  kind: "class",
  is: (value) => value instanceof XDeclaration,
  members: {
    "new XDeclaration(string version, string encoding, string standalone)": (
      version: string | null,
      encoding: string | null,
      standalone: string | null,
    ) => new XDeclaration(version, encoding, standalone),
    "new XDeclaration(XDeclaration other)": (other: XDeclaration | null) => {
      const { version, encoding, standalone } = required(other, "other");
      return new XDeclaration(version, encoding, standalone);
    },
    "string Version { get; set; }": {
      get: (declaration: XDeclaration) => declaration.version,
      set: (declaration: XDeclaration, value: string | null) => {
        declaration.version = value;
      },
    },
    "string Encoding { get; set; }": {
      get: (declaration: XDeclaration) => declaration.encoding,
      set: (declaration: XDeclaration, value: string | null) => {
        declaration.encoding = value;
      },
    },
    "string Standalone { get; set; }": {
      get: (declaration: XDeclaration) => declaration.standalone,
      set: (declaration: XDeclaration, value: string | null) => {
        declaration.standalone = value;
      },
    },
    "string ToString()": (declaration: XDeclaration) => declaration.toClrString(),
  },
});

/** Everything but elements, attributes and documents. */
export const nodeTypes: TypeDeclaration[] = [
  objectType,
  nodeType,
  containerType,
  ...comparers,
  textType,
  cdataType,
  commentType,
  instructionType,
  documentTypeType,
  declarationType,
];
