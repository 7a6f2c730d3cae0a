import { ArgumentNullException } from "../exceptions.ts";
import type { XElement } from "./element.ts";
import { XMLNS_NAMESPACE, type XName } from "./name.ts";
import { NodeType } from "./node-type.ts";
import { attributeText } from "./write.ts";
import { missingParent, XObject } from "./xobject.ts";

/** `XAttribute`. Its owner is an element. */
export class XAttribute extends XObject {
  readonly clrName = "System.Xml.Linq.XAttribute";
  readonly nodeType = NodeType.Attribute;
  readonly name: XName;
  #value: string;

  constructor(name: XName, value: string) {
    super();
    this.name = name;
    this.#value = value;
  }

  get value(): string {
    return this.#value;
  }

  set value(value: string | null) {
    if (value === null) throw new ArgumentNullException("value");
    this.#value = value;
  }

  /** `xmlns="…"` or `xmlns:p="…"`. */
  get isNamespaceDeclaration(): boolean {
    return (
      this.name.namespaceName === XMLNS_NAMESPACE || (this.name.namespaceName === "" && this.name.localName === "xmlns")
    );
  }

  /** The prefix that a declaration declares; empty for the default namespace. */
  get declaredPrefix(): string {
    return this.name.namespaceName === "" ? "" : this.name.localName;
  }

  get nextAttribute(): XAttribute | null {
    return this.#sibling(1);
  }

  get previousAttribute(): XAttribute | null {
    return this.#sibling(-1);
  }

  remove(): void {
    if (this.owner === null) throw missingParent();
    (this.owner as XElement).removeAttribute(this);
  }

  clone(): XAttribute {
    return new XAttribute(this.name, this.#value);
  }

  toClrString(): string {
    return attributeText(this);
  }

  #sibling(step: number): XAttribute | null {
    if (this.owner === null) return null;
    const { attributes } = this.owner as XElement;
    return attributes[attributes.indexOf(this) + step] ?? null;
  }
}
