import { ArgumentException, ArgumentNullException } from "../exceptions.ts";
import { isNcName } from "./characters.ts";
import { XNode } from "./node.ts";
import { NodeType } from "./node-type.ts";

/** `XText`. */
export class XText extends XNode {
  readonly clrName: string = "System.Xml.Linq.XText";
  readonly nodeType: NodeType = NodeType.Text;
  #value: string;

  constructor(value: string) {
    super();
    this.#value = value;
  }

  get value(): string {
    return this.#value;
  }

  set value(value: string | null) {
    if (value === null) throw new ArgumentNullException("value");
    this.#value = value;
  }

  clone(): XText {
    return new XText(this.#value);
  }

  contentEquals(other: XNode): boolean {
    return other instanceof XText && other.nodeType === this.nodeType && other.value === this.value;
  }
}

/** `XCData`: text that prints as a CDATA section. */
export class XCData extends XText {
  override readonly clrName = "System.Xml.Linq.XCData";
  override readonly nodeType = NodeType.CDATA;

  override clone(): XCData {
    return new XCData(this.value);
  }
}

/** `XComment`. */
export class XComment extends XNode {
  readonly clrName = "System.Xml.Linq.XComment";
  readonly nodeType = NodeType.Comment;
  value: string;

  constructor(value: string) {
    super();
    this.value = value;
  }

  clone(): XComment {
    return new XComment(this.value);
  }

  contentEquals(other: XNode): boolean {
    return other instanceof XComment && other.value === this.value;
  }
}

/** `XProcessingInstruction`. */
export class XProcessingInstruction extends XNode {
  readonly clrName = "System.Xml.Linq.XProcessingInstruction";
  readonly nodeType = NodeType.ProcessingInstruction;
  target: string;
  data: string;

  /** @throws {ArgumentException} for a target that XML does not allow */
  constructor(target: string, data: string) {
    super();
    if (!isNcName(target) || target.toLowerCase() === "xml") {
      throw new ArgumentException(`'${target}' is an invalid name for a processing instruction.`);
    }
    this.target = target;
    this.data = data;
  }

  clone(): XProcessingInstruction {
    return new XProcessingInstruction(this.target, this.data);
  }

  contentEquals(other: XNode): boolean {
    return other instanceof XProcessingInstruction && other.target === this.target && other.data === this.data;
  }
}

/** `XDocumentType`. Kept for printing only: no entity or default that it declares is ever applied. */
export class XDocumentType extends XNode {
  readonly clrName = "System.Xml.Linq.XDocumentType";
  readonly nodeType = NodeType.DocumentType;
  name: string;
  publicId: string | null;
  systemId: string | null;
  internalSubset: string | null;

  constructor(name: string, publicId: string | null, systemId: string | null, internalSubset: string | null) {
    super();
    this.name = name;
    this.publicId = publicId;
    this.systemId = systemId;
    this.internalSubset = internalSubset;
  }

  clone(): XDocumentType {
    return new XDocumentType(this.name, this.publicId, this.systemId, this.internalSubset);
  }

  contentEquals(other: XNode): boolean {
    return (
      other instanceof XDocumentType &&
      other.name === this.name &&
      other.publicId === this.publicId &&
      other.systemId === this.systemId &&
      other.internalSubset === this.internalSubset
    );
  }
}
