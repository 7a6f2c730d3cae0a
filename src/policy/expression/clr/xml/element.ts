import { InvalidOperationException } from "../exceptions.ts";
import { XAttribute } from "./attribute.ts";
import { checkDepth, sameNodes, XContainer } from "./container.ts";
import { XText } from "./leaf-nodes.ts";
import { XML_NAMESPACE, XMLNS_NAMESPACE, type XName, XNamespace } from "./name.ts";
import type { XNode } from "./node.ts";
import { NodeType } from "./node-type.ts";
import { xmlText } from "./value-text.ts";

/** `XElement`. */
export class XElement extends XContainer {
  readonly clrName = "System.Xml.Linq.XElement";
  readonly nodeType = NodeType.Element;
  name: XName;
  /** Without any content, not even an empty text: prints as `<a />`. */
  isEmpty = true;
  readonly #attributes: XAttribute[] = [];

  constructor(name: XName) {
    super();
    this.name = name;
  }

  get attributes(): readonly XAttribute[] {
    return this.#attributes;
  }

  attribute(name: XName): XAttribute | null {
    for (const attribute of this.#attributes) if (attribute.name.is(name)) return attribute;
    return null;
  }

  /** All text inside, in document order. */
  get value(): string {
    let text = "";
    for (const node of this.descendantNodes(false)) if (node instanceof XText) text += node.value;
    return text;
  }

  set value(value: string) {
    this.removeNodes();
    this.add(value);
  }

  /** Sets, adds or (null) removes an attribute. */
  setAttributeValue(name: XName, value: unknown): void {
    const attribute = this.attribute(name);
    if (value === null) attribute?.remove();
    else if (attribute !== null) attribute.value = xmlText(value);
    else this.addAttribute(new XAttribute(name, xmlText(value)));
  }

  /** Sets, adds or (null) removes a child element. */
  setElementValue(name: XName, value: unknown): void {
    const element = this.element(name) as XElement | null;
    if (value === null) {
      element?.remove();
    } else if (element !== null) {
      element.value = xmlText(value);
    } else {
      const added = new XElement(name);
      added.add(xmlText(value));
      this.add(added);
    }
  }

  removeAttribute(attribute: XAttribute): void {
    this.#attributes.splice(this.#attributes.indexOf(attribute), 1);
    attribute.owner = null;
  }

  removeAttributes(): void {
    for (const attribute of this.#attributes.splice(0)) attribute.owner = null;
  }

  /** Appends a fresh attribute; for the reader, which has checked the names. */
  appendAttribute(attribute: XAttribute): void {
    attribute.owner = this;
    this.#attributes.push(attribute);
  }

  /** The namespace that a prefix stands for here (empty: the default namespace); null when it is not declared. */
  namespaceOf(prefix: string): string | null {
    if (prefix === "xml") return XML_NAMESPACE;
    if (prefix === "xmlns") return XMLNS_NAMESPACE;
    for (let element: XContainer | null = this; element instanceof XElement; element = element.owner) {
      for (const attribute of element.attributes) {
        if (attribute.isNamespaceDeclaration && attribute.declaredPrefix === prefix) return attribute.value;
      }
    }
    return null;
  }

  /** A prefix that stands for a namespace here; null when there is none. */
  prefixOf(namespace: string): string | null {
    if (namespace === XML_NAMESPACE) return "xml";
    if (namespace === XMLNS_NAMESPACE) return "xmlns";
    for (let element: XContainer | null = this; element instanceof XElement; element = element.owner) {
      for (const attribute of element.attributes) {
        if (!attribute.isNamespaceDeclaration || attribute.declaredPrefix === "" || attribute.value !== namespace)
          continue;
        if (this.namespaceOf(attribute.declaredPrefix) === namespace) return attribute.declaredPrefix;
      }
    }
    return null;
  }

  get defaultNamespace(): XNamespace {
    return new XNamespace(this.namespaceOf("") ?? "");
  }

  clone(depth = 0): XElement {
    checkDepth(depth);
    const copy = new XElement(this.name);
    copy.isEmpty = this.isEmpty;
    for (const attribute of this.#attributes) copy.appendAttribute(attribute.clone());
    for (const node of this.nodes) copy.append(node.clone(depth + 1));
    return copy;
  }

  contentEquals(other: XNode, depth = 0): boolean {
    if (!(other instanceof XElement) || !other.name.is(this.name)) return false;
    if (other.attributes.length !== this.#attributes.length) return false;
    const same = this.#attributes.every((attribute, index) => {
      const match = other.attributes[index] as XAttribute;
      return attribute.name.is(match.name) && attribute.value === match.value;
    });
    return same && sameNodes(this, other, depth);
  }

  protected override addAttribute(attribute: XAttribute): void {
    if (this.attribute(attribute.name) !== null) throw new InvalidOperationException("Duplicate attribute.");
    this.appendAttribute(attribute.owner === null ? attribute : attribute.clone());
  }

  protected override emptied(): void {
    this.isEmpty = true;
  }

  protected override filled(): void {
    this.isEmpty = false;
  }
}
