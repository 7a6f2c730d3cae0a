import { InvalidOperationException } from "../exceptions.ts";
import type { ClrObject } from "../system/protocol.ts";
import type { XContainer } from "./container.ts";
import type { NodeType } from "./node-type.ts";

/** `XObject`: a node or an attribute of an XML tree. */
export abstract class XObject implements ClrObject {
  /** The element or document that holds this object. */
  owner: XContainer | null = null;
  /** Where this object last was among its siblings; the owner checks and mends it. */
  place = 0;

  abstract readonly clrName: string;
  abstract readonly nodeType: NodeType;
  abstract toClrString(): string;

  /** The outermost element or document. */
  get top(): XObject {
    let top: XObject = this;
    while (top.owner !== null) top = top.owner;
    return top;
  }
}

/** What refuses to work on an object that stands alone. */
export function missingParent(): InvalidOperationException {
  return new InvalidOperationException("The parent is missing.");
}
