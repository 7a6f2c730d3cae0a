import type { XContainer } from "./container.ts";
import { writeXml } from "./write.ts";
import { missingParent, XObject } from "./xobject.ts";

/** `XNode`: anything but an attribute. */
export abstract class XNode extends XObject {
  /** A copy without an owner. `depth` counts the levels walked. @throws {XmlException} when the tree is too deep */
  abstract clone(depth?: number): XNode;
  /** `XNode.DeepEquals` for two nodes. */
  abstract contentEquals(other: XNode, depth?: number): boolean;

  get nextNode(): XNode | null {
    return this.#sibling(1);
  }

  get previousNode(): XNode | null {
    return this.#sibling(-1);
  }

  *nodesAfterSelf(): Generator<XNode> {
    for (let node = this.nextNode; node !== null; node = node.nextNode) yield node;
  }

  *nodesBeforeSelf(): Generator<XNode> {
    if (this.owner === null) return;
    for (let node = this.owner.firstNode; node !== null && node !== this; node = node.nextNode) yield node;
  }

  /** Containers from the owner up. */
  *ancestors(): Generator<XContainer> {
    for (let container = this.owner; container !== null; container = container.owner) yield container;
  }

  /** @throws {InvalidOperationException} without a parent */
  remove(): void {
    this.requireOwner().removeNode(this);
  }

  addAfterSelf(content: unknown): void {
    const owner = this.requireOwner();
    owner.insertContent(owner.indexOfNode(this) + 1, content);
  }

  addBeforeSelf(content: unknown): void {
    const owner = this.requireOwner();
    owner.insertContent(owner.indexOfNode(this), content);
  }

  replaceWith(content: unknown): void {
    const owner = this.requireOwner();
    const index = owner.indexOfNode(this);
    owner.removeNode(this);
    owner.insertContent(index, content);
  }

  /** XML text; indented by two spaces unless told not to. */
  toXml(indented: boolean): string {
    return writeXml(this, indented);
  }

  toClrString(): string {
    return this.toXml(true);
  }

  protected requireOwner(): XContainer {
    if (this.owner === null) throw missingParent();
    return this.owner;
  }

  #sibling(step: number): XNode | null {
    if (this.owner === null) return null;
    return this.owner.nodes[this.owner.indexOfNode(this) + step] ?? null;
  }
}
