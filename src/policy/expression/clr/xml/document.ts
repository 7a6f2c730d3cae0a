import { ArgumentException, InvalidOperationException } from "../exceptions.ts";
import type { ClrObject } from "../system/protocol.ts";
import { isXmlSpace } from "./characters.ts";
import { sameNodes, XContainer } from "./container.ts";
import { XElement } from "./element.ts";
import { XDocumentType, type XText } from "./leaf-nodes.ts";
import type { XNode } from "./node.ts";
import { NodeType } from "./node-type.ts";

/** `XDeclaration`: the parts of `<?xml … ?>`, null where absent. */
export class XDeclaration implements ClrObject {
  readonly clrName = "System.Xml.Linq.XDeclaration";
  version: string | null;
  encoding: string | null;
  standalone: string | null;

  constructor(version: string | null, encoding: string | null, standalone: string | null) {
    this.version = version;
    this.encoding = encoding;
    this.standalone = standalone;
  }

  toClrString(): string {
    const part = (name: string, value: string | null) => (value === null ? "" : ` ${name}="${value}"`);
    return `<?xml${part("version", this.version)}${part("encoding", this.encoding)}${part("standalone", this.standalone)}?>`;
  }
}

/** `XDocument`. */
export class XDocument extends XContainer {
  readonly clrName = "System.Xml.Linq.XDocument";
  readonly nodeType = NodeType.Document;
  declaration: XDeclaration | null = null;

  get root(): XElement | null {
    for (const node of this.nodes) if (node instanceof XElement) return node;
    return null;
  }

  get documentType(): XDocumentType | null {
    for (const node of this.nodes) if (node instanceof XDocumentType) return node;
    return null;
  }

  clone(): XDocument {
    const copy = new XDocument();
    if (this.declaration !== null) {
      const { version, encoding, standalone } = this.declaration;
      copy.declaration = new XDeclaration(version, encoding, standalone);
    }
    for (const node of this.nodes) copy.append(node.clone(1));
    return copy;
  }

  contentEquals(other: XNode): boolean {
    return other instanceof XDocument && sameNodes(this, other, 0);
  }

  protected override validate(node: XNode): void {
    switch (node.nodeType) {
      case NodeType.Text:
        this.validateText((node as XText).value);
        break;
      case NodeType.CDATA:
      case NodeType.Document:
        throw new ArgumentException(
          `A node of type ${node.nodeType === NodeType.CDATA ? "CDATA" : "Document"} cannot be added to content.`,
        );
      case NodeType.Element:
        if (this.root !== null) throw malformed();
        break;
      case NodeType.DocumentType:
        if (this.root !== null || this.documentType !== null) throw malformed();
    }
  }

  protected override validateText(text: string): void {
    if (!isXmlSpace(text)) throw new ArgumentException("Non-whitespace characters cannot be added to content.");
  }
}

function malformed(): InvalidOperationException {
  return new InvalidOperationException("This operation would create an incorrectly structured document.");
}
