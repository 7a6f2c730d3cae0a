import type { ClrArray, EnumValue } from "../box.ts";
import { spend } from "../budget.ts";
import { declareType, type TypeDeclaration } from "../declare.ts";
import { EMPTY } from "../linq/sequence.ts";
import type { StringReader, StringWriter } from "../system/string-io.ts";
import { XAttribute } from "./attribute.ts";
import { conversionsFrom } from "./conversions.ts";
import { XDeclaration, XDocument } from "./document.ts";
import { XElement } from "./element.ts";
import { type XName, XNamespace } from "./name.ts";
import { LOAD_OPTIONS } from "./node-type.ts";
import { isFormatted, required } from "./node-types.ts";
import { parseXml, parseXmlElement } from "./read.ts";
import { xmlText } from "./value-text.ts";
import { ancestors, descendants, nodes } from "./walk.ts";

const LINQ = "System.Xml.Linq";

/** Text to parse; parsing takes from the budget by length. */
function source(text: string | null): string {
  const given = required(text, "text");
  spend(given.length >> 7);
  return given;
}

const readOptions = (options: EnumValue) => ({
  preserveWhitespace: (options.value & LOAD_OPTIONS.PreserveWhitespace) !== 0,
});

/** What `Save` writes: the declaration, in the encoding of a string writer, and the node. */
function save(node: XElement | XDocument, writer: StringWriter, indented: boolean): void {
  const declared = node instanceof XDocument ? node.declaration : null;
  const declaration = new XDeclaration("1.0", "utf-16", declared?.standalone ?? null);
  writer.write(`${declaration.toClrString()}${indented ? "\n" : ""}${node.toXml(indented)}`);
}

function elementOf(name: XName | null, content: unknown): XElement {
  const element = new XElement(required(name, "name"));
  element.add(content);
  return element;
}

/** The attributes, as they are while the enumeration runs. */
function* attributesOf(element: XElement, name?: XName | null): Generator<XAttribute> {
  for (let at: XAttribute | null = element.attributes[0] ?? null; at !== null; at = at.nextAttribute) {
    if (name === undefined || (name !== null && at.name.is(name))) yield at;
  }
}

const elementType = declareType({
  name: `${LINQ}.XElement`,
  kind: "class",
  base: `${LINQ}.XContainer`,
  is: (value) => value instanceof XElement,
  members: {
    "new XElement(XName name)": (name: XName | null) => new XElement(required(name, "name")),
    "new XElement(XName name, object content)": elementOf,
    "new XElement(XName name, params object[] content)": elementOf,
    "new XElement(XElement other)": (other: XElement | null) => required(other, "other").clone(),
    "static IEnumerable<XElement> EmptySequence { get; }": () => EMPTY,
    "XAttribute FirstAttribute { get; }": (element: XElement) => element.attributes[0] ?? null,
    "XAttribute LastAttribute { get; }": (element: XElement) =>
      element.attributes[element.attributes.length - 1] ?? null,
    "bool HasAttributes { get; }": (element: XElement) => element.attributes.length > 0,
    "bool HasElements { get; }": (element: XElement) => element.nodes.some((node) => node instanceof XElement),
    "bool IsEmpty { get; }": (element: XElement) => element.isEmpty,
    "XName Name { get; set; }": {
      get: (element: XElement) => element.name,
      set: (element: XElement, name: XName | null) => {
        element.name = required(name, "value");
      },
    },
    "string Value { get; set; }": {
      get: (element: XElement) => element.value,
      set: (element: XElement, value: string | null) => {
        element.value = required(value, "value");
      },
    },
    "IEnumerable<XElement> AncestorsAndSelf()": (element: XElement) => ancestors(element, true),
    "IEnumerable<XElement> AncestorsAndSelf(XName name)": (element: XElement, name: XName | null) =>
      ancestors(element, true, name),
    "XAttribute Attribute(XName name)": (element: XElement, name: XName | null) =>
      name === null ? null : element.attribute(name),
    "IEnumerable<XAttribute> Attributes()": (element: XElement) => nodes(() => attributesOf(element)),
    "IEnumerable<XAttribute> Attributes(XName name)": (element: XElement, name: XName | null) =>
      nodes(() => attributesOf(element, name)),
    "IEnumerable<XNode> DescendantNodesAndSelf()": (element: XElement) => nodes(() => element.descendantNodes(true)),
    "IEnumerable<XElement> DescendantsAndSelf()": (element: XElement) => descendants(element, true),
    "IEnumerable<XElement> DescendantsAndSelf(XName name)": (element: XElement, name: XName | null) =>
      descendants(element, true, name),
    "XNamespace GetDefaultNamespace()": (element: XElement) => element.defaultNamespace,
    "XNamespace GetNamespaceOfPrefix(string prefix)": (element: XElement, prefix: string | null) => {
      const namespace = element.namespaceOf(required(prefix, "prefix"));
      return namespace === null ? null : new XNamespace(namespace);
    },
    "string GetPrefixOfNamespace(XNamespace ns)": (element: XElement, namespace: XNamespace | null) =>
      element.prefixOf(required(namespace, "ns").namespaceName),
    "static XElement Load(TextReader textReader)": (reader: StringReader) =>
      parseXmlElement(source(reader.readToEnd())),
    "static XElement Load(TextReader textReader, LoadOptions options)": (reader: StringReader, options: EnumValue) =>
      parseXmlElement(source(reader.readToEnd()), readOptions(options)),
    "static XElement Parse(string text)": (text: string | null) => parseXmlElement(source(text)),
    "static XElement Parse(string text, LoadOptions options)": (text: string | null, options: EnumValue) =>
      parseXmlElement(source(text), readOptions(options)),
    "void RemoveAll()": (element: XElement) => {
      element.removeAttributes();
      element.removeNodes();
    },
    "void RemoveAttributes()": (element: XElement) => element.removeAttributes(),
    "void ReplaceAll(object content)": replaceAll,
    "void ReplaceAll(params object[] content)": replaceAll,
    "void ReplaceAttributes(object content)": replaceAttributes,
    "void ReplaceAttributes(params object[] content)": replaceAttributes,
    "void Save(TextWriter textWriter)": (element: XElement, writer: StringWriter) => save(element, writer, true),
    "void Save(TextWriter textWriter, SaveOptions options)": (
      element: XElement,
      writer: StringWriter,
      options: EnumValue,
    ) => save(element, writer, isFormatted(options)),
    "void SetAttributeValue(XName name, object value)": (element: XElement, name: XName | null, value: unknown) =>
      element.setAttributeValue(required(name, "name"), value),
    "void SetElementValue(XName name, object value)": (element: XElement, name: XName | null, value: unknown) =>
      element.setElementValue(required(name, "name"), value),
    "void SetValue(object value)": (element: XElement, value: unknown) => {
      element.value = xmlText(value);
    },
    ...conversionsFrom("XElement"),
  },
});

function replaceAll(element: XElement, content: unknown): void {
  const copy = new XElement(element.name);
  copy.add(content);
  element.removeAttributes();
  element.removeNodes();
  element.add([copyOf(copy.attributes), copyOf(copy.nodes)]);
}

function replaceAttributes(element: XElement, content: unknown): void {
  const copy = new XElement(element.name);
  copy.add(content);
  element.removeAttributes();
  element.add(copyOf(copy.attributes));
}

const copyOf = <T>(items: readonly T[]) => [...items];

const attributeType = declareType({
  name: `${LINQ}.XAttribute`,
  kind: "class",
  base: `${LINQ}.XObject`,
  is: (value) => value instanceof XAttribute,
  members: {
    "new XAttribute(XName name, object value)": (name: XName | null, value: unknown) =>
      new XAttribute(required(name, "name"), xmlText(value)),
    "new XAttribute(XAttribute other)": (other: XAttribute | null) => required(other, "other").clone(),
    "static IEnumerable<XAttribute> EmptySequence { get; }": () => EMPTY,
    "bool IsNamespaceDeclaration { get; }": (attribute: XAttribute) => attribute.isNamespaceDeclaration,
    "XName Name { get; }": (attribute: XAttribute) => attribute.name,
    "XAttribute NextAttribute { get; }": (attribute: XAttribute) => attribute.nextAttribute,
    "XAttribute PreviousAttribute { get; }": (attribute: XAttribute) => attribute.previousAttribute,
    "string Value { get; set; }": {
      get: (attribute: XAttribute) => attribute.value,
      set: (attribute: XAttribute, value: string | null) => {
        attribute.value = value;
      },
    },
    "void Remove()": (attribute: XAttribute) => attribute.remove(),
    "void SetValue(object value)": (attribute: XAttribute, value: unknown) => {
      attribute.value = xmlText(value);
    },
    "string ToString()": (attribute: XAttribute) => attribute.toClrString(),
    ...conversionsFrom("XAttribute"),
  },
});

function documentOf(content: ClrArray | null, declaration: XDeclaration | null = null): XDocument {
  const document = new XDocument();
  document.declaration = declaration;
  document.add(content);
  return document;
}

const documentType = declareType({
  name: `${LINQ}.XDocument`,
  kind: "class",
  base: `${LINQ}.XContainer`,
  is: (value) => value instanceof XDocument,
  members: {
    "new XDocument()": () => new XDocument(),
    "new XDocument(params object[] content)": (content: ClrArray | null) => documentOf(content),
    "new XDocument(XDeclaration declaration, params object[] content)": (
      declaration: XDeclaration | null,
      content: ClrArray | null,
    ) => documentOf(content, declaration),
    "new XDocument(XDocument other)": (other: XDocument | null) => required(other, "other").clone(),
    "XDeclaration Declaration { get; set; }": {
      get: (document: XDocument) => document.declaration,
      set: (document: XDocument, declaration: XDeclaration | null) => {
        document.declaration = declaration;
      },
    },
    "XDocumentType DocumentType { get; }": (document: XDocument) => document.documentType,
    "XElement Root { get; }": (document: XDocument) => document.root,
    "static XDocument Parse(string text)": (text: string | null) => parseXml(source(text)),
    "static XDocument Parse(string text, LoadOptions options)": (text: string | null, options: EnumValue) =>
      parseXml(source(text), readOptions(options)),
    "void Save(TextWriter textWriter)": (document: XDocument, writer: StringWriter) => save(document, writer, true),
    "void Save(TextWriter textWriter, SaveOptions options)": (
      document: XDocument,
      writer: StringWriter,
      options: EnumValue,
    ) => save(document, writer, isFormatted(options)),
  },
});

/** XElement, XAttribute and XDocument. */
export const elementTypes: TypeDeclaration[] = [elementType, attributeType, documentType];
